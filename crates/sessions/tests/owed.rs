//! Commands to a runner are sent again by time, not only on a new connection.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(dead_code, reason = "the support is shared")]

mod support;

use std::time::Duration;

use protocol::{
    CommandId,
    keeper::EndCause,
    runner::{RunnerCommand, RunnerFrame, RunnerReport, ServerFrame, TurnOutcome},
};
use support::{Runner, Server, author, settle, text_event};

async fn given(runner: &mut Runner) -> (CommandId, RunnerCommand) {
    match runner.next().await {
        ServerFrame::Command { command_id, command } => (command_id, command),
        other => panic!("expected a command, got {other:?}"),
    }
}

async fn at_once(runner: &mut Runner) -> Option<ServerFrame> {
    let next = tokio::time::timeout(Duration::from_millis(1), runner.outgoing.next());
    next.await.ok().flatten()
}

async fn beat(runner: &Runner) {
    let generation = runner.generation;
    let frame = RunnerFrame::Heartbeat { generation };
    runner.incoming.frame(frame, 0).await.unwrap();
    settle().await;
}

#[tokio::test(start_paused = true)]
async fn a_command_that_nobody_confirms_is_sent_again_on_the_same_connection() {
    let server = Server::start().await;
    let id = server.session().await;
    server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    let first = given(&mut runner).await;
    beat(&runner).await;
    assert!(at_once(&mut runner).await.is_none(), "it may be on its way yet");
    beat(&runner).await;
    assert_eq!(given(&mut runner).await, first, "the same, with the same id");
    // And so on, until it is confirmed.
    beat(&runner).await;
    beat(&runner).await;
    assert_eq!(given(&mut runner).await, first);
    let (generation, command_id) = (runner.generation, first.0);
    let done = RunnerFrame::CommandDone {
        generation,
        command_id,
    };
    runner.incoming.frame(done, 0).await.unwrap();
    for _ in 0..5 {
        beat(&runner).await;
    }
    assert!(at_once(&mut runner).await.is_none(), "what is confirmed is not");
}

/// A runner that does not read for a while loses none.
#[tokio::test(start_paused = true)]
async fn a_command_that_found_no_room_is_sent_at_a_heartbeat() {
    let server = Server::start().await;
    let id = server.session().await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    given(&mut runner).await;
    // Acks fill the way out, since nobody takes them.
    for _ in 0..400 {
        runner.n += 1;
        let report = RunnerReport::Event {
            event: text_event("x"),
        };
        runner.send(runner.n, Some(prompt), report).await.unwrap();
        settle().await;
    }
    server
        .sessions
        .command(id, domain::session::Command::Interrupt { by: author() }, None)
        .await
        .unwrap();
    settle().await;
    while let Some(frame) = at_once(&mut runner).await {
        assert!(!matches!(frame, ServerFrame::Command { .. }), "there was no room");
    }
    beat(&runner).await;
    let again = async {
        loop {
            if let ServerFrame::Command {
                command: RunnerCommand::Interrupt { .. },
                ..
            } = runner.next().await
            {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(5), again).await.unwrap();
}

/// A runner that was killed leaves nothing to the next: what it was owed is settled with its turn.
#[tokio::test(start_paused = true)]
async fn what_a_dead_runner_was_owed_is_not_given_to_the_next() {
    let server = Server::start().await;
    let id = server.session().await;
    server.prompt(id, 1).await;
    let mut dead = server.runner().await;
    let first = given(&mut dead).await;
    assert!(matches!(first.1, RunnerCommand::Prompt { .. }));
    let second = server.prompt(id, 2).await;
    let cause = EndCause::Exited {
        code: None,
        signal: Some(9),
        stderr_tail: String::new(),
    };
    server.fakes.sandboxes.end(dead.hello.sandbox_id, cause);
    server.sessions.sandbox_ended(id, dead.generation).await;
    let mut next = server.runner().await;
    assert!(next.generation > dead.generation);
    let (_, command) = given(&mut next).await;
    assert!(matches!(command, RunnerCommand::Prompt { prompt_id, .. } if prompt_id == second));
    assert!(at_once(&mut next).await.is_none());
    // What the dead one still says, and confirms, changes nothing.
    let (generation, command_id) = (dead.generation, first.0);
    let done = RunnerFrame::CommandDone {
        generation,
        command_id,
    };
    let _ = dead.incoming.frame(done, 0).await;
    let _ = dead
        .send(
            2,
            Some(second),
            RunnerReport::TurnEnded {
                outcome: TurnOutcome::Cancelled,
            },
        )
        .await;
    next.complete(second).await;
    let mut reader = server.reader(id, 0).await;
    let seen = reader.until("prompt.completed").await;
    let count = |kind: &str| seen.iter().filter(|seen| *seen == kind).count();
    assert_eq!(
        (
            count("prompt.failed"),
            count("prompt.cancelled"),
            count("prompt.started")
        ),
        (1, 0, 2)
    );
}
