//! The feed of an organisation: what sessions do is told once, in order, after any crash, and nobody waits for it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg_attr(
    test,
    expect(dead_code, reason = "each test file uses its part of the support")
)]
mod support;

use std::{sync::Arc, time::Duration};

use domain::session::Command;
use ports::{EventBus, StoreError, event_bus::Publication};
use protocol::{
    EnvironmentId, OrgEvent, OrgEventBody, OrgId, SessionId, event::EnvironmentChanged,
    session::SessionStatus,
};
use sessions::{FeedError, FeedOutgoing, FeedReader};
use support::{Server, author, profile, settle};

fn org() -> OrgId {
    OrgId::from_bits(2)
}

fn told(server: &Server) -> Vec<String> {
    let words = |event: &OrgEvent| match &event.body {
        OrgEventBody::SessionStatusChanged(change) => {
            format!("{:?} to {:?}", change.previous, change.session.status)
        }
        body => body.kind().to_owned(),
    };
    let events = server.fakes.event_bus.all(org());
    let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>(), "dense");
    events.iter().map(words).collect()
}

fn environment(n: u128) -> Publication {
    Publication {
        org: org(),
        session: None,
        at: protocol::Timestamp::from_ms(4_000_000_000_000),
        body: OrgEventBody::EnvironmentChanged(EnvironmentChanged {
            environment_id: EnvironmentId::from_bits(n),
            change: "created".into(),
        }),
        key: format!("environment {n}"),
    }
}

async fn rename(server: &Server, id: SessionId, title: &str) {
    let command = Command::Rename {
        title: title.into(),
        by: author(),
    };
    server.sessions.command(id, command, None).await.unwrap();
}

async fn next(reader: &mut FeedReader) -> FeedOutgoing {
    let next = tokio::time::timeout(Duration::from_secs(60), reader.next());
    next.await.expect("in time").expect("it goes on").unwrap()
}

/// The `seq` of the next event.
async fn seq(reader: &mut FeedReader) -> u64 {
    loop {
        if let FeedOutgoing::Event(event) = next(reader).await {
            return event.seq;
        }
    }
}

/// A turn from its prompt to its end.
async fn turn(server: &Server, id: SessionId, n: u128) -> support::Runner {
    let prompt = server.prompt(id, n).await;
    let mut runner = server.runner().await;
    runner.command().await;
    runner.complete(prompt).await;
    settle().await;
    runner
}

#[tokio::test(start_paused = true)]
async fn a_session_is_told_from_its_creation_to_its_end() {
    let server = Server::start().await;
    let id = server.session().await;
    turn(&server, id, 1).await;
    rename(&server, id, "new").await;
    settle().await;
    let before = told(&server);
    assert_eq!(before.first().unwrap(), "session.created");
    assert!(before.contains(&"run.recorded".to_owned()), "{before:?}");
    assert!(
        before.iter().any(|word| word.ends_with("to Running"))
            && before.iter().any(|word| word == "Running to Idle"),
        "{before:?}"
    );
    assert_eq!(before.last().unwrap(), "session.renamed");
    let OrgEventBody::RunRecorded(run) = &server
        .fakes
        .event_bus
        .all(org())
        .into_iter()
        .find(|event| event.body.kind() == "run.recorded")
        .unwrap()
        .body
        .clone()
    else {
        panic!("another payload")
    };
    assert!(
        ports::RunHistory::lookup(&*server.fakes.run_history, org(), run.run_id)
            .await
            .unwrap()
            .is_some(),
        "whoever hears of a record can read it"
    );

    let delete = Command::Delete { by: Some(author()) };
    server.sessions.command(id, delete, None).await.unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    let after = told(&server);
    assert_eq!(after.last().unwrap(), "session.deleted");
    assert_eq!(after.len(), before.len() + 1);
    // What was said of it is gone, and the places stay.
    for event in server.fakes.event_bus.all(org()) {
        assert_eq!(event.session_id, Some(id));
        assert_eq!(event.body.data().unwrap(), serde_json::json!({}), "{event:?}");
    }
    assert_eq!(server.fakes.event_bus.marks(vec![id]).await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn waking_and_sleeping_tell_nothing() {
    let server = Server::start().await;
    let id = server.session().await;
    tokio::time::sleep(Duration::from_secs(11)).await;
    let before = (told(&server), server.fakes.event_bus.batches());
    for _ in 0..3 {
        assert_eq!(server.fakes.catalog.is_awake(id), Some(false));
        server.sessions.view(id).await.unwrap();
        tokio::time::sleep(Duration::from_secs(11)).await;
    }
    assert_eq!((told(&server), server.fakes.event_bus.batches()), before);
}

#[tokio::test(start_paused = true)]
async fn what_a_crash_left_unpublished_is_published_by_the_next_process_once() {
    let mut server = Server::start().await;
    let id = server.session().await;
    settle().await;
    assert_eq!(told(&server), ["session.created"]);
    // The feed takes nothing any more; the session goes on.
    server
        .faults
        .event_bus
        .faults
        .inject("publish_unavailable", u32::MAX);
    rename(&server, id, "unheard").await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    runner.complete(prompt).await;
    let created = server
        .sessions
        .create(profile(SessionId::from_bits(77)), None, None)
        .await;
    created.unwrap();
    assert_eq!(told(&server), ["session.created"]);
    for _ in 0..2 {
        server.crash().await;
        tokio::time::sleep(Duration::from_secs(12)).await;
        let mut now = told(&server);
        now.sort();
        // The turn began and ended unheard: one step leads to where it ended, whose cause is another.
        assert_eq!(
            now,
            [
                "Idle to Idle",
                "run.recorded",
                "session.created",
                "session.created",
                "session.renamed"
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_does_not_answer_holds_up_nobody_and_gets_everything_later() {
    for fault in [
        "publish_unavailable",
        "publish_full",
        "publish_unknown_written",
        "marks_unavailable",
    ] {
        let server = Server::start().await;
        server.faults.event_bus.faults.inject(fault, 3);
        let id = server.session().await;
        turn(&server, id, 1).await;
        assert_eq!(
            server.sessions.view(id).await.unwrap().status,
            SessionStatus::Idle,
            "{fault}: it goes on"
        );
        tokio::time::sleep(Duration::from_secs(12)).await;
        let told = told(&server);
        let counted = |word: &str| told.iter().filter(|told| *told == word).count();
        assert_eq!(counted("session.created"), 1, "{fault}: {told:?}");
        assert_eq!(counted("run.recorded"), 1, "{fault}: {told:?}");
        assert_eq!(counted("Running to Idle"), 1, "{fault}: {told:?}");
        assert_eq!(server.fakes.catalog.is_awake(id), Some(false), "{fault}");
        assert!(server.sessions.feed().figures().failures >= 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_stays_awake_until_it_was_told() {
    let server = Server::start().await;
    let faults = &server.faults.event_bus.faults;
    faults.inject("publish_unavailable", u32::MAX);
    let id = server.session().await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(server.fakes.catalog.is_awake(id), Some(true));
    faults.heal();
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(told(&server), ["session.created"]);
    assert_eq!(server.fakes.catalog.is_awake(id), Some(false));
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_the_feed_does_not_take_is_done_later() {
    let server = Server::start().await;
    let id = server.session().await;
    settle().await;
    server.faults.event_bus.faults.inject("forget_unavailable", 2);
    let delete = Command::Delete { by: Some(author()) };
    server.sessions.command(id, delete, None).await.unwrap();
    settle().await;
    // Its end is told at once, whatever takes long to remove.
    assert_eq!(told(&server), ["session.created", "session.deleted"]);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(told(&server), ["session.created", "session.deleted"]);
    assert_eq!(
        server.fakes.event_bus.all(org())[0].body.data().unwrap(),
        serde_json::json!({})
    );
    assert!(
        ports::Catalog::lookup(&*server.fakes.catalog, id)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test(start_paused = true)]
async fn old_events_that_cannot_be_dropped_do_not_keep_new_ones_back() {
    let server = Server::start().await;
    server.faults.event_bus.faults.inject("trim_unavailable", 1);
    let feed = server.sessions.feed();
    feed.publish(vec![environment(1)]).await.unwrap();
    feed.publish(vec![environment(2)]).await.unwrap();
    assert_eq!(told(&server).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn many_sessions_are_told_in_few_commits() {
    let server = Server::start().await;
    let feed = server.sessions.feed().clone();
    let publishing = (0..200).map(|n| {
        let feed = feed.clone();
        async move { feed.publish(vec![environment(n)]).await }
    });
    for outcome in futures::future::join_all(publishing).await {
        outcome.unwrap();
    }
    assert_eq!(told(&server).len(), 200);
    assert!(
        server.fakes.event_bus.batches() <= 3,
        "{}",
        server.fakes.event_bus.batches()
    );
    assert_eq!(feed.figures().published, 200);
}

#[tokio::test(start_paused = true)]
async fn replay_and_live_are_one_path() {
    let server = Server::start().await;
    let feed = server.sessions.feed().clone();
    for n in 0..250 {
        feed.publish(vec![environment(n)]).await.unwrap();
    }
    let mut reader = feed.follow(org(), Some(7)).await.unwrap();
    assert_eq!((reader.start().head, reader.start().oldest), (250, 1));
    assert_eq!(feed.figures().readers, 1);
    let publisher = {
        let feed = feed.clone();
        tokio::spawn(async move {
            for n in 250..400 {
                feed.publish(vec![environment(n)]).await.unwrap();
            }
        })
    };
    let mut caught_up = 0;
    let mut expected = 8;
    while expected <= 400 {
        match next(&mut reader).await {
            FeedOutgoing::Event(event) => {
                assert_eq!(event.seq, expected);
                expected += 1;
            }
            FeedOutgoing::CaughtUp { .. } => caught_up += 1,
        }
    }
    publisher.await.unwrap();
    assert!(caught_up <= 1);
    // One that sleeps through more than is kept in memory misses nothing.
    for n in 400..600 {
        feed.publish(vec![environment(n)]).await.unwrap();
    }
    for expected in 401..=600 {
        assert_eq!(seq(&mut reader).await, expected);
    }
    drop(reader);
    assert_eq!(feed.figures().readers, 0);
    server.sessions.shutdown().await;
    let mut late = feed.follow(org(), Some(600)).await.unwrap();
    assert!(late.next().await.is_none(), "the server stops");
}

#[tokio::test(start_paused = true)]
async fn cursors_outside_of_what_is_kept_are_refused() {
    let server = Server::start().await;
    let feed = server.sessions.feed();
    for n in 0..10 {
        feed.publish(vec![environment(n)]).await.unwrap();
    }
    let bus: &Arc<_> = &server.fakes.event_bus;
    bus.trim(protocol::Timestamp::from_ms(0), 4).await.unwrap();
    assert!(matches!(
        feed.follow(org(), Some(11)).await,
        Err(FeedError::Ahead { head: 10 })
    ));
    for after in [0, 5] {
        assert!(matches!(
            feed.follow(org(), Some(after)).await,
            Err(FeedError::Expired { oldest: 7 })
        ));
        assert!(matches!(
            feed.page(org(), Some(after), 10).await,
            Err(FeedError::Expired { oldest: 7 })
        ));
    }
    assert_eq!(seq(&mut feed.follow(org(), Some(6)).await.unwrap()).await, 7);
    assert_eq!(seq(&mut feed.follow(org(), None).await.unwrap()).await, 7);
    let page = feed.page(org(), None, 2).await.unwrap();
    assert_eq!(
        (page.events[0].seq, page.next_after, page.head, page.oldest),
        (7, 8, 10, 7)
    );
    // A reader that was away for too long is told so.
    let mut away = feed.follow(org(), Some(6)).await.unwrap();
    for n in 10..400 {
        feed.publish(vec![environment(n)]).await.unwrap();
    }
    bus.trim(protocol::Timestamp::from_ms(0), 5).await.unwrap();
    let ended = loop {
        match away.next().await.unwrap() {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(ended, FeedError::Expired { oldest: 396 }), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_cannot_be_read_is_said_and_never_empty() {
    let server = Server::start().await;
    let feed = server.sessions.feed();
    feed.publish(vec![environment(1)]).await.unwrap();
    server.faults.event_bus.faults.inject("read_unavailable", 2);
    assert!(matches!(
        feed.page(org(), Some(0), 10).await,
        Err(FeedError::Store(StoreError::Unavailable(_)))
    ));
    assert!(feed.follow(org(), Some(0)).await.is_err());
    assert_eq!(feed.page(org(), Some(0), 10).await.unwrap().events.len(), 1);
}
