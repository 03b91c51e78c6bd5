//! Generations: what an older sandbox, or an effect on one, still has to say changes nothing.

use std::time::Duration;

use protocol::{
    CommandId,
    keeper::EndCause,
    runner::{RunnerReport, TurnOutcome},
    session::Tokens,
};

use super::world::{SECRET, World, isolation};
use crate::session::{
    Alarm, Command, Effect, Fact, Moment, Observed, Phase, PrivateFact, Refusal, alarm::armed, decide,
    hash_secret,
};

fn metered(generation: u64) -> Command {
    Command::Metered {
        generation,
        provider: "p".into(),
        model: "m".into(),
        tokens: Tokens {
            input: 7,
            ..Tokens::default()
        },
        cost: None,
        source: "metered".into(),
        duration_ms: 1,
    }
}

/// The first sandbox is lost, the second one works on the second prompt.
fn replaced() -> World {
    let mut world = World::new();
    world.prompt(1);
    world.ready();
    let observed = Observed::Ended(EndCause::Stopped);
    world
        .give(Command::SandboxObserved {
            generation: 1,
            observed,
            link_seen: None,
        })
        .unwrap();
    world.prompt(2);
    world.ready();
    assert_eq!(world.state.generation, 2);
    world
}

#[test]
fn nothing_of_an_older_generation_is_believed() {
    let mut world = replaced();
    let turn_ended = RunnerReport::TurnEnded {
        outcome: TurnOutcome::Cancelled,
    };
    let old = [
        Command::RunnerHello {
            generation: 1,
            credential_hash: hash_secret(SECRET),
            secret_hash: hash_secret(SECRET),
            runner_version: "1".into(),
        },
        Command::RunnerReport {
            generation: 1,
            n: 9,
            prompt_id: world.state.turn.as_ref().map(|turn| turn.prompt.id),
            report: Box::new(turn_ended),
        },
        Command::RunnerDone {
            generation: 1,
            command_id: CommandId::from_bits(1),
        },
        Command::SandboxStarted {
            generation: 1,
            isolation: isolation(),
            expiry: None,
        },
        Command::SandboxStartFailed {
            generation: 1,
            cause: "late".into(),
            retryable: false,
        },
        Command::SandboxObserved {
            generation: 1,
            observed: Observed::Unknown,
            link_seen: None,
        },
        Command::SandboxSnapshotted {
            generation: 1,
            reference: "late".into(),
        },
        Command::SnapshotFailed {
            generation: 1,
            cause: "late".into(),
        },
        Command::SandboxStopped { generation: 1 },
    ];
    let before = (world.state.clone(), world.log.len());
    for command in old {
        assert_eq!(
            world.give(command.clone()),
            Err(Refusal::Fenced { generation: 1 }),
            "{command:?}"
        );
    }
    assert_eq!((world.state.clone(), world.log.len()), before);
}

#[test]
fn a_generation_is_committed_with_the_request_and_before_its_sandbox_is_started() {
    let world = World::new();
    let prompt = super::world::prompt(protocol::PromptId::from_bits(1));
    let decision = decide(
        &world.state,
        Command::Enqueue(Box::new(prompt)),
        Moment::new(world.now, [1; 32]),
        &world.policy,
    )
    .unwrap();
    let opened = decision.facts.iter().find_map(|fact| match fact {
        Fact::Private(PrivateFact::GenerationOpened {
            sandbox_id,
            generation,
            token_hash,
        }) => Some((*sandbox_id, *generation, *token_hash)),
        _ => None,
    });
    let started = decision.effects.iter().find_map(|effect| match effect {
        Effect::StartSandbox {
            sandbox_id,
            generation,
            token,
            ..
        } => Some((*sandbox_id, *generation, hash_secret(token))),
        _ => None,
    });
    assert!(opened.is_some() && opened == started);
}

#[test]
fn a_verdict_that_comes_late_does_not_undo_a_newer_one() {
    let mut world = World::new();
    world.prompt(1);
    world.hello().unwrap();
    // The provider gave the start up, but the sandbox has made contact meanwhile.
    let failed = Command::SandboxStartFailed {
        generation: 1,
        cause: "timed out".into(),
        retryable: true,
    };
    world.give(failed).unwrap();
    assert_eq!(world.phase(), Some(Phase::Preparing));
    assert_eq!(world.state.failures, 0);
    // It is asked to stop; that somebody saw it run before that is no news.
    world.ready();
    let first = world.state.turn.as_ref().unwrap().prompt.id;
    world.complete(first);
    world
        .give(Command::Hibernate {
            by: super::world::author(),
        })
        .unwrap();
    for observed in [Observed::Running(None), Observed::Unknown] {
        world
            .give(Command::SandboxObserved {
                generation: 1,
                observed,
                link_seen: None,
            })
            .unwrap();
        assert_eq!(world.phase(), Some(Phase::Stopping));
    }
    world.give(Command::SandboxStopped { generation: 1 }).unwrap();
    assert_eq!(
        world.give(Command::SandboxStopped { generation: 1 }),
        Err(Refusal::Fenced { generation: 1 })
    );
}

#[test]
fn a_new_sandbox_inherits_no_heartbeat_and_no_deadline() {
    let mut world = World::new();
    world.prompt(1);
    world.ready();
    // Long silence ends the first one.
    let silence = world.policy.unreachable + Duration::from_secs(1);
    world.now = world.now.after(silence);
    let heard = world.now.after(Duration::ZERO);
    world
        .give(Command::SandboxObserved {
            generation: 1,
            observed: Observed::Unknown,
            link_seen: None,
        })
        .unwrap();
    world.prompt(2);
    let connect = world.now.after(world.policy.connect);
    assert_eq!(armed(&world.state, &world.policy), [(connect, Alarm::Connect)]);
    world.ready();
    let look = heard.after(world.policy.stale);
    assert!(armed(&world.state, &world.policy).contains(&(look, Alarm::Liveness)));
    // The last sign of the old one says nothing about the new one.
    world
        .give(Command::SandboxObserved {
            generation: 2,
            observed: Observed::Running(None),
            link_seen: Some(protocol::Timestamp::from_ms(0)),
        })
        .unwrap();
    assert_eq!(world.phase(), Some(Phase::Ready));
}

#[test]
fn what_an_older_sandbox_still_spends_is_not_the_new_turns() {
    let mut world = replaced();
    world.give(metered(1)).unwrap();
    assert_eq!(world.state.turn.as_ref().unwrap().calls, 0);
    world.give(metered(2)).unwrap();
    let turn = world.state.turn.as_ref().unwrap();
    assert_eq!((turn.calls, turn.tokens.input), (1, 7));
    assert_eq!(world.state.tokens.input, 14);
    assert_eq!(world.give(metered(3)), Err(Refusal::Fenced { generation: 3 }));
}

#[test]
fn a_runner_that_has_not_introduced_itself_is_not_believed() {
    let mut world = World::new();
    world.prompt(1);
    let ready = RunnerReport::Ready {
        agent: "a".into(),
        version: "1".into(),
        agent_session_id: "s".into(),
        resumed: false,
        elapsed_ms: 0,
    };
    assert_eq!(world.report(None, ready), Err(Refusal::BadCredential));
}
