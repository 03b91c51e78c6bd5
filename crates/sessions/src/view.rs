//! What a caller gets to see.

use std::sync::Arc;

use domain::session::{Reply, State};
use protocol::session::{SessionStatus, Why};

/// A session as it stands after its last commit.
#[derive(Debug, Clone)]
pub struct View {
    pub state: Arc<State>,
    pub status: SessionStatus,
    pub why: Why,
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
