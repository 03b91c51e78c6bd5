//! From the outboxes of sessions into the run history: in order, each once, whatever the history does meanwhile.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg_attr(
    test,
    expect(dead_code, reason = "each test file uses its part of the support")
)]
mod support;

use std::{collections::BTreeMap, time::Duration};

use domain::session::Command;
use ports::Catalog as _;
use protocol::{PromptId, SessionId};
use support::{Runner, Server, author, settle};

/// A session that has done so many turns, the runner of the last one, and the prompts in order.
async fn worked(server: &Server, session: u128, turns: u128) -> (SessionId, Runner, Vec<PromptId>) {
    // Ids are made of the time.
    tokio::time::sleep(Duration::from_millis(1)).await;
    let id = server.session().await;
    let mut prompts = vec![server.prompt(id, session * 1000).await];
    let mut runner = server.runner().await;
    runner.command().await;
    runner.complete(prompts[0]).await;
    for n in 1..turns {
        let prompt = server.prompt(id, session * 1000 + n).await;
        runner.command().await;
        runner.complete(prompt).await;
        prompts.push(prompt);
    }
    (id, runner, prompts)
}

/// What the history has, by session, in the order in which it lists them.
fn recorded(server: &Server) -> BTreeMap<SessionId, Vec<PromptId>> {
    let mut recorded: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for run in server.fakes.run_history.all() {
        recorded.entry(run.session_id).or_default().push(run.prompt_id);
    }
    recorded
}

async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn sessions_sleep_while_the_history_is_down_and_owe_it_nothing_an_hour_later() {
    let server = Server::start().await;
    let down = &server.faults.run_history.faults;
    down.inject("record_unavailable", u32::MAX);
    let mut expected = BTreeMap::new();
    let mut runners = Vec::new();
    for session in 1..=100 {
        let (id, runner, prompts) = worked(&server, session, 3).await;
        expected.insert(id, prompts);
        runners.push(runner);
    }
    pass(3600).await;
    assert_eq!(server.sessions.awake_count(), 0, "nobody stays awake for it");
    assert_eq!(server.fakes.catalog.awake().await.unwrap(), []);
    assert!(recorded(&server).is_empty());
    let lag = server.sessions.run_lag().await.unwrap();
    // The batch that is tried again and again is of sessions that sleep like all others.
    assert_eq!(lag.waiting, 300);
    assert!(lag.failing_since.is_some() && lag.oldest.is_some());
    down.heal();
    pass(60).await;
    assert!(recorded(&server) == expected, "each once, in order");
    assert_eq!(server.sessions.awake_count(), 0);
    let lag = server.sessions.run_lag().await.unwrap();
    assert_eq!((lag.waiting, lag.oldest, lag.failing_since), (0, None, None));
    for id in expected.keys() {
        assert!(server.sessions.view(*id).await.unwrap().state.outbox.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn what_sleepers_owe_outlives_the_process_and_is_found_without_opening_the_others() {
    let mut server = Server::start().await;
    for session in 1..=5 {
        worked(&server, session, 1).await;
    }
    pass(3600).await;
    let down = &server.faults.run_history.faults;
    down.inject("record_unavailable", u32::MAX);
    let (owing, _runner, prompts) = worked(&server, 9, 2).await;
    pass(3600).await;
    assert_eq!(server.fakes.catalog.awake().await.unwrap(), []);
    assert_eq!(server.fakes.catalog.owing_runs(9).await.unwrap(), [owing]);
    server.crash().await;
    settle().await;
    assert_eq!(server.sessions.awake_count(), 1);
    pass(60).await;
    assert_eq!(recorded(&server)[&owing], prompts);
    assert_eq!(server.fakes.run_history.all().len(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_history_that_hangs_is_given_up_on_and_turns_do_not_wait_for_it() {
    let server = Server::start().await;
    server.faults.run_history.faults.inject("record_hangs", 1);
    let (id, mut runner, mut prompts) = worked(&server, 1, 1).await;
    let before = tokio::time::Instant::now();
    prompts.push(server.prompt(id, 2).await);
    runner.command().await;
    runner.complete(prompts[1]).await;
    assert!(before.elapsed() < Duration::from_secs(1));
    assert!(recorded(&server).is_empty());
    pass(40).await;
    assert_eq!(recorded(&server)[&id], prompts);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_refused_is_written_session_by_session() {
    let server = Server::start().await;
    let down = &server.faults.run_history.faults;
    down.inject("record_unavailable", u32::MAX);
    let mut kept = Vec::new();
    for session in 1..=4 {
        kept.push(worked(&server, session, 1).await);
    }
    down.heal();
    down.inject("record_refused_in_company", 1);
    pass(30).await;
    assert_eq!(server.fakes.run_history.all().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_refused_is_tried_again_later_and_stops_nobody() {
    let server = Server::start().await;
    server.faults.run_history.faults.inject("record_refused", 1);
    let (first, _runner, prompts) = worked(&server, 1, 1).await;
    let (second, _other, others) = worked(&server, 2, 1).await;
    settle().await;
    assert_eq!(recorded(&server), BTreeMap::from([(second, others.clone())]));
    pass(3 * 60).await;
    assert_eq!(
        recorded(&server),
        BTreeMap::from([(first, prompts), (second, others)])
    );
}

#[tokio::test(start_paused = true)]
async fn catalogue_a_session_whose_debt_cannot_be_noted_stays_awake_and_still_pays() {
    let server = Server::start().await;
    server
        .faults
        .run_history
        .faults
        .inject("record_unavailable", u32::MAX);
    server
        .faults
        .catalog
        .faults
        .inject("mark_owing_unavailable", u32::MAX);
    let (id, _runner, prompts) = worked(&server, 1, 1).await;
    pass(120).await;
    assert_eq!(server.sessions.awake_count(), 1);
    server.faults.run_history.faults.heal();
    pass(60).await;
    assert_eq!(recorded(&server)[&id], prompts);
    assert_eq!(server.sessions.awake_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn catalogue_sleepers_that_cannot_be_looked_up_are_looked_up_again() {
    let server = Server::start().await;
    server
        .faults
        .run_history
        .faults
        .inject("record_unavailable", u32::MAX);
    let mut expected = BTreeMap::new();
    for session in 1..=3 {
        let (id, _runner, prompts) = worked(&server, session, 1).await;
        expected.insert(id, prompts);
    }
    pass(120).await;
    server.faults.catalog.faults.inject("owing_unavailable", 2);
    server.faults.run_history.faults.heal();
    pass(120).await;
    assert_eq!(recorded(&server), expected);
}

#[tokio::test(start_paused = true)]
async fn a_confirmation_that_is_lost_is_made_up_for() {
    let server = Server::start().await;
    let (id, mut runner, mut prompts) = worked(&server, 1, 1).await;
    settle().await;
    let second = server.prompt(id, 2).await;
    runner.command().await;
    // The end of the turn is committed, what follows from it is not.
    runner.complete(second).await;
    server.faults.session_log.faults.inject("append_unavailable", 1);
    settle().await;
    prompts.push(second);
    pass(120).await;
    assert_eq!(recorded(&server)[&id], prompts);
    assert!(server.sessions.view(id).await.unwrap().state.outbox.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_removed_while_its_record_is_on_the_way_leaves_none() {
    let server = Server::start().await;
    let down = &server.faults.run_history.faults;
    down.inject("record_unavailable", u32::MAX);
    let (id, _runner, _) = worked(&server, 1, 2).await;
    let (other, _other_runner, prompts) = worked(&server, 2, 1).await;
    let mut reader = server.reader(id, 0).await;
    let delete = Command::Delete { by: Some(author()) };
    server.sessions.command(id, delete, None).await.unwrap();
    reader.end().await;
    down.heal();
    pass(60).await;
    assert_eq!(recorded(&server), BTreeMap::from([(other, prompts)]));
}
