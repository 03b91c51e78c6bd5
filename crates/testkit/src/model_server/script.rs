//! What the server says, whatever the dialect.

use serde_json::{Value, json};

/// A request, as far as the script looks at it.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// The texts of the person, in order.
    pub(super) prompts: Vec<String>,
    /// Results of the tool calls made since the latest prompt.
    pub(super) results: Vec<String>,
    pub(super) tools: Vec<String>,
    pub(super) messages: usize,
}

#[derive(Debug, Default)]
pub(super) struct Reply {
    pub(super) reasoning: Option<String>,
    pub(super) text: String,
    pub(super) call: Option<Call>,
    pub(super) slow: bool,
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) arguments: Value,
}

/// Texts that agents add to a prompt on their own.
pub(super) fn is_own_text(text: &str) -> bool {
    !text.trim_start().starts_with("<system-reminder>")
}

pub(super) fn reply(turn: &Turn) -> Reply {
    let latest = turn.prompts.last().map_or("", String::as_str);
    if turn.tools.is_empty() {
        return Reply {
            text: "Scripted title".into(),
            ..Reply::default()
        };
    }
    let line_of = |word: &str| {
        latest
            .lines()
            .find_map(|line| line.strip_prefix(word))
            .map(str::trim)
    };
    let reasoning = if turn.results.is_empty() {
        line_of("think:").map(str::to_owned)
    } else {
        None
    };
    let calls = latest.lines().filter_map(|line| wanted(line, turn));
    if let Some(call) = calls.into_iter().nth(turn.results.len()) {
        return match call {
            Ok(call) => Reply {
                reasoning,
                call: Some(call),
                ..Reply::default()
            },
            Err(text) => Reply {
                reasoning,
                text,
                ..Reply::default()
            },
        };
    }
    if !turn.results.is_empty() {
        let quotes = turn
            .results
            .iter()
            .map(|output| format!("The command printed:\n\n```\n{}\n```", output.trim_end()));
        return Reply {
            text: quotes.collect::<Vec<_>>().join("\n\n"),
            ..Reply::default()
        };
    }
    if let Some(count) = line_of("slow:").and_then(|count| count.parse::<u32>().ok()) {
        let words = (1..=count.min(5_000))
            .map(|n| format!("word{n}"))
            .collect::<Vec<_>>();
        return Reply {
            reasoning,
            text: words.join(" "),
            slow: true,
            ..Reply::default()
        };
    }
    let first = turn.prompts.first().map_or("", String::as_str);
    let text = format!(
        "Scripted answer to prompt {}. First prompt: {first}\nLatest prompt: {latest}",
        turn.prompts.len()
    );
    Reply {
        reasoning,
        text,
        ..Reply::default()
    }
}

/// What a line of the prompt asks for.
enum Wanted<'a> {
    Run(&'a str),
    Write { path: &'a str, content: &'a str },
    Question(&'a str),
}

impl<'a> Wanted<'a> {
    fn read(line: &'a str) -> Option<Self> {
        if let Some(command) = line.strip_prefix("run: ") {
            return Some(Self::Run(command.trim()));
        }
        if let Some(question) = line.strip_prefix("question: ") {
            return Some(Self::Question(question));
        }
        let (path, content) = line.strip_prefix("write: ")?.split_once('=')?;
        Some(Self::Write { path, content })
    }

    fn tool(&self) -> &'static str {
        match self {
            Self::Run(_) => "bash",
            Self::Write { .. } => "write",
            Self::Question(_) => "question",
        }
    }
}

fn wanted(line: &str, turn: &Turn) -> Option<Result<Call, String>> {
    let wanted = Wanted::read(line)?;
    let tool = wanted.tool();
    let Some(name) = turn.tools.iter().find(|name| name.eq_ignore_ascii_case(tool)) else {
        return Some(Err(format!("No tool named {tool} is offered.")));
    };
    let arguments = match wanted {
        Wanted::Run(command) => json!({"command": command, "description": "Scripted command"}),
        Wanted::Question(text) => {
            let mut parts = text.split('|').map(str::trim);
            let question = parts.next().unwrap_or_default();
            let options = parts.map(|label| json!({"label": label, "description": label}));
            json!({"questions": [{
                "question": question, "header": "Question", "options": options.collect::<Vec<_>>(),
            }]})
        }
        Wanted::Write { path, content } => {
            let path = if path.starts_with('/') {
                path.to_owned()
            } else {
                format!("/workspace/{path}")
            };
            // One agent's Write tool spells it with an underscore.
            let field = if name == "Write" { "file_path" } else { "filePath" };
            json!({field: path, "content": content.replace("\\n", "\n")})
        }
    };
    let id = format!("call_{}_{}", turn.messages, turn.results.len());
    Some(Ok(Call {
        id,
        name: name.clone(),
        arguments,
    }))
}

/// The text in pieces of three words (or one), white space kept.
pub(super) fn pieces(text: &str, words: usize) -> Vec<String> {
    let split = text.split_inclusive(' ').collect::<Vec<_>>();
    split.chunks(words.max(1)).map(<[&str]>::concat).collect()
}

/// A plausible count: four bytes a token.
pub(super) fn tokens(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(4).max(1)
}
