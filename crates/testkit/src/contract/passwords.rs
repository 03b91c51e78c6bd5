//! Hashing passwords: right ones are told from wrong ones, nothing shows the password, and nobody is not let in.

use std::sync::Arc;

use domain::sign_in::{LONGEST_PASSWORD, PasswordHash};
use ports::{PasswordHasher, passwords::HasherError};
use secrecy::SecretString;

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn PasswordHasher>) {
    super::cases!(
        "passwords",
        adapter,
        make,
        [
            the_right_password_is_told_from_wrong_ones,
            the_same_password_is_never_hashed_the_same,
            without_a_hash_nothing_is_right,
            what_is_no_hash_is_said_to_be_none,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::passwords::Fake::default())).await;
    let quiet = || crate::fault::passwords::Faulty::around(Arc::new(crate::fake::passwords::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn the_right_password_is_told_from_wrong_ones(hasher: Arc<dyn PasswordHasher>) {
    let longest = "x".repeat(LONGEST_PASSWORD);
    for password in ["correct horse", "пароль \u{1f511} с\0нулём", longest.as_str()] {
        let hash = hasher.hash(&secret(password)).await.unwrap();
        assert!(!hash.as_str().contains(password) && !format!("{hash:?}").contains(hash.as_str()));
        // As it comes back out of a store.
        let stored = PasswordHash::new(hash.as_str());
        assert!(hasher.verify(&secret(password), Some(&stored)).await.unwrap());
        for wrong in [
            "",
            "Correct horse",
            &password.to_uppercase(),
            &format!("{password} "),
        ] {
            assert!(
                !hasher.verify(&secret(wrong), Some(&stored)).await.unwrap(),
                "{wrong}"
            );
        }
    }
}

async fn the_same_password_is_never_hashed_the_same(hasher: Arc<dyn PasswordHasher>) {
    let one = hasher.hash(&secret("correct horse")).await.unwrap();
    let other = hasher.hash(&secret("correct horse")).await.unwrap();
    assert_ne!(one, other);
}

async fn without_a_hash_nothing_is_right(hasher: Arc<dyn PasswordHasher>) {
    for password in ["", "correct horse"] {
        assert!(!hasher.verify(&secret(password), None).await.unwrap());
    }
}

async fn what_is_no_hash_is_said_to_be_none(hasher: Arc<dyn PasswordHasher>) {
    for stored in ["", "correct horse", "$md5$nothing"] {
        let result = hasher
            .verify(&secret("x"), Some(&PasswordHash::new(stored)))
            .await;
        assert!(matches!(result, Err(HasherError::Unreadable)), "{stored}");
    }
}
