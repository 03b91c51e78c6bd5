//! Git, as the runner uses it on a repository that it does not trust.

mod clone;
mod confine;
mod error;
mod git;
mod listing;
mod progress;
mod reference;

pub use clone::{CloneRequest, Cloned, clone};
pub use confine::{PathError, open, resolve};
pub use error::RepositoryError;
pub use git::{Git, config_env};
pub use listing::{Wanted, list};
pub use reference::{Remote, check_reference};
