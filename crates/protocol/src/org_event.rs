//! The organisation's feed: what happens to its sessions and settings, in one dense sequence for each organisation.
//!
//! Shaped as a session's events are, but thin: enough to keep a list up to date and to know what to look at. A type
//! this build does not know is kept as [`OrgEventBody::Unknown`] with its data untouched.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeStruct};
use serde_json::Value;

use crate::{
    ApiKeyId, MicroUsd, PromptId, RunId, SessionId, Timestamp, UserId,
    api::SessionSummary,
    audit::AuditRecord,
    event::EnvironmentChanged,
    run::{RunOutcome, RunRecord},
    session::{SessionStatus, Tokens},
};

/// One event of an organisation, with its place in the sequence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrgEvent {
    /// 1, 2, 3 ... without gaps within an organisation.
    pub seq: u64,
    pub at: Timestamp,
    /// The session it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    #[serde(flatten)]
    pub body: OrgEventBody,
}

macro_rules! org_events {
    ($($name:ident($payload:ty) = $type:literal,)+) => {
        /// What happened: `{"type": "...", "data": {...}}`.
        #[derive(Debug, Clone, PartialEq)]
        pub enum OrgEventBody {
            $(#[doc = concat!("`", $type, "`")] $name($payload),)+
            /// A type this build does not know, or one whose data was taken away; passed on as it is kept.
            Unknown { kind: String, data: Value },
        }

        /// Every type of the feed that this build knows, with the name of its payload, in the order of the reference.
        pub const ORG_EVENT_TYPES: &[(&str, &str)] = &[$(($type, stringify!($payload)),)+];

        impl OrgEventBody {
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

            /// From its two halves. A known type with data of another shape is kept as unknown, never dropped.
            #[must_use]
            pub fn from_parts(kind: &str, data: Value) -> Self {
                match kind {
                    $($type => match serde_json::from_value::<$payload>(data.clone()) {
                        Ok(known) => Self::$name(known),
                        Err(_) => Self::Unknown { kind: kind.to_owned(), data },
                    },)+
                    _ => Self::Unknown { kind: kind.to_owned(), data },
                }
            }
        }

        impl Serialize for OrgEventBody {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut body = serializer.serialize_struct("OrgEventBody", 2)?;
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

org_events! {
    SessionCreated(SessionSummary) = "session.created",
    SessionStatusChanged(OrgStatusChange) = "session.status_changed",
    SessionRenamed(SessionSummary) = "session.renamed",
    SessionArchived(SessionSummary) = "session.archived",
    SessionDeleted(OrgSessionDeleted) = "session.deleted",
    RunRecorded(RunRecorded) = "run.recorded",
    EnvironmentChanged(EnvironmentChanged) = "environment.changed",
    AuditEvent(AuditEvent) = "audit.event",
}

/// A session's list row as it is now, and the status it had before. Told when status, cause, or what waits has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrgStatusChange {
    pub previous: SessionStatus,
    #[serde(flatten)]
    pub session: SessionSummary,
}

/// The session is gone for everybody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrgSessionDeleted {}

/// A turn has ended and its record can be read under `/v1/runs/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunRecorded {
    pub run_id: RunId,
    pub prompt_id: PromptId,
    pub user_id: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key_id: Option<ApiKeyId>,
    pub model: String,
    pub outcome: RunOutcome,
    pub tokens: Tokens,
    /// Null when the model's price is unknown.
    pub cost_micro_usd: Option<MicroUsd>,
    pub ended_at: Timestamp,
}

impl From<&RunRecord> for RunRecorded {
    fn from(run: &RunRecord) -> Self {
        Self {
            run_id: run.id,
            prompt_id: run.prompt_id,
            user_id: run.user_id,
            api_key_id: run.api_key_id,
            model: run.model.clone(),
            outcome: run.outcome,
            tokens: run.tokens,
            cost_micro_usd: run.cost_micro_usd,
            ended_at: run.ended_at,
        }
    }
}

/// Somebody did, or tried to do, something that an audit asks about. Told only to those who may read the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    #[serde(flatten)]
    pub record: AuditRecord,
}

impl<'de> Deserialize<'de> for OrgEventBody {
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

/// Body of `GET /v1/events`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrgEventPage {
    pub events: Vec<OrgEvent>,
    /// Give it as `after` to go on.
    pub next_after: u64,
    /// `seq` of the last event there is.
    pub head: u64,
    /// `seq` of the oldest event that is kept; `head + 1` when there is none.
    pub oldest: u64,
}

/// Client to server on the feed's socket (JSON text frames).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FeedClientFrame {
    /// Send everything after event `after`, then go on live. `head` of the `hello` frame = only what happens from now on.
    Subscribe {
        after: u64,
    },
    Ping,
}

/// Server to client on the feed's socket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FeedFrame {
    /// First frame: where the feed stands.
    Hello {
        org_id: crate::OrgId,
        head: u64,
        /// `seq` of the oldest event that is kept.
        oldest: u64,
        version: String,
    },
    Event {
        #[cfg_attr(feature = "openapi", schema(value_type = OrgEvent))]
        event: Box<OrgEvent>,
    },
    /// Everything that was there at subscription has been sent; what follows is live.
    CaughtUp {
        head: u64,
    },
    /// The last client frame was not carried out. The socket stays open.
    Error {
        code: String,
        message: String,
    },
    Pong,
}

#[cfg(feature = "openapi")]
mod schema {
    //! The event's shape by hand: its `type` and `data` come from a flattened enum.

    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
    };

    use super::{ORG_EVENT_TYPES, OrgEvent};
    use crate::{SessionId, Timestamp};

    impl PartialSchema for OrgEvent {
        fn schema() -> RefOr<Schema> {
            let types: Vec<&str> = ORG_EVENT_TYPES.iter().map(|(kind, _)| *kind).collect();
            ObjectBuilder::new()
                .schema_type(Type::Object)
                .description(Some(
                    "One event of an organisation, in a dense sequence. Unknown types are passed on. The events of a \
                     deleted session keep their place and have an empty `data`.",
                ))
                .property(
                    "seq",
                    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)),
                )
                .required("seq")
                .property("at", Timestamp::schema())
                .required("at")
                .property("session_id", SessionId::schema())
                .property(
                    "type",
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .description(Some(format!("Known types: {}.", types.join(", ")))),
                )
                .required("type")
                .property("data", ObjectBuilder::new().schema_type(Type::Object))
                .required("data")
                .into()
        }
    }

    impl ToSchema for OrgEvent {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_types_and_emptied_ones_survive_a_round_trip() {
        for json in [
            r#"{"seq":7,"at":"2026-01-31T12:00:00.000Z","type":"moon.landed","data":{"x":[1,2]}}"#,
            r#"{"seq":8,"at":"2026-01-31T12:00:00.000Z","type":"session.created","data":{}}"#,
        ] {
            let event: OrgEvent = serde_json::from_str(json).unwrap();
            assert!(matches!(event.body, OrgEventBody::Unknown { .. }));
            let again: Value = serde_json::to_value(&event).unwrap();
            assert_eq!(again, serde_json::from_str::<Value>(json).unwrap());
        }
    }

    #[test]
    fn known_types_are_flat() {
        let event = OrgEvent {
            seq: 1,
            at: Timestamp::from_ms(0),
            session_id: None,
            body: OrgEventBody::EnvironmentChanged(EnvironmentChanged {
                environment_id: crate::EnvironmentId::from_bits(1),
                change: "created".into(),
            }),
        };
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(json["type"], "environment.changed");
        assert_eq!(json["data"]["change"], "created");
        assert_eq!(serde_json::from_value::<OrgEvent>(json).unwrap(), event);
    }
}
