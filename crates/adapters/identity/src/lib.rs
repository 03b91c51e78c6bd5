//! What identity needs from outside: slow hashes of passwords.

mod argon;

pub use argon::{Argon2Hasher, Cost};
