//! A session as a client sees it.

use ::sessions::View;
use domain::session::{Life, Phase, Sandbox};
use ports::catalog::SessionRow;
use protocol::{
    api::{PendingCounts, PendingRequests, SandboxInfo, SandboxPhase, Session, SessionSummary, WhyInShort},
    session::{Author, SessionStatus},
};

use crate::AppError;

/// `None` when the session is not there any more, or not yet.
fn show(view: &View) -> Option<Session> {
    let state = &*view.state;
    let profile = state.profile.as_deref().filter(|_| state.life != Life::Deleted)?;
    Some(Session {
        id: profile.id,
        status: view.status,
        title: profile.title.clone(),
        agent: profile.agent.clone(),
        model: profile.model.clone(),
        repository: profile.repository.clone(),
        environment_id: profile.environment_id,
        setup: profile.setup.clone(),
        permissions: profile.permissions,
        created_at: profile.created_at,
        updated_at: state.updated_at,
        created_by: profile.created_by.clone(),
        tokens: state.tokens,
        cost_micro_usd: state.known_cost(),
        why: view.why.clone(),
        queue: state.queue.iter().map(|prompt| prompt.id).collect(),
        running_prompt_id: state.turn.as_ref().map(|turn| turn.prompt.id),
        pending: PendingRequests {
            permissions: state.permissions.keys().cloned().collect(),
            questions: state.questions.keys().cloned().collect(),
        },
        sandbox: state.sandbox.as_ref().map(sandbox),
        head: state.head,
    })
}

pub(super) fn session(view: &View) -> Result<Session, AppError> {
    show(view).ok_or_else(|| AppError::not_found("session"))
}

fn sandbox(sandbox: &Sandbox) -> SandboxInfo {
    SandboxInfo {
        id: sandbox.id,
        generation: sandbox.generation,
        phase: match sandbox.phase {
            Phase::Starting => SandboxPhase::Starting,
            Phase::Preparing => SandboxPhase::Preparing,
            Phase::Ready => SandboxPhase::Ready,
            Phase::Saving | Phase::Stopping => SandboxPhase::Stopping,
        },
        isolation: sandbox.isolation.clone(),
    }
}

pub(super) fn summary(row: SessionRow) -> SessionSummary {
    SessionSummary {
        id: row.id,
        status: row.status,
        title: row.title,
        agent: row.agent,
        model: row.model,
        repository: row.repository,
        created_at: row.created_at,
        updated_at: row.updated_at,
        created_by: Author {
            user_id: row.created_by,
            api_key_id: None,
            name: row.created_by_name,
        },
        tokens: row.tokens,
        cost_micro_usd: row.cost_micro_usd,
        pending: PendingCounts {
            permissions: row.waiting.permissions,
            questions: row.waiting.questions,
        },
        queued: row.waiting.prompts,
        why: in_short(row.status, row.cause, row.message),
    }
}

/// A row from before rows had words says what its status says.
fn in_short(status: SessionStatus, cause: String, message: String) -> WhyInShort {
    if cause.is_empty() {
        let (cause, message) = domain::session::status_in_words(status);
        return WhyInShort {
            cause: cause.to_owned(),
            message: message.to_owned(),
        };
    }
    WhyInShort { cause, message }
}
