//! Keys derived from another key: HKDF-SHA-256 with a fixed salt for each format; the info says what for.

use aws_lc_rs::{
    aead::{AES_256_GCM, LessSafeKey, UnboundKey},
    digest,
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
};
use domain::sealed::Binding;
use ports::master_key::KeyError;
use protocol::OrgId;
use zeroize::Zeroizing;

/// Of what is derived from a master key.
const MASTER_SALT: &[u8] = b"agent-coordinator v1";
/// Of what is derived from an organisation's data key.
const DATA_SALT: &[u8] = b"agent-coordinator data key v2";

/// 32 bytes, for AES-256 or as a value.
struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

/// The extracted master key. aws-lc-rs wipes it when it is dropped.
pub(crate) fn extract(master: &[u8; 32]) -> Prk {
    Salt::new(HKDF_SHA256, MASTER_SALT).extract(master)
}

/// The extracted data key of an organisation.
pub(crate) fn extract_data_key(key: &[u8; 32]) -> Prk {
    Salt::new(HKDF_SHA256, DATA_SALT).extract(key)
}

fn expand(key: &Prk, info: &[&[u8]]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let unavailable = |_| KeyError::Unavailable("key derivation failed".into());
    let mut bytes = Zeroizing::new([0; 32]);
    key.expand(info, Bytes32)
        .and_then(|okm| okm.fill(&mut *bytes))
        .map_err(unavailable)?;
    Ok(bytes)
}

fn cipher(key: &Prk, info: &[&[u8]]) -> Result<LessSafeKey, KeyError> {
    let bytes = expand(key, info)?;
    let unbound = UnboundKey::new(&AES_256_GCM, &*bytes)
        .map_err(|_| KeyError::Unavailable("the derived key has the wrong length".into()))?;
    Ok(LessSafeKey::new(unbound))
}

/// Format 1: the key of one organisation for one purpose, straight from the master key.
pub(crate) fn sealing_key_of_master(master: &Prk, binding: &Binding) -> Result<LessSafeKey, KeyError> {
    let org = binding.org.to_string();
    cipher(
        master,
        &[b"seal/", org.as_bytes(), b"/", binding.purpose.as_bytes()],
    )
}

/// Format 2: the key for one purpose, from the data key of the organisation.
pub(crate) fn sealing_key(data_key: &Prk, binding: &Binding) -> Result<LessSafeKey, KeyError> {
    cipher(data_key, &[b"seal/", binding.purpose.as_bytes()])
}

/// What wraps the data key of one organisation.
pub(crate) fn wrapping_key(master: &Prk, org: OrgId) -> Result<LessSafeKey, KeyError> {
    cipher(master, &[b"wrap/", org.to_string().as_bytes()])
}

/// A short public name: of a value derived for nothing else, so it says nothing about the key.
pub(crate) fn key_id(key: &Prk) -> Result<String, KeyError> {
    let bytes = expand(key, &[b"id"])?;
    let digest = digest::digest(&digest::SHA256, &*bytes);
    Ok(digest
        .as_ref()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// The seed of the audit log's key.
pub(crate) fn audit_seed(master: &Prk) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    expand(master, &[b"audit"])
}
