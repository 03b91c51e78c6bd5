//! What the scripted model answers to a conversation: the steps of the last prompt, from one tool call to the next.

use serde_json::{Value, json};

use crate::script::{self, Step};

/// How an answer goes wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) status: Option<u16>,
    /// The body ends without its ending.
    pub(super) close: bool,
    /// The connection breaks.
    pub(super) reset: bool,
    /// Headers, then nothing.
    pub(super) silence: bool,
    pub(super) once: bool,
}

/// One answer of the model.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) prompt: String,
    pub(super) thinking: String,
    pub(super) text: String,
    /// Name, arguments and a call id.
    pub(super) tool: Option<(&'static str, Value, String)>,
    pub(super) fault: Option<Fault>,
}

pub(super) fn title() -> Answer {
    Answer {
        text: "A title".to_owned(),
        ..Answer::default()
    }
}

/// The text of a message, whatever form its content has. Notes that agents put in for the model are no prompt.
fn text(message: &Value) -> String {
    match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts = parts
                .iter()
                .filter(|part| part["type"] == "text")
                .filter_map(|part| part["text"].as_str());
            texts
                .filter(|text| !text.starts_with("<system-reminder>"))
                .collect::<Vec<_>>()
                .join("\n")
        }
        _ => String::new(),
    }
}

fn is_result(part: &Value) -> bool {
    part["type"] == "tool_result"
}

/// Content of the tool results in a message: chat has one each, anthropic several parts in a user message.
fn results(message: &Value) -> Vec<String> {
    if message["role"] == "tool" {
        return vec![text(message)];
    }
    let parts = message["content"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|part| is_result(part));
    parts.map(text).collect()
}

fn is_prompt(message: &Value) -> bool {
    message["role"] == "user" && results(message).is_empty() && !text(message).is_empty()
}

pub(super) fn plan(body: &Value) -> Answer {
    let none = Vec::new();
    let messages = body["messages"].as_array().unwrap_or(&none);
    let Some(at) = messages.iter().rposition(is_prompt) else {
        return Answer {
            text: "There is no prompt.".to_owned(),
            ..Answer::default()
        };
    };
    let prompt = text(&messages[at]);
    let results: Vec<String> = messages[at + 1..].iter().flat_map(results).collect();
    let earlier = messages[..at].iter().filter(|message| is_prompt(message)).count();
    let steps = script::parse(&prompt);

    let mut answer = Answer {
        prompt,
        ..Answer::default()
    };
    let mut passed = 0;
    let mut says = Vec::new();
    for step in steps {
        if step.is_tool() {
            if passed == results.len() {
                answer.tool = Some(call(&step, passed));
                break;
            }
            passed += 1;
            says.clear();
            answer.thinking.clear();
            continue;
        }
        match step {
            Step::Say(text) => says.push(text),
            Step::Recall => says.push(format!("Prompts before this one: {earlier}")),
            Step::Think(text) => answer.thinking = text,
            Step::Fail(_) => {
                answer.fault = Some(Fault {
                    status: Some(400),
                    ..Fault::default()
                })
            }
            Step::Hang => {
                answer.fault = Some(Fault {
                    silence: true,
                    ..Fault::default()
                })
            }
            Step::Fault(how) => answer.fault = Some(fault(&how)),
            _ => {}
        }
    }
    answer.text = says.join("\n");
    if answer.text.is_empty() && answer.tool.is_none() && answer.fault.is_none() {
        answer.text = results.last().map_or_else(
            || "Done.".to_owned(),
            |output| format!("The result was: {output}"),
        );
    }
    answer
}

fn fault(how: &str) -> Fault {
    let mut fault = Fault::default();
    for word in how.split_whitespace() {
        match word {
            "close" => fault.close = true,
            "reset" => fault.reset = true,
            "silence" => fault.silence = true,
            "once" => fault.once = true,
            other => fault.status = other.parse().ok().or(fault.status),
        }
    }
    fault
}

fn call(step: &Step, number: usize) -> (&'static str, Value, String) {
    let (name, arguments) = match step {
        Step::Run(command) => (
            "bash",
            json!({ "command": command, "description": "runs a command" }),
        ),
        Step::Edit { path, content } => ("write", json!({ "filePath": path, "content": content })),
        Step::Plan(items) => {
            let todo = |item: &String| json!({ "content": item, "status": "pending", "priority": "medium" });
            (
                "todowrite",
                json!({ "todos": items.iter().map(todo).collect::<Vec<_>>() }),
            )
        }
        Step::Question(question, options) => {
            let option = |label: &String| json!({ "label": label, "description": label });
            let options: Vec<Value> = options.iter().map(option).collect();
            (
                "question",
                json!({ "questions": [{ "question": question, "header": "Question", "options": options }] }),
            )
        }
        _ => ("bash", json!({ "command": "true", "description": "nothing" })),
    };
    (name, arguments, format!("call_{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_gets_the_steps_up_to_the_next_tool() {
        let prompt = "say: first\nrun: one\nthink: hm\nsay: middle\nrun: two";
        let mut messages = vec![json!({"role": "user", "content": prompt})];
        let answer = |messages: &[Value]| plan(&json!({ "messages": messages }));
        let first = answer(&messages);
        assert_eq!(
            (first.text.as_str(), first.tool.unwrap().1["command"].as_str()),
            ("first", Some("one"))
        );
        messages.push(json!({"role": "tool", "content": "1"}));
        let second = answer(&messages);
        assert_eq!((second.text.as_str(), second.thinking.as_str()), ("middle", "hm"));
        messages.push(json!({"role": "user", "content": [{"type": "tool_result", "content": "2"}]}));
        let last = answer(&messages);
        assert!(last.tool.is_none());
        assert_eq!(last.text, "The result was: 2");
        assert_eq!(
            fault("429 once"),
            Fault {
                status: Some(429),
                once: true,
                ..Fault::default()
            }
        );
    }
}
