//! Permissions and questions: asking the person at the terminal, and sending the answer.

use std::{collections::VecDeque, io::BufRead as _};

use anyhow::Result;
use protocol::{
    EventBody, SessionId,
    event::{PermissionRequested, QuestionAsked},
};
use reqwest::Method;
use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    cli::terminal::{Paint, me, one_line},
    client::Api,
};

/// Something the agent waits for.
#[derive(Debug)]
enum Ask {
    Permission(PermissionRequested),
    Question {
        asked: QuestionAsked,
        answers: Vec<Vec<String>>,
    },
}

/// What is open, oldest first.
#[derive(Debug)]
pub(super) struct Asks {
    session: SessionId,
    open: VecDeque<Ask>,
    paint: Paint,
}

impl Asks {
    pub(super) fn new(session: SessionId, paint: Paint) -> Self {
        Self {
            session,
            open: VecDeque::new(),
            paint,
        }
    }

    /// Notes what an event opens or closes. True when the person should be asked (again).
    pub(super) fn note(&mut self, body: &EventBody) -> bool {
        match body {
            EventBody::PermissionRequested(asked) => self.open.push_back(Ask::Permission(asked.clone())),
            EventBody::QuestionAsked(asked) => {
                self.open.push_back(Ask::Question {
                    asked: asked.clone(),
                    answers: Vec::new(),
                });
            }
            EventBody::PermissionResolved(done) => {
                self.open.retain(
                    |ask| !matches!(ask, Ask::Permission(asked) if asked.permission_id == done.permission_id),
                );
            }
            EventBody::QuestionAnswered(done) => {
                self.open.retain(|ask| !matches!(ask, Ask::Question { asked, .. } if asked.question_id == done.question_id));
            }
            _ => return false,
        }
        !self.open.is_empty()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The question as a person reads it.
    pub(super) fn text(&self) -> String {
        match self.open.front() {
            None => String::new(),
            Some(Ask::Permission(asked)) => format!(
                "{} {}\n  allow once (y), always in this session (a), or refuse (n)? ",
                self.paint.warn("?"),
                wish(asked)
            ),
            Some(Ask::Question { asked, answers }) => {
                let Some(question) = asked.questions.get(answers.len()) else {
                    return String::new();
                };
                let mut text = format!("{} {}\n", self.paint.warn("?"), one_line(&question.question, 600));
                for (index, option) in question.options.iter().enumerate() {
                    text.push_str(&format!(
                        "  {}) {} {}\n",
                        index + 1,
                        one_line(&option.label, 100),
                        self.paint.dim(&one_line(&option.description, 200))
                    ));
                }
                text.push_str(if question.multiple {
                    "  numbers with commas, or your own words: "
                } else {
                    "  a number, or your own words: "
                });
                text
            }
        }
    }

    /// How somebody can answer from elsewhere.
    pub(super) fn elsewhere(&self) -> Vec<String> {
        self.open
            .iter()
            .map(|ask| match ask {
                Ask::Permission(asked) => format!(
                    "it asks for {}\n  {} sessions answer {} {} once|always|reject",
                    wish(asked),
                    me(),
                    self.session,
                    asked.permission_id
                ),
                Ask::Question { asked, .. } => format!(
                    "the agent asks: {}\n  {} sessions answer {} {} \"<answer>\"",
                    one_line(
                        asked.questions.first().map_or("", |question| &question.question),
                        400
                    ),
                    me(),
                    self.session,
                    asked.question_id
                ),
            })
            .collect()
    }

    /// Takes a line the person typed. True when the next thing should be asked.
    pub(super) async fn answer(&mut self, api: &Api, line: &str) -> Result<bool> {
        let line = line.trim();
        match self.open.front_mut() {
            None => return Ok(false),
            Some(Ask::Permission(asked)) => {
                let reply = match line.to_ascii_lowercase().as_str() {
                    "y" | "yes" => "once",
                    "a" | "always" => "always",
                    "n" | "no" => "reject",
                    _ => return Ok(true),
                };
                let path = format!(
                    "/v1/sessions/{}/permissions/{}",
                    self.session,
                    crate::client::escape(&asked.permission_id)
                );
                api.change(Method::POST, &path, Some(&json!({ "reply": reply })))
                    .await?;
            }
            Some(Ask::Question { asked, answers }) => {
                if line.is_empty() {
                    return Ok(true);
                }
                if let Some(question) = asked.questions.get(answers.len()) {
                    answers.push(chosen(
                        line,
                        question.multiple,
                        &question
                            .options
                            .iter()
                            .map(|option| option.label.clone())
                            .collect::<Vec<_>>(),
                    ));
                }
                if answers.len() < asked.questions.len() {
                    return Ok(true);
                }
                let path = format!(
                    "/v1/sessions/{}/questions/{}",
                    self.session,
                    crate::client::escape(&asked.question_id)
                );
                api.change(Method::POST, &path, Some(&json!({ "answers": answers })))
                    .await?;
            }
        }
        self.open.pop_front();
        Ok(!self.open.is_empty())
    }
}

/// Tool and what it wants, once each: some agents begin the title with the tool.
fn wish(asked: &PermissionRequested) -> String {
    let (tool, title) = (one_line(&asked.tool, 40), one_line(&asked.title, 400));
    if title.starts_with(&format!("{tool}:")) {
        title
    } else {
        format!("{tool}: {title}")
    }
}

/// Numbers into labels; anything else is the person's own words.
fn chosen(line: &str, multiple: bool, labels: &[String]) -> Vec<String> {
    let label = |part: &str| {
        part.trim()
            .parse::<usize>()
            .ok()
            .and_then(|n| labels.get(n.checked_sub(1)?))
            .cloned()
    };
    let parts: Vec<Option<String>> = if multiple {
        line.split(',').map(label).collect()
    } else {
        vec![label(line)]
    };
    parts
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .unwrap_or_else(|| vec![line.to_owned()])
}

/// Lines typed at the terminal. The thread ends with the process: a read of a terminal cannot be taken back.
pub(super) fn typed_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(8);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::chosen;

    #[test]
    fn numbers_choose_and_words_stay_words() {
        let labels = ["Red".to_owned(), "Blue".to_owned()];
        assert_eq!(chosen("2", false, &labels), ["Blue"]);
        assert_eq!(chosen("1, 2", true, &labels), ["Red", "Blue"]);
        assert_eq!(chosen("3", false, &labels), ["3"]);
        assert_eq!(chosen("green, please", true, &labels), ["green, please"]);
    }
}
