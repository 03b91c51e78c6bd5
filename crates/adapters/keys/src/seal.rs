//! The sealed form: a random 96-bit nonce, then AES-256-GCM ciphertext and tag, base64. What it is bound to goes in as
//! additional data, each part preceded by its length, so that parts cannot run into each other.

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::sealed::{Binding, Sealed, WrappedKey};
use ports::master_key::KeyError;
use protocol::OrgId;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// Under a key of the master key. Opened, and written no more.
pub(crate) const OF_MASTER: u8 = 1;
/// Under a key of the organisation's data key.
pub(crate) const OF_DATA_KEY: u8 = 2;
/// The one format of a wrapped data key.
pub(crate) const WRAPPING: u8 = 1;

fn associated(version: u8, parts: [&str; 4]) -> Vec<u8> {
    let mut bytes = vec![version];
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

fn of_binding(version: u8, binding: &Binding, key_id: &str) -> Vec<u8> {
    let org = binding.org.to_string();
    associated(version, [org.as_str(), &binding.row, binding.purpose, key_id])
}

fn of_wrapping(version: u8, org: OrgId, key_id: &str) -> Vec<u8> {
    let org = org.to_string();
    associated(version, [org.as_str(), "organisation_key", "data_key", key_id])
}

fn close(key: &LessSafeKey, nonce: [u8; NONCE_LEN], aad: Vec<u8>, secret: &[u8]) -> Result<String, KeyError> {
    // Room for the tag from the start: growing would leave a copy of the secret behind.
    let mut text = Zeroizing::new(Vec::with_capacity(secret.len() + key.algorithm().tag_len()));
    text.extend_from_slice(secret);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut *text)
        .map_err(|_| KeyError::Unavailable("sealing failed".into()))?;
    let mut data = nonce.to_vec();
    data.extend_from_slice(&text);
    Ok(STANDARD.encode(data))
}

fn disclose(key: &LessSafeKey, aad: Vec<u8>, data: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let data = STANDARD.decode(data).map_err(|_| KeyError::DoesNotOpen)?;
    let (nonce, text) = data
        .split_first_chunk::<NONCE_LEN>()
        .ok_or(KeyError::DoesNotOpen)?;
    let mut text = Zeroizing::new(text.to_vec());
    let length = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut text)
        .map_err(|_| KeyError::DoesNotOpen)?
        .len();
    text.truncate(length);
    Ok(text)
}

pub(crate) fn seal(
    key: &LessSafeKey,
    key_id: &str,
    binding: &Binding,
    nonce: [u8; NONCE_LEN],
    secret: &str,
) -> Result<Sealed, KeyError> {
    let aad = of_binding(OF_DATA_KEY, binding, key_id);
    Ok(Sealed {
        version: OF_DATA_KEY,
        key_id: key_id.to_owned(),
        data: close(key, nonce, aad, secret.as_bytes())?,
    })
}

/// Opens with the key of the format that `sealed` says it has, whose name must be `key_id`.
pub(crate) fn open(
    key: &LessSafeKey,
    key_id: &str,
    binding: &Binding,
    sealed: &Sealed,
) -> Result<SecretString, KeyError> {
    if sealed.key_id != key_id {
        return Err(KeyError::DoesNotOpen);
    }
    let secret = disclose(key, of_binding(sealed.version, binding, key_id), &sealed.data)?;
    let secret = std::str::from_utf8(&secret).map_err(|_| KeyError::DoesNotOpen)?;
    Ok(SecretString::from(secret))
}

pub(crate) fn wrap(
    key: &LessSafeKey,
    key_id: &str,
    org: OrgId,
    nonce: [u8; NONCE_LEN],
    data_key: &[u8; 32],
) -> Result<WrappedKey, KeyError> {
    let aad = of_wrapping(WRAPPING, org, key_id);
    Ok(WrappedKey {
        org,
        version: WRAPPING,
        key_id: key_id.to_owned(),
        data: close(key, nonce, aad, data_key)?,
    })
}

pub(crate) fn unwrap_key(
    key: &LessSafeKey,
    org: OrgId,
    wrapped: &WrappedKey,
) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    if wrapped.version != WRAPPING {
        return Err(KeyError::DoesNotOpen);
    }
    let bytes = disclose(key, of_wrapping(WRAPPING, org, &wrapped.key_id), &wrapped.data)?;
    let mut data_key = Zeroizing::new([0; 32]);
    let whole: &[u8; 32] = bytes
        .first_chunk()
        .filter(|_| bytes.len() == 32)
        .ok_or(KeyError::DoesNotOpen)?;
    data_key.copy_from_slice(whole);
    Ok(data_key)
}
