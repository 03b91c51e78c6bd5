//! What identity needs from outside: slow hashes of passwords, and messages.

mod argon;
mod eml;
mod file_mailer;

pub use argon::{Argon2Hasher, Cost};
pub use file_mailer::FileMailer;
