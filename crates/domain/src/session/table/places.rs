//! Where a state stands in each machine, as one word.

use protocol::session::SessionStatus;

use crate::session::{Life, Phase, State, status};

/// The places of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Places {
    pub session: &'static str,
    pub turn: &'static str,
    pub sandbox: &'static str,
}

impl Places {
    #[must_use]
    pub fn of(state: &State) -> Self {
        Self {
            session: session(state),
            turn: turn(state),
            sandbox: sandbox(state),
        }
    }
}

fn session(state: &State) -> &'static str {
    if state.profile.is_none() {
        return "none";
    }
    if state.life == Life::Deleted {
        return "deleted";
    }
    status_word(status(state))
}

pub(super) fn status_word(status: SessionStatus) -> &'static str {
    match status {
        SessionStatus::Idle => "idle",
        SessionStatus::Queued => "queued",
        SessionStatus::Starting => "starting",
        SessionStatus::Running => "running",
        SessionStatus::Waiting => "waiting",
        SessionStatus::Hibernated => "hibernated",
        SessionStatus::Failed => "failed",
        SessionStatus::Archived => "archived",
    }
}

fn turn(state: &State) -> &'static str {
    match (&state.turn, &state.gate) {
        (Some(_), _) if state.waits_for_person() => "waiting",
        (Some(_), _) => "running",
        (None, Some(_)) => "interrupting",
        (None, None) => "none",
    }
}

fn sandbox(state: &State) -> &'static str {
    match &state.sandbox {
        None => "none",
        Some(sandbox) => match sandbox.phase {
            Phase::Starting => "starting",
            Phase::Preparing => "preparing",
            Phase::Ready if sandbox.retiring => "retiring",
            Phase::Ready => "ready",
            Phase::Saving => "saving",
            Phase::Stopping => "stopping",
        },
    }
}
