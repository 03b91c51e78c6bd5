//! A page of a session's events.

use serde::{Deserialize, Serialize};

use crate::Event;

/// Body of `GET /v1/sessions/{id}/events`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventPage {
    pub events: Vec<Event>,
    /// Give it as `after` to go on.
    pub next_after: u64,
    /// `seq` of the last event there is.
    pub head: u64,
}

#[cfg(feature = "openapi")]
mod schema {
    //! The event's shape by hand: its `type` and `data` come from a flattened enum.

    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
    };

    use crate::{Event, PromptId, Timestamp, event::EVENT_TYPES};

    impl PartialSchema for Event {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::Object)
                .description(Some(
                    "One event: facts of a session in a dense sequence. Unknown types are passed on.",
                ))
                .property(
                    "seq",
                    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)),
                )
                .required("seq")
                .property("at", Timestamp::schema())
                .required("at")
                .property("prompt_id", PromptId::schema())
                .property(
                    "type",
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .description(Some(format!("Known types: {}.", EVENT_TYPES.join(", ")))),
                )
                .required("type")
                .property("data", ObjectBuilder::new().schema_type(Type::Object))
                .required("data")
                .into()
        }
    }

    impl ToSchema for Event {}
}
