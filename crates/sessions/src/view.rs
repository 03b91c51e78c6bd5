//! What a caller gets to see.

use std::sync::Arc;

use domain::session::{Policy, Reply, State, status, why};
use protocol::session::{SessionStatus, Why};

use crate::SessionError;

/// A session as it stands after its last commit.
#[derive(Debug, Clone)]
pub struct View {
    pub state: Arc<State>,
    pub status: SessionStatus,
    pub why: Why,
}

impl View {
    /// Of a state as it is stored.
    pub(crate) fn of(state: Arc<State>, policy: &Policy) -> Result<Self, SessionError> {
        if state.profile.is_none() {
            // Reserved and begun, never made.
            return Err(SessionError::NotFound);
        }
        Ok(Self {
            status: status(&state),
            why: why(&state, policy),
            state,
        })
    }
}

/// Answer to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Done(Reply),
    /// The idempotency key was used before for the same: this was the answer.
    Replayed(Reply),
}

impl Answer {
    /// The reply, new or old.
    #[must_use]
    pub fn reply(&self) -> &Reply {
        match self {
            Self::Done(reply) | Self::Replayed(reply) => reply,
        }
    }
}
