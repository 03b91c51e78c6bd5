//! One example for each rule a person relies on.

use std::time::Duration;

use protocol::{
    EventBody,
    event::PermissionRequested,
    keeper::EndCause,
    runner::{PermissionReply, RunnerReport},
    session::{SessionStatus, TurnError},
};

use super::world::{SECRET, World, author};
use crate::session::{Command, Effect, Observed, OwedCommand, Phase, Refusal, Reply, hash_secret};

#[test]
fn a_first_prompt_starts_a_sandbox_and_runs_when_it_is_ready() {
    let mut world = World::new();
    assert_eq!(world.status(), SessionStatus::Idle);
    let prompt = world.prompt(1);
    assert_eq!(world.status(), SessionStatus::Starting);
    assert!(matches!(
        world.effects.last(),
        Some(Effect::StartSandbox { generation: 1, .. })
    ));
    world.ready();
    assert_eq!(world.status(), SessionStatus::Running);
    assert!(matches!(world.owed()[0].1, OwedCommand::Prompt { prompt_id } if prompt_id == prompt));
    world.text(prompt, "hello");
    world.complete(prompt);
    assert_eq!(world.status(), SessionStatus::Idle);
    assert_eq!(world.state.outbox.len(), 1);
    assert_eq!(world.state.outbox[0].prompt_id, prompt);
}

#[test]
fn a_repository_is_prepared_before_the_first_prompt() {
    let world = World::with_repository();
    assert_eq!(world.status(), SessionStatus::Starting);
}

#[test]
fn prompts_run_one_after_another_in_order() {
    let mut world = World::new();
    let (first, second) = (world.prompt(1), world.prompt(2));
    world.ready();
    assert_eq!(world.state.turn.as_ref().unwrap().prompt.id, first);
    world.complete(first);
    assert_eq!(world.state.turn.as_ref().unwrap().prompt.id, second);
}

#[test]
fn the_queue_is_bounded() {
    let mut world = World::new();
    world.policy.max_queued = 2;
    world.prompt(1);
    world.prompt(2);
    let third = super::world::prompt(protocol::PromptId::from_bits(3));
    assert_eq!(
        world.give(Command::Enqueue(Box::new(third))),
        Err(Refusal::QueueFull { limit: 2 })
    );
}

#[test]
fn an_interrupt_ends_the_turn_at_once_and_holds_the_next_until_confirmed() {
    let mut world = World::new();
    let (first, second) = (world.prompt(1), world.prompt(2));
    world.ready();
    world.give(Command::Interrupt { by: author() }).unwrap();
    assert!(world.kinds().contains(&"prompt.cancelled"));
    assert!(world.state.turn.is_none());
    assert_eq!(world.status(), SessionStatus::Queued);
    // What the runner has not taken yet is taken back; the interrupt is owed.
    assert!(
        matches!(world.owed().as_slice(), [(_, OwedCommand::Interrupt { prompt_id })] if *prompt_id == first)
    );
    world.complete(first);
    assert_eq!(world.state.turn.as_ref().unwrap().prompt.id, second);
    assert_eq!(
        world
            .kinds()
            .iter()
            .filter(|kind| **kind == "prompt.cancelled")
            .count(),
        1
    );
    assert!(!world.kinds().contains(&"prompt.completed"));
}

#[test]
fn an_unconfirmed_interrupt_replaces_the_sandbox() {
    let mut world = World::new();
    world.prompt(1);
    let second = world.prompt(2);
    world.ready();
    world.give(Command::Interrupt { by: author() }).unwrap();
    world.forget_effects();
    world.pass(world.policy.interrupt);
    assert_eq!(world.phase(), Some(Phase::Stopping));
    assert!(matches!(
        world.effects.as_slice(),
        [Effect::StopSandbox { generation: 1, .. }]
    ));
    world.give(Command::SandboxStopped { generation: 1 }).unwrap();
    world.ready();
    assert_eq!(world.state.turn.as_ref().unwrap().prompt.id, second);
    assert_eq!(world.state.generation, 2);
}

#[test]
fn reports_are_taken_exactly_once_and_without_gaps() {
    let mut world = World::new();
    let prompt = world.prompt(1);
    world.ready();
    world.text(prompt, "once");
    let (head, acked) = (world.state.head, world.state.sandbox.as_ref().unwrap().acked);
    let event = EventBody::from(protocol::event::FileChanged { path: "a".into() });
    let report = |n| Command::RunnerReport {
        generation: 1,
        n,
        prompt_id: Some(prompt),
        report: Box::new(RunnerReport::Event { event: event.clone() }),
    };
    assert_eq!(world.give(report(acked)), Ok(Reply::Acked { n: acked }));
    assert_eq!(world.state.head, head);
    assert_eq!(
        world.give(report(acked + 2)),
        Err(Refusal::Gap { expected: acked + 1 })
    );
    assert_eq!(world.give(report(acked + 1)), Ok(Reply::Acked { n: acked + 1 }));
}

#[test]
fn the_one_time_token_is_exchanged_once_for_one_secret() {
    let mut world = World::new();
    world.prompt(1);
    let token = world.token();
    let hello = |credential: &str, secret: &str| Command::RunnerHello {
        generation: 1,
        credential_hash: hash_secret(credential),
        secret_hash: hash_secret(secret),
        runner_version: "1".into(),
    };
    assert_eq!(world.give(hello("guessed", SECRET)), Err(Refusal::BadCredential));
    assert!(world.give(hello(&token, SECRET)).is_ok());
    // The answer was lost: the same again is fine. Another secret is not.
    assert!(world.give(hello(&token, SECRET)).is_ok());
    assert!(world.give(hello(SECRET, SECRET)).is_ok());
    assert_eq!(world.give(hello(&token, "other")), Err(Refusal::BadCredential));
    assert_eq!(world.give(hello("guessed", SECRET)), Err(Refusal::BadCredential));
}

#[test]
fn an_older_generation_is_refused() {
    let mut world = World::new();
    world.prompt(1);
    world.ready();
    let ended = Observed::Ended(EndCause::Exited {
        code: None,
        signal: Some(9),
        stderr_tail: String::new(),
    });
    world
        .give(Command::SandboxObserved {
            generation: 1,
            observed: ended,
            link_seen: None,
        })
        .unwrap();
    assert!(world.kinds().contains(&"prompt.failed"));
    let late = RunnerReport::TurnEnded {
        outcome: protocol::runner::TurnOutcome::Cancelled,
    };
    let late = Command::RunnerReport {
        generation: 1,
        n: 9,
        prompt_id: None,
        report: Box::new(late),
    };
    assert_eq!(world.give(late), Err(Refusal::Fenced { generation: 1 }));
}

#[test]
fn a_lost_sandbox_fails_the_turn_and_the_next_prompt_goes_on_in_a_new_one() {
    let mut world = World::new();
    world.prompt(1);
    world.ready();
    world
        .give(Command::SandboxObserved {
            generation: 1,
            observed: Observed::Unknown,
            link_seen: None,
        })
        .unwrap();
    assert_eq!(world.status(), SessionStatus::Hibernated);
    let second = world.prompt(2);
    world.ready();
    assert_eq!(world.state.generation, 2);
    assert_eq!(world.state.turn.as_ref().unwrap().prompt.id, second);
}

#[test]
fn transient_failures_are_tried_again_and_then_fail_what_waits() {
    let mut world = World::new();
    world.prompt(1);
    for generation in 1..=3 {
        let cause = "busy".to_owned();
        world
            .give(Command::SandboxStartFailed {
                generation,
                cause,
                retryable: true,
            })
            .unwrap();
    }
    assert_eq!(world.state.generation, 3);
    assert_eq!(world.status(), SessionStatus::Failed);
    assert!(world.kinds().contains(&"prompt.failed"));
    // A person tries again.
    world.prompt(2);
    assert_eq!(world.status(), SessionStatus::Starting);
}

#[test]
fn a_broken_workspace_fails_what_waits_with_its_reason() {
    let mut world = World::with_repository();
    world.prompt(1);
    world.hello().unwrap();
    let error = TurnError {
        code: "clone_failed".into(),
        message: "no such repository".into(),
        next_step: "check the URL".into(),
        detail: None,
    };
    world
        .report(None, RunnerReport::Broken { error: error.clone() })
        .unwrap();
    let failed = world.events().find_map(|event| match event {
        EventBody::PromptFailed(data) => Some(data.error.clone()),
        _ => None,
    });
    assert_eq!(failed, Some(error));
    world.give(Command::SandboxStopped { generation: 1 }).unwrap();
    assert_eq!(world.status(), SessionStatus::Failed);
}

#[test]
fn an_idle_session_hibernates_and_the_next_prompt_wakes_it() {
    let mut world = World::new();
    let first = world.prompt(1);
    world.ready();
    world.complete(first);
    world.pass(world.policy.hibernate);
    assert_eq!(world.phase(), Some(Phase::Stopping));
    assert_eq!(world.status(), SessionStatus::Hibernated);
    // A prompt that comes while it is being stopped waits for that, then wakes it.
    world.prompt(2);
    world.give(Command::SandboxStopped { generation: 1 }).unwrap();
    assert_eq!(world.phase(), Some(Phase::Starting));
    assert_eq!(world.state.agent_session_id.as_deref(), Some("conversation"));
}

#[test]
fn a_permission_is_asked_answered_once_and_passed_on() {
    let mut world = World::new();
    let prompt = world.prompt(1);
    world.ready();
    let asked = PermissionRequested {
        permission_id: "per_1".into(),
        tool: "bash".into(),
        title: "ls".into(),
        patterns: vec![],
        details: serde_json::Value::Null,
    };
    world
        .report(Some(prompt), RunnerReport::Event { event: asked.into() })
        .unwrap();
    assert_eq!(world.status(), SessionStatus::Waiting);
    let answer = || Command::AnswerPermission {
        permission_id: "per_1".into(),
        reply: PermissionReply::Once,
        message: None,
        by: author(),
    };
    world.give(answer()).unwrap();
    assert_eq!(world.status(), SessionStatus::Running);
    assert!(
        world
            .owed()
            .iter()
            .any(|(_, owed)| matches!(owed, OwedCommand::Permission { .. }))
    );
    assert_eq!(world.give(answer()), Err(Refusal::AlreadyAnswered));
}

#[test]
fn what_an_agent_asks_for_is_bounded() {
    let mut world = World::new();
    let prompt = world.prompt(1);
    world.ready();
    let mut ask = |id: String| {
        let asked = PermissionRequested {
            permission_id: id,
            tool: "bash".into(),
            title: "ls".into(),
            patterns: vec![],
            details: serde_json::Value::Null,
        };
        world
            .report(Some(prompt), RunnerReport::Event { event: asked.into() })
            .unwrap();
        (
            world.kinds().last().map(|kind| (*kind).to_owned()),
            world.state.permissions.len(),
        )
    };
    let (kind, kept) = ask("x".repeat(100_000));
    assert_eq!((kind.as_deref(), kept), (Some("error.raised"), 0));
    for n in 0..200 {
        ask(format!("per_{n}"));
    }
    let (kind, kept) = ask("one_more".into());
    assert_eq!((kind.as_deref(), kept), (Some("error.raised"), 64));
}

#[test]
fn a_runner_cannot_speak_for_the_server() {
    let mut world = World::new();
    let prompt = world.prompt(1);
    world.ready();
    let forged = protocol::event::UsageRecorded {
        provider: "x".into(),
        model: "y".into(),
        tokens: protocol::session::Tokens {
            input: 1,
            ..Default::default()
        },
        cost_micro_usd: None,
        source: "metered".into(),
        duration_ms: 0,
    };
    world
        .report(Some(prompt), RunnerReport::Event { event: forged.into() })
        .unwrap();
    assert!(!world.kinds().contains(&"usage.recorded"));
    assert_eq!(world.kinds().last(), Some(&"error.raised"));
    let unknown = EventBody::Unknown {
        kind: "hologram.shown".into(),
        data: serde_json::json!({"a": 1}),
    };
    world
        .report(Some(prompt), RunnerReport::Event { event: unknown })
        .unwrap();
    assert_eq!(world.kinds().last(), Some(&"hologram.shown"));
}

#[test]
fn silence_is_looked_into_before_it_is_judged() {
    let mut world = World::new();
    world.prompt(1);
    world.ready();
    world.forget_effects();
    world.pass(world.policy.stale);
    assert!(matches!(
        world.effects.as_slice(),
        [Effect::ObserveSandbox { generation: 1, .. }]
    ));
    world
        .give(Command::SandboxObserved {
            generation: 1,
            observed: Observed::Running(None),
            link_seen: None,
        })
        .unwrap();
    assert_eq!(world.status(), SessionStatus::Running);
    world.now = world.now.after(world.policy.unreachable + Duration::from_secs(1));
    world
        .give(Command::SandboxObserved {
            generation: 1,
            observed: Observed::Running(None),
            link_seen: None,
        })
        .unwrap();
    assert!(world.kinds().contains(&"sandbox.lost"));
}

#[test]
fn a_deleted_session_is_purged_once_nothing_runs() {
    let mut world = World::new();
    world.prompt(1);
    world.ready();
    world.give(Command::Delete { by: Some(author()) }).unwrap();
    assert!(!world.effects.contains(&Effect::Purge));
    world.give(Command::SandboxStopped { generation: 1 }).unwrap();
    assert!(world.effects.contains(&Effect::Purge));
}

#[test]
fn after_a_crash_a_sandbox_without_its_token_is_looked_for_and_replaced() {
    let mut world = World::new();
    world.prompt(1);
    world.forget_effects();
    world.give(Command::Recover).unwrap();
    assert!(matches!(
        world.effects.as_slice(),
        [Effect::ObserveSandbox { generation: 1, .. }]
    ));
    world
        .give(Command::SandboxObserved {
            generation: 1,
            observed: Observed::Unknown,
            link_seen: None,
        })
        .unwrap();
    assert_eq!(world.state.generation, 2);
    world.ready();
    assert_eq!(world.status(), SessionStatus::Running);
}

#[test]
fn a_long_answer_that_is_still_being_streamed_is_not_given_up() {
    let mut world = World::new();
    world.prompt(1);
    world.ready();
    let limit = world.policy.first_output;
    let streamed = world.now.after(limit - Duration::from_secs(5));
    world.now = world.now.after(limit);
    let look = |seen| Command::AlarmDue {
        link_seen: Some(seen),
        preview_seen: Some(seen),
    };
    world.give(look(streamed)).unwrap();
    assert_eq!(world.status(), SessionStatus::Running);
    // Nothing more came: the limit counts from the last preview.
    world.now = streamed.after(limit);
    world.give(look(streamed)).unwrap();
    assert!(world.kinds().contains(&"prompt.failed"));
}
