//! Keys derived from the master key: HKDF-SHA-256 with a fixed salt; the info says what for.

use aws_lc_rs::{
    aead::{AES_256_GCM, LessSafeKey, UnboundKey},
    digest,
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
};
use domain::sealed::Binding;
use ports::master_key::KeyError;
use zeroize::Zeroizing;

const SALT: &[u8] = b"agent-coordinator v1";

/// 32 bytes, for AES-256 or as a value.
struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

/// The extracted master key. aws-lc-rs wipes it when it is dropped.
pub(crate) fn extract(master: &[u8; 32]) -> Prk {
    Salt::new(HKDF_SHA256, SALT).extract(master)
}

fn expand(master: &Prk, info: &[&[u8]]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let unavailable = |_| KeyError::Unavailable("key derivation failed".into());
    let mut bytes = Zeroizing::new([0; 32]);
    master
        .expand(info, Bytes32)
        .and_then(|okm| okm.fill(&mut *bytes))
        .map_err(unavailable)?;
    Ok(bytes)
}

/// The key of one organisation for one purpose.
pub(crate) fn sealing_key(master: &Prk, binding: &Binding) -> Result<LessSafeKey, KeyError> {
    let org = binding.org.to_string();
    let bytes = expand(
        master,
        &[b"seal/", org.as_bytes(), b"/", binding.purpose.as_bytes()],
    )?;
    let unbound = UnboundKey::new(&AES_256_GCM, &*bytes)
        .map_err(|_| KeyError::Unavailable("the derived key has the wrong length".into()))?;
    Ok(LessSafeKey::new(unbound))
}

/// A short public name: of a value derived for nothing else, so it says nothing about the key.
pub(crate) fn key_id(master: &Prk) -> Result<String, KeyError> {
    let bytes = expand(master, &[b"id"])?;
    let digest = digest::digest(&digest::SHA256, &*bytes);
    Ok(digest
        .as_ref()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
