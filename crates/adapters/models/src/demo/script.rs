//! What the demo model answers. Lines of the latest prompt are steps (see `steps.rs`), taken in order: an answer goes up
//! to the next tool call, and the one after its result goes on from there. At the end, what the tools gave is quoted,
//! unless the script says something itself.
//!
//! A prompt without steps gets a friendly text that quotes the first and the latest prompt, so that a person can see
//! that the conversation is remembered.

use serde_json::Value;

use super::{
    conversation::{Conversation, ToolResult},
    steps::{Call, Step, steps},
};

/// Longest quotation of a tool's output.
const MAX_QUOTE: usize = 64 * 1024;

/// One answer of the model.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) reasoning: Option<String>,
    /// One after another; together they are the text.
    pub(super) texts: Vec<Said>,
    pub(super) tool_call: Option<ToolCall>,
}

/// Some text, and how fast it comes.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Said {
    pub(super) text: String,
    /// Twenty words a second.
    pub(super) slow: bool,
}

#[derive(Debug, PartialEq)]
pub(super) struct ToolCall {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) arguments: Value,
}

impl Answer {
    fn say(&mut self, text: String, slow: bool) {
        // Paragraphs of their own.
        let text = if self.texts.is_empty() {
            text
        } else {
            format!("\n\n{text}")
        };
        self.texts.push(Said { text, slow });
    }

    fn think(&mut self, text: &str) {
        match &mut self.reasoning {
            Some(reasoning) => {
                reasoning.push('\n');
                reasoning.push_str(text);
            }
            None => self.reasoning = Some(text.to_owned()),
        }
    }

    pub(super) fn text(&self) -> String {
        self.texts.iter().map(|said| said.text.as_str()).collect()
    }
}

/// The answer to a conversation.
#[must_use]
pub(super) fn answer(conversation: &Conversation) -> Answer {
    let prompts = conversation.prompts();
    let latest = prompts.last().map_or("", String::as_str);
    let mut answer = Answer::default();
    if conversation.tools.is_empty() {
        answer.say(title(latest), false);
        return answer;
    }
    let results = conversation.results();
    let steps = steps(latest);
    for step in after(&steps, results.len()) {
        match step {
            Step::Think(text) => answer.think(text),
            Step::Say(text) => answer.say(text.clone(), false),
            Step::Slow(text) => answer.say(text.clone(), true),
            Step::Call(call) => {
                match called(call, conversation, results.len()) {
                    Ok(call) => answer.tool_call = Some(call),
                    Err(excuse) => answer.say(excuse, false),
                }
                return answer;
            }
        }
    }
    if answer.texts.is_empty() {
        let text = if results.is_empty() {
            friendly(&prompts)
        } else {
            results.iter().map(quote).collect::<Vec<_>>().join("\n\n")
        };
        answer.say(text, false);
    }
    answer
}

/// The steps that follow the tool call with this number.
fn after(steps: &[Step], calls: usize) -> &[Step] {
    let Some(last) = calls.checked_sub(1) else {
        return steps;
    };
    let mut at = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| matches!(step, Step::Call(_)));
    at.nth(last).map_or(&[], |(at, _)| &steps[at + 1..])
}

fn called(call: &Call, conversation: &Conversation, done: usize) -> Result<ToolCall, String> {
    let Some(name) = conversation.tool(call.tool) else {
        return Err(format!(
            "This is the demo model. The agent offers no tool named {}, so nothing was done.",
            call.tool
        ));
    };
    Ok(ToolCall {
        id: format!("call_demo_{}_{done}", conversation.messages.len()),
        name: name.to_owned(),
        arguments: call.arguments.clone(),
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
    let said = match result.tool.to_ascii_lowercase().as_str() {
        "write" => "The file was written:",
        "edit" => "The edit was made:",
        "todowrite" => return "The plan is written down.".to_owned(),
        "question" => "The answer:",
        _ => "The command printed:",
    };
    format!("{said}\n\n{fence}\n{}\n{fence}", output.trim_end_matches('\n'))
}

fn title(prompt: &str) -> String {
    let line = prompt
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.ends_with(':'));
    let line = line.unwrap_or("Demo session");
    let line = line.strip_prefix("run: ").unwrap_or(line);
    line.chars().take(50).collect()
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
         A prompt line `run: <command>` makes me run a command in the sandbox; `write: <path>=<text>`, \
         `edit: <path>=<old>=><new>`, `plan: <one>; <two>`, `ask: <question>? <one> | <two>`, `think: <text>`, \
         `say: <text>` and `slow: <words>` do what they say, line after line. For real work, add a model provider \
         with your own key and choose one of its models."
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
        .text();
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
        .text();
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
        assert_eq!(answer(&bare(json!([]))).text(), "ls -l");
        let text = answer(&bare(json!([{"type": "function", "function": {"name": "read"}}]))).text();
        assert!(text.contains("no tool named bash"));
    }

    #[test]
    fn thinking_and_slowness() {
        let thought = answer(&conversation(
            json!([{"role": "user", "content": "think: hm\nslow: 3"}]),
        ));
        assert_eq!(thought.reasoning.as_deref(), Some("hm"));
        assert_eq!(
            (thought.text().as_str(), thought.texts[0].slow),
            ("word1 word2 word3", true)
        );
    }

    #[test]
    fn a_fence_in_the_output_does_not_end_the_quotation() {
        let result = ToolResult {
            tool: "bash".into(),
            output: "```\nx\n```\n".into(),
        };
        assert_eq!(quote(&result), "The command printed:\n\n````\n```\nx\n```\n````");
    }

    #[test]
    fn steps_between_calls_go_along_with_the_next_one() {
        let prompt = json!({"role": "user", "content": "think: first\nsay: I look.\nrun: ls\nthink: then\nrun: id\nsay: All *done*."});
        let first = answer(&conversation(json!([prompt])));
        assert_eq!(
            (first.reasoning.as_deref(), first.text().as_str()),
            (Some("first"), "I look.")
        );
        assert_eq!(first.tool_call.unwrap().arguments["command"], "ls");
        let result = json!({"role": "tool", "content": "ok"});
        let second = answer(&conversation(json!([prompt, result])));
        assert_eq!(
            (second.reasoning.as_deref(), second.text().as_str()),
            (Some("then"), "")
        );
        assert_eq!(second.tool_call.unwrap().arguments["command"], "id");
        let third = answer(&conversation(json!([prompt, result, result])));
        assert_eq!((third.text().as_str(), third.tool_call), ("All *done*.", None));
        let more = answer(&conversation(json!([prompt, result, result, result])));
        assert!(
            more.text().starts_with("The command printed:"),
            "a call that was not asked for"
        );
    }

    #[test]
    fn fast_and_slow_text_follow_each_other() {
        let said = answer(&conversation(
            json!([{"role": "user", "content": "say: Now:\nslow: 2"}]),
        ));
        assert_eq!(said.text(), "Now:\n\nword1 word2");
        assert_eq!(
            said.texts.iter().map(|said| said.slow).collect::<Vec<_>>(),
            [false, true]
        );
    }
}
