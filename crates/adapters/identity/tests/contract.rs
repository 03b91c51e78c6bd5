//! The contract of the port that this crate serves; bare and behind the fault decorator.

use std::sync::Arc;

use identity::{Argon2Hasher, Cost};
use testkit::{contract, fake::SeededEntropy, fault};

fn hasher() -> Arc<Argon2Hasher> {
    Arc::new(Argon2Hasher::new(Cost::default(), Arc::new(SeededEntropy::new(1))).expect("a hasher"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords() {
    contract::passwords::run("argon2id", || hasher()).await;
    contract::passwords::run("argon2id behind faults", || {
        fault::passwords::Faulty::around(hasher())
    })
    .await;
}
