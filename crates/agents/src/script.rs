//! The prompt language of the scripted agent and the scripted model: one directive a line, so that the same
//! prompt makes either do the same.

/// One line of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Say(String),
    Think(String),
    /// A shell command, really run.
    Run(String),
    /// Asks for a permission.
    Ask(String),
    /// A question with its options.
    Question(String, Vec<String>),
    Plan(Vec<String>),
    Edit {
        path: String,
        content: String,
    },
    Fail(String),
    Crash,
    /// Does nothing until it is interrupted.
    Hang,
    /// Says how many prompts came before this one.
    Recall,
    /// So many texts of so many bytes (or as long as they are), one event each, as fast as they are taken.
    Burst(u64, usize),
    /// An event as it is written, of whatever type.
    Event(String, serde_json::Value),
    /// The model misbehaves: the rest of the line says how.
    Fault(String),
}

impl Step {
    /// True for a step that is a tool call of the model.
    #[cfg(any(test, feature = "contract"))]
    pub(crate) fn is_tool(&self) -> bool {
        matches!(
            self,
            Self::Run(_) | Self::Question(..) | Self::Plan(_) | Self::Edit { .. }
        )
    }
}

/// Longest text of a burst.
const MOST_BYTES: usize = 1 << 20;

/// The steps of a prompt. Lines without a directive are talk; a prompt of talk alone is answered politely.
pub(crate) fn parse(prompt: &str) -> Vec<Step> {
    let steps: Vec<Step> = prompt.lines().filter_map(|line| step(line.trim())).collect();
    if steps.is_empty() {
        return vec![Step::Say(format!(
            "You said: {}",
            crate::text::first_line(prompt, 500)
        ))];
    }
    steps
}

fn step(line: &str) -> Option<Step> {
    match line {
        "crash" => return Some(Step::Crash),
        "hang" => return Some(Step::Hang),
        "recall" => return Some(Step::Recall),
        _ => {}
    }
    let (word, rest) = line.split_once(':')?;
    let rest = rest.trim();
    let list = |text: &str, by: char| {
        text.split(by)
            .map(|item| item.trim().to_owned())
            .collect::<Vec<_>>()
    };
    Some(match word {
        "say" => Step::Say(rest.to_owned()),
        "think" => Step::Think(rest.to_owned()),
        "run" => Step::Run(rest.to_owned()),
        "ask" => Step::Ask(rest.to_owned()),
        "question" => {
            let mut options = list(rest, '|');
            let question = options.remove(0);
            Step::Question(question, options)
        }
        "plan" => Step::Plan(list(rest, ';')),
        "edit" => {
            let (path, content) = rest.split_once('=')?;
            Step::Edit {
                path: path.trim().to_owned(),
                content: content.to_owned(),
            }
        }
        "burst" => {
            let (count, bytes) = rest.split_once(' ').unwrap_or((rest, "0"));
            Step::Burst(count.parse().ok()?, bytes.parse::<usize>().ok()?.min(MOST_BYTES))
        }
        "event" => {
            let (kind, data) = rest.split_once('=')?;
            Step::Event(kind.to_owned(), serde_json::from_str(data).ok()?)
        }
        "fail" => Step::Fail(rest.to_owned()),
        "fault" => Step::Fault(rest.to_owned()),
        _ => return None,
    })
}

/// Text in the pieces in which it streams: words with the space behind them.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_read_line_by_line() {
        assert_eq!(
            parse(
                "say: hi there\nnothing\nrun: echo a: b\nplan: one; two\nedit: a.txt=x=y\nquestion: Which? | Red | Blue"
            ),
            [
                Step::Say("hi there".into()),
                Step::Run("echo a: b".into()),
                Step::Plan(vec!["one".into(), "two".into()]),
                Step::Edit {
                    path: "a.txt".into(),
                    content: "x=y".into()
                },
                Step::Question("Which?".into(), vec!["Red".into(), "Blue".into()]),
            ]
        );
        assert_eq!(
            parse("burst: 3\nburst: 2 100\nburst: many\nevent: hologram.shown={\"a\":[1]}"),
            [
                Step::Burst(3, 0),
                Step::Burst(2, 100),
                Step::Event("hologram.shown".into(), serde_json::json!({"a": [1]})),
            ]
        );
        assert_eq!(parse("Hello"), [Step::Say("You said: Hello".into())]);
        assert_eq!(words("a bc d").collect::<Vec<_>>(), ["a ", "bc ", "d"]);
    }
}
