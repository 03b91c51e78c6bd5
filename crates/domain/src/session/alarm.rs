//! Alarms are a pure function of the state: what is armed can be read off, and never goes out of step.

use protocol::Timestamp;

use super::{Phase, Policy, State};

/// What can come due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// A requested sandbox made no contact.
    Connect,
    /// Preparing the workspace shows no progress.
    Prepare,
    FirstOutput,
    TurnIdle,
    Interrupt,
    Hibernate,
    /// Time to look whether the runner is still heard.
    Liveness,
    /// A stop has not come through.
    Stop,
}

/// Everything armed in this state.
#[must_use]
pub(super) fn armed(state: &State, policy: &Policy) -> Vec<(Timestamp, Alarm)> {
    let mut alarms = Vec::new();
    if let Some(gate) = &state.gate {
        alarms.push((gate.deadline, Alarm::Interrupt));
    }
    if let Some(turn) = &state.turn {
        match turn.output_at {
            None => {
                let since = turn.preview_at.unwrap_or(turn.started_at);
                alarms.push((since.after(policy.first_output), Alarm::FirstOutput));
            }
            Some(at) if !state.waits_for_person() => {
                let since = turn.preview_at.map_or(at, |preview| preview.max(at));
                alarms.push((since.after(policy.turn_idle), Alarm::TurnIdle));
            }
            Some(_) => {}
        }
    }
    if let Some(sandbox) = &state.sandbox {
        match sandbox.phase {
            Phase::Starting => alarms.push((sandbox.requested_at.after(policy.connect), Alarm::Connect)),
            Phase::Preparing => alarms.push((sandbox.progress_at.after(policy.prepare), Alarm::Prepare)),
            Phase::Ready => {}
            Phase::Stopping => alarms.push((sandbox.progress_at.after(policy.stop), Alarm::Stop)),
        }
        if matches!(sandbox.phase, Phase::Preparing | Phase::Ready) {
            alarms.push((sandbox.checked_at.after(policy.stale), Alarm::Liveness));
        }
        if sandbox.phase == Phase::Ready && state.turn.is_none() && state.queue.is_empty() {
            alarms.push((state.idle_since.after(policy.hibernate), Alarm::Hibernate));
        }
    }
    alarms
}

/// The earliest alarm: stored with the commit.
#[must_use]
pub fn earliest(state: &State, policy: &Policy) -> Option<(Timestamp, Alarm)> {
    armed(state, policy).into_iter().min()
}
