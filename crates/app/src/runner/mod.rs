//! What a runner may ask of the server. Its credential is that of one generation.

mod connect;
mod credential;

pub use credential::GitCredentialRequest;
