//! A clock tells a plausible time of this era, and does not run backwards by itself.

use std::sync::Arc;

use ports::Clock;
use protocol::Timestamp;

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn Clock>) {
    super::cases!("clock", adapter, make, [is_plausible, does_not_run_backwards,]);
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::clock::Fake::default())).await;
    let quiet = || crate::fault::clock::Faulty::around(Arc::new(crate::fake::clock::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

async fn is_plausible(clock: Arc<dyn Clock>) {
    let year_2024 = Timestamp::from_ms(1_704_067_200_000);
    let year_2200 = Timestamp::from_ms(7_258_118_400_000);
    assert!((year_2024..year_2200).contains(&clock.now()), "{}", clock.now());
}

async fn does_not_run_backwards(clock: Arc<dyn Clock>) {
    let mut last = clock.now();
    for _ in 0..1000 {
        let now = clock.now();
        assert!(now >= last);
        last = now;
    }
}
