//! Failures with two faces: a code with words for the caller, and a cause for the log.

use std::sync::Arc;

use ::sessions::SessionError;
use domain::{organisations::MemberRefusal, policy::Denied, source::InvalidRepository};
use ports::{StoreError, master_key::KeyError, passwords::HasherError};
use protocol::ProblemCode;

use crate::AddressRefused;

/// Why a use case did not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{detail}")]
pub struct AppError {
    pub code: ProblemCode,
    /// For the caller: what went wrong and what to do.
    pub detail: String,
    pub field: Option<String>,
    pub limit: Option<u64>,
    /// Seconds after which it is worth another try.
    pub retry_after_s: Option<u64>,
    /// For the log alone.
    pub cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl AppError {
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            field: None,
            limit: None,
            retry_after_s: None,
            cause: None,
        }
    }

    /// What does not exist, or belongs to another organisation: the same answer for both.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(ProblemCode::NotFound, format!("There is no such {what}."))
    }

    #[must_use]
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::InvalidRequest, detail).field(field)
    }

    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(
            ProblemCode::Unauthenticated,
            "Sign in, or send a valid API key as `Authorization: Bearer ack_…`. What was sent is missing, wrong, expired or revoked.",
        )
    }

    /// Somebody is signed in who belongs to no organisation, and this is done in one.
    #[must_use]
    pub fn no_organisation() -> Self {
        Self::new(
            ProblemCode::NoOrganisation,
            "You belong to no organisation. Accept an invitation, or make an organisation of your own with `POST /v1/orgs`.",
        )
    }

    #[must_use]
    pub fn internal(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::new(
            ProblemCode::Internal,
            "Something failed on our side. The request id names it in the server's log.",
        )
        .cause(cause)
    }

    #[must_use]
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::Unavailable, detail)
    }

    #[must_use]
    pub fn idempotency_conflict() -> Self {
        Self::new(
            ProblemCode::IdempotencyConflict,
            "This Idempotency-Key was used before with another request. Use a new key for a new request.",
        )
    }

    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    #[must_use]
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    #[must_use]
    pub fn retry_after_s(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    #[must_use]
    pub fn cause(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }
}

impl From<Denied> for AppError {
    fn from(denied: Denied) -> Self {
        let code = match denied {
            Denied::Closing(_) => ProblemCode::OrganisationClosing,
            Denied::Role { .. } | Denied::Scope(_) => ProblemCode::Forbidden,
        };
        Self::new(code, sentence(&denied.to_string()))
    }
}

impl From<MemberRefusal> for AppError {
    fn from(refusal: MemberRefusal) -> Self {
        Self::new(ProblemCode::Forbidden, sentence(&refusal.to_string()))
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        let refused = match &error {
            StoreError::Full => Self::new(
                ProblemCode::StorageFull,
                "The server's disk is full; nothing was changed. Its operator has to make room.",
            ),
            StoreError::Unavailable(_) | StoreError::Fenced => {
                Self::unavailable("The store does not answer; nothing was changed. Try again.")
            }
            StoreError::Unknown(_) => Self::unavailable(
                "Whether this was stored is not known. Send it again with the same Idempotency-Key.",
            ),
            StoreError::Invalid(_) | StoreError::Corrupt(_) => return Self::internal(error),
        };
        refused.cause(error)
    }
}

impl From<SessionError> for AppError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound => Self::not_found("session"),
            SessionError::Refused(refusal) => {
                let mut refused = Self::new(refusal.code(), sentence(&refusal.to_string()));
                refused.limit = refusal.limit();
                refused
            }
            SessionError::CursorAhead { head } => Self::new(
                ProblemCode::InvalidCursor,
                format!("The cursor lies after the last event, which is {head}."),
            )
            .field("after"),
            SessionError::IdempotencyConflict => Self::idempotency_conflict(),
            SessionError::Store(error @ StoreError::Corrupt(_)) => Self::new(
                ProblemCode::LogCorrupt,
                "This session's log is damaged and is left alone. Its operator finds the file with `coordinator doctor`. Other sessions are not concerned.",
            )
            .cause(error),
            SessionError::Store(error) => error.into(),
            SessionError::Busy => Self::unavailable("The session is changing its owner; try again."),
            SessionError::ShuttingDown => {
                Self::unavailable("The server is shutting down; try again in a moment.")
            }
        }
    }
}

impl From<KeyError> for AppError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Unavailable(_) => {
                Self::unavailable("The master key that seals secrets is not available now. Try again.")
                    .cause(error)
            }
            KeyError::DoesNotOpen => Self::internal(error),
            KeyError::Shredded => Self::new(
                ProblemCode::Conflict,
                "This organisation is being erased: its key was destroyed, and no secret can be kept for it any more.",
            )
            .cause(error),
        }
    }
}

impl From<HasherError> for AppError {
    fn from(error: HasherError) -> Self {
        match error {
            HasherError::Unavailable(_) => {
                Self::unavailable("Passwords cannot be checked now, because many others are. Try again.")
                    .cause(error)
            }
            HasherError::Unreadable => Self::internal(error),
        }
    }
}

impl From<AddressRefused> for AppError {
    fn from(refused: AddressRefused) -> Self {
        Self::new(ProblemCode::AddressNotAllowed, sentence(&refused.to_string()))
    }
}

impl From<InvalidRepository> for AppError {
    fn from(invalid: InvalidRepository) -> Self {
        let field = match invalid {
            InvalidRepository::Reference => "repository.ref",
            InvalidRepository::Scheme | InvalidRepository::UserInfo | InvalidRepository::Url(_) => {
                "repository.url"
            }
        };
        Self::new(ProblemCode::InvalidRepository, sentence(&invalid.to_string())).field(field)
    }
}

/// An error's text as a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default();
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_kept_apart_from_what_is_shown() {
        let error = AppError::from(StoreError::Unavailable("disk I/O error at /secret/place".into()));
        assert_eq!(error.code, ProblemCode::Unavailable);
        assert!(!error.detail.contains("/secret/place"));
        assert!(error.cause.is_some());
    }

    #[test]
    fn texts_become_sentences() {
        assert_eq!(sentence("the disk is full"), "The disk is full.");
        assert_eq!(sentence(""), ".");
    }
}
