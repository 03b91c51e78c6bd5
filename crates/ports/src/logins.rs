//! Providers that vouch for people: OpenID Connect issuers and GitHub.

use async_trait::async_trait;
use domain::sign_in::{ProviderId, VerifiedIdentity};
use protocol::api::Secret;

/// What an attempt takes to the provider. The three secrets belong to this attempt alone.
#[derive(Debug, Clone)]
pub struct LoginStart {
    pub provider: ProviderId,
    /// Where the provider sends the browser back to; the same when the attempt is finished.
    pub redirect_uri: String,
    pub state: Secret,
    pub nonce: Secret,
    /// PKCE (RFC 7636): stays here, its SHA-256 goes to the provider. 43 to 128 unreserved characters.
    pub verifier: Secret,
}

/// What the browser brought back, with what was kept of the attempt. That the state fits was checked before.
#[derive(Debug, Clone)]
pub struct LoginAnswer {
    pub provider: ProviderId,
    pub redirect_uri: String,
    pub nonce: Secret,
    pub verifier: Secret,
    pub code: Secret,
    /// `iss` of the answer (RFC 9207), if there was one.
    pub issuer: Option<String>,
}

/// Why nobody was vouched for. Says nothing of codes, tokens and secrets.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// No provider of that name is configured.
    #[error("there is no such provider")]
    Unknown,
    /// It does not answer, is overloaded, or lies at an address that may not be connected to. Another try may help.
    #[error("the provider could not be asked: {0}")]
    Unavailable(String),
    /// It answered, and what it said is not to be believed, or is a refusal. Trying the same again is useless.
    #[error("the provider's answer is not accepted: {0}")]
    Refused(String),
}

/// The ways to sign in through somebody else. It keeps nothing of an attempt: what belongs to it is handed back to it.
#[async_trait]
pub trait LoginProvider: Send + Sync {
    /// The address to send the browser to.
    async fn start(&self, start: &LoginStart) -> Result<Secret, LoginError>;

    /// Exchanges the code, checks everything about the answer, and says who it is. A code works once.
    async fn finish(&self, answer: &LoginAnswer) -> Result<VerifiedIdentity, LoginError>;
}
