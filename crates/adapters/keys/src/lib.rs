//! The master key that seals tenants' secrets, and what else the machine itself gives: time and randomness.
//!
//! Each organisation has a random data key, which is kept wrapped under the master key, apart from what is sealed under
//! it. So a change of the master key rewrites wrapped keys and nothing else, and who destroys a wrapped key has
//! destroyed everything that was sealed under it. What was sealed straight under the master key, in the format before,
//! still opens. What is sealed carries the short name of its key, so a secret sealed under another one is told apart
//! from damage only by that name, and never opens.

mod audit;
mod command;
mod derive;
mod master;
mod ring;
mod seal;
mod source;
mod system;

pub use audit::{AuditKey, is_audit_signature};
pub use command::{COMMAND_LIMIT, from_command};
pub use master::SealingKey;
pub use ring::{KeyRing, MOST_OLDER, master_key_id};
pub use source::{KeySourceError, from_environment_value, from_key_file, new_key, write_key_file};
pub use system::{SystemClock, SystemEntropy};
