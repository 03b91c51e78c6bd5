//! The master key that seals tenants' secrets, and what else the machine itself gives: time and randomness.
//!
//! Each organisation has sealing keys of its own, derived from the master key; nothing derived is stored. What is
//! sealed carries the short name of its master key, so a secret sealed under another one is told apart from
//! damage only by that name, and never opens.

mod derive;
mod master;
mod seal;
mod source;
mod system;

pub use master::SealingKey;
pub use source::{KeySourceError, from_environment_value, from_key_file};
pub use system::{SystemClock, SystemEntropy};
