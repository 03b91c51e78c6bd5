//! A session as a client sees it.

use ::sessions::View;
pub(super) use ::sessions::summary;
use domain::session::{Life, Phase, Sandbox};
use protocol::api::{PendingRequests, SandboxInfo, SandboxPhase, Session};

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
        runs_pending: state.outbox.len() as u64,
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
