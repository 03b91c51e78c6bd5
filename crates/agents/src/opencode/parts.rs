//! Parts of the assistant's messages as events: text and reasoning as they stream, tool calls as they run.
//! Every update may come again, and again after a reconnect, so each step is taken once.

use std::collections::{HashMap, HashSet};

use protocol::{
    EventBody, PromptId,
    event::{MessageReasoning, MessageText, ToolCallCompleted, ToolCallStarted, ToolCallUpdated},
    runner::{Delta, DeltaKind},
};
use serde_json::Value;

use super::wire::{Part, ToolState};
use crate::{
    Signal,
    text::{bound_value, clip, first_line, head_and_tail},
};

/// Longest committed text of one part.
const TEXT: usize = 2 * 1024 * 1024;
/// Longest output and diff of one tool call.
const OUTPUT: usize = 256 * 1024;
const INPUT_STRING: usize = 64 * 1024;
const INPUT: usize = 256 * 1024;
/// Pending output is reported when it is this long, or when the owner's timer says so.
pub(super) const FLUSH_BYTES: usize = 4 * 1024;
/// Texts that may be open when a tool call begins.
const MOST_OPEN: usize = 16;
/// Parts of one turn; more are ignored.
const MOST_PARTS: usize = 20_000;

enum State {
    Text(Text),
    Tool(Tool),
}

struct Text {
    message: String,
    kind: DeltaKind,
    text: String,
    /// Bytes already shown as deltas.
    shown: u64,
    /// Something was missed: what comes has no known place, so nothing more is shown before the whole.
    gap: bool,
    /// Bytes that were committed before the end was heard of.
    told: usize,
    done: bool,
}

#[derive(Default)]
struct Tool {
    name: String,
    input: Value,
    title: Option<String>,
    started: bool,
    done: bool,
    /// Output as last seen (OpenCode sends all of it, or its end, each time).
    seen: String,
    pending: String,
    reported: usize,
}

/// All parts of one turn.
pub(super) struct Parts {
    prompt: PromptId,
    parts: HashMap<String, State>,
    order: Vec<String>,
    /// (message, call) to the part that is its tool call.
    calls: HashMap<(String, String), String>,
    /// Steps that have begun. The list of parts names them again at every look.
    steps: HashSet<String>,
    /// True once there is anything to show for the turn.
    pub(super) produced: bool,
    pub(super) signals: Vec<Signal>,
}

impl Parts {
    pub(super) fn new(prompt: PromptId) -> Self {
        Self {
            prompt,
            parts: HashMap::new(),
            order: Vec::new(),
            calls: HashMap::new(),
            steps: HashSet::new(),
            produced: false,
            signals: Vec::new(),
        }
    }

    fn event(&mut self, event: impl Into<EventBody>) {
        self.produced = true;
        self.signals.push(Signal::Event {
            prompt_id: Some(self.prompt),
            event: event.into(),
        });
    }

    /// A part as it now is.
    pub(super) fn update(&mut self, part: Part) {
        match part.kind.as_str() {
            "text" => self.text(part, DeltaKind::Text),
            "reasoning" => self.text(part, DeltaKind::Reasoning),
            "tool" => self.tool(part),
            "step-start" => self.step(part),
            _ => {}
        }
    }

    fn slot(&mut self, id: &str, new: impl FnOnce() -> State) -> Option<&mut State> {
        if !self.parts.contains_key(id) {
            if self.parts.len() >= MOST_PARTS {
                return None;
            }
            self.order.push(id.to_owned());
            self.parts.insert(id.to_owned(), new());
        }
        self.parts.get_mut(id)
    }

    fn text(&mut self, part: Part, kind: DeltaKind) {
        let message = part.message.clone();
        let state = self.slot(&part.id, || {
            State::Text(Text {
                message,
                kind,
                text: String::new(),
                shown: 0,
                gap: false,
                told: 0,
                done: false,
            })
        });
        let Some(State::Text(text)) = state else { return };
        if text.done {
            return;
        }
        if !part.text.is_empty() {
            text.text = part.text;
        }
        if part.time.end.is_some() {
            self.commit(&part.id);
        }
    }

    /// Text as it is produced.
    pub(super) fn delta(&mut self, id: &str, field: &str, piece: &str) {
        let Some(State::Text(text)) = self.parts.get_mut(id) else {
            return;
        };
        if field != "text" || text.done || piece.is_empty() || text.text.len() + piece.len() > TEXT {
            return;
        }
        text.text.push_str(piece);
        if text.gap {
            return;
        }
        let delta = Delta {
            message_id: text.message.clone(),
            part_id: id.to_owned(),
            kind: text.kind,
            offset: text.shown,
            text: piece.to_owned(),
        };
        text.shown += piece.len() as u64;
        self.produced = true;
        self.signals.push(Signal::Delta {
            prompt_id: self.prompt,
            delta,
        });
    }

    fn commit(&mut self, id: &str) {
        let Some(State::Text(text)) = self.parts.get_mut(id) else {
            return;
        };
        if std::mem::replace(&mut text.done, true) {
            return;
        }
        let whole = std::mem::take(&mut text.text);
        if whole.is_empty() || whole.trim_end().len() == text.told {
            return;
        }
        self.say(id, &whole);
    }

    /// Text that a tool call follows was said before it. OpenCode tells of its end only with the end of the whole
    /// message, after the call has begun; should more of it come, the whole is committed again in its place.
    fn say_before(&mut self, message: &str) {
        let open: Vec<String> = self
            .order
            .iter()
            .rev()
            .take(MOST_OPEN)
            .filter(|id| {
                matches!(self.parts.get(*id), Some(State::Text(text))
                    if text.message == message && !text.done && !text.gap && text.told == 0)
            })
            .cloned()
            .collect();
        for id in open.iter().rev() {
            let Some(State::Text(text)) = self.parts.get_mut(id) else {
                continue;
            };
            let said = text.text.trim_end().to_owned();
            if said.is_empty() {
                continue;
            }
            text.told = said.len();
            self.say(id, &said);
        }
    }

    fn say(&mut self, id: &str, whole: &str) {
        let Some(State::Text(text)) = self.parts.get(id) else {
            return;
        };
        let (message_id, part_id) = (text.message.clone(), id.to_owned());
        let reasoning = matches!(text.kind, DeltaKind::Reasoning);
        let (text, _) = head_and_tail(whole, TEXT);
        if reasoning {
            self.event(MessageReasoning {
                message_id,
                part_id,
                text,
            });
        } else {
            self.event(MessageText {
                message_id,
                part_id,
                text,
            });
        }
    }

    /// A step that begins anew in the same message is another try: what the last one left unfinished is void. Only
    /// what came before it, though: ids ascend, and a step that was missed may be heard of late.
    fn step(&mut self, part: Part) {
        if self.steps.len() >= MOST_PARTS || self.steps.contains(&part.id) {
            return;
        }
        for (id, state) in &mut self.parts {
            if let State::Text(text) = state
                && text.message == part.message
                && *id < part.id
            {
                text.done = true;
            }
        }
        self.steps.insert(part.id);
    }

    /// Events may have been missed.
    pub(super) fn gap(&mut self) {
        for state in self.parts.values_mut() {
            if let State::Text(text) = state {
                text.gap = true;
            }
        }
    }

    fn tool(&mut self, part: Part) {
        let Part {
            id,
            message,
            tool: name,
            call,
            state,
            ..
        } = part;
        if self.calls.len() < MOST_PARTS {
            self.calls.insert((message.clone(), call), id.clone());
        }
        let Some(State::Tool(tool)) = self.slot(&id, || State::Tool(Tool::default())) else {
            return;
        };
        if tool.done {
            return;
        }
        clip(&name, 128).clone_into(&mut tool.name);
        let begins = !tool.started && matches!(state.status.as_str(), "running" | "completed" | "error");
        if begins {
            self.say_before(&message);
        }
        match state.status.as_str() {
            "running" => {
                self.start(&id, &state);
                if let Some(output) = state.metadata["output"].as_str() {
                    self.output(&id, output);
                }
            }
            "completed" | "error" => {
                self.start(&id, &state);
                self.complete(&id, &state);
            }
            _ => {}
        }
    }

    fn start(&mut self, id: &str, state: &ToolState) {
        let Some(State::Tool(tool)) = self.parts.get_mut(id) else {
            return;
        };
        if let Some(title) = state.title.as_deref().filter(|title| !title.is_empty()) {
            tool.title = Some(first_line(title, 500));
        }
        if std::mem::replace(&mut tool.started, true) {
            return;
        }
        tool.input = bound_value(&state.input, INPUT_STRING, INPUT);
        if tool.title.is_none() {
            tool.title = title(&tool.input);
        }
        let started = ToolCallStarted {
            tool_call_id: id.to_owned(),
            tool: tool.name.clone(),
            title: tool.title.clone(),
            input: tool.input.clone(),
        };
        self.event(started);
    }

    fn output(&mut self, id: &str, output: &str) {
        let Some(State::Tool(tool)) = self.parts.get_mut(id) else {
            return;
        };
        let new = newer(&tool.seen, output);
        let room = OUTPUT.saturating_sub(tool.reported + tool.pending.len());
        tool.pending.push_str(clip(new, room));
        output.clone_into(&mut tool.seen);
        if tool.pending.len() >= FLUSH_BYTES {
            self.flush_one(id);
        }
    }

    fn flush_one(&mut self, id: &str) {
        let Some(State::Tool(tool)) = self.parts.get_mut(id) else {
            return;
        };
        if tool.pending.is_empty() || tool.done {
            return;
        }
        let output = std::mem::take(&mut tool.pending);
        tool.reported += output.len();
        self.event(ToolCallUpdated {
            tool_call_id: id.to_owned(),
            title: None,
            output_delta: Some(output),
        });
    }

    /// True while output waits to be reported.
    pub(super) fn waits(&self) -> bool {
        self.parts
            .values()
            .any(|state| matches!(state, State::Tool(tool) if !tool.pending.is_empty() && !tool.done))
    }

    /// Reports the output that waits.
    pub(super) fn flush(&mut self) {
        for id in self.order.clone() {
            self.flush_one(&id);
        }
    }

    fn complete(&mut self, id: &str, state: &ToolState) {
        let Some(State::Tool(tool)) = self.parts.get_mut(id) else {
            return;
        };
        tool.done = true;
        let failed = state.status == "error";
        let whole = match (&state.output, &state.error) {
            (_, Some(error)) if failed => error,
            (Some(output), _) => output,
            _ => &tool.seen,
        };
        let (output, cut) = head_and_tail(whole, OUTPUT);
        let completed = ToolCallCompleted {
            tool_call_id: id.to_owned(),
            tool: tool.name.clone(),
            status: if failed { "failed" } else { "completed" }.to_owned(),
            title: tool.title.clone(),
            input: std::mem::take(&mut tool.input),
            output,
            truncated: cut || state.metadata["truncated"] == true,
            exit_code: state.metadata["exit"]
                .as_i64()
                .and_then(|code| i32::try_from(code).ok()),
            duration_ms: state.time.duration_ms(),
            diff: diff(&state.metadata),
        };
        tool.seen = String::new();
        tool.pending = String::new();
        self.event(completed);
    }

    /// The tool call that a permission is asked for.
    pub(super) fn call(&self, message: &str, call: &str) -> Option<&str> {
        self.calls
            .get(&(message.to_owned(), call.to_owned()))
            .map(String::as_str)
    }

    /// The turn is over: what was begun is closed with what there is.
    pub(super) fn close(&mut self, why: &str) {
        for id in self.order.clone() {
            match self.parts.get(&id) {
                Some(State::Text(_)) => self.commit(&id),
                Some(State::Tool(tool)) if tool.started && !tool.done => {
                    let mut output = tool.seen.clone();
                    if !output.is_empty() && !output.ends_with('\n') {
                        output.push('\n');
                    }
                    let error = Some(format!("{output}{why}"));
                    self.complete(
                        &id,
                        &ToolState {
                            status: "error".to_owned(),
                            error,
                            ..ToolState::default()
                        },
                    );
                }
                _ => {}
            }
        }
    }
}

/// What of `now` is new since `before`. OpenCode sends the whole output, or for long ones a window of its end.
fn newer<'a>(before: &str, now: &'a str) -> &'a str {
    if let Some(rest) = now.strip_prefix(before) {
        return rest;
    }
    let mark = &before[before.ceil_char_boundary(before.len().saturating_sub(512))..];
    now.rfind(mark).map_or(now, |at| &now[at + mark.len()..])
}

fn title(input: &Value) -> Option<String> {
    ["command", "filePath", "pattern", "description", "path", "url"]
        .into_iter()
        .find_map(|name| input[name].as_str())
        .map(|text| first_line(text, 200))
        .filter(|title| !title.is_empty())
}

fn diff(metadata: &Value) -> Option<String> {
    let diff = metadata["diff"]
        .as_str()
        .or_else(|| metadata["filediff"]["patch"].as_str())?;
    (!diff.is_empty()).then(|| head_and_tail(diff, OUTPUT).0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parts() -> Parts {
        Parts::new(PromptId::new(1, 2))
    }

    fn part(value: Value) -> Part {
        serde_json::from_value(value).unwrap()
    }

    fn kinds(parts: &mut Parts) -> Vec<String> {
        std::mem::take(&mut parts.signals)
            .into_iter()
            .map(|signal| match signal {
                Signal::Event { event, .. } => event.kind().to_owned(),
                Signal::Delta { delta, .. } => format!("delta@{}", delta.offset),
                other => format!("{other:?}"),
            })
            .collect()
    }

    fn text(text: &str, end: Option<u64>) -> Part {
        part(
            json!({"id": "p", "messageID": "m", "type": "text", "text": text, "time": {"start": 1, "end": end}}),
        )
    }

    #[test]
    fn text_streams_once_and_is_committed_once() {
        let mut parts = parts();
        parts.update(text("", None));
        parts.delta("p", "text", "Hé ");
        parts.delta("p", "text", "you");
        parts.update(text("Hé you", Some(2)));
        parts.update(text("Hé you", Some(2)));
        parts.delta("p", "text", "late");
        parts.close("over");
        assert_eq!(kinds(&mut parts), ["delta@0", "delta@4", "message.text"]);
    }

    #[test]
    fn a_second_try_voids_unfinished_text_and_a_gap_stops_deltas() {
        let mut parts = parts();
        parts.update(text("", None));
        parts.delta("p", "text", "partial");
        parts.update(part(json!({"id": "s", "messageID": "m", "type": "step-start"})));
        parts.close("over");
        assert_eq!(kinds(&mut parts), ["delta@0"]);

        let mut parts = self::parts();
        parts.update(text("", None));
        parts.gap();
        parts.delta("p", "text", "unplaced");
        parts.update(text("all of it", Some(2)));
        assert_eq!(kinds(&mut parts), ["message.text"]);
    }

    #[test]
    fn a_look_in_the_middle_of_a_step_voids_nothing_of_it() {
        let begun = |id: &str| part(json!({"id": id, "messageID": "m", "type": "step-start"}));
        let mut parts = parts();
        parts.update(begun("s1"));
        parts.update(text("", None));
        parts.delta("p", "text", "long");
        // The list of what is there so far: the step again, and the text as it was last stored.
        parts.update(begun("s1"));
        parts.update(text("", None));
        parts.delta("p", "text", " answer");
        parts.update(text("long answer", Some(9)));
        assert_eq!(kinds(&mut parts), ["delta@0", "delta@4", "message.text"]);

        // A step whose beginning was missed has text already when it is heard of.
        let mut parts = self::parts();
        parts.update(text("", None));
        parts.delta("p", "text", "late");
        parts.update(begun("a"));
        parts.update(text("late", Some(2)));
        assert_eq!(kinds(&mut parts), ["delta@0", "message.text"]);
    }

    fn running(output: &str) -> Part {
        part(
            json!({"id": "t", "messageID": "m", "type": "tool", "tool": "bash", "callID": "c",
            "state": {"status": "running", "input": {"command": "make\nall"}, "metadata": {"output": output}}}),
        )
    }

    #[test]
    fn text_before_a_call_is_committed_before_it_and_only_once() {
        let mut parts = parts();
        parts.update(text("", None));
        parts.delta("p", "text", "I look. ");
        parts.update(running(""));
        parts.update(text("I look.", Some(2)));
        assert_eq!(
            kinds(&mut parts),
            ["delta@0", "message.text", "tool_call.started"]
        );

        // More of it came after all: it is told whole.
        let mut parts = self::parts();
        parts.update(text("", None));
        parts.delta("p", "text", "I look.");
        parts.update(running(""));
        parts.update(text("I look. There.", Some(2)));
        assert_eq!(
            kinds(&mut parts),
            ["delta@0", "message.text", "tool_call.started", "message.text"]
        );

        // What may have holes waits for its end.
        let mut parts = self::parts();
        parts.update(text("", None));
        parts.delta("p", "text", "I ");
        parts.gap();
        parts.update(running(""));
        parts.update(text("I look.", Some(2)));
        assert_eq!(
            kinds(&mut parts),
            ["delta@0", "tool_call.started", "message.text"]
        );
    }

    #[test]
    fn growing_output_is_reported_as_its_growth() {
        let mut parts = parts();
        parts.update(running(""));
        parts.update(running("1\n"));
        parts.update(running("1\n2\n"));
        assert!(parts.waits());
        parts.flush();
        assert!(!parts.waits());
        parts.update(running(&format!("1\n2\n{}", "x".repeat(FLUSH_BYTES))));
        let deltas: Vec<usize> = parts
            .signals
            .iter()
            .filter_map(|signal| match signal {
                Signal::Event {
                    event: EventBody::ToolCallUpdated(update),
                    ..
                } => update.output_delta.as_ref().map(String::len),
                _ => None,
            })
            .collect();
        assert_eq!(deltas, [4, FLUSH_BYTES]);
        assert_eq!(parts.call("m", "c"), Some("t"));
        let Signal::Event {
            event: EventBody::ToolCallStarted(started),
            ..
        } = &parts.signals[0]
        else {
            panic!()
        };
        assert_eq!(started.title.as_deref(), Some("make"));
    }

    #[test]
    fn a_window_of_the_end_is_aligned() {
        assert_eq!(newer("abc", "abcdef"), "def");
        let before = "x".repeat(600) + "unique end";
        let window = format!("...\n\n{} and more", &before[50..]);
        assert_eq!(newer(&before, &window), " and more");
    }

    #[test]
    fn completion_carries_exit_code_time_and_bounded_output() {
        let mut parts = parts();
        parts.update(part(
            json!({"id": "t", "messageID": "m", "type": "tool", "tool": "bash", "callID": "c",
            "state": {"status": "completed", "input": {"command": "x"}, "output": "y".repeat(OUTPUT + 1),
                "metadata": {"exit": 3}, "time": {"start": 10, "end": 25}}}),
        ));
        parts.close("over");
        let Some(Signal::Event {
            event: EventBody::ToolCallCompleted(done),
            ..
        }) = parts.signals.pop()
        else {
            panic!()
        };
        assert_eq!(
            (done.exit_code, done.duration_ms, done.truncated),
            (Some(3), Some(15), true)
        );
        assert!(done.output.len() < OUTPUT + 100);
        assert_eq!(kinds(&mut parts), ["tool_call.started"]);
    }

    #[test]
    fn a_tool_that_never_ended_is_closed_as_failed() {
        let mut parts = parts();
        parts.update(running("some"));
        parts.close("the agent crashed");
        let Some(Signal::Event {
            event: EventBody::ToolCallCompleted(done),
            ..
        }) = parts.signals.pop()
        else {
            panic!()
        };
        assert_eq!(
            (done.status.as_str(), done.output.as_str()),
            ("failed", "some\nthe agent crashed")
        );
    }
}
