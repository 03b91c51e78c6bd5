//! The baseline: what the same work costs with the bare libraries and nothing else.

mod commit;
mod creation;
mod files;
mod relay;
mod replay;
mod serve;

pub(crate) use commit::Commits;
pub(crate) use creation::Creation;
pub(crate) use files::{Files, PromptShape, Row};
pub(crate) use relay::Relay;
pub(crate) use serve::serve;
