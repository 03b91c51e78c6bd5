//! Sending messages: each kind is taken, also with words of users in it, also many at once.

use std::sync::Arc;

use domain::mail::{Letter, Link, MailAddress, Message};
use ports::Mailer;
use protocol::api::Secret;

use crate::sample::at;

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn Mailer>) {
    super::cases!(
        "mailer",
        adapter,
        make,
        [
            every_letter_is_taken,
            many_at_once_are_taken,
            the_same_message_may_be_sent_again,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::mailer::Fake::default())).await;
    let quiet = || crate::fault::mailer::Faulty::around(Arc::new(crate::fake::mailer::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

/// One message of each kind.
#[must_use]
pub fn letters() -> Vec<Letter> {
    let link = |path| {
        Link::new(
            "https://agents.example.org",
            path,
            Secret::new("0123456789abcdef"),
        )
    };
    let server = || "https://agents.example.org".to_owned();
    vec![
        Letter::VerifyEmail {
            link: link("/verify-email"),
        },
        Letter::AlreadyRegistered { server: server() },
        Letter::ResetPassword { link: link("/reset") },
        Letter::PasswordChanged { server: server() },
        Letter::SecondFactorChanged {
            on: true,
            server: server(),
        },
        Letter::IdentityChanged {
            linked: true,
            provider: "Corp\r\n.\r\nQUIT\r\n".into(),
            server: server(),
        },
        Letter::Test { server: server() },
        Letter::Invitation {
            organisation: "Пример\r\n.\r\nQUIT\r\n".into(),
            invited_by: "bo@example.org".into(),
            link: link("/invitation"),
        },
    ]
}

/// A message with this number.
#[must_use]
pub fn message(n: u128, letter: Letter) -> Message {
    Message {
        id: n,
        at: at(0),
        to: MailAddress::read("ana+x@example.org").unwrap(),
        letter,
    }
}

async fn every_letter_is_taken(mailer: Arc<dyn Mailer>) {
    for (n, letter) in letters().into_iter().enumerate() {
        mailer.send(&message(n as u128, letter)).await.unwrap();
    }
}

async fn many_at_once_are_taken(mailer: Arc<dyn Mailer>) {
    let sent: Vec<_> = (0..8)
        .map(|n| {
            let mailer = Arc::clone(&mailer);
            tokio::spawn(async move {
                let letter = Letter::AlreadyRegistered {
                    server: "https://h".into(),
                };
                mailer.send(&message(n, letter)).await
            })
        })
        .collect();
    for one in sent {
        one.await.unwrap().unwrap();
    }
}

async fn the_same_message_may_be_sent_again(mailer: Arc<dyn Mailer>) {
    for letter in letters().into_iter().take(1) {
        for _ in 0..2 {
            mailer.send(&message(1, letter.clone())).await.unwrap();
        }
    }
}
