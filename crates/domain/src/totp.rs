//! Codes that change every half minute (RFC 6238: HMAC-SHA-1, 30 seconds, six digits), and recovery codes.
//!
//! SHA-1 is what authenticators on phones have; as a keyed hash it is sound.

use std::fmt::Write as _;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use protocol::{Timestamp, UserId};
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::sign_in::TokenHash;

/// Bytes of a shared secret, as RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;
/// How long a code is the present one, seconds.
const STEP_SECONDS: i64 = 30;
/// Steps before and after the present one whose codes are taken, too: clocks differ and people type slowly.
const WINDOW: u64 = 1;
const DIGITS: usize = 6;
/// Bytes of a recovery code: it is kept as a plain SHA-256, so it must not be worth guessing.
pub const RECOVERY_BYTES: usize = 10;
/// Nothing longer is a code.
const LONGEST_CODE: usize = 64;

/// What somebody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// Six digits of an authenticator.
    Totp(String),
    /// How a recovery code of this user is kept.
    Recovery(TokenHash),
}

impl Code {
    /// Blanks and dashes are for people. `None` for what can be neither.
    #[must_use]
    pub fn read(text: &str, user: UserId) -> Option<Self> {
        if text.len() > LONGEST_CODE {
            return None;
        }
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if plain.len() == DIGITS && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Totp(plain));
        }
        (plain.len() == RECOVERY_BYTES * 8 / 5).then(|| Self::Recovery(recovery_hash(&plain, user)))
    }
}

/// Bound to its user: a code opens nobody else's account.
fn recovery_hash(plain: &str, user: UserId) -> TokenHash {
    TokenHash::of(&format!("recovery code\0{user}\0{plain}"))
}

/// A recovery code as it is shown, in groups of four, and as it is kept.
#[must_use]
pub fn recovery_code(random: [u8; RECOVERY_BYTES], user: UserId) -> (String, TokenHash) {
    let plain = BASE32_NOPAD.encode(&random);
    let hash = recovery_hash(&plain, user);
    let shown: Vec<String> = plain
        .as_bytes()
        .chunks(4)
        .map(|group| String::from_utf8_lossy(group).to_ascii_lowercase())
        .collect();
    (shown.join("-"), hash)
}

/// The secret as it is typed into an authenticator.
#[must_use]
pub fn secret_text(secret: &[u8]) -> String {
    BASE32_NOPAD.encode(secret)
}

/// What authenticators read from a QR code.
#[must_use]
pub fn uri(secret: &str, issuer: &str, email: &str) -> String {
    let (issuer, email) = (escape(issuer), escape(email));
    format!(
        "otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    )
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a String does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The step that a time lies in.
fn step(now: Timestamp) -> u64 {
    u64::try_from(now.as_ms() / 1000 / STEP_SECONDS).unwrap_or(0)
}

/// The code of a step.
fn code(secret: &[u8], step: u64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest.last()? & 0x0f);
    let word: [u8; 4] = digest.get(offset..offset + 4)?.try_into().ok()?;
    let number = u32::from_be_bytes(word) & 0x7fff_ffff;
    Some(format!("{:06}", number % 1_000_000))
}

/// The step whose code this is, if it is near the present one and newer than the last one that was used.
#[must_use]
pub fn matching_step(secret: &str, typed: &str, last_step: u64, now: Timestamp) -> Option<u64> {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    let present = step(now);
    let mut found = None;
    // All are looked at, whichever fits.
    for step in present.saturating_sub(WINDOW)..=present.saturating_add(WINDOW) {
        let right = code(&secret, step)?.as_bytes().ct_eq(typed.as_bytes());
        if bool::from(right) && step > last_step {
            found = Some(step);
        }
    }
    found
}

/// The code that an authenticator shows at a time: for tests and for nothing else.
#[must_use]
pub fn shown_at(secret: &str, now: Timestamp) -> Option<String> {
    code(&BASE32_NOPAD.decode(secret.as_bytes()).ok()?, step(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_ms(seconds * 1000)
    }

    /// RFC 6238, appendix B, the last six of eight digits.
    #[test]
    fn the_vectors_of_the_rfc() {
        let secret = secret_text(b"12345678901234567890");
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(shown_at(&secret, at(seconds)).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_code_is_taken_near_its_time_and_once() {
        let secret = secret_text(b"12345678901234567890");
        let code = shown_at(&secret, at(3000)).unwrap();
        for near in [2970, 3000, 3029, 3059] {
            assert_eq!(matching_step(&secret, &code, 0, at(near)), Some(100), "{near}");
        }
        for far in [2969, 3060] {
            assert_eq!(matching_step(&secret, &code, 0, at(far)), None, "{far}");
        }
        assert_eq!(matching_step(&secret, &code, 100, at(3000)), None, "used");
        assert_eq!(matching_step(&secret, "", 0, at(3000)), None);
        assert_eq!(matching_step("not base32!", &code, 0, at(3000)), None);
    }

    #[test]
    fn typed_codes_are_read_as_people_write_them() {
        let user = UserId::from_bits(1);
        assert_eq!(Code::read(" 123 456 ", user), Some(Code::Totp("123456".into())));
        let (shown, hash) = recovery_code([7; RECOVERY_BYTES], user);
        assert_eq!(shown.len(), 19, "{shown}");
        assert_eq!(Code::read(&shown, user), Some(Code::Recovery(hash)));
        let loud = shown.to_uppercase().replace('-', " ");
        assert_eq!(Code::read(&loud, user), Some(Code::Recovery(hash)));
        assert_ne!(
            Code::read(&shown, UserId::from_bits(2)),
            Some(Code::Recovery(hash))
        );
        for bad in ["", "12345", "1234567", "١٢٣٤٥٦", &"1".repeat(100)] {
            assert_eq!(Code::read(bad, user), None, "{bad}");
        }
    }

    #[test]
    fn the_address_for_authenticators_takes_any_name() {
        let uri = uri("ABC", "agent coordinator", "ana+x@example.org");
        assert!(
            uri.starts_with("otpauth://totp/agent%20coordinator:ana%2Bx@example.org?secret=ABC&issuer=agent%20coordinator&"),
            "{uri}"
        );
    }
}
