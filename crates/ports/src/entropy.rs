//! Randomness, as a value that comes in.

/// A source of random bytes fit for secrets.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`. A system without randomness cannot go on, so this does not fail.
    fn fill(&self, bytes: &mut [u8]);

    /// 128 random bits, for ids.
    fn bits(&self) -> u128 {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        u128::from_be_bytes(bytes)
    }

    /// 256 random bits as 64 hexadecimal characters, for tokens.
    fn token(&self) -> String {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
