//! Every fault of the ports that the host uses, with the outcome its catalogue demands.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg_attr(
    test,
    expect(dead_code, reason = "each test file uses its part of the support")
)]
mod support;

use std::time::Duration;

use domain::session::Command;
use ports::{Entropy, StoreError};
use protocol::{
    PromptId, SessionId,
    runner::{RunnerCommand, RunnerReport, TurnOutcome},
    session::SessionStatus,
};
use sessions::{Created, HostSettings, SessionError, Sessions};
use support::{Runner, Server, author, key, profile, settle};

/// A session with a turn that a runner has taken.
async fn running(server: &Server) -> (SessionId, PromptId, Runner) {
    let id = server.session().await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    assert!(matches!(runner.command().await, RunnerCommand::Prompt { .. }));
    (id, prompt, runner)
}

fn unavailable<T: std::fmt::Debug>(result: Result<T, SessionError>) {
    match result {
        Err(SessionError::Store(StoreError::Unavailable(_) | StoreError::Unknown(_))) => {}
        other => panic!("expected an unavailable store, got {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn catalogue_creating_twice_with_one_key_makes_one_session() {
    for fault in ["reserve_unavailable", "reserve_unknown_written"] {
        let server = Server::start().await;
        server.faults.catalog.faults.inject(fault, 1);
        let create = |n: u128| {
            server
                .sessions
                .create(profile(SessionId::from_bits(n)), None, Some(key(&server, "c", 1)))
        };
        unavailable(create(1).await.map(|_| ()));
        create(2).await.unwrap();
        let Created::Existing { view } = create(3).await.unwrap() else {
            panic!("{fault}: made again")
        };
        let expected = if fault == "reserve_unknown_written" { 1 } else { 2 };
        assert_eq!(
            view.state.profile.as_ref().unwrap().id,
            SessionId::from_bits(expected)
        );
    }
}

/// Found by the simulation: the host that starts saw the new row, found no log and cleared its mark, and the answer
/// that came after said that the mark was there. A crash then left a session that nobody looked after.
#[tokio::test(start_paused = true)]
async fn catalogue_a_session_made_while_its_host_starts_is_marked_awake() {
    let server = Server::start().await;
    let host = Sessions::new(server.ports.clone(), HostSettings::default());
    server.faults.catalog.faults.inject("reserve_answered_late", 1);
    let id = SessionId::from_bits(1);
    let start = async {
        settle().await;
        host.start().await.unwrap();
    };
    let (created, ()) = tokio::join!(host.create(profile(id), None, Some(key(&server, "c", 1))), start);
    created.unwrap();
    assert_eq!(server.fakes.catalog.is_awake(id), Some(true));
}

#[tokio::test(start_paused = true)]
async fn catalogue_no_commit_without_the_mark() {
    let server = Server::start().await;
    let id = server.session().await;
    tokio::time::sleep(Duration::from_secs(11)).await;
    server.faults.catalog.faults.inject("mark_awake_unavailable", 1);
    let head = server.sessions.events(id, 0, 100).await.unwrap().head;
    unavailable(server.try_prompt(id, 1, None).await);
    assert_eq!(server.sessions.events(id, 0, 100).await.unwrap().head, head);
    server.try_prompt(id, 2, None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn log_without_room_a_sleeping_session_can_be_looked_at() {
    let server = Server::start().await;
    let id = server.session().await;
    let known = server.sessions.view(id).await.unwrap();
    tokio::time::sleep(Duration::from_secs(11)).await;
    server.faults.session_log.faults.inject("acquire_full", 2);
    let seen = server.sessions.view(id).await.unwrap();
    assert_eq!((&seen.state, seen.status), (&known.state, known.status));
    let refused = server.try_prompt(id, 1, None).await;
    assert!(
        matches!(refused, Err(SessionError::Store(StoreError::Full))),
        "{refused:?}"
    );
    server.try_prompt(id, 2, None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn catalogue_a_session_that_could_not_be_marked_asleep_is_looked_after_at_the_next_start() {
    let mut server = Server::start().await;
    let id = server.session().await;
    server.faults.catalog.faults.inject("mark_asleep_unavailable", 1);
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(server.fakes.catalog.is_awake(id), Some(true));
    server.crash().await;
    tokio::time::sleep(Duration::from_secs(12)).await;
    assert_eq!(server.fakes.catalog.is_awake(id), Some(false));
}

#[tokio::test(start_paused = true)]
async fn catalogue_a_projection_that_fails_is_made_up_for() {
    let server = Server::start().await;
    let id = server.session().await;
    server.faults.catalog.faults.inject("project_unavailable", 1);
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    runner.complete(prompt).await;
    settle().await;
    let row = ports::Catalog::lookup(&*server.fakes.catalog, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.status, SessionStatus::Idle);
}

#[tokio::test(start_paused = true)]
async fn catalogue_alarms_that_cannot_be_read_fire_late() {
    let server = Server::start().await;
    let (id, prompt, mut runner) = running(&server).await;
    runner.complete(prompt).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    server.faults.catalog.faults.inject("due_unavailable", 5);
    tokio::time::sleep(Duration::from_secs(40 * 60)).await;
    // Nobody was heard for that long: the sandbox is stopped one way or another.
    let view = server.sessions.view(id).await.unwrap();
    assert!(view.state.sandbox.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_deletion_stays_owed_until_everything_is_gone() {
    let server = Server::start().await;
    let (id, prompt, mut runner) = running(&server).await;
    runner.text(prompt, "x").await;
    server.faults.catalog.faults.inject("remove_unavailable", 1);
    server.faults.run_history.faults.inject("remove_unavailable", 1);
    server.faults.session_log.faults.inject("delete_unavailable", 1);
    server.faults.sandboxes.faults.inject("destroy_transient", 1);
    let mut reader = server.reader(id, 0).await;
    server
        .sessions
        .command(id, Command::Delete { by: Some(author()) }, None)
        .await
        .unwrap();
    reader.end().await;
    assert!(!server.fakes.sandboxes.has_workspace(id));
    assert!(server.fakes.session_log.facts(id).is_empty());
    assert!(server.fakes.run_history.all().is_empty());
    assert_eq!(server.fakes.catalog.is_awake(id), None);
}

#[tokio::test(start_paused = true)]
async fn the_history_gets_each_record_once_whatever_it_answers() {
    let server = Server::start().await;
    server
        .faults
        .run_history
        .faults
        .inject("record_unknown_written", 1);
    let (id, prompt, mut runner) = running(&server).await;
    runner.complete(prompt).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    server.faults.run_history.faults.inject("record_full", 2);
    let second = server.prompt(id, 2).await;
    runner.command().await;
    runner.complete(second).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(server.fakes.run_history.all().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn time_that_steps_back_or_jumps_ahead_loses_nothing() {
    let server = Server::start().await;
    let (id, prompt, mut runner) = running(&server).await;
    server.faults.clock.faults.inject("steps_back", 3);
    runner.text(prompt, "a").await;
    server.faults.clock.faults.inject("jumps_ahead", 1);
    runner.text(prompt, "b").await;
    server.faults.heal();
    let page = server.sessions.events(id, 0, 100).await.unwrap();
    assert!(
        page.events
            .windows(2)
            .all(|pair| pair[0].seq + 1 == pair[1].seq && pair[0].at <= pair[1].at)
    );
    assert_eq!(
        page.events
            .iter()
            .filter(|event| event.body.kind() == "message.text")
            .count(),
        2
    );
}

#[tokio::test(start_paused = true)]
async fn an_id_that_is_taken_overwrites_nothing() {
    let server = Server::start().await;
    server.faults.entropy.faults.inject("repeats", u32::MAX);
    let drawn = [server.faults.entropy.bits(), server.faults.entropy.bits()];
    assert_eq!(drawn[0], drawn[1]);
    let create = |bits: u128| {
        server
            .sessions
            .create(profile(SessionId::from_bits(bits)), None, None)
    };
    create(drawn[0]).await.unwrap();
    assert!(matches!(create(drawn[1]).await, Ok(Created::Existing { .. })));
}

#[tokio::test(start_paused = true)]
async fn log_an_owner_that_is_mistaken_about_its_log_leaves() {
    let server = Server::start().await;
    let id = server.session().await;
    let head = server.sessions.events(id, 0, 100).await.unwrap().head;
    // What another has written since is found by the next owner alone, and this one is not asked again.
    server.faults.session_log.faults.inject("append_invalid", 1);
    let mut reader = server.reader(id, head).await;
    unavailable(server.try_prompt(id, 1, Some(key(&server, "k", 1))).await);
    assert_eq!(server.sessions.events(id, 0, 100).await.unwrap().head, head);
    assert_eq!(server.sessions.awake_count(), 0, "it has left");
    server
        .try_prompt(id, 2, Some(key(&server, "k", 1)))
        .await
        .unwrap();
    reader.until("prompt.queued").await;
}

#[tokio::test(start_paused = true)]
async fn log_a_session_that_cannot_be_opened_says_so_and_can_be_later() {
    let server = Server::start().await;
    let id = server.session().await;
    tokio::time::sleep(Duration::from_secs(11)).await;
    server.faults.session_log.faults.inject("acquire_unavailable", 1);
    unavailable(server.sessions.view(id).await);
    server.faults.session_log.faults.inject("acquire_corrupt", 1);
    let damaged = server.sessions.view(id).await;
    assert!(matches!(
        damaged,
        Err(SessionError::Store(StoreError::Corrupt(_)))
    ));
    server.sessions.view(id).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn log_readers_and_keys_fail_without_a_gap_or_a_second_run() {
    let server = Server::start().await;
    let id = server.session().await;
    server.faults.session_log.faults.inject("read_unavailable", 1);
    let mut reader = server.sessions.subscribe(id, 0).await;
    if let Ok(reader) = &mut reader {
        assert!(reader.next().await.unwrap().is_err());
    }
    server.reader(id, 0).await.until("session.created").await;
    server.faults.session_log.faults.inject("recall_unavailable", 1);
    unavailable(server.try_prompt(id, 1, Some(key(&server, "k", 1))).await);
    server
        .try_prompt(id, 2, Some(key(&server, "k", 1)))
        .await
        .unwrap();
    let page = server.sessions.events(id, 0, 100).await.unwrap();
    assert_eq!(
        page.events
            .iter()
            .filter(|event| event.body.kind() == "prompt.queued")
            .count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn log_an_owner_that_cannot_release_does_not_lock_the_session() {
    let server = Server::start().await;
    let id = server.session().await;
    server.faults.session_log.faults.inject("release_unavailable", 1);
    tokio::time::sleep(Duration::from_secs(11)).await;
    server.prompt(id, 1).await;
}

#[tokio::test(start_paused = true)]
async fn log_a_report_that_could_not_be_kept_is_not_acked_and_comes_again() {
    let server = Server::start().await;
    let (_, prompt, mut runner) = running(&server).await;
    server.faults.session_log.faults.inject("append_unavailable", 1);
    let n = runner.n + 1;
    let report = || RunnerReport::Event {
        event: support::text_event("x"),
    };
    runner.send(n, Some(prompt), report()).await.unwrap();
    settle().await;
    runner.report(Some(prompt), report()).await;
    assert_eq!(runner.n, n);
}

#[tokio::test(start_paused = true)]
async fn sandbox_transient_failures_are_tried_again() {
    for fault in ["start_transient", "start_answer_lost", "start_hangs"] {
        let server = Server::start().await;
        server.faults.sandboxes.faults.inject(fault, 1);
        let id = server.session().await;
        let prompt = server.prompt(id, 1).await;
        if fault == "start_answer_lost" {
            let stray = server.fakes.sandboxes.next_start().await;
            let mut runner = server.runner().await;
            assert!(
                matches!(runner.command().await, RunnerCommand::Prompt { .. }),
                "{fault}"
            );
            assert!(server.fakes.sandboxes.stopped().contains(&stray.sandbox_id));
            continue;
        }
        let mut runner = server.runner().await;
        let command = runner.command().await;
        assert!(
            matches!(command, RunnerCommand::Prompt { prompt_id, .. } if prompt_id == prompt),
            "{fault}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn sandbox_a_permanent_failure_is_not_tried_again_by_itself() {
    let server = Server::start().await;
    server.faults.sandboxes.faults.inject("start_permanent", 1);
    let id = server.session().await;
    server.prompt(id, 1).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(
        server.sessions.view(id).await.unwrap().status,
        SessionStatus::Failed
    );
    assert!(server.fakes.sandboxes.started().is_empty());
}

#[tokio::test(start_paused = true)]
async fn sandbox_a_provider_that_says_nothing_is_not_taken_for_a_death() {
    let server = Server::start().await;
    let (id, _, runner) = running(&server).await;
    server.faults.sandboxes.faults.inject("state_unavailable", 1);
    server.sessions.sandbox_ended(id, runner.generation).await;
    assert_eq!(
        server.sessions.view(id).await.unwrap().status,
        SessionStatus::Running
    );
    server.faults.sandboxes.faults.inject("state_forgotten", 1);
    server.sessions.sandbox_ended(id, runner.generation).await;
    settle().await;
    let view = server.sessions.view(id).await.unwrap();
    assert!(view.state.turn.is_none() && view.state.hibernated);
}

#[tokio::test(start_paused = true)]
async fn sandbox_one_that_died_is_replaced_at_the_next_prompt() {
    let server = Server::start().await;
    let (id, _, runner) = running(&server).await;
    server.faults.sandboxes.faults.inject("died", 1);
    server.sessions.sandbox_ended(id, runner.generation).await;
    settle().await;
    server.faults.heal();
    server.prompt(id, 2).await;
    assert_eq!(server.runner().await.generation, 2);
}

#[tokio::test(start_paused = true)]
async fn sandbox_a_stop_that_fails_is_asked_for_again() {
    let server = Server::start().await;
    let (id, prompt, mut runner) = running(&server).await;
    runner.complete(prompt).await;
    server.faults.sandboxes.faults.inject("stop_transient", 1);
    server
        .sessions
        .command(id, Command::Hibernate { by: author() }, None)
        .await
        .unwrap();
    settle().await;
    assert!(server.fakes.sandboxes.stopped().is_empty());
    tokio::time::sleep(Duration::from_secs(90)).await;
    assert_eq!(server.fakes.sandboxes.stopped().len(), 1);
    assert_eq!(
        server.sessions.view(id).await.unwrap().status,
        SessionStatus::Hibernated
    );
}

#[tokio::test(start_paused = true)]
async fn sandbox_a_clean_stop_ends_turns_with_the_reason() {
    let server = Server::start().await;
    let (id, _, runner) = running(&server).await;
    server.faults.sandboxes.faults.inject("list_unavailable", 1);
    server.sessions.stop_sandboxes().await;
    assert!(
        server.fakes.sandboxes.stopped().is_empty(),
        "nothing is stopped blindly"
    );
    server.sessions.stop_sandboxes().await;
    settle().await;
    let page = server.sessions.events(id, 0, 100).await.unwrap();
    assert!(
        page.events
            .iter()
            .any(|event| event.body.kind() == "prompt.failed")
    );
    let late = RunnerReport::TurnEnded {
        outcome: TurnOutcome::Cancelled,
    };
    runner.send(runner.n + 1, None, late).await.unwrap();
}
