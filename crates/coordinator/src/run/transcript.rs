//! A session's events and deltas as text for a terminal. Pure: frames in, text out.
//!
//! Streamed pieces are printed as they come and superseded by the committed part of the same id: of that, only
//! what has not been printed yet is added, so that nothing shows twice and nothing is missing.
//!
//! On a terminal the last line says what goes on and for how long, and is replaced by whatever comes next.

use std::collections::{HashMap, VecDeque};

use protocol::{
    Event, EventBody, Timestamp,
    runner::{Delta, DeltaKind},
};
use serde_json::Value;

use super::phases::{self, Activity};
use crate::cli::{
    figures,
    terminal::{Paint, harmless, one_line},
};

/// Lines of a tool's output shown as they stream, and again from its end.
const HEAD_LINES: usize = 20;
const TAIL_LINES: usize = 20;
/// Parts remembered; far more than are ever open at once.
const MAX_PARTS: usize = 256;
/// Text remembered of one part, bytes. Past this, streaming of the part is left to the committed text.
const MAX_PART: usize = 1024 * 1024;

/// The printed state.
#[derive(Debug, Default)]
pub struct Transcript {
    paint: Paint,
    began: Option<Timestamp>,
    parts: HashMap<String, Part>,
    order: VecDeque<String>,
    /// The part whose last line is not finished on the screen.
    open: Option<String>,
    /// Committed parts, newest last: a piece that comes late must not open one again.
    settled: VecDeque<String>,
    /// Whether the last line can be taken back.
    live: bool,
    /// Whether prompts and their ends are told too: nobody typed them here.
    history: bool,
    activity: Option<String>,
    /// Seconds since the activity began.
    seconds: u64,
    /// Whether the activity is on the screen.
    shown: bool,
    held: bool,
}

/// Takes the last line back.
const ERASE: &str = "\r\x1b[2K";

#[derive(Debug, Default)]
struct Part {
    /// As it came, before cleaning.
    streamed: String,
    /// Bytes of `streamed` that are on the screen.
    printed: usize,
    lines: usize,
}

impl Transcript {
    /// For following a session; `live` when what is written last can be taken back.
    #[must_use]
    pub fn new(paint: Paint, live: bool) -> Self {
        Self {
            paint,
            live,
            ..Self::default()
        }
    }

    /// For reading what happened.
    #[must_use]
    pub fn history(paint: Paint) -> Self {
        Self {
            paint,
            history: true,
            ..Self::default()
        }
    }

    /// A streamed piece.
    pub fn delta(&mut self, delta: &Delta) -> String {
        let text = self.piece(delta);
        self.above_the_activity(text)
    }

    /// A committed event.
    pub fn event(&mut self, event: &Event) -> String {
        let text = self.committed(event);
        match phases::activity(&event.body) {
            Activity::Same => return self.above_the_activity(text),
            Activity::Now(now) if self.activity.as_ref() == Some(&now) => {}
            Activity::Now(now) => {
                self.activity = Some(now);
                self.seconds = 0;
            }
            Activity::Nothing => self.activity = None,
        }
        let erased = self.pause();
        format!("{erased}{text}{}", self.status())
    }

    /// A line of our own between the agent's.
    pub fn line(&mut self, text: &str) -> String {
        let text = self.between(text);
        self.above_the_activity(text)
    }

    /// A second has passed.
    pub fn tick(&mut self) -> String {
        self.seconds += 1;
        let erased = self.pause();
        format!("{erased}{}", self.status())
    }

    /// Whether somebody is being asked: what they type is not to be written over.
    pub fn hold(&mut self, asked: bool) {
        self.held = asked;
    }

    /// Ends a line that is not finished.
    pub fn end_line(&mut self) -> String {
        format!("{}{}", self.pause(), self.close())
    }

    /// Takes the activity off the screen, for what is written by others.
    pub fn pause(&mut self) -> &'static str {
        if std::mem::take(&mut self.shown) {
            ERASE
        } else {
            ""
        }
    }

    fn above_the_activity(&mut self, text: String) -> String {
        if text.is_empty() {
            return text;
        }
        let erased = self.pause();
        format!("{erased}{text}{}", self.status())
    }

    /// What goes on, cut at the edge of the terminal by the terminal itself. Not while a line is unfinished.
    fn status(&mut self) -> String {
        let Some(activity) = self
            .activity
            .as_ref()
            .filter(|_| self.live && !self.held && self.open.is_none())
        else {
            return String::new();
        };
        self.shown = true;
        let time = match self.seconds {
            0 => String::new(),
            seconds => format!(
                " · {}",
                figures::span(std::time::Duration::from_secs(seconds)).replace(".0 s", " s")
            ),
        };
        format!(
            "\x1b[?7l{}\x1b[?7h",
            self.paint.dim(&format!("  … {activity}{time}"))
        )
    }

    fn piece(&mut self, delta: &Delta) -> String {
        let id = format!("{}/{}", delta.message_id, delta.part_id);
        let id = if delta.kind == DeltaKind::ToolOutput {
            tool(&delta.part_id)
        } else {
            id
        };
        if self.settled.contains(&id) {
            return String::new();
        }
        let part = self.part(&id);
        let known = part.streamed.len() as u64;
        // A piece after a gap (we were away) waits for the committed part; one we have is passed over.
        let fresh = match known
            .checked_sub(delta.offset)
            .and_then(|skip| usize::try_from(skip).ok())
        {
            Some(skip) if skip < delta.text.len() && delta.text.is_char_boundary(skip) => &delta.text[skip..],
            _ => return String::new(),
        };
        if part.streamed.len() + fresh.len() > MAX_PART {
            return String::new();
        }
        part.streamed.push_str(fresh);
        match delta.kind {
            DeltaKind::Text => self.flow(&id),
            DeltaKind::ToolOutput => self.output_lines(&id),
            // Thinking is told in one line when it is complete.
            DeltaKind::Reasoning => String::new(),
        }
    }

    fn committed(&mut self, event: &Event) -> String {
        let began = *self.began.get_or_insert(event.at);
        match &event.body {
            EventBody::MessageText(text) => {
                let id = format!("{}/{}", text.message_id, text.part_id);
                self.commit(&id, &text.text)
            }
            EventBody::MessageReasoning(text) => {
                let words = text.text.split_whitespace().count();
                if words == 0 {
                    String::new()
                } else {
                    self.between(&self.paint.dim(&format!("  (thought, {words} words)")))
                }
            }
            EventBody::ToolCallStarted(call) => {
                let line = format!(
                    "{} {}",
                    self.paint.bold(&format!("▸ {}", one_line(&call.tool, 40))),
                    subject(&call.input, call.title.as_deref())
                );
                self.between(&line)
            }
            EventBody::ToolCallUpdated(update) => self.updated(update),
            EventBody::ToolCallCompleted(call) => self.completed(call),
            EventBody::PromptQueued(prompt) if self.history => {
                let text = harmless(&prompt.text);
                let text = text.trim_end().replace('\n', "\n  ");
                self.between(&format!("\n{} {text}", self.paint.bold("❯")))
            }
            EventBody::PromptCompleted(done) if self.history => {
                let facts = [
                    self.paint.good("completed"),
                    figures::seconds(done.duration_ms),
                    figures::tokens(done.tokens),
                    figures::money(done.cost_micro_usd),
                ];
                self.between(&facts.join(" · "))
            }
            EventBody::PromptFailed(failed) if self.history => {
                let text = self
                    .paint
                    .bad(&format!("failed · {}", phases::error(&failed.error)));
                self.between(&text)
            }
            EventBody::PromptCancelled(_) if self.history => {
                let text = self.paint.warn("cancelled");
                self.between(&text)
            }
            body => match phases::line(body, self.paint, self.live) {
                Some(text) => {
                    let at = figures::span(event.at.since(began));
                    self.between(&format!("{} {text}", self.paint.dim(&format!("[{at:>8}]"))))
                }
                None => String::new(),
            },
        }
    }

    /// A whole line, after what is unfinished.
    fn between(&mut self, text: &str) -> String {
        format!("{}{text}\n", self.close())
    }

    fn close(&mut self) -> &'static str {
        if self.open.take().is_some() { "\n" } else { "" }
    }

    fn part(&mut self, id: &str) -> &mut Part {
        if !self.parts.contains_key(id) {
            if self.order.len() >= MAX_PARTS
                && let Some(oldest) = self.order.pop_front()
            {
                self.parts.remove(&oldest);
            }
            self.order.push_back(id.to_owned());
        }
        self.parts.entry(id.to_owned()).or_default()
    }

    /// Forgets a part that is committed; later pieces of it are passed over.
    fn settle(&mut self, id: &str) -> Part {
        self.order.retain(|other| other != id);
        if self.settled.len() >= MAX_PARTS {
            self.settled.pop_front();
        }
        self.settled.push_back(id.to_owned());
        self.parts.remove(id).unwrap_or_default()
    }

    /// Prints what of a text part has come and is not on the screen.
    fn flow(&mut self, id: &str) -> String {
        let before = if self.open.as_deref() == Some(id) {
            ""
        } else {
            self.close()
        };
        let part = self.part(id);
        let fresh = harmless(&part.streamed[part.printed..]);
        part.printed = part.streamed.len();
        if fresh.is_empty() {
            return before.to_owned();
        }
        self.open = (!fresh.ends_with('\n')).then(|| id.to_owned());
        format!("{before}{fresh}")
    }

    fn commit(&mut self, id: &str, text: &str) -> String {
        let part = self.part(id);
        let mut shown = String::new();
        if text.starts_with(&part.streamed[..part.printed]) {
            part.streamed = text.to_owned();
            shown.push_str(&self.flow(id));
        } else {
            // The provider rewrote what it had streamed: the committed text counts.
            part.streamed = text.to_owned();
            part.printed = 0;
            shown.push_str(self.close());
            shown.push_str(&self.flow(id));
        }
        self.settle(id);
        shown.push_str(self.close());
        shown
    }

    /// Prints complete lines of a running tool's output, up to a number of them.
    fn output_lines(&mut self, id: &str) -> String {
        let paint = self.paint;
        let before = self.close();
        let part = self.part(id);
        let mut shown = String::from(before);
        while part.lines < HEAD_LINES
            && let Some(end) = part.streamed[part.printed..].find('\n')
        {
            let line = harmless(&part.streamed[part.printed..part.printed + end]);
            shown.push_str(&output_line(paint, &line));
            part.printed += end + 1;
            part.lines += 1;
        }
        shown
    }

    /// Output that an update brought.
    fn updated(&mut self, update: &protocol::event::ToolCallUpdated) -> String {
        let Some(fresh) = update.output_delta.as_deref().filter(|text| !text.is_empty()) else {
            return String::new();
        };
        let id = tool(&update.tool_call_id);
        if self.settled.contains(&id) {
            return String::new();
        }
        let part = self.part(&id);
        if part.streamed.len() + fresh.len() > MAX_PART {
            return String::new();
        }
        part.streamed.push_str(fresh);
        self.output_lines(&id)
    }

    fn completed(&mut self, call: &protocol::event::ToolCallCompleted) -> String {
        let id = tool(&call.tool_call_id);
        let mut shown = String::from(self.close());
        let part = self.settle(&id);
        let rest = call
            .output
            .strip_prefix(&part.streamed[..part.printed])
            .unwrap_or(&call.output);
        let rest = harmless(rest);
        let lines: Vec<&str> = rest.lines().collect();
        // What did not stream is shown with its beginning.
        let head = if part.printed == 0 && lines.len() > HEAD_LINES + TAIL_LINES {
            HEAD_LINES
        } else if part.printed == 0 {
            lines.len()
        } else {
            0
        };
        for line in &lines[..head] {
            shown.push_str(&output_line(self.paint, line));
        }
        let lines = &lines[head..];
        let left_out = lines.len().saturating_sub(TAIL_LINES);
        if left_out > 0 {
            shown.push_str(&output_line(
                self.paint,
                &self.paint.dim(&format!("… {left_out} lines left out")),
            ));
        }
        for line in &lines[left_out..] {
            shown.push_str(&output_line(self.paint, line));
        }
        let mut facts = Vec::new();
        if let Some(code) = call.exit_code {
            facts.push(format!("exit {code}"));
        }
        if call.status != "completed" {
            facts.push(one_line(&call.status, 40));
        }
        if let Some(ms) = call.duration_ms {
            facts.push(figures::seconds(ms));
        }
        if call.truncated {
            facts.push("output cut".into());
        }
        let facts = if facts.is_empty() {
            "done".to_owned()
        } else {
            facts.join(", ")
        };
        let failed = call.status != "completed" || call.exit_code.is_some_and(|code| code != 0);
        let facts = if failed {
            self.paint.bad(&facts)
        } else {
            self.paint.good(&facts)
        };
        shown.push_str(&format!("  └ {facts}\n"));
        shown
    }
}

fn tool(id: &str) -> String {
    format!("tool:{id}")
}

fn output_line(paint: Paint, line: &str) -> String {
    format!("{} {line}\n", paint.dim("  │"))
}

/// What a tool call is about: the command, the file, else its title or input.
fn subject(input: &Value, title: Option<&str>) -> String {
    let known = [
        "command",
        "filePath",
        "file_path",
        "path",
        "pattern",
        "url",
        "query",
    ];
    let text = known
        .iter()
        .find_map(|name| input.get(*name).and_then(Value::as_str))
        .map(str::to_owned);
    let text = text
        .or_else(|| title.map(str::to_owned))
        .unwrap_or_else(|| match input {
            Value::Null => String::new(),
            other => other.to_string(),
        });
    one_line(&text, 200)
}

#[cfg(test)]
mod tests {
    use protocol::event::{MessageText, ToolCallCompleted, ToolCallStarted, ToolCallUpdated};

    use super::*;

    fn event(body: impl Into<EventBody>) -> Event {
        Event {
            seq: 1,
            at: Timestamp::from_ms(0),
            prompt_id: None,
            body: body.into(),
        }
    }

    fn delta(kind: DeltaKind, part: &str, offset: u64, text: &str) -> Delta {
        Delta {
            message_id: "m".into(),
            part_id: part.into(),
            kind,
            offset,
            text: text.into(),
        }
    }

    fn text(part: &str, text: &str) -> Event {
        event(MessageText {
            message_id: "m".into(),
            part_id: part.into(),
            text: text.into(),
        })
    }

    #[test]
    fn committed_text_only_adds_what_is_missing() {
        let mut transcript = Transcript::default();
        let mut shown = transcript.delta(&delta(DeltaKind::Text, "p", 0, "Hel"));
        shown += &transcript.delta(&delta(DeltaKind::Text, "p", 3, "lo"));
        // A repeat and a piece beyond a gap change nothing.
        shown += &transcript.delta(&delta(DeltaKind::Text, "p", 3, "lo"));
        shown += &transcript.delta(&delta(DeltaKind::Text, "p", 9, "ld"));
        shown += &transcript.event(&text("p", "Hello, world"));
        assert_eq!(shown, "Hello, world\n");
        assert_eq!(
            transcript.delta(&delta(DeltaKind::Text, "p", 0, "Hello")),
            "",
            "a late piece"
        );
    }

    #[test]
    fn without_deltas_the_committed_text_shows_whole() {
        assert_eq!(Transcript::default().event(&text("p", "Hello\n")), "Hello\n");
    }

    #[test]
    fn rewritten_text_shows_as_committed() {
        let mut transcript = Transcript::default();
        let mut shown = transcript.delta(&delta(DeltaKind::Text, "p", 0, "Hel"));
        shown += &transcript.event(&text("p", "Good day"));
        assert_eq!(shown, "Hel\nGood day\n");
    }

    #[test]
    fn the_activity_is_replaced_by_what_comes() {
        let mut transcript = Transcript::new(Paint::default(), true);
        let started = event(ToolCallStarted {
            tool_call_id: "t".into(),
            tool: "bash".into(),
            title: None,
            input: serde_json::json!({"command": "sleep 9"}),
        });
        let status = |time: &str| format!("\x1b[?7l  … running bash{time}\x1b[?7h");
        assert_eq!(
            transcript.event(&started),
            format!("▸ bash sleep 9\n{}", status(""))
        );
        assert_eq!(transcript.tick(), format!("{ERASE}{}", status(" · 1 s")));
        let shown = transcript.delta(&delta(DeltaKind::ToolOutput, "t", 0, "x\n"));
        assert_eq!(shown, format!("{ERASE}  │ x\n{}", status(" · 1 s")));
        // A line that is not finished is not written over.
        let shown = transcript.delta(&delta(DeltaKind::Text, "p", 0, "Hel"));
        assert_eq!(shown, format!("{ERASE}Hel"));
        assert_eq!(transcript.tick(), "");
        assert!(
            transcript
                .event(&text("p", "Hello"))
                .starts_with("lo\n\x1b[?7l  … waiting")
        );
        assert_eq!(transcript.pause(), ERASE);
        assert_eq!(transcript.pause(), "");
    }

    #[test]
    fn long_output_shows_both_ends() {
        let mut transcript = Transcript::default();
        let output: String = (1..=100).map(|n| format!("{n}\n")).collect();
        let shown = transcript.event(&event(ToolCallCompleted {
            tool_call_id: "t".into(),
            tool: "bash".into(),
            status: "completed".into(),
            title: None,
            input: Value::Null,
            output,
            truncated: false,
            exit_code: Some(0),
            duration_ms: Some(10),
            diff: None,
        }));
        assert!(
            shown.starts_with("  │ 1\n") && shown.contains("│ 20\n  │ … 60 lines left out\n  │ 81\n"),
            "{shown}"
        );
    }

    #[test]
    fn tool_output_streams_then_ends_with_its_tail() {
        let mut transcript = Transcript::default();
        let mut shown = transcript.event(&event(ToolCallStarted {
            tool_call_id: "t".into(),
            tool: "bash".into(),
            title: None,
            input: serde_json::json!({"command": "seq 2"}),
        }));
        shown += &transcript.event(&event(ToolCallUpdated {
            tool_call_id: "t".into(),
            title: None,
            output_delta: Some("1\n2".into()),
        }));
        shown += &transcript.event(&event(ToolCallCompleted {
            tool_call_id: "t".into(),
            tool: "bash".into(),
            status: "completed".into(),
            title: None,
            input: Value::Null,
            output: "1\n2\n".into(),
            truncated: false,
            exit_code: Some(0),
            duration_ms: Some(10),
            diff: None,
        }));
        assert_eq!(shown, "▸ bash seq 2\n  │ 1\n  │ 2\n  └ exit 0, 0.0 s\n");
    }
}
