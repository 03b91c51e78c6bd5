//! From what the log gives to the state an owner starts with.

use domain::session::{Fact, State};
use ports::{StoreError, session_log::Acquired};

use crate::SessionError;

/// The state, and the position that the stored snapshot reflects.
pub(crate) fn fold(acquired: &Acquired) -> Result<(State, u64), SessionError> {
    let corrupt = |message: String| SessionError::Store(StoreError::Corrupt(message));
    let (snapshot_at, mut state) = match &acquired.snapshot {
        Some((at, bytes)) => {
            let state: State = serde_json::from_slice(bytes).map_err(|error| corrupt(error.to_string()))?;
            (*at, state)
        }
        None => (0, State::default()),
    };
    for entry in &acquired.entries {
        let fact = Fact::from_stored(
            entry.position,
            entry.seq.is_some(),
            entry.prompt_id,
            &entry.kind,
            &entry.body,
        )
        .map_err(|error| corrupt(error.to_string()))?;
        state.apply(entry.at, &fact);
        state.log_bytes = state.log_bytes.saturating_add(entry.body.len() as u64);
    }
    if state.position != acquired.position || state.head != acquired.head {
        return Err(corrupt(format!(
            "the facts end at {}/{}, the log at {}/{}",
            state.position, state.head, acquired.position, acquired.head
        )));
    }
    Ok((state, snapshot_at))
}
