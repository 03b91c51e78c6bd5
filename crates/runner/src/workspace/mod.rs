//! Makes the workspace ready for the agent: clone, check-out, set-up commands; once in the life of a session.

mod failure;
mod marker;
mod prepare;
mod progress;
mod setup;

pub use failure::WorkspaceError;
pub(crate) use failure::secrets_missing;
pub use marker::{Marker, Stage};
pub(crate) use prepare::SECRETS_LIMIT;
pub use prepare::{Preparation, Prepared};
pub use progress::Reporter;
