//! `/v1/orgs`: organisations, their members and invitations into them.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod invitations;
pub(crate) mod leave;
pub(crate) mod list;
pub(crate) mod members;
pub(crate) mod patch;
pub(crate) mod restore;
pub(crate) mod transfer;
