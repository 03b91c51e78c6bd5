//! A provider that ends its sandboxes: work is kept before that, and goes on in the next one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg_attr(
    test,
    expect(dead_code, reason = "each test file uses its part of the support")
)]
mod support;

use std::time::Duration;

use ports::{Clock, sandbox::SandboxExpiry};
use protocol::{PromptId, SandboxId, SessionId, runner::RunnerCommand, session::SessionStatus};
use support::{Runner, Server, settle};

const MINUTE: Duration = Duration::from_secs(60);

/// A turn runs in a sandbox that ends after an hour; fifty minutes of work have passed.
async fn near_its_end(server: &Server) -> (SessionId, PromptId, Runner) {
    let at = server.clock.now().after(60 * MINUTE);
    server.fakes.sandboxes.expire(Some(SandboxExpiry {
        at,
        can_snapshot: true,
    }));
    let id = server.session().await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    assert!(matches!(runner.command().await, RunnerCommand::Prompt { .. }));
    for _ in 0..51 {
        tokio::time::sleep(MINUTE).await;
        runner.text(prompt, "at it").await;
    }
    server.fakes.sandboxes.expire(None);
    assert_eq!(
        server.sessions.view(id).await.unwrap().status,
        SessionStatus::Running,
        "the turn is not cut"
    );
    (id, prompt, runner)
}

fn first_sandbox(server: &Server) -> SandboxId {
    server.fakes.sandboxes.started()[0].sandbox_id
}

async fn kinds(server: &Server, id: SessionId) -> Vec<String> {
    let page = server.sessions.events(id, 0, 1_000).await.unwrap();
    page.events
        .iter()
        .map(|event| event.body.kind().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn work_is_kept_before_the_end_and_goes_on_in_the_next_sandbox() {
    let server = Server::start().await;
    let (id, first, mut runner) = near_its_end(&server).await;
    let second = server.prompt(id, 2).await;
    runner.complete(first).await;
    let mut next = server.runner().await;
    assert_eq!(next.generation, 2);
    let command = next.command().await;
    assert!(matches!(command, RunnerCommand::Prompt { prompt_id, .. } if prompt_id == second));
    assert_eq!(server.fakes.sandboxes.snapshots(), [first_sandbox(&server)]);
    assert_eq!(server.fakes.sandboxes.stopped(), [first_sandbox(&server)]);
    let kinds = kinds(&server, id).await;
    let place = |kind: &str| kinds.iter().position(|other| other == kind).unwrap();
    assert!(place("prompt.completed") < place("sandbox.snapshotted"));
    assert!(place("sandbox.snapshotted") < place("sandbox.stopped"));
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_that_fails_or_hangs_is_told_and_work_goes_on() {
    for fault in ["snapshot_transient", "snapshot_hangs"] {
        let server = Server::start().await;
        let (id, first, mut runner) = near_its_end(&server).await;
        server.faults.sandboxes.faults.inject(fault, 1);
        server.prompt(id, 2).await;
        runner.complete(first).await;
        assert_eq!(server.runner().await.generation, 2, "{fault}");
        assert!(server.fakes.sandboxes.snapshots().is_empty());
        assert_eq!(server.fakes.sandboxes.stopped(), [first_sandbox(&server)]);
        assert!(kinds(&server, id).await.contains(&"error.raised".to_owned()));
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_the_snapshot_is_made_by_the_next_owner() {
    let mut server = Server::start().await;
    let (id, first, mut runner) = near_its_end(&server).await;
    server.faults.sandboxes.faults.inject("snapshot_hangs", 1);
    runner.complete(first).await;
    settle().await;
    server.crash().await;
    settle().await;
    server.sessions.view(id).await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(server.fakes.sandboxes.snapshots(), [first_sandbox(&server)]);
    assert_eq!(
        server.sessions.view(id).await.unwrap().status,
        SessionStatus::Hibernated
    );
}

#[tokio::test(start_paused = true)]
async fn a_sandbox_whose_end_is_not_known_is_asked_about_again_and_then_not_used() {
    let server = Server::start().await;
    server.faults.sandboxes.faults.inject("expiry_unavailable", 1);
    let id = server.session().await;
    server.prompt(id, 1).await;
    assert_eq!(server.runner().await.generation, 1);

    let server = Server::start().await;
    server.faults.sandboxes.faults.inject("expiry_unavailable", 4);
    let id = server.session().await;
    let prompt = server.prompt(id, 1).await;
    let stray = server.fakes.sandboxes.next_start().await;
    let mut runner = server.runner().await;
    assert_eq!(runner.generation, 2);
    let command = runner.command().await;
    assert!(matches!(command, RunnerCommand::Prompt { prompt_id, .. } if prompt_id == prompt));
    assert_eq!(server.fakes.sandboxes.stopped(), [stray.sandbox_id]);
}
