//! The audit log: what a record says, how records are chained, and how a chain is checked.
//!
//! Each record's hash covers all its fields and the hash before it, so that nothing within can be changed, left out or
//! put in without every hash behind it. Now and then the server signs a hash: whoever could rewrite the store, and had
//! all hashes made anew, still lacks the key. All of it is pure: who keeps the records and who signs is elsewhere.

mod chain;
mod entry;
mod verify;

pub use chain::{GENESIS, checkpoint_message, hash_of, is_checkpoint_due, sealed};
pub use entry::{AuditEntry, MOST_DETAILS, MOST_TEXT};
pub use verify::{Broken, Fault, Signed, Verified, Verifier};

#[cfg(test)]
mod tests;
