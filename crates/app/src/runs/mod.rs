//! The durable history of finished turns.

mod export;
mod get;
mod lag;
mod list;
mod usage;

pub use get::RunEvents;
pub use list::{RunQuery, RunSelection};
pub use usage::UsageQuery;
