//! The sealed form: a random 96-bit nonce, then AES-256-GCM ciphertext and tag, base64.

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::sealed::{Binding, Sealed};
use ports::master_key::KeyError;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// The format written in [`Sealed::version`].
pub(crate) const VERSION: u8 = 1;

/// What the ciphertext is bound to. Each part is preceded by its length, so that parts cannot run into each other.
fn associated(binding: &Binding, key_id: &str) -> Vec<u8> {
    let org = binding.org.to_string();
    let mut bytes = vec![VERSION];
    for part in [org.as_str(), &binding.row, binding.purpose, key_id] {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

pub(crate) fn seal(
    key: &LessSafeKey,
    key_id: &str,
    binding: &Binding,
    nonce: [u8; NONCE_LEN],
    secret: &str,
) -> Result<Sealed, KeyError> {
    // Room for the tag from the start: growing would leave a copy of the secret behind.
    let mut text = Zeroizing::new(Vec::with_capacity(secret.len() + key.algorithm().tag_len()));
    text.extend_from_slice(secret.as_bytes());
    let aad = Aad::from(associated(binding, key_id));
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut *text)
        .map_err(|_| KeyError::Unavailable("sealing failed".into()))?;
    let mut data = nonce.to_vec();
    data.extend_from_slice(&text);
    Ok(Sealed {
        version: VERSION,
        key_id: key_id.to_owned(),
        data: STANDARD.encode(data),
    })
}

pub(crate) fn open(
    key: &LessSafeKey,
    key_id: &str,
    binding: &Binding,
    sealed: &Sealed,
) -> Result<SecretString, KeyError> {
    if sealed.version != VERSION || sealed.key_id != key_id {
        return Err(KeyError::DoesNotOpen);
    }
    let data = STANDARD.decode(&sealed.data).map_err(|_| KeyError::DoesNotOpen)?;
    let (nonce, text) = data
        .split_first_chunk::<NONCE_LEN>()
        .ok_or(KeyError::DoesNotOpen)?;
    let mut text = Zeroizing::new(text.to_vec());
    let aad = Aad::from(associated(binding, key_id));
    let secret = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut text)
        .map_err(|_| KeyError::DoesNotOpen)?;
    let secret = std::str::from_utf8(secret).map_err(|_| KeyError::DoesNotOpen)?;
    Ok(SecretString::from(secret))
}
