//! The master key: from the environment, a command, or a file in the data directory that is made at the first start;
//! and its change while the server runs.

mod audit;
mod change;
mod command;
mod keeper;
mod names;
mod source;
#[cfg(test)]
mod tests;

pub(crate) use audit::audit_public_keys;
pub(super) use change::keep_changing;
pub(crate) use command::MOST_SESSION_FILES;
pub use command::{MasterKeyCommand, master_key};
pub(super) use keeper::Keeper;
pub(crate) use source::{check, names_here};
