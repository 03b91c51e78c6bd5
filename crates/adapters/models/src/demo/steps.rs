//! The script in a prompt: what its lines ask for, in order.
//!
//! - `run: COMMAND` calls the `bash` tool;
//! - `write: PATH=CONTENT` calls the `write` tool;
//! - `edit: PATH=OLD=>NEW` calls the `edit` tool, which gives a diff;
//! - `plan: ONE; TWO; THREE` calls the `todowrite` tool; a line that begins with `+` is done, one with `>` under way;
//! - `ask: QUESTION? ONE | TWO` calls the `question` tool and waits for a person;
//! - `think: TEXT` gives TEXT as reasoning;
//! - `say: TEXT` answers with exactly TEXT, which may be Markdown;
//! - `slow: N` answers with N words, twenty a second.
//!
//! `\n` in CONTENT, OLD, NEW and TEXT is a line break. What is no such line is not acted on.

use serde_json::{Value, json};

/// Most words of `slow:`.
const MAX_SLOW_WORDS: u32 = 5_000;
/// Most items of a plan, and options of a question.
const MAX_ITEMS: usize = 50;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Think(String),
    Say(String),
    Slow(String),
    Call(Call),
}

/// A tool as OpenCode names it, and what it is called with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) tool: &'static str,
    pub(super) arguments: Value,
}

pub(super) fn steps(prompt: &str) -> Vec<Step> {
    prompt.lines().filter_map(step).collect()
}

fn step(line: &str) -> Option<Step> {
    let (word, rest) = line.split_once(':')?;
    let rest = rest.trim();
    if rest.is_empty() {
        return None;
    }
    Some(match word {
        "think" => Step::Think(unescaped(rest)),
        "say" => Step::Say(unescaped(rest)),
        "slow" => Step::Slow(words(rest.parse().ok()?)),
        "run" => call(
            "bash",
            json!({"command": rest, "description": "Runs the command of the prompt"}),
        ),
        "write" => {
            let (path, content) = rest.split_once('=')?;
            call(
                "write",
                json!({"filePath": absolute(path), "content": unescaped(content)}),
            )
        }
        "edit" => {
            let (path, change) = rest.split_once('=')?;
            let (old, new) = change.split_once("=>")?;
            call(
                "edit",
                json!({"filePath": absolute(path), "oldString": unescaped(old), "newString": unescaped(new)}),
            )
        }
        "plan" => call("todowrite", json!({"todos": plan(rest)})),
        "ask" => call("question", json!({"questions": [question(rest)?]})),
        _ => return None,
    })
}

fn call(tool: &'static str, arguments: Value) -> Step {
    Step::Call(Call { tool, arguments })
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n")
}

fn absolute(path: &str) -> String {
    let path = path.trim();
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/workspace/{path}")
    }
}

fn words(count: u32) -> String {
    let words = (1..=count.min(MAX_SLOW_WORDS)).map(|n| format!("word{n}"));
    words.collect::<Vec<_>>().join(" ")
}

fn plan(text: &str) -> Vec<Value> {
    parts(text, ';')
        .map(|item| {
            let (content, status) = if let Some(done) = item.strip_prefix('+') {
                (done, "completed")
            } else if let Some(current) = item.strip_prefix('>') {
                (current, "in_progress")
            } else {
                (item, "pending")
            };
            json!({"content": content.trim(), "status": status, "priority": "medium"})
        })
        .collect()
}

/// `None` when there is nothing to choose from.
fn question(text: &str) -> Option<Value> {
    let (question, choices) = match text.find('?') {
        Some(at) => text.split_at(at + 1),
        None => text.split_once('|')?,
    };
    let question = question.trim();
    let options: Vec<Value> = parts(choices, '|')
        .map(|label| json!({"label": label, "description": label}))
        .collect();
    if question.is_empty() || options.is_empty() {
        return None;
    }
    let header: String = question.trim_end_matches('?').chars().take(30).collect();
    Some(json!({"question": question, "header": header, "options": options}))
}

fn parts(text: &str, between: char) -> impl Iterator<Item = &str> {
    let parts = text.split(between).map(str::trim);
    parts.filter(|part| !part.is_empty()).take(MAX_ITEMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(line: &str) -> Step {
        let mut steps = steps(line);
        assert_eq!(steps.len(), 1, "{line}");
        steps.remove(0)
    }

    fn arguments(line: &str) -> (&'static str, Value) {
        match only(line) {
            Step::Call(call) => (call.tool, call.arguments),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn each_word_does_what_it_says() {
        assert_eq!(arguments("run: echo a: b").1["command"], "echo a: b");
        assert_eq!(
            arguments("write: a/b.txt=x=y\\nz"),
            (
                "write",
                json!({"filePath": "/workspace/a/b.txt", "content": "x=y\nz"})
            )
        );
        assert_eq!(
            arguments("edit: /etc/x=let a = 1;=>let a = 2;\\n"),
            (
                "edit",
                json!({"filePath": "/etc/x", "oldString": "let a = 1;", "newString": "let a = 2;\n"})
            )
        );
        let (tool, plan) = arguments("plan: + look; > think ;act;;");
        assert_eq!(tool, "todowrite");
        assert_eq!(
            plan["todos"],
            json!([
                {"content": "look", "status": "completed", "priority": "medium"},
                {"content": "think", "status": "in_progress", "priority": "medium"},
                {"content": "act", "status": "pending", "priority": "medium"},
            ])
        );
        for line in [
            "ask: Which colour? Red | Blue",
            "ask: Which colour? | Red | Blue |",
        ] {
            let (tool, asked) = arguments(line);
            assert_eq!(tool, "question");
            let question = &asked["questions"][0];
            assert_eq!(
                (&question["question"], &question["header"]),
                (&json!("Which colour?"), &json!("Which colour"))
            );
            assert_eq!(question["options"][1]["label"], "Blue");
        }
        assert_eq!(
            only("say: # Title\\n\\n- *a*"),
            Step::Say("# Title\n\n- *a*".into())
        );
        assert_eq!(only("slow: 3"), Step::Slow("word1 word2 word3".into()));
        assert_eq!(only("think: hm"), Step::Think("hm".into()));
    }

    #[test]
    fn other_lines_are_not_acted_on() {
        let prompt = "Please run: ls\n run: ls\nRUN: ls\nrun:\nslow: many\nwrite: a\nedit: a=b\nask: Really?\nhttps://x";
        assert_eq!(steps(prompt), []);
        assert_eq!(
            arguments(&format!("plan: {}", "x;".repeat(500))).1["todos"]
                .as_array()
                .unwrap()
                .len(),
            MAX_ITEMS
        );
    }
}
