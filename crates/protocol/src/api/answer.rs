//! Answers of a person to what an agent asked.

use serde::{Deserialize, Serialize};

use crate::runner::PermissionReply;

/// Body of `POST /v1/sessions/{id}/permissions/{permission_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PermissionAnswer {
    pub reply: PermissionReply,
    /// Told to the agent along with a `reject`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Body of `POST /v1/sessions/{id}/questions/{question_id}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuestionAnswer {
    /// One list of chosen labels (or own words) for each question.
    #[serde(default, deserialize_with = "super::or_default")]
    pub answers: Vec<Vec<String>>,
    /// True to decline to answer.
    #[serde(default, deserialize_with = "super::or_default")]
    pub rejected: bool,
}
