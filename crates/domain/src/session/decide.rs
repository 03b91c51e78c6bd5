//! The decision: one command against one state.

mod answer;
mod artifact;
mod draft;
mod life;
mod metering;
mod prompt;
mod pump;
mod refusal;
mod report;
mod retire;
mod runner;
mod sandbox;
mod turn;
mod watchdog;

use protocol::{ArtifactId, PromptId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Alarm, Command, Effect, Fact, Moment, Policy, State, Trigger, alarm};
use draft::Draft;
pub use refusal::Refusal;

/// What a command leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// To be committed together, in order.
    pub facts: Vec<Fact>,
    /// To be run once `facts` are durable.
    pub effects: Vec<Effect>,
    /// Earliest alarm after `facts`.
    pub alarm: Option<(Timestamp, Alarm)>,
    /// The state with `facts` applied.
    pub next: State,
    pub reply: Reply,
    /// What led to what, to be held against the table.
    #[cfg(test)]
    pub(super) steps: Vec<super::table::Step>,
}

/// What the sender of a command gets to hear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    Done,
    /// Accepted into the queue; 0 = next.
    Queued {
        prompt_id: PromptId,
        position: u32,
    },
    /// Kept, now or before.
    Artifact {
        artifact_id: ArtifactId,
    },
    /// The runner is welcome; reports up to here are durable.
    Welcome {
        acked: u64,
    },
    /// Reports up to here are durable; with no facts, this one was known already.
    Acked {
        n: u64,
    },
}

/// Decides. Pure: the same arguments give the same decision.
///
/// # Errors
/// When the state does not allow the command; nothing changes then.
pub fn decide(state: &State, command: Command, moment: Moment, policy: &Policy) -> Result<Decision, Refusal> {
    let mut draft = Draft::new(state.clone(), moment, policy);
    let reply = settle(&mut draft, command)?;
    let alarm = alarm::earliest(&draft.state, policy);
    Ok(Decision {
        facts: draft.facts,
        effects: draft.effects,
        alarm,
        next: draft.state,
        reply,
        #[cfg(test)]
        steps: draft.steps,
    })
}

/// What [`advance`] leads to, besides the state.
#[derive(Debug, Clone, PartialEq)]
pub struct Advance {
    /// To be committed together, in order; already applied.
    pub facts: Vec<Fact>,
    /// To be run once `facts` are durable.
    pub effects: Vec<Effect>,
    pub reply: Reply,
}

/// As [`decide`], on the state itself: an owner decides many commands for one commit and copies the state once.
///
/// # Errors
/// When the state does not allow the command; it is as it was then.
pub fn advance(
    state: &mut State,
    command: Command,
    moment: Moment,
    policy: &Policy,
) -> Result<Advance, Refusal> {
    let mut draft = Draft::new(std::mem::take(state), moment, policy);
    let settled = settle(&mut draft, command);
    *state = draft.state;
    Ok(Advance {
        reply: settled?,
        facts: draft.facts,
        effects: draft.effects,
    })
}

fn settle(draft: &mut Draft<'_>, command: Command) -> Result<Reply, Refusal> {
    let trigger = Trigger::of(&command);
    let outcome = dispatch(draft, command);
    // Whoever refuses does so before anything is drafted; `advance` relies on it.
    debug_assert!(outcome.is_ok() || draft.facts.is_empty());
    let reply = outcome?;
    if let Some(trigger) = trigger {
        draft.mark(trigger);
    }
    draft.pump();
    draft.announce_status();
    Ok(reply)
}

fn dispatch(draft: &mut Draft<'_>, command: Command) -> Result<Reply, Refusal> {
    if let Command::Create(profile, prompt) = command {
        return draft.create(*profile, prompt.map(|prompt| *prompt));
    }
    if draft.state.profile.is_none() {
        return Err(Refusal::NoSession);
    }
    match command {
        Command::Create(..) => Err(Refusal::NoSession),
        Command::Enqueue(prompt) => draft.enqueue(*prompt),
        Command::Cancel { prompt_id, by } => draft.cancel(prompt_id, by),
        Command::Interrupt { by } => draft.interrupt(by),
        Command::AnswerPermission {
            permission_id,
            reply,
            message,
            by,
        } => draft.answer_permission(permission_id, reply, message, by),
        Command::AnswerQuestion {
            question_id,
            answers,
            rejected,
            by,
        } => draft.answer_question(question_id, answers, rejected, by),
        Command::Hibernate { by: _ } => draft.hibernate(),
        Command::Wake { by: _ } => draft.wake(),
        Command::Rename { title, by } => draft.rename(title, by),
        Command::Archive { by } => draft.archive(by),
        Command::Delete { by } => draft.delete(by),
        Command::AddArtifact {
            artifact,
            prompt_id,
            generation,
        } => draft.add_artifact(*artifact, prompt_id, generation),
        Command::RemoveArtifact { artifact_id, by } => draft.remove_artifact(artifact_id, by),
        Command::RunnerHello {
            generation,
            credential_hash,
            secret_hash,
            runner_version,
        } => draft.hello(generation, &credential_hash, secret_hash, runner_version),
        Command::RunnerReport {
            generation,
            n,
            prompt_id,
            report,
        } => draft.report(generation, n, prompt_id, *report),
        Command::RunnerDone {
            generation,
            command_id,
        } => draft.command_done(generation, command_id),
        Command::SandboxStarted {
            generation,
            isolation,
            expiry,
        } => draft.sandbox_started(generation, isolation, expiry),
        Command::SandboxSnapshotted {
            generation,
            reference,
        } => draft.snapshotted(generation, reference),
        Command::SnapshotFailed { generation, cause } => draft.snapshot_failed(generation, &cause),
        Command::SandboxStartFailed {
            generation,
            cause,
            retryable,
        } => draft.sandbox_start_failed(generation, cause, retryable),
        Command::SandboxObserved {
            generation,
            observed,
            link_seen,
        } => draft.sandbox_observed(generation, observed, link_seen),
        Command::SandboxStopped { generation } => draft.sandbox_stopped(generation),
        Command::RunFlushed { run_id } => draft.run_flushed(run_id),
        Command::Detected { plan } => draft.detected(plan),
        Command::Metered {
            generation,
            provider,
            model,
            tokens,
            cost,
            source,
            duration_ms,
        } => {
            let usage = protocol::event::UsageRecorded {
                provider,
                model,
                tokens,
                cost_micro_usd: cost,
                source,
                duration_ms,
            };
            draft.metered(generation, usage)
        }
        Command::Egress { generation, decided } => draft.egress(generation, decided),
        Command::AlarmDue {
            link_seen,
            preview_seen,
        } => draft.alarm_due(link_seen, preview_seen),
        Command::Quiesce => draft.quiesce(),
        Command::Recover => draft.recover(),
    }
}
