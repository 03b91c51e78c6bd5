//! Sealed secrets and what they are bound to.

use protocol::OrgId;
use serde::{Deserialize, Serialize};

/// What a sealed secret belongs to. It opens for exactly this and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub org: OrgId,
    /// Id of the row that holds it, for example a model provider or a session.
    pub row: String,
    /// What it is, for example `model_key` or `git_token`.
    pub purpose: &'static str,
}

/// Ciphertext with all that is needed to find its key again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Format, 1 = AES-256-GCM under an HKDF-SHA-256 key of the organisation.
    pub version: u8,
    /// Which master key.
    pub key_id: String,
    /// Nonce and ciphertext with tag, base64.
    pub data: String,
}
