//! Ends that come from outside, and attempts that fail: what is kept, what waits, what is tried again.

use std::time::Duration;

use protocol::{
    EventBody, PromptId,
    runner::RunnerReport,
    session::{SessionStatus, TurnError},
};

use super::world::{World, author, isolation};
use crate::session::{Alarm, Command, Effect, Expiry, Observed, Phase, earliest, why};

const HOUR: Duration = Duration::from_secs(3_600);

fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

/// A turn runs in a sandbox that its provider ends after `life`.
fn expiring(life: Duration, can_snapshot: bool) -> (World, PromptId) {
    let mut world = World::new();
    let id = world.prompt(1);
    let at = world.now.after(life);
    let expiry = Some(Expiry { at, can_snapshot });
    world
        .give(Command::SandboxStarted {
            generation: 1,
            isolation: isolation(),
            expiry,
        })
        .unwrap();
    world.ready();
    (world, id)
}

/// Goes on until `span` from the start of the sandbox; the agent is heard of all the time.
fn work_until(world: &mut World, id: PromptId, span: Duration) {
    let end = world.state.sandbox.as_ref().unwrap().requested_at.after(span);
    while world.now < end {
        let step = end.since(world.now).min(minutes(5));
        world.now = world.now.after(step);
        if world.state.turn.is_some() {
            world.text(id, "at it");
        }
        world.pass(Duration::ZERO);
    }
}

#[test]
fn before_its_providers_end_a_sandbox_is_kept_stopped_and_replaced() {
    let (mut world, first) = expiring(HOUR, true);
    work_until(&mut world, first, HOUR - minutes(10));
    assert!(world.state.sandbox.as_ref().unwrap().retiring);
    assert_eq!(world.status(), SessionStatus::Running, "the turn goes on");
    let second = world.prompt(2);
    world.forget_effects();
    world.complete(first);
    // No turn is dispatched into it any more.
    assert_eq!(
        (world.phase(), world.status()),
        (Some(Phase::Saving), SessionStatus::Queued)
    );
    assert!(matches!(
        world.effects.as_slice(),
        [.., Effect::SnapshotSandbox { generation: 1, .. }]
    ));
    assert_eq!(why(&world.state, &world.policy).cause, "sandbox_expiring");
    world
        .give(Command::SandboxSnapshotted {
            generation: 1,
            reference: "im-1".into(),
        })
        .unwrap();
    assert!(world.kinds().contains(&"sandbox.snapshotted"));
    assert_eq!(world.phase(), Some(Phase::Stopping));
    world.give(Command::SandboxStopped { generation: 1 }).unwrap();
    world.ready();
    assert_eq!(world.state.turn.as_ref().unwrap().prompt.id, second);
    assert!(
        world.state.sandbox.as_ref().unwrap().expiry.is_none(),
        "its end was the other one's"
    );
}

#[test]
fn a_turn_that_would_outlive_its_sandbox_ends_in_time_to_keep_the_work() {
    let (mut world, first) = expiring(HOUR, true);
    work_until(&mut world, first, HOUR - minutes(5) - Duration::from_secs(1));
    assert_eq!(world.status(), SessionStatus::Running);
    let (at, alarm) = earliest(&world.state, &world.policy).unwrap();
    assert_eq!(
        (at.since(world.now), alarm),
        (Duration::from_secs(1), Alarm::ExpiryFloor)
    );
    world.pass(Duration::from_secs(1));
    let error = world.events().find_map(|event| match event {
        EventBody::PromptFailed(data) => Some(data.error.code.clone()),
        _ => None,
    });
    assert_eq!(error.as_deref(), Some("sandbox_expiring"));
    // The agent is stopped first; if it does not confirm, the work is kept all the same.
    assert_eq!(world.phase(), Some(Phase::Ready));
    world.pass(world.policy.interrupt);
    assert_eq!(world.phase(), Some(Phase::Saving));
}

#[test]
fn without_snapshots_it_is_stopped_and_a_snapshot_that_fails_or_hangs_delays_nothing_for_long() {
    let (mut world, first) = expiring(HOUR, false);
    work_until(&mut world, first, HOUR - minutes(10));
    world.complete(first);
    assert_eq!(world.phase(), Some(Phase::Stopping));
    for answer in [true, false] {
        let (mut world, first) = expiring(HOUR, true);
        work_until(&mut world, first, HOUR - minutes(10));
        world.complete(first);
        if answer {
            let cause = "no room".to_owned();
            world
                .give(Command::SnapshotFailed { generation: 1, cause })
                .unwrap();
        } else {
            world.pass(world.policy.snapshot);
        }
        assert_eq!(world.phase(), Some(Phase::Stopping));
        assert!(world.kinds().contains(&"error.raised"));
    }
}

#[test]
fn after_a_crash_a_snapshot_is_asked_for_again() {
    let (mut world, first) = expiring(HOUR, true);
    work_until(&mut world, first, HOUR - minutes(10));
    world.complete(first);
    world.forget_effects();
    world.give(Command::Recover).unwrap();
    assert!(
        world
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::SnapshotSandbox { generation: 1, .. }))
    );
}

#[test]
fn a_short_life_is_used_for_most_of_it() {
    let (mut world, first) = expiring(minutes(8), false);
    work_until(&mut world, first, minutes(5));
    world.complete(first);
    let second = world.prompt(2);
    assert_eq!(world.state.turn.as_ref().unwrap().prompt.id, second);
    work_until(&mut world, second, minutes(6));
    assert!(world.state.sandbox.as_ref().unwrap().retiring);
}

#[test]
fn a_sandbox_that_ends_before_it_is_ready_counts_as_a_failed_attempt() {
    let mut world = World::new();
    world.prompt(1);
    for generation in 1..=3 {
        let at = world.now.after(Duration::from_secs(60));
        let expiry = Some(Expiry {
            at,
            can_snapshot: true,
        });
        world
            .give(Command::SandboxStarted {
                generation,
                isolation: isolation(),
                expiry,
            })
            .unwrap();
        world.pass(Duration::from_secs(45));
    }
    assert_eq!(
        world.status(),
        SessionStatus::Failed,
        "no endless loop of sandboxes"
    );
    assert_eq!(world.state.generation, 3);
}

fn start_fails(world: &mut World, retryable: bool) {
    let generation = world.state.generation;
    world
        .give(Command::SandboxStartFailed {
            generation,
            cause: "no isolation here".into(),
            retryable,
        })
        .unwrap();
}

/// Three prompts, each of which meets what cannot work.
fn broken_three_times() -> World {
    let mut world = World::new();
    for n in 1..=3 {
        world.prompt(n);
        start_fails(&mut world, false);
    }
    world
}

#[test]
fn permanent_failures_open_the_breaker_and_why_says_so() {
    let mut world = broken_three_times();
    assert_eq!(world.status(), SessionStatus::Failed);
    world.forget_effects();
    world.prompt(4);
    assert_eq!(world.status(), SessionStatus::Queued);
    assert!(world.effects.is_empty(), "nothing is started");
    let why = why(&world.state, &world.policy);
    assert_eq!(
        (why.cause.as_str(), why.next_step.as_deref()),
        ("breaker_open", Some("start_sandbox"))
    );
    assert!(
        why.message.contains("3 times") && why.message.contains("no isolation here"),
        "{}",
        why.message
    );
    assert_eq!(why.deadline, Some(world.now.after(world.policy.breaker_pause)));
    // One more is tried when the pause is over; when that fails, too, the pause begins anew.
    world.pass(world.policy.breaker_pause);
    assert_eq!(world.phase(), Some(Phase::Starting));
    start_fails(&mut world, false);
    world.forget_effects();
    world.prompt(5);
    assert_eq!(world.status(), SessionStatus::Queued);
    // A person who asks for it by name gets a try at once.
    world.give(Command::Wake { by: author() }).unwrap();
    assert_eq!(world.phase(), Some(Phase::Starting));
}

#[test]
fn failures_that_may_pass_never_open_the_breaker() {
    let mut world = World::new();
    for n in 1..=4 {
        world.prompt(n);
        for _ in 0..world.policy.attempts {
            start_fails(&mut world, true);
        }
        assert_eq!(world.status(), SessionStatus::Failed);
    }
    world.prompt(5);
    assert_eq!(world.status(), SessionStatus::Starting);
}

#[test]
fn only_an_agent_that_is_ready_closes_the_breaker() {
    let mut world = broken_three_times();
    world.prompt(4);
    world.pass(world.policy.breaker_pause);
    world.hello().unwrap();
    assert_eq!(world.state.breaker.failures, 3, "contact is not enough");
    world.ready();
    assert_eq!(world.state.breaker.failures, 0);
}

#[test]
fn what_breaks_while_it_is_being_stopped_fails_nothing_that_waits() {
    let mut world = World::with_repository();
    world.hello().unwrap();
    world.give(Command::Hibernate { by: author() }).unwrap();
    world.prompt(1);
    let error = TurnError {
        code: "setup_failed".into(),
        message: "killed".into(),
        next_step: "n".into(),
        detail: None,
    };
    world.report(None, RunnerReport::Broken { error }).unwrap();
    assert_eq!(
        (world.status(), world.state.breaker.failures),
        (SessionStatus::Queued, 0)
    );
    world.give(Command::SandboxStopped { generation: 1 }).unwrap();
    assert_eq!(world.phase(), Some(Phase::Starting));
}

#[test]
fn a_wish_to_wake_is_remembered_until_the_sandbox_is_gone() {
    let mut world = World::new();
    let first = world.prompt(1);
    world.ready();
    world.complete(first);
    world.give(Command::Hibernate { by: author() }).unwrap();
    assert_eq!(world.status(), SessionStatus::Hibernated);
    world.give(Command::Wake { by: author() }).unwrap();
    world.give(Command::Wake { by: author() }).unwrap();
    assert_eq!(world.status(), SessionStatus::Starting);
    let said = why(&world.state, &world.policy);
    assert_eq!(
        (said.cause.as_str(), said.next_step.as_deref()),
        ("sandbox_stopping", Some("stop_again"))
    );
    world.give(Command::SandboxStopped { generation: 1 }).unwrap();
    assert_eq!(
        (world.state.generation, world.phase()),
        (2, Some(Phase::Starting))
    );
    // Taken back.
    world.give(Command::Hibernate { by: author() }).unwrap();
    world.give(Command::Wake { by: author() }).unwrap();
    world.give(Command::Hibernate { by: author() }).unwrap();
    world.give(Command::SandboxStopped { generation: 2 }).unwrap();
    assert_eq!(world.phase(), None);
}

#[test]
fn a_sandbox_that_is_being_kept_may_die() {
    let (mut world, first) = expiring(HOUR, true);
    work_until(&mut world, first, HOUR - minutes(10));
    world.prompt(2);
    world.complete(first);
    let observed = Observed::Unknown;
    world
        .give(Command::SandboxObserved {
            generation: 1,
            observed,
            link_seen: None,
        })
        .unwrap();
    assert_eq!((world.state.generation, world.state.failures), (2, 0));
}
