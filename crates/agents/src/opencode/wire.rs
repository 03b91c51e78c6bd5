//! The parts of OpenCode's events and messages that are read. Everything is optional: another version may leave
//! fields out or add some.

use protocol::session::Tokens;
use serde::Deserialize;
use serde_json::Value;

/// One event of the stream.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) properties: Value,
}

impl Envelope {
    /// Most of the stream (plugins, catalogue, watchers, the second API) is of no interest here.
    pub(super) fn wanted(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "message.updated"
                | "message.part.updated"
                | "message.part.delta"
                | "session.status"
                | "session.idle"
                | "session.error"
                | "permission.asked"
                | "question.asked"
                | "todo.updated"
                | "file.edited"
        )
    }

    pub(super) fn session(&self) -> &str {
        self.properties["sessionID"].as_str().unwrap_or_default()
    }

    pub(super) fn read<T: for<'de> Deserialize<'de>>(&self) -> Option<T> {
        T::deserialize(&self.properties).ok()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct MessageUpdated {
    pub(super) info: Message,
}

/// A message without its parts.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Message {
    pub(super) id: String,
    #[serde(default)]
    pub(super) role: String,
    #[serde(default, rename = "parentID")]
    pub(super) parent: Option<String>,
    #[serde(default)]
    pub(super) time: Time,
    #[serde(default)]
    pub(super) finish: Option<String>,
    #[serde(default)]
    pub(super) error: Option<Value>,
    /// `true` for the text into which an overlong conversation was condensed.
    #[serde(default)]
    pub(super) summary: Value,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(super) struct Time {
    #[serde(default)]
    pub(super) start: Option<f64>,
    #[serde(default)]
    pub(super) end: Option<f64>,
    #[serde(default)]
    pub(super) completed: Option<f64>,
}

impl Time {
    pub(super) fn duration_ms(self) -> Option<u64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to what fits"
        )]
        Some((self.end? - self.start?).clamp(0.0, 1e15) as u64)
    }
}

/// One element of the message list.
#[derive(Debug, Deserialize)]
pub(super) struct Listed {
    pub(super) info: Message,
    #[serde(default)]
    pub(super) parts: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PartUpdated {
    pub(super) part: Part,
}

/// A part of a message.
#[derive(Debug, Deserialize)]
pub(super) struct Part {
    pub(super) id: String,
    #[serde(default, rename = "messageID")]
    pub(super) message: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) text: String,
    #[serde(default)]
    pub(super) time: Time,
    #[serde(default)]
    pub(super) tool: String,
    #[serde(default, rename = "callID")]
    pub(super) call: String,
    #[serde(default)]
    pub(super) state: ToolState,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) tokens: StepTokens,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ToolState {
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) input: Value,
    #[serde(default)]
    pub(super) output: Option<String>,
    #[serde(default)]
    pub(super) error: Option<String>,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) metadata: Value,
    #[serde(default)]
    pub(super) time: Time,
}

/// Tokens of one step; `input` is without what the cache gave.
#[derive(Debug, Default, Deserialize)]
pub(super) struct StepTokens {
    #[serde(default)]
    input: f64,
    #[serde(default)]
    output: f64,
    #[serde(default)]
    reasoning: f64,
    #[serde(default)]
    cache: Cache,
}

#[derive(Debug, Default, Deserialize)]
struct Cache {
    #[serde(default)]
    read: f64,
    #[serde(default)]
    write: f64,
}

impl StepTokens {
    /// In the coordinator's sense: `input` with the cached ones, `output` with reasoning.
    pub(super) fn total(&self) -> Tokens {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to what fits"
        )]
        let whole = |count: f64| count.clamp(0.0, 1e15) as u64;
        Tokens {
            input: whole(self.input) + whole(self.cache.read) + whole(self.cache.write),
            output: whole(self.output) + whole(self.reasoning),
            cached: whole(self.cache.read),
            reasoning: whole(self.reasoning),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct PartDelta {
    #[serde(rename = "partID")]
    pub(super) part: String,
    #[serde(default)]
    pub(super) field: String,
    #[serde(default)]
    pub(super) delta: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct StatusChanged {
    pub(super) status: Status,
}

/// `busy`, `idle` or `retry`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Status {
    #[serde(default, rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) attempt: u32,
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) next: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PermissionAsked {
    pub(super) id: String,
    #[serde(default)]
    pub(super) permission: String,
    #[serde(default)]
    pub(super) patterns: Vec<String>,
    #[serde(default)]
    pub(super) metadata: Value,
    #[serde(default)]
    pub(super) always: Vec<String>,
    #[serde(default)]
    pub(super) tool: Option<ToolReference>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ToolReference {
    #[serde(rename = "messageID")]
    pub(super) message: String,
    #[serde(rename = "callID")]
    pub(super) call: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct QuestionAsked {
    pub(super) id: String,
    #[serde(default)]
    pub(super) questions: Vec<Question>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Question {
    #[serde(default)]
    pub(super) question: String,
    #[serde(default)]
    pub(super) header: String,
    #[serde(default)]
    pub(super) options: Vec<QuestionOption>,
    #[serde(default)]
    pub(super) multiple: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct QuestionOption {
    #[serde(default)]
    pub(super) label: String,
    #[serde(default)]
    pub(super) description: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct TodoUpdated {
    #[serde(default)]
    pub(super) todos: Vec<Todo>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Todo {
    #[serde(default)]
    pub(super) content: String,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) priority: Option<String>,
}
