//! Status, and why: what a person sees of a state.

use protocol::session::{SessionStatus, Why};

use super::{Alarm, Life, Phase, Policy, State, alarm};

/// The one status of a state.
#[must_use]
pub fn status(state: &State) -> SessionStatus {
    if state.life != Life::Active {
        return SessionStatus::Archived;
    }
    if state.turn.is_some() {
        return if state.waits_for_person() {
            SessionStatus::Waiting
        } else {
            SessionStatus::Running
        };
    }
    let phase = state.sandbox.as_ref().map(|sandbox| sandbox.phase);
    match phase {
        Some(Phase::Starting | Phase::Preparing) => SessionStatus::Starting,
        _ if !state.queue.is_empty() => SessionStatus::Queued,
        Some(Phase::Ready) => SessionStatus::Idle,
        _ if state.failed.is_some() => SessionStatus::Failed,
        Some(Phase::Stopping) => SessionStatus::Hibernated,
        None if state.hibernated => SessionStatus::Hibernated,
        None => SessionStatus::Idle,
    }
}

/// Why the session is in its status, and what happens next by itself.
#[must_use]
pub fn why(state: &State, policy: &Policy) -> Why {
    let (cause, message, actor) = cause(state);
    let next = alarm::armed(state, policy)
        .into_iter()
        .filter_map(|(at, alarm)| step(alarm).map(|step| (at, step)))
        .min();
    Why {
        cause: cause.to_owned(),
        message,
        actor: actor.to_owned(),
        next_step: next.map(|(_, step)| step.to_owned()),
        deadline: next.map(|(at, _)| at),
    }
}

/// Cause and message alone, for a list.
#[must_use]
pub fn in_short(state: &State) -> (&'static str, String) {
    let (cause, message, _) = cause(state);
    (cause, message)
}

/// What can be said when the status is all that is known.
#[must_use]
pub fn status_in_words(status: SessionStatus) -> (&'static str, &'static str) {
    match status {
        SessionStatus::Idle => ("ready", "The session waits for a prompt."),
        SessionStatus::Queued => ("prompt_queued", "A prompt waits for the sandbox."),
        SessionStatus::Starting => ("sandbox_starting", "A sandbox is being started."),
        SessionStatus::Running => ("prompt_running", "The agent works on the prompt."),
        SessionStatus::Waiting => ("waiting_for_answer", "The agent waits for an answer."),
        SessionStatus::Hibernated => ("hibernated", "Asleep: wakes when you write."),
        SessionStatus::Failed => ("attempt_failed", "The last attempt failed."),
        SessionStatus::Archived => (
            "archived",
            "The session is archived; it can be read, not continued.",
        ),
    }
}

fn step(alarm: Alarm) -> Option<&'static str> {
    match alarm {
        Alarm::Connect | Alarm::Prepare | Alarm::Interrupt => Some("replace_sandbox"),
        Alarm::FirstOutput | Alarm::TurnIdle => Some("fail_prompt"),
        Alarm::Hibernate => Some("hibernate"),
        Alarm::Liveness | Alarm::Stop => None,
    }
}

fn cause(state: &State) -> (&'static str, String, &'static str) {
    match status(state) {
        SessionStatus::Archived if state.life == Life::Deleted => {
            ("deleted", "The session is being deleted.".into(), "user")
        }
        SessionStatus::Archived => (
            "archived",
            "The session is archived; it can be read, not continued.".into(),
            "user",
        ),
        SessionStatus::Waiting if !state.permissions.is_empty() => (
            "waiting_for_permission",
            "The agent waits for permission to go on.".into(),
            "agent",
        ),
        SessionStatus::Waiting => (
            "waiting_for_answer",
            "The agent has asked a question.".into(),
            "agent",
        ),
        SessionStatus::Running => ("prompt_running", "The agent works on the prompt.".into(), "agent"),
        SessionStatus::Starting => match state.sandbox.as_ref().map(|sandbox| sandbox.phase) {
            Some(Phase::Preparing) => ("workspace_preparing", preparing(state).into(), "system"),
            _ => ("sandbox_starting", "A sandbox is being started.".into(), "system"),
        },
        SessionStatus::Queued if state.gate.is_some() => (
            "waiting_for_interrupt",
            "The interrupted turn is being stopped; the next prompt follows.".into(),
            "user",
        ),
        SessionStatus::Queued => (
            "prompt_queued",
            "A prompt waits for the sandbox.".into(),
            "system",
        ),
        SessionStatus::Failed => {
            let failed = state.failed.as_ref();
            (
                "attempt_failed",
                failed.map_or_else(String::new, |error| {
                    format!("{} {}", error.message, error.next_step)
                }),
                "system",
            )
        }
        SessionStatus::Hibernated => (
            "hibernated",
            "Asleep: wakes when you write. The sandbox is stopped; workspace and conversation are kept."
                .into(),
            "system",
        ),
        SessionStatus::Idle if state.sandbox.is_some() => (
            "ready",
            "The sandbox is ready and waits for a prompt.".into(),
            "system",
        ),
        SessionStatus::Idle => ("never_started", "No prompt has been sent yet.".into(), "user"),
    }
}

/// Only words this build knows: a runner's own are not put into a sentence.
fn preparing(state: &State) -> &'static str {
    let step = state.sandbox.as_ref().and_then(|sandbox| sandbox.step.as_deref());
    match step {
        Some("clone") => "The repository is being cloned.",
        Some("checkout") => "The repository is being checked out.",
        Some("setup") => "The set-up commands run.",
        Some("agent") => "The agent is being started.",
        _ => "The workspace is being prepared and the agent started.",
    }
}
