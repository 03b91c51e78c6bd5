//! Entropy fills all of what it is given, and never the same way twice.

use std::{collections::HashSet, sync::Arc};

use ports::Entropy;

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn Entropy>) {
    super::cases!(
        "entropy",
        adapter,
        make,
        [does_not_repeat, fills_every_byte, makes_tokens,]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::entropy::Fake::default())).await;
    let quiet = || crate::fault::entropy::Faulty::around(Arc::new(crate::fake::entropy::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

async fn does_not_repeat(entropy: Arc<dyn Entropy>) {
    let seen: HashSet<u128> = (0..1000).map(|_| entropy.bits()).collect();
    assert_eq!(seen.len(), 1000);
}

async fn fills_every_byte(entropy: Arc<dyn Entropy>) {
    for length in [1, 7, 8, 33] {
        let mut seen = vec![0_u8; length];
        for _ in 0..64 {
            let mut bytes = vec![0; length];
            entropy.fill(&mut bytes);
            seen.iter_mut().zip(bytes).for_each(|(seen, byte)| *seen |= byte);
        }
        assert!(
            seen.iter().all(|byte| *byte != 0),
            "a byte of {length} was never touched"
        );
    }
    entropy.fill(&mut []);
}

async fn makes_tokens(entropy: Arc<dyn Entropy>) {
    let (one, other) = (entropy.token(), entropy.token());
    assert_ne!(one, other);
    assert_eq!(one.len(), 64);
    assert!(
        one.bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    );
}
