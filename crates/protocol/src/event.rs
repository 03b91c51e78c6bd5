//! Public events: what a session's log shows to everyone who may read it.
//!
//! Types are `domain.action`. A type this build does not know is kept as [`EventBody::Unknown`] with its data
//! untouched, so that a newer runner or an older reader loses nothing.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeStruct};
use serde_json::Value;

mod payload;

pub use payload::*;

use crate::{PromptId, Timestamp};

/// One public event with its place in the session's dense sequence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// 1, 2, 3 ... without gaps within a session.
    pub seq: u64,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_id: Option<PromptId>,
    #[serde(flatten)]
    pub body: EventBody,
}

macro_rules! events {
    ($($name:ident = $type:literal,)+) => {
        /// What happened: `{"type": "...", "data": {...}}`.
        #[derive(Debug, Clone, PartialEq)]
        pub enum EventBody {
            $(#[doc = concat!("`", $type, "`")] $name($name),)+
            /// A type this build does not know; stored and passed on as it came.
            Unknown { kind: String, data: Value },
        }

        /// Every event type this build knows, in the order of the reference.
        pub const EVENT_TYPES: &[&str] = &[$($type,)+];

        impl EventBody {
            /// The `type` word.
            #[must_use]
            pub fn kind(&self) -> &str {
                match self {
                    $(Self::$name(_) => $type,)+
                    Self::Unknown { kind, .. } => kind,
                }
            }

            /// The `data` document.
            ///
            /// # Errors
            /// When a payload cannot be written as JSON, which none of ours does.
            pub fn data(&self) -> Result<Value, serde_json::Error> {
                match self {
                    $(Self::$name(data) => serde_json::to_value(data),)+
                    Self::Unknown { data, .. } => Ok(data.clone()),
                }
            }

            /// The `data` document as it is stored and sent.
            ///
            /// # Errors
            /// When a payload cannot be written as JSON, which none of ours does.
            pub fn data_json(&self) -> Result<String, serde_json::Error> {
                match self {
                    $(Self::$name(data) => serde_json::to_string(data),)+
                    Self::Unknown { data, .. } => serde_json::to_string(data),
                }
            }

            /// As [`Self::from_parts`], from the document itself: what is known is read once, into its type.
            ///
            /// # Errors
            /// When `data` is not JSON.
            pub fn from_json(kind: &str, data: &str) -> Result<Self, serde_json::Error> {
                let known = match kind {
                    $($type => serde_json::from_str::<$name>(data).ok().map(Self::$name),)+
                    _ => None,
                };
                match known {
                    Some(known) => Ok(known),
                    None => Ok(Self::Unknown { kind: kind.to_owned(), data: serde_json::from_str(data)? }),
                }
            }

            /// The next value of a map, as the data of this type. A known type of another shape is an error here.
            pub(crate) fn next_of<'de, A: serde::de::MapAccess<'de>>(
                kind: &str,
                map: &mut A,
            ) -> Result<Self, A::Error> {
                match kind {
                    $($type => map.next_value::<$name>().map(Self::$name),)+
                    _ => Ok(Self::Unknown { kind: kind.to_owned(), data: map.next_value()? }),
                }
            }

            /// From its two halves. A known type with data of another shape is kept as unknown, never dropped.
            #[must_use]
            pub fn from_parts(kind: &str, data: Value) -> Self {
                match kind {
                    $($type => match serde_json::from_value::<$name>(data.clone()) {
                        Ok(known) => Self::$name(known),
                        Err(_) => Self::Unknown { kind: kind.to_owned(), data },
                    },)+
                    _ => Self::Unknown { kind: kind.to_owned(), data },
                }
            }
        }

        $(impl From<$name> for EventBody {
            fn from(data: $name) -> Self { Self::$name(data) }
        })+

        impl Serialize for EventBody {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut body = serializer.serialize_struct("EventBody", 2)?;
                body.serialize_field("type", self.kind())?;
                match self {
                    $(Self::$name(data) => body.serialize_field("data", data)?,)+
                    Self::Unknown { data, .. } => body.serialize_field("data", data)?,
                }
                body.end()
            }
        }
    };
}

events! {
    SessionCreated = "session.created",
    SessionStatusChanged = "session.status_changed",
    SessionRenamed = "session.renamed",
    SessionArchived = "session.archived",
    SessionDeleted = "session.deleted",
    PromptQueued = "prompt.queued",
    PromptStarted = "prompt.started",
    PromptCompleted = "prompt.completed",
    PromptFailed = "prompt.failed",
    PromptCancelled = "prompt.cancelled",
    SandboxRequested = "sandbox.requested",
    SandboxConnected = "sandbox.connected",
    SandboxLost = "sandbox.lost",
    SandboxStopped = "sandbox.stopped",
    SandboxFailed = "sandbox.failed",
    SandboxSnapshotted = "sandbox.snapshotted",
    WorkspaceProgress = "workspace.progress",
    EnvironmentDetected = "environment.detected",
    AgentReady = "agent.ready",
    ModelRetrying = "model.retrying",
    MessageText = "message.text",
    MessageReasoning = "message.reasoning",
    ToolCallStarted = "tool_call.started",
    ToolCallUpdated = "tool_call.updated",
    ToolCallCompleted = "tool_call.completed",
    PlanUpdated = "plan.updated",
    PermissionRequested = "permission.requested",
    PermissionResolved = "permission.resolved",
    QuestionAsked = "question.asked",
    QuestionAnswered = "question.answered",
    FileChanged = "file.changed",
    EgressDecided = "egress.decided",
    ArtifactCreated = "artifact.created",
    ArtifactRemoved = "artifact.removed",
    UsageRecorded = "usage.recorded",
    BudgetReached = "budget.reached",
    GitPushed = "git.pushed",
    PullRequestOpened = "pull_request.opened",
    EnvironmentChanged = "environment.changed",
    ErrorRaised = "error.raised",
}

impl<'de> Deserialize<'de> for EventBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Parts {
            #[serde(rename = "type")]
            kind: String,
            #[serde(default)]
            data: Value,
        }
        let parts = Parts::deserialize(deserializer)?;
        if parts.kind.is_empty() || parts.kind.len() > 128 {
            return Err(D::Error::custom("an event type has 1 to 128 characters"));
        }
        Ok(Self::from_parts(&parts.kind, parts.data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_types_survive_a_round_trip() {
        let json = r#"{"seq":7,"at":"2026-01-31T12:00:00.000Z","type":"hologram.shown","data":{"x":[1,2]}}"#;
        let event: Event = serde_json::from_str(json).unwrap();
        assert!(matches!(event.body, EventBody::Unknown { .. }));
        let again: Value = serde_json::to_value(&event).unwrap();
        assert_eq!(again, serde_json::from_str::<Value>(json).unwrap());
    }

    #[test]
    fn a_known_type_of_another_shape_is_kept() {
        let body = EventBody::from_parts("message.text", serde_json::json!({"odd": true}));
        assert_eq!(body.kind(), "message.text");
        assert_eq!(body.data().unwrap(), serde_json::json!({"odd": true}));
    }

    #[test]
    fn known_types_are_flat() {
        let body: EventBody = MessageText {
            message_id: "m".into(),
            part_id: "p".into(),
            text: "hi".into(),
        }
        .into();
        let event = Event {
            seq: 1,
            at: Timestamp::from_ms(0),
            prompt_id: None,
            body,
        };
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(json["type"], "message.text");
        assert_eq!(json["data"]["text"], "hi");
    }
}
