//! What can go wrong when a session is asked for something.

use domain::session::Refusal;
use ports::StoreError;

/// A failure; nothing of the command was kept unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error("there is no such session")]
    NotFound,
    /// The session's state does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The cursor lies after the last event.
    #[error("the cursor lies after the last event, which is {head}")]
    CursorAhead { head: u64 },
    #[error("the idempotency key was used with another request")]
    IdempotencyConflict,
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The owner went away while the command waited; try again.
    #[error("the session is changing its owner; try again")]
    Busy,
    #[error("the server is shutting down")]
    ShuttingDown,
}
