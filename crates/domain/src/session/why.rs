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
        Some(Phase::Saving | Phase::Stopping) if state.wake_wanted => SessionStatus::Starting,
        Some(Phase::Ready) => SessionStatus::Idle,
        _ if state.failed.is_some() => SessionStatus::Failed,
        Some(Phase::Saving | Phase::Stopping) => SessionStatus::Hibernated,
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
        .filter_map(|(at, alarm)| step(state, alarm).map(|step| (at, step)))
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

/// What an armed alarm does, in one word. `None`: nothing that a person could wait for.
pub(super) fn step(state: &State, alarm: Alarm) -> Option<&'static str> {
    // A stop is only told where somebody waits for what follows it.
    let told = alarm != Alarm::Stop || state.wake_wanted || !state.queue.is_empty();
    step_word(alarm).filter(|_| told)
}

pub(super) fn step_word(alarm: Alarm) -> Option<&'static str> {
    match alarm {
        Alarm::Connect | Alarm::Prepare | Alarm::Interrupt => Some("replace_sandbox"),
        Alarm::FirstOutput | Alarm::TurnIdle | Alarm::ExpiryFloor => Some("fail_prompt"),
        Alarm::Hibernate => Some("hibernate"),
        Alarm::Expiry => Some("retire_sandbox"),
        Alarm::Snapshot => Some("stop_sandbox"),
        Alarm::Breaker => Some("start_sandbox"),
        Alarm::Stop => Some("stop_again"),
        // A look changes nothing by itself.
        Alarm::Liveness => None,
    }
}

/// One reason for a session to be as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    pub status: SessionStatus,
    /// Stable word.
    pub word: &'static str,
    /// In words, for a person; some states say it more closely.
    pub message: &'static str,
    /// Who caused it.
    pub actor: &'static str,
}

macro_rules! causes {
    ($($name:ident: $status:ident, $word:literal, $actor:literal, $message:literal;)+) => {
        $(const $name: Cause = Cause {
            status: SessionStatus::$status,
            word: $word,
            message: $message,
            actor: $actor,
        };)+

        /// Every cause there is.
        pub const CAUSES: &[Cause] = &[$($name,)+];
    };
}

causes! {
    NEVER_STARTED: Idle, "never_started", "user", "No prompt has been sent yet.";
    READY: Idle, "ready", "system", "The sandbox is ready and waits for a prompt.";
    PROMPT_QUEUED: Queued, "prompt_queued", "system",
        "A prompt waits for the sandbox: the last one is still being stopped, a new one follows.";
    WAITING_FOR_INTERRUPT: Queued, "waiting_for_interrupt", "user",
        "The interrupted turn is being stopped; the next prompt follows.";
    SANDBOX_EXPIRING: Queued, "sandbox_expiring", "sandbox",
        "The sandbox has come near to the end that its provider sets; the prompt goes on in the next one.";
    BREAKER_OPEN: Queued, "breaker_open", "system",
        "Starting a sandbox has failed for good too often. One more try is made by itself; wake the session to try now.";
    SANDBOX_STARTING: Starting, "sandbox_starting", "system", "A sandbox is being started.";
    WORKSPACE_PREPARING: Starting, "workspace_preparing", "system",
        "The workspace is being prepared and the agent started.";
    SANDBOX_STOPPING: Starting, "sandbox_stopping", "user",
        "The last sandbox is still being stopped; a new one is started then.";
    PROMPT_RUNNING: Running, "prompt_running", "agent", "The agent works on the prompt.";
    WAITING_FOR_PERMISSION: Waiting, "waiting_for_permission", "agent",
        "The agent waits for permission to go on.";
    WAITING_FOR_ANSWER: Waiting, "waiting_for_answer", "agent", "The agent has asked a question.";
    HIBERNATED: Hibernated, "hibernated", "system",
        "Asleep: wakes when you write. The sandbox is stopped; workspace and conversation are kept.";
    ATTEMPT_FAILED: Failed, "attempt_failed", "system", "The last attempt failed.";
    ARCHIVED: Archived, "archived", "user", "The session is archived; it can be read, not continued.";
    DELETED: Archived, "deleted", "user", "The session is being deleted.";
}

fn cause(state: &State) -> (&'static str, String, &'static str) {
    let cause = find(state);
    (cause.word, in_words(state, &cause), cause.actor)
}

fn find(state: &State) -> Cause {
    let phase = state.sandbox.as_ref().map(|sandbox| sandbox.phase);
    match status(state) {
        SessionStatus::Archived if state.life == Life::Deleted => DELETED,
        SessionStatus::Archived => ARCHIVED,
        SessionStatus::Waiting if !state.permissions.is_empty() => WAITING_FOR_PERMISSION,
        SessionStatus::Waiting => WAITING_FOR_ANSWER,
        SessionStatus::Running => PROMPT_RUNNING,
        SessionStatus::Starting => match phase {
            Some(Phase::Preparing) => WORKSPACE_PREPARING,
            Some(Phase::Saving | Phase::Stopping) => SANDBOX_STOPPING,
            _ => SANDBOX_STARTING,
        },
        SessionStatus::Queued if state.gate.is_some() => WAITING_FOR_INTERRUPT,
        SessionStatus::Queued => match &state.sandbox {
            Some(sandbox) if sandbox.retiring => SANDBOX_EXPIRING,
            // Whatever waits without a sandbox on its way waits for the breaker.
            None => BREAKER_OPEN,
            Some(_) => PROMPT_QUEUED,
        },
        SessionStatus::Failed => ATTEMPT_FAILED,
        SessionStatus::Hibernated => HIBERNATED,
        SessionStatus::Idle if state.sandbox.is_some() => READY,
        SessionStatus::Idle => NEVER_STARTED,
    }
}

fn in_words(state: &State, cause: &Cause) -> String {
    let failed = state.failed.as_ref();
    match cause.word {
        "workspace_preparing" => preparing(state).into(),
        "attempt_failed" => failed.map_or_else(
            || cause.message.into(),
            |error| format!("{} {}", error.message, error.next_step),
        ),
        "breaker_open" => failed.map_or_else(
            || cause.message.into(),
            |error| {
                format!(
                    "Starting a sandbox has failed for good {} times in a row. {} One more try is made by itself; wake the \
                     session to try now.",
                    state.breaker.failures, error.message
                )
            },
        ),
        _ => cause.message.into(),
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
        _ => WORKSPACE_PREPARING.message,
    }
}
