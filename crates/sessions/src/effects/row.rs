//! The list row: a projection of a session's state.

use domain::session::State;
use ports::catalog::SessionRow;

/// What the list shows of a state.
pub(crate) fn row(state: &State) -> Option<SessionRow> {
    let profile = state.profile.as_ref()?;
    Some(SessionRow {
        id: profile.id,
        org: profile.org,
        created_by: profile.created_by.user_id,
        created_at: profile.created_at,
        updated_at: state.updated_at,
        agent: profile.agent.clone(),
        model: profile.model.clone(),
        title: profile.title.clone(),
        repository: profile.repository.clone(),
        status: domain::session::status(state),
        tokens: state.tokens,
        cost_micro_usd: state.known_cost(),
        position: state.position,
    })
}
