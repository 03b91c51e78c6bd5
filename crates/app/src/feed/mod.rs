//! The feed of an organisation: page by page, and live. What is told there that is not a session's.

mod environment;
mod page;
mod subscribe;

use ::sessions::FeedError;
use protocol::ProblemCode;

use crate::AppError;

pub use page::FeedQuery;

impl From<FeedError> for AppError {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Ahead { head } => Self::new(
                ProblemCode::InvalidCursor,
                format!("The cursor lies after the last event, which is {head}."),
            )
            .field("after"),
            FeedError::Expired { oldest } => Self::new(
                ProblemCode::CursorExpired,
                format!("The oldest event that is kept is {oldest}. List what you follow anew, then go on after the head."),
            )
            .field("after"),
            FeedError::Store(error) => error.into(),
        }
    }
}
