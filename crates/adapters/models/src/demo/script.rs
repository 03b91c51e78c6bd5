//! What the demo model says. A line of the latest prompt can ask for something; lines act in order:
//!
//! - `run: COMMAND` calls the `bash` tool, and quotes what it printed;
//! - `write: PATH=CONTENT` calls the `write` tool (`\n` in CONTENT is a line break);
//! - `think: TEXT` gives TEXT as reasoning first;
//! - `slow: N` answers with N words, twenty a second.
//!
//! Anything else gets a friendly text that quotes the first and the latest prompt, so that a person can see that
//! the conversation is remembered.

use serde_json::{Value, json};

use super::conversation::{Conversation, ToolResult};

/// Most words of `slow:`.
const MAX_SLOW_WORDS: u32 = 5_000;
/// Longest quotation of a tool's output.
const MAX_QUOTE: usize = 64 * 1024;

/// One answer of the model.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) reasoning: Option<String>,
    pub(super) text: String,
    pub(super) tool_call: Option<ToolCall>,
    /// Twenty words a second.
    pub(super) slow: bool,
}

#[derive(Debug, PartialEq)]
pub(super) struct ToolCall {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) arguments: Value,
}

#[derive(Debug, PartialEq)]
enum Action {
    Run(String),
    Write { path: String, content: String },
}

/// The answer to a conversation.
#[must_use]
pub(super) fn answer(conversation: &Conversation) -> Answer {
    let prompts = conversation.prompts();
    let latest = prompts.last().map_or("", String::as_str);
    if conversation.tools.is_empty() {
        return Answer {
            text: title(latest),
            ..Answer::default()
        };
    }
    let results = conversation.results();
    let reasoning = if results.is_empty() {
        line_of(latest, "think:").map(str::to_owned)
    } else {
        None
    };
    let actions = actions(latest);
    if let Some(action) = actions.get(results.len()) {
        let call = call(action, conversation, results.len());
        return match call {
            Ok(tool_call) => Answer {
                reasoning,
                tool_call: Some(tool_call),
                ..Answer::default()
            },
            Err(text) => Answer {
                reasoning,
                text,
                ..Answer::default()
            },
        };
    }
    if !results.is_empty() {
        let quotes = results.iter().map(quote).collect::<Vec<_>>();
        return Answer {
            text: quotes.join("\n\n"),
            ..Answer::default()
        };
    }
    if let Some(count) = line_of(latest, "slow:").and_then(|count| count.parse::<u32>().ok()) {
        let words = (1..=count.min(MAX_SLOW_WORDS))
            .map(|n| format!("word{n}"))
            .collect::<Vec<_>>();
        return Answer {
            reasoning,
            text: words.join(" "),
            slow: true,
            ..Answer::default()
        };
    }
    Answer {
        reasoning,
        text: friendly(&prompts),
        ..Answer::default()
    }
}

fn actions(prompt: &str) -> Vec<Action> {
    let action = |line: &str| {
        if let Some(command) = line.strip_prefix("run: ") {
            return Some(Action::Run(command.trim().to_owned()));
        }
        let (path, content) = line.strip_prefix("write: ")?.split_once('=')?;
        Some(Action::Write {
            path: path.trim().to_owned(),
            content: content.replace("\\n", "\n"),
        })
    };
    prompt.lines().filter_map(action).collect()
}

fn line_of<'a>(prompt: &'a str, word: &str) -> Option<&'a str> {
    prompt
        .lines()
        .find_map(|line| line.strip_prefix(word))
        .map(str::trim)
}

fn call(action: &Action, conversation: &Conversation, done: usize) -> Result<ToolCall, String> {
    let (wanted, arguments) = match action {
        Action::Run(command) => (
            "bash",
            json!({"command": command, "description": "Runs the command of the prompt"}),
        ),
        Action::Write { path, content } => {
            let path = if path.starts_with('/') {
                path.clone()
            } else {
                format!("/workspace/{path}")
            };
            ("write", json!({"filePath": path, "content": content}))
        }
    };
    let Some(name) = conversation.tool(wanted) else {
        return Err(format!(
            "This is the demo model. The agent offers no tool named {wanted}, so nothing was done."
        ));
    };
    let id = format!("call_demo_{}_{done}", conversation.messages.len());
    Ok(ToolCall {
        id,
        name: name.to_owned(),
        arguments,
    })
}

fn quote(result: &ToolResult) -> String {
    let mut output = result.output.as_str();
    if output.len() > MAX_QUOTE {
        output = &output[..output.floor_char_boundary(MAX_QUOTE)];
    }
    let mut fence = String::from("```");
    while output.contains(&fence) {
        fence.push('`');
    }
    let said = if result.tool.eq_ignore_ascii_case("write") {
        "The file was written:"
    } else {
        "The command printed:"
    };
    format!("{said}\n\n{fence}\n{}\n{fence}", output.trim_end_matches('\n'))
}

fn title(prompt: &str) -> String {
    let line = prompt
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.ends_with(':'));
    let line = line.unwrap_or("Demo session");
    line.strip_prefix("run: ")
        .unwrap_or(line)
        .chars()
        .take(50)
        .collect()
}

fn friendly(prompts: &[String]) -> String {
    let count = prompts.len();
    let plural = if count == 1 { "prompt" } else { "prompts" };
    let first = prompts.first().map_or("", String::as_str);
    let latest = prompts.last().map_or("", String::as_str);
    format!(
        "Hello! This is the demo model: it answers from a script, without any intelligence behind it. \
         This conversation has had {count} {plural} so far.\n\n\
         The first was:\n\n{first}\n\n\
         The latest was:\n\n{latest}\n\n\
         A prompt line `run: <command>` makes me run a command in the sandbox. For real work, add a model \
         provider with your own key and choose one of its models."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(messages: Value) -> Conversation {
        let tools = json!([{"type": "function", "function": {"name": "Bash"}}, {"type": "function", "function": {"name": "write"}}]);
        serde_json::from_value(json!({"model": "scripted", "messages": messages, "tools": tools})).unwrap()
    }

    #[test]
    fn a_run_line_becomes_a_call_and_its_output_is_quoted() {
        let prompt = json!({"role": "user", "content": [{"type": "text", "text": "please\nrun: echo hi\n"}]});
        let call = answer(&conversation(json!([{"role": "system", "content": "s"}, prompt])))
            .tool_call
            .unwrap();
        assert_eq!(call.name, "Bash");
        assert_eq!(call.arguments["command"], "echo hi");
        let text = answer(&conversation(json!([
            prompt,
            {"role": "assistant", "content": null, "tool_calls": [{"id": call.id, "type": "function", "function": {"name": "Bash", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": call.id, "content": "hi\n"},
        ])))
        .text;
        assert_eq!(text, "The command printed:\n\n```\nhi\n```");
    }

    #[test]
    fn several_lines_act_in_order() {
        let prompt = json!({"role": "user", "content": "write: a/b.txt=one\\ntwo\nrun: cat a/b.txt"});
        let first = answer(&conversation(json!([prompt]))).tool_call.unwrap();
        assert_eq!(
            (first.name.as_str(), &first.arguments["filePath"]),
            ("write", &json!("/workspace/a/b.txt"))
        );
        assert_eq!(first.arguments["content"], "one\ntwo");
        let second = answer(&conversation(json!([prompt, {"role": "tool", "content": "ok"}])))
            .tool_call
            .unwrap();
        assert_eq!(second.arguments["command"], "cat a/b.txt");
    }

    #[test]
    fn prompts_are_quoted_and_counted() {
        let text = answer(&conversation(json!([
            {"role": "user", "content": "My word is  heron."},
            {"role": "assistant", "content": "ok"},
            {"role": "user", "content": [{"type": "text", "text": "What was it?"}, {"type": "text", "text": "<system-reminder>x</system-reminder>"}]},
        ])))
        .text;
        assert!(
            text.contains("2 prompts")
                && text.contains("My word is  heron.")
                && text.contains("What was it?")
        );
        assert!(text.contains("demo model") && !text.contains("system-reminder"));
    }

    #[test]
    fn without_tools_there_is_a_title_and_without_bash_an_excuse() {
        let bare = |tools: Value| -> Conversation {
            let messages = json!([{"role": "user", "content": "run: ls -l"}]);
            serde_json::from_value(json!({"model": "scripted", "messages": messages, "tools": tools}))
                .unwrap()
        };
        assert_eq!(answer(&bare(json!([]))).text, "ls -l");
        let text = answer(&bare(json!([{"type": "function", "function": {"name": "read"}}]))).text;
        assert!(text.contains("no tool named bash"));
    }

    #[test]
    fn thinking_and_slowness() {
        let thought = answer(&conversation(
            json!([{"role": "user", "content": "think: hm\nslow: 3"}]),
        ));
        assert_eq!(thought.reasoning.as_deref(), Some("hm"));
        assert_eq!((thought.text.as_str(), thought.slow), ("word1 word2 word3", true));
    }

    #[test]
    fn a_fence_in_the_output_does_not_end_the_quotation() {
        let result = ToolResult {
            tool: "bash".into(),
            output: "```\nx\n```\n".into(),
        };
        assert_eq!(quote(&result), "The command printed:\n\n````\n```\nx\n```\n````");
    }
}
