//! The question whether the server may connect to an address that a tenant named.

use async_trait::async_trait;
use protocol::session::Repository;

/// Why not, in words for the tenant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AddressRefused(pub String);

/// Checks an address before it is stored, so that the answer comes at once and not in the middle of a turn. The
/// connection itself is checked again, because names can change what they resolve to.
#[async_trait]
pub trait AddressCheck: Send + Sync {
    /// `url` is a valid `http://` or `https://` address. A name that does not resolve passes: whoever connects
    /// says so better.
    async fn check(&self, url: &str) -> Result<(), AddressRefused>;

    /// The address under which a repository is cloned inside a sandbox, where it differs.
    fn clone_url(&self, _repository: &Repository) -> Option<String> {
        None
    }
}
