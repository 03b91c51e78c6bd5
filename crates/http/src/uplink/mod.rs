//! What sandboxes reach: the runner's dial-back, and the model gateway.

mod artifacts;
pub(crate) mod connect;
mod glue;
mod models;
mod pump;

pub(crate) use artifacts::offer_artifact;
pub(crate) use glue::{AppGrants, AppUsage};
pub(crate) use models::model_call;
