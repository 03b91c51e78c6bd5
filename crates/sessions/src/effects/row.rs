//! The list row: a projection of a session's state.

use domain::session::{State, in_short};
use ports::catalog::{SessionRow, Waiting, kept};

/// Longest message in a row, bytes: a failure may have much to say, a list has one line.
const MAX_MESSAGE: usize = 1024;

/// What the list shows of a state.
pub(crate) fn row(state: &State) -> Option<SessionRow> {
    let profile = state.profile.as_ref()?;
    let (cause, message) = in_short(state);
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
        created_by_name: profile.created_by.name.clone(),
        waiting: Waiting {
            permissions: state.permissions.len() as u64,
            questions: state.questions.len() as u64,
            prompts: state.queue.len() as u64,
        },
        cause: cause.to_owned(),
        message: bounded(message),
        bytes: kept(state.kept_bytes()),
        position: state.position,
    })
}

fn bounded(mut message: String) -> String {
    if message.len() > MAX_MESSAGE {
        message.truncate(message.floor_char_boundary(MAX_MESSAGE - 3));
        message.push('…');
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_bounded() {
        let long = bounded("é".repeat(4096));
        assert!(long.len() <= MAX_MESSAGE && long.ends_with("é…"));
        assert_eq!(bounded("short".into()), "short");
    }
}
