//! The contracts of the ports that this crate serves; bare and behind the fault decorators.

use std::sync::Arc;

use domain::mail::MailAddress;
use identity::{Argon2Hasher, Cost, FileMailer};
use ports::Mailer;
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

fn from() -> MailAddress {
    MailAddress::read("coordinator@agents.example.org").expect("an address")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mailer() {
    let dir = tempfile::tempdir().expect("a directory");
    let mailer = || Arc::new(FileMailer::new(dir.path().join("outbox"), from()));
    contract::mailer::run("file", || mailer()).await;
    contract::mailer::run("file behind faults", || fault::mailer::Faulty::around(mailer())).await;
}

#[tokio::test]
async fn each_message_is_a_file_of_its_own_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().expect("a directory");
    let outbox = dir.path().join("outbox");
    let mailer = FileMailer::new(outbox.clone(), from());
    for (n, letter) in contract::mailer::letters().into_iter().enumerate() {
        let message = contract::mailer::message(n as u128, letter);
        mailer.send(&message).await.expect("written");
    }
    let mode = |path: &std::path::Path| path.metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&outbox), 0o700);
    let files: Vec<_> = outbox
        .read_dir()
        .expect("there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(files.len(), contract::mailer::letters().len());
    for file in files {
        assert_eq!(mode(&file), 0o600);
        assert_eq!(file.extension().and_then(|end| end.to_str()), Some("eml"));
    }
    // Where nothing can be written, it is said.
    std::fs::write(dir.path().join("taken"), b"").expect("written");
    let stuck = FileMailer::new(dir.path().join("taken"), from());
    let message = contract::mailer::message(1, contract::mailer::letters().remove(0));
    assert!(stuck.send(&message).await.is_err());
}
