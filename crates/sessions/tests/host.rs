//! The host with fakes: turns, crashes, faults, sleep.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use domain::session::Command;
use ports::sandbox::SandboxError;
use protocol::{
    EventBody, PromptId, SessionId,
    keeper::EndCause,
    runner::{RunnerCommand, RunnerFrame, RunnerReport, ServerFrame, TurnOutcome},
    session::SessionStatus,
};
use sessions::{Created, SessionError};
use support::{Server, author, key, profile, queued, settle, text_event};

#[tokio::test(start_paused = true)]
async fn a_turn_goes_through_and_lands_in_the_history() {
    let server = Server::start().await;
    let id = server.session().await;
    let mut reader = server.reader(id, 0).await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    assert!(matches!(runner.command().await, RunnerCommand::Prompt { prompt_id, .. } if prompt_id == prompt));
    runner.text(prompt, "hello").await;
    runner.complete(prompt).await;
    let seen = reader.until("prompt.completed").await;
    assert_eq!(seen.iter().filter(|kind| *kind == "message.text").count(), 1);
    settle().await;
    assert_eq!(server.fakes.run_history.all().len(), 1);
    let view = server.sessions.view(id).await.unwrap();
    assert_eq!(view.status, SessionStatus::Idle);
    assert!(view.state.outbox.is_empty());
}

#[tokio::test(start_paused = true)]
async fn reports_sent_twice_are_in_the_log_once() {
    let server = Server::start().await;
    let id = server.session().await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    runner.text(prompt, "once").await;
    let n = runner.n;
    runner
        .send(
            n,
            Some(prompt),
            RunnerReport::Event {
                event: text_event("once"),
            },
        )
        .await
        .unwrap();
    assert!(matches!(runner.next().await, ServerFrame::Ack { n: acked } if acked == n));
    let page = server.sessions.events(id, 0, 1000).await.unwrap();
    assert_eq!(
        page.events
            .iter()
            .filter(|event| event.body.kind() == "message.text")
            .count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn a_crash_in_mid_turn_loses_nothing_acked_and_the_turn_goes_on() {
    let mut server = Server::start().await;
    let id = server.session().await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    runner.text(prompt, "before").await;
    let before = server.sessions.events(id, 0, 1000).await.unwrap();

    server.crash().await;

    let acked = runner.reconnect(&server).await;
    assert_eq!(acked, runner.n);
    runner.text(prompt, "after").await;
    runner.complete(prompt).await;
    let mut reader = server.reader(id, before.head).await;
    let seen = reader.until("prompt.completed").await;
    assert!(seen.contains(&"message.text".to_owned()));
    let all = server.sessions.events(id, 0, 1000).await.unwrap();
    assert_eq!(&all.events[..before.events.len()], &before.events[..]);
    assert!(
        all.events
            .iter()
            .enumerate()
            .all(|(i, event)| event.seq == i as u64 + 1)
    );
}

#[tokio::test(start_paused = true)]
async fn commands_not_confirmed_before_a_crash_are_sent_again() {
    let mut server = Server::start().await;
    let id = server.session().await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    // The prompt was sent, the runner never got to confirm it.
    assert!(matches!(runner.next().await, ServerFrame::Command { .. }));
    server.crash().await;
    runner.reconnect(&server).await;
    assert!(matches!(runner.command().await, RunnerCommand::Prompt { prompt_id, .. } if prompt_id == prompt));
}

#[tokio::test(start_paused = true)]
async fn a_crash_while_a_sandbox_starts_opens_a_new_generation() {
    let mut server = Server::start().await;
    let id = server.session().await;
    server.fakes.sandboxes.hold_starts();
    server.prompt(id, 1).await;
    server.crash().await;
    server.fakes.sandboxes.let_starts_go();
    let mut runner = server.runner().await;
    assert!(matches!(runner.command().await, RunnerCommand::Prompt { .. }));
    assert!(runner.generation >= 2);
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_refuses_and_the_next_command_works() {
    let server = Server::start().await;
    let id = server.session().await;
    let head = server.sessions.events(id, 0, 1000).await.unwrap().head;
    server.faults.session_log.faults.inject("append_full", 1);
    let refused = server.try_prompt(id, 1, None).await;
    assert!(matches!(
        refused,
        Err(SessionError::Store(ports::StoreError::Full))
    ));
    assert_eq!(server.sessions.events(id, 0, 1000).await.unwrap().head, head);
    assert!(
        server.fakes.sandboxes.started().is_empty(),
        "no effect of facts that were not kept"
    );
    server.try_prompt(id, 2, None).await.unwrap();
    server.fakes.sandboxes.next_start().await;
}

#[tokio::test(start_paused = true)]
async fn an_append_of_unknown_outcome_is_read_again_before_anything_is_said() {
    let server = Server::start().await;
    let id = server.session().await;
    server
        .faults
        .session_log
        .faults
        .inject("append_unknown_written", 1);
    let entry = key(&server, "k", 1);
    assert!(server.try_prompt(id, 1, Some(entry.clone())).await.is_err());
    // The same again: it was written, so it is the same prompt.
    let answer = server.try_prompt(id, 2, Some(entry)).await.unwrap();
    assert_eq!(queued(&answer), PromptId::from_bits(1));
    let page = server.sessions.events(id, 0, 1000).await.unwrap();
    assert_eq!(
        page.events
            .iter()
            .filter(|event| event.body.kind() == "prompt.queued")
            .count(),
        1
    );
    let mut runner = server.runner().await;
    assert!(matches!(runner.command().await, RunnerCommand::Prompt { .. }));

    server.faults.session_log.faults.inject("append_unknown_lost", 1);
    assert!(server.try_prompt(id, 3, None).await.is_err());
    let page = server.sessions.events(id, 0, 1000).await.unwrap();
    assert_eq!(
        page.events
            .iter()
            .filter(|event| event.body.kind() == "prompt.queued")
            .count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn a_fenced_owner_leaves_and_the_next_command_finds_a_new_one() {
    let server = Server::start().await;
    let id = server.session().await;
    server.faults.session_log.faults.inject("append_fenced", 1);
    assert!(server.try_prompt(id, 1, None).await.is_err());
    server.try_prompt(id, 2, None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_history_that_is_down_delays_the_record_and_nothing_else() {
    let mut server = Server::start().await;
    server
        .faults
        .run_history
        .faults
        .inject("record_unavailable", u32::MAX);
    let id = server.session().await;
    let first = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    runner.complete(first).await;
    let second = server.prompt(id, 2).await;
    runner.command().await;
    runner.complete(second).await;
    server.crash().await;
    settle().await;
    let view = server.sessions.view(id).await.unwrap();
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert!(view.state.outbox.len() <= 2);
    let mut prompts: Vec<_> = server
        .fakes
        .run_history
        .all()
        .into_iter()
        .map(|run| run.prompt_id)
        .collect();
    prompts.sort();
    assert_eq!(prompts, [first, second]);
}

#[tokio::test(start_paused = true)]
async fn the_same_key_is_the_same_prompt_and_another_body_a_conflict() {
    let mut server = Server::start().await;
    let id = server.session().await;
    let first = server
        .try_prompt(id, 1, Some(key(&server, "k", 1)))
        .await
        .unwrap();
    let again = server
        .try_prompt(id, 2, Some(key(&server, "k", 1)))
        .await
        .unwrap();
    assert_eq!(queued(&first), queued(&again));
    let other = server.try_prompt(id, 3, Some(key(&server, "k", 9))).await;
    assert!(matches!(other, Err(SessionError::IdempotencyConflict)));
    server.crash().await;
    let again = server
        .try_prompt(id, 4, Some(key(&server, "k", 1)))
        .await
        .unwrap();
    assert_eq!(queued(&first), queued(&again));
}

#[tokio::test(start_paused = true)]
async fn creating_again_with_the_same_key_finds_the_session() {
    let server = Server::start().await;
    let create = |n: u128| {
        server
            .sessions
            .create(profile(SessionId::from_bits(n)), None, Some(key(&server, "c", 1)))
    };
    let Created::New { view, .. } = create(1).await.unwrap() else {
        panic!("new")
    };
    let Created::Existing { view: again } = create(2).await.unwrap() else {
        panic!("existing")
    };
    assert_eq!(
        view.state.profile.as_ref().unwrap().id,
        again.state.profile.as_ref().unwrap().id
    );
}

#[tokio::test(start_paused = true)]
async fn a_creation_cut_short_is_finished_by_its_repeat() {
    let server = Server::start().await;
    server.faults.session_log.faults.inject("create_full", 1);
    let create = |n: u128| {
        server
            .sessions
            .create(profile(SessionId::from_bits(n)), None, Some(key(&server, "c", 1)))
    };
    assert!(create(1).await.is_err());
    create(2).await.unwrap();
    server.sessions.view(SessionId::from_bits(1)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_idle_session_leaves_memory_and_a_command_brings_it_back() {
    let server = Server::start().await;
    let id = server.session().await;
    let mut reader = server.reader(id, 0).await;
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert!(!server.fakes.session_log.is_owned(id), "the log is released");
    assert_eq!(server.fakes.catalog.is_awake(id), Some(false));
    server.prompt(id, 1).await;
    assert_eq!(server.fakes.catalog.is_awake(id), Some(true));
    reader.until("prompt.queued").await;
}

#[tokio::test(start_paused = true)]
async fn a_sleeping_session_hibernates_its_sandbox_when_its_alarm_is_due() {
    let server = Server::start().await;
    let id = server.session().await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    runner.complete(prompt).await;
    let heart = async {
        loop {
            tokio::time::sleep(Duration::from_secs(15)).await;
            let generation = runner.generation;
            if runner
                .incoming
                .frame(RunnerFrame::Heartbeat { generation }, 0)
                .await
                .is_err()
            {
                return;
            }
        }
    };
    tokio::select! {
        () = heart => {}
        () = tokio::time::sleep(Duration::from_secs(17 * 60)) => {}
    }
    assert_eq!(server.fakes.sandboxes.stopped().len(), 1);
    let view = server.sessions.view(id).await.unwrap();
    assert_eq!(view.status, SessionStatus::Hibernated);
    let prompt = server.prompt(id, 2).await;
    let mut runner = server.runner().await;
    assert!(matches!(runner.command().await, RunnerCommand::Prompt { prompt_id, .. } if prompt_id == prompt));
}

#[tokio::test(start_paused = true)]
async fn a_reader_far_behind_gets_everything_from_the_log() {
    let server = Server::start().await;
    let id = server.session().await;
    let mut slow = server.reader(id, 0).await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    for i in 0..500 {
        runner.text(prompt, &i.to_string()).await;
    }
    runner.complete(prompt).await;
    let seen = slow.until("prompt.completed").await;
    assert_eq!(seen.iter().filter(|kind| *kind == "message.text").count(), 500);
}

#[tokio::test(start_paused = true)]
async fn large_events_reach_readers_through_the_log() {
    let server = Server::start().await;
    let id = server.session().await;
    let mut reader = server.reader(id, 0).await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    runner.text(prompt, "small").await;
    for _ in 0..5 {
        runner.text(prompt, &"x".repeat(600_000)).await;
    }
    runner.text(prompt, "small").await;
    runner.complete(prompt).await;
    let seen = reader.until("prompt.completed").await;
    assert_eq!(seen.iter().filter(|kind| *kind == "message.text").count(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_sandbox_that_ends_fails_its_turn_with_the_reason() {
    let server = Server::start().await;
    let id = server.session().await;
    let mut reader = server.reader(id, 0).await;
    server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    let cause = EndCause::Limit {
        which: "memory".into(),
        limit: 1,
        seen: 2,
    };
    server.fakes.sandboxes.end(runner.hello.sandbox_id, cause);
    server.sessions.sandbox_ended(id, runner.generation).await;
    loop {
        if let (_, EventBody::PromptFailed(failed)) = reader.event().await {
            assert!(
                failed.error.message.contains("memory limit"),
                "{}",
                failed.error.message
            );
            break;
        }
    }
    // The runner of the ended generation is told so.
    let late = runner
        .send(
            99,
            None,
            RunnerReport::TurnEnded {
                outcome: TurnOutcome::Cancelled,
            },
        )
        .await;
    assert!(late.is_ok(), "taken, and answered on the link");
    while let Some(frame) = runner.outgoing.next().await {
        if matches!(frame, ServerFrame::Fenced { .. }) {
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_fails_for_good_is_said_so() {
    let server = Server::start().await;
    let id = server.session().await;
    server
        .fakes
        .sandboxes
        .fail_next_start(SandboxError::Permanent("no user namespaces".into()));
    let mut reader = server.reader(id, 0).await;
    server.prompt(id, 1).await;
    let seen = reader.until("prompt.failed").await;
    assert!(seen.contains(&"sandbox.failed".to_owned()));
    let view = server.sessions.view(id).await.unwrap();
    assert_eq!(view.status, SessionStatus::Failed);
    assert!(view.why.message.contains("no user namespaces"));
}

#[tokio::test(start_paused = true)]
async fn a_deleted_session_leaves_nothing() {
    let server = Server::start().await;
    let id = server.session().await;
    let mut reader = server.reader(id, 0).await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    runner.text(prompt, "x").await;
    server
        .sessions
        .command(id, Command::Delete { by: Some(author()) }, None)
        .await
        .unwrap();
    reader.end().await;
    assert!(server.fakes.run_history.all().is_empty());
    assert!(server.fakes.session_log.facts(id).is_empty());
    assert!(!server.fakes.sandboxes.has_workspace(id));
    assert_eq!(server.fakes.catalog.is_awake(id), None);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_beyond_the_end_is_refused() {
    let server = Server::start().await;
    let id = server.session().await;
    let head = server.sessions.events(id, 0, 10).await.unwrap().head;
    assert!(matches!(
        server.sessions.events(id, head + 1, 10).await,
        Err(SessionError::CursorAhead { .. })
    ));
    assert!(matches!(
        server.sessions.subscribe(id, head + 1).await,
        Err(SessionError::CursorAhead { .. })
    ));
    assert!(matches!(
        server.sessions.events(SessionId::from_bits(9), 0, 10).await,
        Err(SessionError::NotFound)
    ));
}

#[tokio::test(start_paused = true)]
async fn what_a_sandbox_says_is_kept_only_within_bounds() {
    let server = Server::start().await;
    let id = server.session().await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    runner.text(prompt, &"x".repeat(5 << 20)).await;
    let facts = server.fakes.session_log.facts(id);
    let longest = facts.iter().map(|fact| fact.body.len()).max();
    assert!(longest.is_some_and(|longest| longest <= 1 << 20), "{longest:?}");
    let page = server.sessions.events(id, 0, 1000).await.unwrap();
    let kept = page.events.iter().find_map(|event| match &event.body {
        EventBody::MessageText(message) => Some(message.text.as_str()),
        _ => None,
    });
    assert!(kept.unwrap().ends_with("more bytes]"));
}

#[tokio::test(start_paused = true)]
async fn a_turn_whose_answer_is_streamed_for_long_goes_on() {
    let server = Server::start().await;
    let id = server.session().await;
    let prompt = server.prompt(id, 1).await;
    let mut runner = server.runner().await;
    runner.command().await;
    for minute in 0..25 {
        tokio::time::sleep(Duration::from_secs(60)).await;
        let delta = protocol::runner::Delta {
            message_id: "m".into(),
            part_id: "p".into(),
            kind: protocol::runner::DeltaKind::Text,
            offset: minute,
            text: "x".into(),
        };
        let frame = RunnerFrame::Delta {
            generation: runner.generation,
            prompt_id: prompt,
            delta,
        };
        runner.incoming.frame(frame, 64).await.unwrap();
    }
    assert_eq!(
        server.sessions.view(id).await.unwrap().status,
        SessionStatus::Running
    );
    tokio::time::sleep(Duration::from_secs(11 * 60)).await;
    let page = server.sessions.events(id, 0, 1000).await.unwrap();
    assert!(
        page.events
            .iter()
            .any(|event| event.body.kind() == "prompt.failed")
    );
}
