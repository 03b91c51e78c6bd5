//! Messages through a mail server: what arrives, what is kept from being read, and what happens when it misbehaves.

mod mail_server;

use std::{sync::Arc, time::Duration};

use domain::mail::{Letter, MailAddress};
use identity::{Encryption, SmtpMailer, SmtpSettings};
use mail_server::{Certificates, MailServer, Mishap, Setup};
use ports::{Mailer, mailer::MailError};
use secrecy::SecretString;
use testkit::{
    contract::mailer::{letters, message, run},
    fault,
};

const USER: &str = "coordinator";
const PASSWORD: &str = "hunter2";

fn settings(server: &MailServer, encryption: Encryption) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".into(),
        port: server.address.port(),
        encryption,
        login: None,
        from: MailAddress::read("coordinator@agents.example.org").expect("an address"),
        timeout: Duration::from_secs(30),
        authority: None,
    }
}

fn mailer(settings: SmtpSettings) -> Arc<SmtpMailer> {
    Arc::new(SmtpMailer::new(settings).expect("a mailer"))
}

async fn plain() -> (MailServer, Arc<SmtpMailer>) {
    let server = MailServer::start(Setup::default()).await;
    let mailer = mailer(settings(&server, Encryption::None));
    (server, mailer)
}

fn invitation() -> Letter {
    letters().pop().expect("the last one is an invitation")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contract() {
    let (_server, mailer) = plain().await;
    run("smtp", || mailer.clone()).await;
    run("smtp behind faults", || {
        fault::mailer::Faulty::around(mailer.clone())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_arrives_as_it_was_written_whoever_chose_its_words() {
    let (server, mailer) = plain().await;
    for (n, letter) in letters().into_iter().enumerate() {
        mailer.send(&message(n as u128, letter)).await.expect("taken");
    }
    let taken = server.taken();
    assert_eq!(
        taken.len(),
        letters().len(),
        "one message each, whatever stands in them"
    );
    for one in &taken {
        assert_eq!(one.from, "coordinator@agents.example.org");
        assert_eq!(one.to, ["ana+x@example.org"]);
        let (head, _) = one.text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(!head.to_lowercase().contains("bcc"), "{head}");
        assert_eq!(head.matches("\r\nTo: ").count(), 1, "{head}");
    }
    let verbs = server.said();
    let expected = ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"];
    assert!(
        verbs.iter().all(|verb| expected.contains(&verb.as_str())),
        "nothing of a message became a command: {verbs:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_is_encrypted_before_anything_is_told() {
    let made = Certificates::make();
    for (encryption, from_the_start) in [(Encryption::StartTls, false), (Encryption::Tls, true)] {
        let server = MailServer::start(Setup {
            tls: Some(made.acceptor.clone()),
            from_the_start,
            login: Some((USER, PASSWORD)),
        })
        .await;
        let trusting = SmtpSettings {
            login: Some((USER.into(), SecretString::from(PASSWORD))),
            authority: Some(made.authority.clone()),
            ..settings(&server, encryption)
        };
        assert!(!format!("{trusting:?}").contains(PASSWORD));
        let good = mailer(trusting.clone());
        good.check().await.expect("it answers");
        assert!(server.taken().is_empty(), "a look sends nothing");
        good.send(&message(1, invitation())).await.expect("taken");
        let taken = server.taken();
        assert!(taken[0].encrypted);
        assert_eq!(taken[0].login, Some((USER.to_owned(), PASSWORD.to_owned())));
        // A certificate of somebody else's authority: nothing is said to it.
        let wary = mailer(SmtpSettings {
            authority: None,
            ..trusting.clone()
        });
        let before = server.said();
        let error = wary
            .send(&message(2, invitation()))
            .await
            .expect_err("not trusted");
        assert!(matches!(error, MailError::Unavailable(_)), "{error}");
        let said: Vec<_> = server.said().split_off(before.len());
        assert!(
            !said.iter().any(|verb| verb == "AUTH" || verb == "MAIL"),
            "{said:?}"
        );
        // A wrong password is the operator's to put right; the message waits.
        let wrong = mailer(SmtpSettings {
            login: Some((USER.into(), SecretString::from("hunter3"))),
            ..trusting
        });
        let error = wrong.send(&message(3, invitation())).await.expect_err("refused");
        assert!(matches!(error, MailError::Unavailable(_)), "{error}");
        assert!(
            error.to_string().contains("535") && !error.to_string().contains("hunter"),
            "{error}"
        );
        assert!(wrong.check().await.expect_err("refused").contains("535"));
        assert_eq!(server.taken().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_told_to_a_server_that_offers_no_encryption() {
    let server = MailServer::start(Setup {
        login: Some((USER, PASSWORD)),
        ..Setup::default()
    })
    .await;
    let wary = mailer(SmtpSettings {
        login: Some((USER.into(), SecretString::from(PASSWORD))),
        ..settings(&server, Encryption::StartTls)
    });
    let error = wary
        .send(&message(1, invitation()))
        .await
        .expect_err("not encrypted");
    assert!(matches!(error, MailError::Unavailable(_)), "{error}");
    assert!(!server.said().iter().any(|verb| verb == "AUTH" || verb == "MAIL"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_now_is_told_from_what_is_refused_for_good() {
    let (server, mailer) = plain().await;
    let told = async |mishap| {
        server.next(&[mishap]);
        mailer.send(&message(1, invitation())).await
    };
    for later in [
        Mishap::Says("EHLO", "421 4.3.2 going down"),
        Mishap::Says("EHLO", "550 5.7.1 not from there"),
        Mishap::Says("MAIL", "451 4.3.0 later"),
        Mishap::Says("RCPT", "450 4.2.0 greylisted <ana+x@example.org>"),
        Mishap::Says("DATA", "452 4.3.1 no room"),
        Mishap::Says("END", "451 4.7.1 later"),
        Mishap::DropsAfterData,
    ] {
        let error = told(later).await.expect_err("not now");
        assert!(matches!(error, MailError::Unavailable(_)), "{later:?}: {error}");
        assert!(!error.to_string().contains("ana+x"), "{error}");
        // The same message, again.
        mailer.send(&message(1, invitation())).await.expect("taken");
    }
    let before = server.taken().len();
    for never in [
        Mishap::Says("MAIL", "550 5.7.1 not you"),
        Mishap::Says("RCPT", "550 5.1.1 <ana+x@example.org>: no such user"),
        Mishap::Says("END", "554 5.6.0 looks like spam"),
    ] {
        let error = told(never).await.expect_err("refused");
        assert!(matches!(error, MailError::Refused(_)), "{never:?}: {error}");
        let text = error.to_string();
        assert!(!text.contains("ana+x") && text.contains("55"), "{text}");
    }
    assert_eq!(server.taken().len(), before);
    // The operator at a terminal is told in the server's own words.
    server.next(&[Mishap::Says("RCPT", "550 5.1.1 no such user")]);
    let words = mailer
        .send_and_tell(&message(1, invitation()))
        .await
        .expect_err("refused");
    assert!(words.contains("no such user"), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_was_taken_is_not_sent_again_for_want_of_a_farewell() {
    let (server, mailer) = plain().await;
    server.next(&[Mishap::NoFarewell, Mishap::Says("QUIT", "500 what?")]);
    for n in 0..2 {
        mailer.send(&message(n, invitation())).await.expect("taken");
    }
    assert_eq!(server.taken().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_there_is_not_now() {
    let (server, _) = plain().await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = nobody.local_addr().expect("an address").port();
    drop(nobody);
    let mailer = mailer(SmtpSettings {
        port,
        ..settings(&server, Encryption::None)
    });
    let error = mailer.send(&message(1, invitation())).await.expect_err("nobody");
    assert!(matches!(error, MailError::Unavailable(_)), "{error}");
    assert!(mailer.check().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_not_waited_for_for_ever() {
    let (server, mailer) = plain().await;
    server.next(&[Mishap::Silent]);
    let message = message(1, invitation());
    let sending = tokio::spawn(async move { mailer.send(&message).await });
    server.arrival().await;
    let error = sending.await.expect("whole").expect_err("it said nothing");
    assert!(error.to_string().contains("no answer within 30 s"), "{error}");
}
