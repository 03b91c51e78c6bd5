//! `run`: one prompt, streamed to the terminal until it ends.

mod ask;
mod follow;
mod options;
mod phases;
mod start;
mod transcript;
mod watch;

pub use follow::{Follower, Seen};
pub use options::RunArgs;
pub use start::require_model;
pub use transcript::Transcript;
pub use watch::run;
