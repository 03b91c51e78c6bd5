//! What identity needs from outside: slow hashes of passwords, messages, and providers that vouch for people.

mod argon;
mod eml;
mod file_mailer;
mod logins;
mod smtp;

pub use argon::{Argon2Hasher, Cost};
pub use file_mailer::FileMailer;
pub use logins::{LoginClient, Logins, is_safe_address};
pub use smtp::{BadSmtp, Encryption, SmtpMailer, SmtpSettings};
