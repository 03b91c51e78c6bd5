//! API keys that nobody was given, but that look as if: with the right checksum, so that the server has to look them up.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BODY: usize = 43;
const CHECKSUM: usize = 6;

/// Numbers that differ from each other, and no more than that.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// xorshift64* (Vigna, 2016).
    pub(super) fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// One of so many.
    pub(super) fn pick(&mut self, of: usize) -> usize {
        usize::try_from(self.roll() >> 16).unwrap_or(0) % of.max(1)
    }
}

/// A key that is not one.
pub(super) fn made_up(dice: &mut Dice) -> String {
    let body: Vec<u8> = (0..BODY).map(|_| ALPHABET[dice.pick(ALPHABET.len())]).collect();
    let mut rest = crc32(&body);
    let mut checksum = [ALPHABET[0]; CHECKSUM];
    for digit in checksum.iter_mut().rev() {
        *digit = ALPHABET[rest as usize % ALPHABET.len()];
        rest /= 62;
    }
    let text = body.iter().chain(&checksum).map(|byte| char::from(*byte));
    "ack_".chars().chain(text).collect()
}

/// As in zip and PNG.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        let mut dice = Dice::new(7);
        let (one, two) = (made_up(&mut dice), made_up(&mut dice));
        assert_ne!(one, two);
        assert_eq!(one.len(), 4 + BODY + CHECKSUM);
        assert!(one.starts_with("ack_") && one[4..].bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
