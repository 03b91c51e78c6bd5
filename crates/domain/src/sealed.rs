//! Sealed secrets and what they are bound to, and the wrapped keys of organisations that they are sealed under.

use protocol::{OrgId, UserId};
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

impl Binding {
    /// For what belongs to a person and to no organisation: the id of none stands in its place.
    #[must_use]
    pub fn of_user(user: UserId, purpose: &'static str) -> Self {
        Self {
            org: OrgId::from_bits(0),
            row: user.to_string(),
            purpose,
        }
    }
}

/// Ciphertext with all that is needed to find its key again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Format. AES-256-GCM in both; 1 = under a key derived from the master key and the organisation, 2 = under a
    /// key derived from the organisation's own data key.
    pub version: u8,
    /// Short public name of the master key (1) or of the data key (2).
    pub key_id: String,
    /// Nonce and ciphertext with tag, base64.
    pub data: String,
}

/// An organisation's data key as it is kept: wrapped under the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    pub org: OrgId,
    /// Format of the wrapping, 1 = AES-256-GCM under an HKDF-SHA-256 key of master key and organisation.
    pub version: u8,
    /// Short public name of the master key.
    pub key_id: String,
    /// Nonce and wrapped key with tag, base64.
    pub data: String,
}

/// What is kept of an organisation's data key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptKey {
    /// There was none yet.
    Absent,
    Wrapped(WrappedKey),
    /// It was destroyed, and never comes back.
    Shredded,
}
