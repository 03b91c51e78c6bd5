//! Alarms are a pure function of the state: what is armed can be read off, and never goes out of step.

use protocol::Timestamp;

use super::{Life, Phase, Policy, State};

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
    /// The end that the provider has set comes near.
    Expiry,
    /// It has come so near that a turn which still runs must end.
    ExpiryFloor,
    /// The provider has not kept the workspace in time.
    Snapshot,
    /// Starting a sandbox has failed for good too often; now one more is tried.
    Breaker,
}

impl Alarm {
    pub const ALL: [Self; 12] = [
        Self::Connect,
        Self::Prepare,
        Self::FirstOutput,
        Self::TurnIdle,
        Self::Interrupt,
        Self::Hibernate,
        Self::Liveness,
        Self::Stop,
        Self::Expiry,
        Self::ExpiryFloor,
        Self::Snapshot,
        Self::Breaker,
    ];

    /// Its name in the table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Connect => "alarm: connect",
            Self::Prepare => "alarm: prepare",
            Self::FirstOutput => "alarm: first output",
            Self::TurnIdle => "alarm: turn idle",
            Self::Interrupt => "alarm: interrupt",
            Self::Hibernate => "alarm: hibernate",
            Self::Liveness => "alarm: liveness",
            Self::Stop => "alarm: stop",
            Self::Expiry => "alarm: expiry",
            Self::ExpiryFloor => "alarm: expiry floor",
            Self::Snapshot => "alarm: snapshot",
            Self::Breaker => "alarm: breaker",
        }
    }

    /// What comes of it, for the reference.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Connect => {
                "The sandbox made no contact: it is given up, stopped and replaced; counts as a failed attempt."
            }
            Self::Prepare => "Preparing the workspace shows no progress: as `connect`.",
            Self::FirstOutput => {
                "Nothing came from the agent: the turn fails (`no_output`) and the agent is interrupted."
            }
            Self::TurnIdle => {
                "Nothing more came from the agent: the turn fails (`turn_stalled`) and the agent is interrupted. An idle limit, because a limit on the whole turn kills long work."
            }
            Self::Interrupt => {
                "The runner did not confirm the interrupt: the sandbox is stopped and replaced."
            }
            Self::Hibernate => "Nothing to do: the sandbox is stopped, workspace and conversation are kept.",
            Self::Liveness => {
                "The runner may be silent: if it is, the provider is asked. Silence alone decides nothing."
            }
            Self::Stop => "A stop has not come through: it is asked for again.",
            Self::Expiry => {
                "The provider will end the sandbox soon: no turn is dispatched into it any more. One that is not ready yet is replaced, and counts as a failed attempt."
            }
            Self::ExpiryFloor => {
                "It will end it very soon and a turn still runs: the turn fails (`sandbox_expiring`), so that the workspace can be kept."
            }
            Self::Snapshot => {
                "The provider has not kept the workspace in time: the sandbox is stopped without."
            }
            Self::Breaker => {
                "The pause after too many permanent failures is over: one more sandbox is tried."
            }
        }
    }

    /// Since when it counts, and how long.
    #[must_use]
    pub fn due(self, policy: &Policy) -> String {
        let seconds = |span: std::time::Duration| {
            let s = span.as_secs();
            if s >= 120 && s.is_multiple_of(60) {
                format!("{} min", s / 60)
            } else {
                format!("{s} s")
            }
        };
        match self {
            Self::Connect => format!("{} after the sandbox was asked for", seconds(policy.connect)),
            Self::Prepare => format!("{} after the last progress", seconds(policy.prepare)),
            Self::FirstOutput => format!(
                "{} after the turn began, or the last preview of output",
                seconds(policy.first_output)
            ),
            Self::TurnIdle => format!(
                "{} after the last output or its preview; not while a person is asked",
                seconds(policy.turn_idle)
            ),
            Self::Interrupt => format!("{} after the interrupt", seconds(policy.interrupt)),
            Self::Hibernate => format!("{} after the last work", seconds(policy.hibernate)),
            Self::Liveness => format!("{} after the last look", seconds(policy.stale)),
            Self::Stop => format!("{} after the stop was asked for", seconds(policy.stop)),
            Self::Expiry => format!(
                "{} before the end, at most a quarter of the sandbox's life",
                seconds(policy.expiry_buffer)
            ),
            Self::ExpiryFloor => format!(
                "{} before the end, at most an eighth of the sandbox's life",
                seconds(policy.expiry_floor)
            ),
            Self::Snapshot => format!("{} after it was asked for", seconds(policy.snapshot)),
            Self::Breaker => format!(
                "{} after the last of {} permanent failures in a row",
                seconds(policy.breaker_pause),
                policy.breaker_failures
            ),
        }
    }
}

/// Everything armed in this state.
#[must_use]
pub fn armed(state: &State, policy: &Policy) -> Vec<(Timestamp, Alarm)> {
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
            Phase::Saving => alarms.push((sandbox.progress_at.after(policy.snapshot), Alarm::Snapshot)),
            Phase::Stopping => alarms.push((sandbox.progress_at.after(policy.stop), Alarm::Stop)),
        }
        if matches!(sandbox.phase, Phase::Preparing | Phase::Ready) {
            alarms.push((sandbox.checked_at.after(policy.stale), Alarm::Liveness));
        }
        let idle = state.turn.is_none() && state.queue.is_empty();
        if sandbox.phase == Phase::Ready && idle && !sandbox.retiring {
            alarms.push((state.idle_since.after(policy.hibernate), Alarm::Hibernate));
        }
        if let Some(expiry) = sandbox.expiry
            && matches!(sandbox.phase, Phase::Starting | Phase::Preparing | Phase::Ready)
        {
            let life = expiry.at.since(sandbox.requested_at);
            if !sandbox.retiring {
                let buffer = policy.expiry_buffer.min(life / 4);
                alarms.push((sandbox.requested_at.after(life - buffer), Alarm::Expiry));
            } else if state.turn.is_some() {
                let floor = policy.expiry_floor.min(life / 8);
                alarms.push((sandbox.requested_at.after(life - floor), Alarm::ExpiryFloor));
            }
        }
    } else if let Some(until) = state.breaker_until(policy)
        && !state.queue.is_empty()
        && state.life == Life::Active
    {
        alarms.push((until, Alarm::Breaker));
    }
    alarms
}

/// The earliest alarm: stored with the commit.
#[must_use]
pub fn earliest(state: &State, policy: &Policy) -> Option<(Timestamp, Alarm)> {
    armed(state, policy).into_iter().min()
}
