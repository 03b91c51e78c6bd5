//! The connection to the server: exchange of credentials, acknowledgement, re-sending, fencing, commands.

use std::time::Duration;

use crate::support::{Door, PATIENCE, Server};
use protocol::{
    PromptId,
    event::MessageText,
    runner::{Delta, DeltaKind, RunnerCommand, RunnerFrame, RunnerReport, ServerFrame},
};
use runner::{
    spool::{Limits, Spool},
    uplink::{Address, Ending, Identity, Running, Uplink},
};
use tokio::time::timeout;

fn uplink(server: &Server, dir: &std::path::Path) -> (Uplink, Running) {
    let identity = Identity {
        address: Address::parse(&server.url()).unwrap(),
        session_id: protocol::SessionId::new(0, 1),
        sandbox_id: protocol::SandboxId::new(0, 2),
        generation: 5,
        token: "one-time".into(),
        secret: "secret-of-this-process".into(),
    };
    Uplink::start(identity, Spool::open(dir, 5, Limits::default()).unwrap())
}

fn text(text: &str) -> RunnerReport {
    let event = MessageText {
        message_id: "m".into(),
        part_id: "p".into(),
        text: text.into(),
    }
    .into();
    RunnerReport::Event { event }
}

async fn report_texts(server: &Server, count: usize) -> Vec<(u64, RunnerReport)> {
    server
        .wait("reports", |server| {
            Some(server.reports()).filter(|reports| reports.len() >= count)
        })
        .await
}

#[tokio::test]
async fn first_contact_uses_the_token_and_later_ones_the_secret() {
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    let (uplink, _running) = uplink(&server, dir.path());
    timeout(PATIENCE, uplink.first_contact()).await.unwrap();
    let first = server.attempts()[0].clone();
    assert_eq!(first.credential, "Bearer one-time");
    assert_eq!(first.session, protocol::SessionId::new(0, 1).to_string());
    assert_eq!(first.sandbox, protocol::SandboxId::new(0, 2).to_string());
    assert_eq!(first.generation, "5");
    let frames = server.frames();
    assert!(
        matches!(&frames[0], RunnerFrame::Hello { protocol: 1, generation: 5, secret, .. }
            if secret == "secret-of-this-process")
    );
    server.wait_connected().await;
    server.hang_up();
    server
        .wait("a second attempt", |server| {
            (server.attempts().len() == 2).then_some(())
        })
        .await;
    assert_eq!(server.attempts()[1].credential, "Bearer secret-of-this-process");
}

#[tokio::test]
async fn a_lost_welcome_costs_nothing() {
    // The server took the hello (so the token is used up) and died before it could answer.
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    server.doors([Door::DropAfterHello, Door::Status(401), Door::Open]);
    let (uplink, _running) = uplink(&server, dir.path());
    timeout(PATIENCE, uplink.first_contact()).await.unwrap();
    let credentials: Vec<_> = server
        .attempts()
        .into_iter()
        .map(|attempt| attempt.credential)
        .collect();
    assert_eq!(
        credentials,
        [
            "Bearer one-time",
            "Bearer secret-of-this-process",
            "Bearer one-time"
        ]
    );
}

#[tokio::test]
async fn refusals_end_it_and_other_failures_do_not() {
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    server.doors([Door::Status(503), Door::Status(500), Door::Status(410)]);
    let (_uplink, running) = uplink(&server, dir.path());
    assert_eq!(
        timeout(PATIENCE, running.task).await.unwrap().unwrap(),
        Ending::Refused(410)
    );
    assert_eq!(server.attempts().len(), 3);
}

#[tokio::test]
async fn fencing_ends_it() {
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    let (uplink, running) = uplink(&server, dir.path());
    timeout(PATIENCE, uplink.first_contact()).await.unwrap();
    server.wait_connected().await;
    server.send(ServerFrame::Fenced {
        reason: "replaced".into(),
    });
    let ending = timeout(PATIENCE, running.task).await.unwrap().unwrap();
    assert_eq!(ending, Ending::Fenced("replaced".into()));
}

#[tokio::test]
async fn reports_are_sent_again_until_acknowledged() {
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    server.acks(false);
    let (uplink, _running) = uplink(&server, dir.path());
    for n in 1..=3 {
        uplink.report(None, text(&format!("t{n}"))).await;
    }
    let reports = report_texts(&server, 3).await;
    assert_eq!(reports, [(1, text("t1")), (2, text("t2")), (3, text("t3"))]);
    // On the same connection, by the timer.
    let times = |server: &Server, wanted: u64| {
        server
            .frames()
            .iter()
            .filter(|frame| matches!(frame, RunnerFrame::Report { n, .. } if *n == wanted))
            .count()
    };
    server.send(ServerFrame::Ack { n: 1 });
    server
        .wait("a re-sent report", |server| (times(server, 3) >= 2).then_some(()))
        .await;
    assert_eq!(times(&server, 1), 1, "what is acknowledged is not sent again");
    // On a new connection, at once, from what the welcome says.
    server.hang_up();
    let before = times(&server, 2);
    server.acks(true);
    server
        .wait("reports after the reconnect", |server| {
            (times(server, 2) > before).then_some(())
        })
        .await;
    assert!(uplink.flush(PATIENCE).await);
}

#[tokio::test]
async fn reports_outlive_a_server_that_is_away() {
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    let (uplink, _running) = uplink(&server, dir.path());
    timeout(PATIENCE, uplink.first_contact()).await.unwrap();
    server.wait_connected().await;
    server.doors([Door::Status(503), Door::Status(503)]);
    server.hang_up();
    for n in 1..=600 {
        uplink.report(None, text(&format!("t{n}"))).await;
    }
    let reports = report_texts(&server, 600).await;
    assert!(
        reports
            .iter()
            .enumerate()
            .all(|(index, (n, report))| { *n == index as u64 + 1 && *report == text(&format!("t{n}")) })
    );
    assert!(uplink.flush(PATIENCE).await);
}

#[tokio::test]
async fn deltas_are_joined_and_commands_come_through() {
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    let (uplink, mut running) = uplink(&server, dir.path());
    timeout(PATIENCE, uplink.first_contact()).await.unwrap();
    server.wait_connected().await;
    let prompt = PromptId::new(0, 9);
    for (offset, piece) in [(0, "he"), (2, "ll"), (4, "o")] {
        let delta = Delta {
            message_id: "m".into(),
            part_id: "q".into(),
            kind: DeltaKind::Text,
            offset,
            text: piece.into(),
        };
        uplink.delta(prompt, delta);
    }
    let whole = server
        .wait("deltas", |server| {
            let texts: Vec<String> = server
                .frames()
                .into_iter()
                .filter_map(|frame| match frame {
                    RunnerFrame::Delta { delta, .. } => Some(delta.text),
                    _ => None,
                })
                .collect();
            Some(texts.concat()).filter(|text| text.len() == 5)
        })
        .await;
    assert_eq!(whole, "hello");
    let id = server.command(1, RunnerCommand::Shutdown);
    let (seen, command) = timeout(PATIENCE, running.commands.recv()).await.unwrap().unwrap();
    assert_eq!((seen, command), (id, RunnerCommand::Shutdown));
    uplink.command_done(id);
    server.done(id).await;
}

#[tokio::test]
async fn an_instant_answer_is_seen_to_grow() {
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    let (uplink, _running) = uplink(&server, dir.path());
    timeout(PATIENCE, uplink.first_contact()).await.unwrap();
    server.wait_connected().await;
    let prompt = PromptId::new(0, 9);
    for (offset, piece) in [(0, "he"), (2, "ll"), (4, "o")] {
        let delta = Delta {
            message_id: "m".into(),
            part_id: "p".into(),
            kind: DeltaKind::Text,
            offset,
            text: piece.into(),
        };
        uplink.delta(prompt, delta);
    }
    uplink.report(Some(prompt), text("hello")).await;
    report_texts(&server, 1).await;
    let mut said = String::new();
    for frame in server.frames() {
        match frame {
            RunnerFrame::Delta { delta, .. } => said.push_str(&delta.text),
            RunnerFrame::Report { .. } => break,
            _ => {}
        }
    }
    assert_eq!(said, "hello", "every piece comes before the committed text");
}

#[tokio::test]
async fn a_credential_is_asked_for_again_after_a_reconnect() {
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    server.credential("me", "pw");
    server.doors([Door::Status(503)]);
    let (uplink, _running) = uplink(&server, dir.path());
    let found = uplink
        .credential("https", "h", Duration::from_secs(15))
        .await
        .unwrap();
    assert_eq!((found.username.as_str(), found.password.as_str()), ("me", "pw"));
}

#[tokio::test]
async fn a_report_damaged_on_disk_does_not_block_those_behind_it() {
    let (server, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    server.doors(std::iter::repeat_n(Door::Status(503), 2));
    let (uplink, _running) = uplink(&server, dir.path());
    uplink.report(None, text("first")).await;
    uplink.report(None, text("second")).await;
    // Processes inside share our user: they can write to our files.
    let segment = std::fs::read_dir(dir.path().join("5"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    let reports = report_texts(&server, 2).await;
    assert!(matches!(&reports[0], (1, RunnerReport::Event { event }) if event.kind() == "error.raised"));
    assert_eq!(reports[1], (2, text("second")));
    assert!(uplink.flush(PATIENCE).await);
}
