//! Random lives. Whatever happens in whatever order, these hold after every step.

use std::{collections::BTreeMap, time::Duration};

use proptest::prelude::*;
use protocol::{
    ArtifactId, EventBody, PromptId,
    event::{ArtifactCreated, EgressDecided, FileChanged, PermissionRequested, QuestionAsked},
    keeper::EndCause,
    probe::Listing,
    runner::{PermissionReply, RunnerReport, TurnOutcome},
    session::{PromptMode, SessionStatus, Tokens, TurnError},
};

use super::world::{SECRET, World, author, isolation, prompt};
use crate::session::{
    CAUSES, Command, Effect, Expiry, Fact, Life, Observed, Phase, PrivateFact, State, alarm::armed, earliest,
    hash_secret, status, why, why::step as step_of,
};

/// One thing that may happen, with small numbers that are resolved against the state.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Prompt(PromptMode),
    /// What would come next if nothing went wrong.
    Along,
    /// The clock goes to the next alarm, and it rings.
    Ring,
    Rename,
    Artifact,
    CancelAny(u8),
    Interrupt,
    Hibernate,
    Wake,
    Archive,
    Delete,
    Hello {
        stale: bool,
        good: bool,
    },
    Ready,
    Event(u8),
    Ask,
    Answer,
    End(u8),
    Broken,
    Repeat,
    Started(u8),
    StartFailed {
        retryable: bool,
    },
    Snapshotted {
        good: bool,
    },
    Metered {
        stale: bool,
    },
    Egress,
    Detected,
    Listing,
    Observed(u8),
    Stopped,
    Done,
    Flushed,
    Pass(u32),
    Recover,
    Quiesce,
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Prompt(PromptMode::Queue)),
        2 => Just(Step::Prompt(PromptMode::Steer)),
        2 => Just(Step::Prompt(PromptMode::Interrupt)),
        12 => Just(Step::Along),
        6 => Just(Step::Ring),
        1 => prop_oneof![Just(Step::Rename), Just(Step::Artifact), Just(Step::Egress), Just(Step::Detected), Just(Step::Listing)],
        1 => any::<bool>().prop_map(|stale| Step::Metered { stale }),
        1 => prop::bool::weighted(0.7).prop_map(|good| Step::Snapshotted { good }),
        1 => any::<u8>().prop_map(Step::CancelAny),
        2 => Just(Step::Interrupt),
        1 => Just(Step::Hibernate),
        1 => Just(Step::Wake),
        1 => Just(Step::Archive),
        1 => Just(Step::Delete),
        4 => (any::<bool>(), prop::bool::weighted(0.9)).prop_map(|(stale, good)| Step::Hello { stale, good }),
        5 => Just(Step::Ready),
        4 => any::<u8>().prop_map(Step::Event),
        2 => Just(Step::Ask),
        2 => Just(Step::Answer),
        5 => any::<u8>().prop_map(Step::End),
        1 => Just(Step::Broken),
        2 => Just(Step::Repeat),
        3 => any::<u8>().prop_map(Step::Started),
        1 => any::<bool>().prop_map(|retryable| Step::StartFailed { retryable }),
        2 => any::<u8>().prop_map(Step::Observed),
        4 => Just(Step::Stopped),
        2 => Just(Step::Done),
        2 => Just(Step::Flushed),
        3 => (0..4_000u32).prop_map(Step::Pass),
        1 => Just(Step::Recover),
        1 => Just(Step::Quiesce),
    ]
}

fn error() -> TurnError {
    TurnError {
        code: "c".into(),
        message: "m".into(),
        next_step: "n".into(),
        detail: None,
    }
}

/// A provider's end: often none, sometimes near, sometimes far.
fn expiry(world: &World, dice: u8) -> Option<Expiry> {
    let minutes = [1, 10, 60, 240][usize::from(dice / 8 % 4)];
    (dice % 8 > 3).then(|| Expiry {
        at: world.now.after(Duration::from_secs(minutes * 60)),
        can_snapshot: dice.is_multiple_of(2),
    })
}

/// The step that a session takes when all goes well.
fn along(world: &World) -> Step {
    if world.state.waits_for_person() {
        return Step::Answer;
    }
    match world.phase() {
        None => Step::Wake,
        Some(Phase::Starting)
            if world
                .effects
                .iter()
                .any(|e| matches!(e, Effect::StartSandbox { .. })) =>
        {
            Step::Hello {
                stale: false,
                good: true,
            }
        }
        Some(Phase::Starting) => Step::Observed(1),
        Some(Phase::Preparing) => Step::Ready,
        Some(Phase::Ready) if world.state.turn.is_some() || world.state.gate.is_some() => Step::End(0),
        Some(Phase::Ready) => Step::Prompt(PromptMode::Queue),
        Some(Phase::Saving) => Step::Snapshotted { good: true },
        Some(Phase::Stopping) => Step::Stopped,
    }
}

pub(super) fn take(world: &mut World, step: &Step, next_prompt: &mut u128) {
    let generation = world.state.generation;
    let current = world.state.turn.as_ref().map(|turn| turn.prompt.id);
    let about = current.or_else(|| world.state.gate.as_ref().map(|gate| gate.prompt_id));
    let n = world
        .state
        .sandbox
        .as_ref()
        .map_or(1, |sandbox| sandbox.acked + 1);
    let report = |prompt_id, report| Command::RunnerReport {
        generation,
        n,
        prompt_id,
        report: Box::new(report),
    };
    let command = match step {
        Step::Along => {
            let step = along(world);
            return take(world, &step, next_prompt);
        }
        Step::Ring => {
            let Some((at, _)) = earliest(&world.state, &world.policy) else {
                return;
            };
            world.now = world.now.max(at);
            Command::AlarmDue {
                link_seen: None,
                preview_seen: None,
            }
        }
        Step::Rename => Command::Rename {
            title: "t".into(),
            by: author(),
        },
        Step::Artifact => artifact(world, n),
        Step::Prompt(mode) => {
            *next_prompt += 1;
            let mut prompt = prompt(PromptId::from_bits(*next_prompt));
            prompt.mode = *mode;
            Command::Enqueue(Box::new(prompt))
        }
        Step::Metered { stale } => metered(generation.saturating_sub(u64::from(*stale))),
        Step::Egress => Command::Egress {
            generation,
            decided: EgressDecided {
                host: "h".into(),
                port: 443,
                decision: "allowed".into(),
                reason: String::new(),
                count: 1,
            },
        },
        Step::Detected => Command::Detected {
            plan: crate::environment::detect(&Listing::default()),
        },
        Step::Listing => report(
            None,
            RunnerReport::Listing {
                listing: Listing::default(),
            },
        ),
        Step::Snapshotted { good: true } => Command::SandboxSnapshotted {
            generation,
            reference: "r".into(),
        },
        Step::Snapshotted { good: false } => Command::SnapshotFailed {
            generation,
            cause: "c".into(),
        },
        Step::CancelAny(i) => {
            let queue = &world.state.queue;
            let Some(waiting) = queue.get(usize::from(*i) % queue.len().max(1)) else {
                return;
            };
            Command::Cancel {
                prompt_id: waiting.id,
                by: author(),
            }
        }
        Step::Interrupt => Command::Interrupt { by: author() },
        Step::Hibernate => Command::Hibernate { by: author() },
        Step::Wake => Command::Wake { by: author() },
        Step::Archive => Command::Archive { by: author() },
        Step::Delete => Command::Delete { by: Some(author()) },
        Step::Hello { stale, good } => {
            if !world
                .effects
                .iter()
                .any(|effect| matches!(effect, Effect::StartSandbox { .. }))
            {
                return;
            }
            let credential = if *good { world.token() } else { "guess".into() };
            Command::RunnerHello {
                generation: if *stale {
                    generation.saturating_sub(1)
                } else {
                    generation
                },
                credential_hash: hash_secret(&credential),
                secret_hash: hash_secret(SECRET),
                runner_version: "1".into(),
            }
        }
        Step::Ready => report(
            None,
            RunnerReport::Ready {
                agent: "a".into(),
                version: "1".into(),
                agent_session_id: "s".into(),
                resumed: false,
                elapsed_ms: 0,
            },
        ),
        Step::Event(i) => {
            let event: EventBody = FileChanged { path: i.to_string() }.into();
            report(
                if i.is_multiple_of(3) { None } else { about },
                RunnerReport::Event { event },
            )
        }
        Step::Ask => {
            let event: EventBody = if n.is_multiple_of(2) {
                QuestionAsked {
                    question_id: format!("q{n}"),
                    questions: Vec::new(),
                }
                .into()
            } else {
                PermissionRequested {
                    permission_id: format!("p{n}"),
                    tool: "bash".into(),
                    title: String::new(),
                    patterns: Vec::new(),
                    details: serde_json::Value::Null,
                }
                .into()
            };
            report(about, RunnerReport::Event { event })
        }
        Step::Answer => match (
            world.state.permissions.keys().next(),
            world.state.questions.keys().next(),
        ) {
            (Some(id), _) => Command::AnswerPermission {
                permission_id: id.clone(),
                reply: PermissionReply::Once,
                message: None,
                by: author(),
            },
            (None, Some(id)) => Command::AnswerQuestion {
                question_id: id.clone(),
                answers: vec![vec!["x".into()]],
                rejected: false,
                by: author(),
            },
            (None, None) => return,
        },
        Step::End(i) => report(
            about,
            RunnerReport::TurnEnded {
                outcome: match i % 3 {
                    0 => TurnOutcome::Completed { tokens: None },
                    1 => TurnOutcome::Failed { error: error() },
                    _ => TurnOutcome::Cancelled,
                },
            },
        ),
        Step::Broken => report(None, RunnerReport::Broken { error: error() }),
        Step::Repeat => Command::RunnerReport {
            generation,
            n: n.saturating_sub(1).max(1),
            prompt_id: about,
            report: Box::new(RunnerReport::TurnEnded {
                outcome: TurnOutcome::Cancelled,
            }),
        },
        Step::Started(dice) => Command::SandboxStarted {
            generation,
            isolation: isolation(),
            expiry: expiry(world, *dice),
        },
        Step::StartFailed { retryable } => Command::SandboxStartFailed {
            generation,
            cause: "c".into(),
            retryable: *retryable,
        },
        Step::Observed(i) => Command::SandboxObserved {
            generation,
            observed: match i % 3 {
                0 => Observed::Running(expiry(world, i / 3)),
                1 => Observed::Unknown,
                _ => Observed::Ended(EndCause::Stopped),
            },
            link_seen: Some(world.now),
        },
        Step::Stopped => Command::SandboxStopped { generation },
        Step::Done => {
            let Some((command_id, _)) = world.state.owed.first() else {
                return;
            };
            Command::RunnerDone {
                generation,
                command_id: *command_id,
            }
        }
        Step::Flushed => {
            let Some(run) = world.state.outbox.first() else {
                return;
            };
            Command::RunFlushed { run_id: run.id }
        }
        Step::Pass(seconds) => {
            world.now = world.now.after(Duration::from_secs(u64::from(*seconds)));
            Command::AlarmDue {
                link_seen: None,
                preview_seen: seconds.is_multiple_of(2).then_some(world.now),
            }
        }
        Step::Recover => Command::Recover,
        Step::Quiesce => Command::Quiesce,
    };
    let before = world.state.clone();
    if world.give(command).is_err() {
        assert_eq!(world.state, before, "a refusal changes nothing");
    }
    says_why(world);
}

fn metered(generation: u64) -> Command {
    Command::Metered {
        generation,
        provider: "p".into(),
        model: "m".into(),
        tokens: Tokens::default(),
        cost: None,
        source: "metered".into(),
        duration_ms: 1,
    }
}

/// One comes, or one goes.
fn artifact(world: &World, n: u64) -> Command {
    match world.state.artifacts.keys().next() {
        Some(id) if n.is_multiple_of(2) => Command::RemoveArtifact {
            artifact_id: *id,
            by: author(),
        },
        _ => Command::AddArtifact {
            artifact: Box::new(ArtifactCreated {
                artifact_id: ArtifactId::from_bits(u128::from(n)),
                name: format!("a{n}"),
                media_type: "text/plain".into(),
                size_bytes: 1,
                sha256: String::new(),
                by: Some(author()),
            }),
            prompt_id: None,
            generation: None,
        },
    }
}

/// Whatever the state is, it says why, and what it does next by itself at which time.
fn says_why(world: &World) {
    let (state, policy) = (&world.state, &world.policy);
    let why = why(state, policy);
    let cause = CAUSES.iter().find(|cause| cause.word == why.cause);
    let cause = cause.unwrap_or_else(|| panic!("{} is not in the list", why.cause));
    assert_eq!(cause.status, status(state), "{}", cause.word);
    assert_eq!(cause.actor, why.actor);
    assert!(["user", "agent", "sandbox", "system"].contains(&cause.actor));
    assert!(!why.message.trim().is_empty());
    // The deadline is that of an armed alarm, the earliest of those that do something a person could wait for.
    let armed = armed(state, policy);
    let next = armed
        .iter()
        .filter_map(|(at, alarm)| step_of(state, *alarm).map(|step| (*at, step)));
    let next = next.min();
    assert_eq!(why.deadline, next.map(|(at, _)| at));
    assert_eq!(why.next_step.as_deref(), next.map(|(_, step)| step));
    // Whoever waits for the system and not for a person is told until when at most.
    let waits = matches!(
        status(state),
        SessionStatus::Queued | SessionStatus::Starting | SessionStatus::Running
    );
    assert!(!waits || why.deadline.is_some(), "{state:?}");
    assert_eq!(
        next.is_none(),
        armed.iter().all(|(_, alarm)| step_of(state, *alarm).is_none())
    );
}

fn check(world: &World) {
    // The log alone gives the state.
    let mut replayed = State::default();
    for (at, fact) in &world.log {
        replayed.apply(*at, fact);
    }
    assert_eq!(replayed, world.state, "replaying the log gives the state");
    // And so do the stored forms of its facts.
    let mut seq = 0;
    for (position, (_, fact)) in world.log.iter().enumerate() {
        seq += u64::from(fact.is_public());
        let body = fact.body().unwrap();
        let stored = Fact::from_stored(
            position as u64 + 1,
            fact.is_public(),
            fact.prompt_id(),
            fact.kind(),
            &body,
        )
        .unwrap();
        assert_eq!(&stored, fact);
    }
    assert_eq!(seq, world.state.head);

    prompts_are_fair(world);

    // Whoever watches events knows the status.
    let told = world.events().filter_map(|event| match event {
        EventBody::SessionStatusChanged(data) => Some(data.status),
        _ => None,
    });
    assert_eq!(told.last(), Some(status(&world.state)));

    let state = &world.state;
    let working = state.turn.is_some() || !state.queue.is_empty() || state.gate.is_some();
    if state.life == Life::Active && working && !state.waits_for_person() {
        assert!(
            earliest(state, &world.policy).is_some(),
            "no work without a watchdog: {state:?}"
        );
    }
    if state.turn.is_none() {
        assert!(!state.waits_for_person(), "nobody is asked outside a turn");
    }
    if state.sandbox.is_none() {
        assert!(state.turn.is_none() && state.gate.is_none() && state.owed.is_empty());
        assert!(
            state.queue.is_empty()
                || state.life != Life::Active
                || state
                    .breaker_until(&world.policy)
                    .is_some_and(|until| world.now < until),
            "a waiting prompt has a sandbox on its way, or waits for the breaker"
        );
        assert!(!state.wake_wanted || state.life != Life::Active);
    }
}

/// The next in the queue runs, one at a time; each ends exactly once with exactly one run record.
fn prompts_are_fair(world: &World) {
    let mut queued = 0;
    let mut waiting: Vec<PromptId> = Vec::new();
    let mut running = None;
    let mut ended: BTreeMap<PromptId, u32> = BTreeMap::new();
    let mut runs: BTreeMap<PromptId, u32> = BTreeMap::new();
    for (_, fact) in &world.log {
        match fact {
            Fact::Private(PrivateFact::RunOwed(run)) => *runs.entry(run.prompt_id).or_default() += 1,
            Fact::Event {
                prompt_id: Some(id),
                body,
            } => match body {
                EventBody::PromptQueued(data) => {
                    queued += 1;
                    let place = data.position as usize;
                    // Only who says so goes before others.
                    assert!(place <= waiting.len() && (data.mode.is_some() || place == waiting.len()));
                    waiting.insert(place, *id);
                }
                EventBody::PromptStarted(_) => {
                    assert_eq!(running, None, "one turn at a time");
                    running = Some(*id);
                    assert_eq!(waiting.remove(0), *id, "the first that waits is the next to run");
                }
                EventBody::PromptCompleted(_)
                | EventBody::PromptFailed(_)
                | EventBody::PromptCancelled(_) => {
                    *ended.entry(*id).or_default() += 1;
                    waiting.retain(|other| other != id);
                    if running == Some(*id) {
                        running = None;
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    let in_state: Vec<_> = world.state.queue.iter().map(|prompt| prompt.id).collect();
    assert_eq!(waiting, in_state, "whoever reads the events knows the queue");
    assert!(ended.values().all(|count| *count == 1), "each prompt ends once");
    assert_eq!(running, world.state.turn.as_ref().map(|turn| turn.prompt.id));
    let deleted = world.state.life == Life::Deleted;
    for id in ended.keys() {
        let count = runs.get(id).copied().unwrap_or_default();
        assert!(
            count == 1 || (deleted && count == 0),
            "each ended prompt has its run record"
        );
    }
    assert_eq!(
        queued,
        ended.len() + world.state.queue.len() + usize::from(world.state.turn.is_some())
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn random_lives_keep_the_invariants(steps in prop::collection::vec(step(), 1..60), repository in any::<bool>()) {
        let mut world = if repository { World::with_repository() } else { World::new() };
        let mut next_prompt = 0;
        for step in &steps {
            take(&mut world, step, &mut next_prompt);
        }
        check(&world);
    }
}
