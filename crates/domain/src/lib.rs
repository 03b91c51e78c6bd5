//! The rules, pure: no clock, no randomness, no IO, no async. Those come in as values.

pub mod address;
pub mod api_key;
pub mod audit;
pub mod environment;
pub mod environment_definition;
pub mod fair;
pub mod flow;
pub mod limits;
pub mod mail;
pub mod models;
pub mod organisations;
#[cfg(feature = "planted")]
pub mod planted;
pub mod policy;
pub mod sealed;
pub mod secret;
pub mod session;
pub mod sign_in;
pub mod source;
pub mod tenancy;
pub mod totp;
