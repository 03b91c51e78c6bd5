//! Artifacts: files that a session leaves behind.

use serde::{Deserialize, Serialize};

use crate::{ArtifactId, PromptId, Timestamp, session::Author};

/// One artifact. Its content is at `GET /v1/sessions/{id}/artifacts/{artifact_id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Artifact {
    pub id: ArtifactId,
    /// As it was given, without directories. Several artifacts may have the same.
    pub name: String,
    /// As it was given; what a browser gets to see may be plainer.
    pub media_type: String,
    pub size_bytes: u64,
    /// SHA-256 of the content, 64 hexadecimal digits.
    pub sha256: String,
    pub created_at: Timestamp,
    /// The prompt that was being worked on, if the agent left it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_id: Option<PromptId>,
    /// Who uploaded it; absent when the agent left it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Author>,
}
