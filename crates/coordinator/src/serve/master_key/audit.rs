//! The key that the audit log is signed with, which belongs to the master key.

use anyhow::Result;
use keys::AuditKey;
use ports::AuditSigner as _;
use protocol::audit::Hex;

use super::source;
use crate::config::Config;

/// The public halves, of the key in use first, then of older ones that are still here. None when there is no master key
/// yet; none is made.
///
/// # Errors
/// When there is one that cannot be read.
pub(crate) fn audit_public_keys(config: &Config) -> Result<Vec<Hex<32>>> {
    let (storage, data_dir) = (&config.storage, &config.storage.data_dir);
    if source::is_file(storage) && !source::key_file(data_dir).exists() {
        return Ok(Vec::new());
    }
    let ring = source::read(storage, data_dir)?;
    std::iter::once(&ring.current)
        .chain(&ring.older)
        .map(|key| Ok(AuditKey::new(key)?.public_key()))
        .collect()
}
