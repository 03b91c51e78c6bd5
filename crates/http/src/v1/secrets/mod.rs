//! `/v1/secrets`.

pub(crate) mod add;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod patch;
