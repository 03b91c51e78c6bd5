//! `/v1/runs`.

pub(crate) mod get;
pub(crate) mod list;
mod table;
