//! A session as a client sees it.

pub(super) use ::sessions::summary;
use ::sessions::{LOG_CORRUPT, LOG_CORRUPT_MESSAGE, View};
use domain::session::{Life, Phase, Sandbox};
use ports::catalog::SessionRow;
use protocol::{
    api::{PendingRequests, SandboxInfo, SandboxPhase, Session},
    session::{Author, PermissionMode, SessionStatus, Why},
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
        runs_pending: state.outbox.len() as u64,
        imported_from: state.imported.as_deref().cloned(),
    })
}

/// A session whose log cannot be read, as far as the list knows it.
pub(super) fn damaged(row: &SessionRow) -> Session {
    Session {
        id: row.id,
        status: SessionStatus::Failed,
        title: row.title.clone(),
        agent: row.agent.clone(),
        model: row.model.clone(),
        repository: row.repository.clone(),
        environment_id: None,
        setup: Vec::new(),
        permissions: PermissionMode::default(),
        created_at: row.created_at,
        updated_at: row.updated_at,
        created_by: Author {
            user_id: row.created_by,
            api_key_id: None,
            name: row.created_by_name.clone(),
        },
        tokens: row.tokens,
        cost_micro_usd: row.cost_micro_usd,
        why: Why {
            cause: LOG_CORRUPT.to_owned(),
            message: LOG_CORRUPT_MESSAGE.to_owned(),
            actor: "system".to_owned(),
            next_step: None,
            deadline: None,
        },
        queue: Vec::new(),
        running_prompt_id: None,
        pending: PendingRequests::default(),
        sandbox: None,
        head: 0,
        runs_pending: 0,
        imported_from: None,
    }
}

pub(crate) fn session(view: &View) -> Result<Session, AppError> {
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
