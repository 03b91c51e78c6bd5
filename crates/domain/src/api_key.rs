//! The text of an API key: what it looks like, and whether a text can be one at all.
//!
//! `ack_`, then 256 random bits as 43 characters of base62, then the CRC-32 of those 43 characters as six more. The
//! prefix and the checksum let a scanner find leaked keys with a regular expression and tell them from look-alikes
//! without asking anybody. The checksum is no secret and proves nothing about whether a key exists.

/// What every API key starts with.
pub const PREFIX: &str = "ack_";
/// Finds keys in a text; of what it finds, [`Shape::of`] says whether the checksum is right.
pub const PATTERN: &str = r"\back_[0-9A-Za-z]{49}\b";
/// Characters of a key that are kept to recognise it: the prefix and six more (36 of its 256 bits).
pub const HINT: usize = 10;

/// 62^43 is the first power of 62 above 2^256.
const BODY: usize = 43;
/// 62^6 is above 2^32.
const CHECKSUM: usize = 6;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// How the text of a key is made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// With a checksum, and it is right.
    Checked,
    /// Of before there were checksums: 43 characters of base64url behind the prefix.
    Plain,
}

impl Shape {
    /// `None` for what cannot be a key: nobody needs to be asked about it.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?.as_bytes();
        match rest.len() {
            BODY => rest
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                .then_some(Self::Plain),
            length if length == BODY + CHECKSUM => {
                let (body, checksum) = rest.split_at(BODY);
                (body.iter().all(u8::is_ascii_alphanumeric) && checksum == checksum_of(body).as_slice())
                    .then_some(Self::Checked)
            }
            _ => None,
        }
    }
}

/// The text of a key that has these random bits.
#[must_use]
pub fn text(random: &[u8; 32]) -> String {
    let body = body(random);
    let checksum = checksum_of(&body);
    let characters = body.iter().chain(&checksum).map(|byte| char::from(*byte));
    PREFIX.chars().chain(characters).collect()
}

/// A number of 256 bits in base62, most significant digit first, always 43 digits.
fn body(random: &[u8; 32]) -> [u8; BODY] {
    let mut number = *random;
    let mut digits = [ALPHABET[0]; BODY];
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0_u32;
        for byte in &mut number {
            let value = (remainder << 8) | u32::from(*byte);
            // A remainder is below 62, so the quotient fits into a byte.
            *byte = u8::try_from(value / 62).unwrap_or(u8::MAX);
            remainder = value % 62;
        }
        *digit = ALPHABET[remainder as usize % ALPHABET.len()];
    }
    digits
}

/// CRC-32 as in zip and PNG, in base62, always six digits.
fn checksum_of(body: &[u8]) -> [u8; CHECKSUM] {
    let mut number = crc32fast::hash(body);
    let mut digits = [ALPHABET[0]; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[number as usize % ALPHABET.len()];
        number /= 62;
    }
    digits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_keys_stay_keys() {
        // The values of these are part of the format: scanners outside rely on them.
        let zeros = text(&[0; 32]);
        assert_eq!(zeros.len(), 53);
        assert_eq!(&zeros[..47], format!("ack_{}", "0".repeat(43)));
        assert_eq!(Shape::of(&zeros), Some(Shape::Checked));
        let mut one = [0; 32];
        one[31] = 62;
        assert_eq!(&text(&one)[..47], format!("ack_{}10", "0".repeat(41)));
        // The check value of CRC-32 itself.
        assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926);
        assert_eq!(Shape::of(&text(&[0xff; 32])), Some(Shape::Checked));
    }

    #[test]
    fn what_cannot_be_a_key_is_none() {
        for text in [
            "",
            "ack_",
            "ack_wrong",
            "key_0000000000000000000000000000000000000000000",
            "ack_000000000000000000000000000000000000000000ü",
            &format!("ack_{}", "a".repeat(44)),
            &format!("ack_{}", "a".repeat(49)),
            &format!("ack_{}", "a".repeat(200)),
        ] {
            assert_eq!(Shape::of(text), None, "{text}");
        }
        assert_eq!(Shape::of(&format!("ack_{}", "a".repeat(43))), Some(Shape::Plain));
        assert_eq!(
            Shape::of(&format!("ack_{}-_", "a".repeat(41))),
            Some(Shape::Plain)
        );
    }

    proptest! {
        #[test]
        fn every_key_is_well_formed_and_fits_the_pattern(random: [u8; 32]) {
            let text = text(&random);
            prop_assert_eq!(Shape::of(&text), Some(Shape::Checked));
            prop_assert_eq!(text.len(), 53);
            prop_assert!(text[4..].bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }

        #[test]
        fn keys_differ_as_their_bits_do(one: [u8; 32], other: [u8; 32]) {
            prop_assert_eq!(one == other, text(&one) == text(&other));
        }

        #[test]
        fn one_wrong_character_is_found(random: [u8; 32], at in 4_usize..53, with in 0_usize..62) {
            let good = text(&random);
            let mut bad = good.clone().into_bytes();
            bad[at] = ALPHABET[with];
            let bad = String::from_utf8(bad).unwrap();
            prop_assert_eq!(Shape::of(&bad).is_some(), bad == good);
        }

        #[test]
        fn no_text_is_a_surprise(text in ".{0,80}") {
            let _ = Shape::of(&text);
            let _ = Shape::of(&format!("{PREFIX}{text}"));
        }
    }
}
