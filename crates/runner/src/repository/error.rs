//! What can go wrong between a repository and a workspace, in stable codes.

use std::io;

use protocol::{probe::ProbeFailure, session::TurnError};

#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    #[error("the repository URL is not valid: {0}")]
    InvalidUrl(String),
    #[error("the ref is not valid")]
    InvalidReference,
    #[error("the repository could not be cloned")]
    Clone { tail: String },
    #[error("the clone took longer than {limit_s} s and was stopped")]
    CloneTimeout { limit_s: u64, tail: String },
    #[error("the repository has no branch, tag or commit `{0}`")]
    ReferenceNotFound(String),
    #[error("the repository needs a credential, or it does not exist")]
    AuthenticationRequired { tail: String },
    #[error("the repository does not accept the given token, or it does not exist")]
    CredentialRefused { tail: String },
    #[error("the commit could not be checked out")]
    Checkout { tail: String },
    #[error("there is no git repository in the workspace")]
    NoRepository,
    #[error("`{command}` failed with {status}")]
    Git {
        command: String,
        status: String,
        tail: String,
    },
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl RepositoryError {
    /// What git said, with the address that people know in place of the one it has in here.
    #[must_use]
    pub fn with_address(mut self, inside: &str, shown: &str) -> Self {
        if let Self::Clone { tail }
        | Self::CloneTimeout { tail, .. }
        | Self::AuthenticationRequired { tail }
        | Self::CredentialRefused { tail }
        | Self::Checkout { tail }
        | Self::Git { tail, .. } = &mut self
        {
            *tail = tail.replace(inside, shown);
        }
        self
    }

    /// As it is to be told when a token was given: what was refused is the token.
    #[must_use]
    pub fn with_token(self) -> Self {
        match self {
            Self::AuthenticationRequired { tail } => Self::CredentialRefused { tail },
            other => other,
        }
    }

    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ReferenceNotFound(_) | Self::InvalidReference => "ref_not_found",
            Self::AuthenticationRequired { .. } | Self::CredentialRefused { .. } => "authentication_required",
            Self::NoRepository => "no_repository",
            Self::Git { .. } | Self::Io(_) => "internal",
            Self::InvalidUrl(_) | Self::Clone { .. } | Self::CloneTimeout { .. } | Self::Checkout { .. } => {
                "clone_failed"
            }
        }
    }

    fn next_step(&self) -> &'static str {
        match self {
            Self::InvalidUrl(_) => "Give an http or https URL without a user name or password.",
            Self::InvalidReference | Self::ReferenceNotFound(_) => {
                "Check the name of the branch, tag or commit, then send the prompt again or start a new session."
            }
            Self::AuthenticationRequired { .. } => {
                "Check the URL; for a private repository start a new session with an access token."
            }
            Self::CredentialRefused { .. } => {
                "Check the URL and what the token may read. A session keeps the token it was made with: start a \
                 new session with another one."
            }
            Self::CloneTimeout { .. } => "Send the prompt again, or raise COORDINATOR_CLONE_TIMEOUT.",
            Self::Clone { .. } => {
                "Check that the URL is right and the host is reachable, then send the prompt again."
            }
            Self::Checkout { .. } | Self::NoRepository | Self::Git { .. } | Self::Io(_) => {
                "See the detail; send the prompt again to retry."
            }
        }
    }

    fn tail(&self) -> Option<&str> {
        match self {
            Self::Clone { tail }
            | Self::CloneTimeout { tail, .. }
            | Self::AuthenticationRequired { tail }
            | Self::CredentialRefused { tail }
            | Self::Checkout { tail }
            | Self::Git { tail, .. } => Some(tail).filter(|tail| !tail.is_empty()).map(String::as_str),
            _ => None,
        }
    }

    /// As shown with the session.
    #[must_use]
    pub fn turn_error(&self) -> TurnError {
        TurnError {
            code: match self.code() {
                "internal" => "workspace_failed".to_owned(),
                code => code.to_owned(),
            },
            message: format!("{}.", capital(&self.to_string())),
            next_step: self.next_step().to_owned(),
            detail: self.tail().map(str::to_owned),
        }
    }

    /// As a probe prints it.
    #[must_use]
    pub fn failure(&self) -> ProbeFailure {
        let message = match self.tail() {
            Some(tail) => format!("{self}: {tail}"),
            None => self.to_string(),
        };
        ProbeFailure {
            code: self.code().to_owned(),
            message,
        }
    }
}

pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_the_address_they_gave() {
        let error = RepositoryError::Clone {
            tail: "fatal: repository 'http://git-host.internal:1/x.git/' not found".into(),
        };
        let error = error.with_address("http://git-host.internal:1/x.git", "http://127.0.0.1:1/x.git");
        assert_eq!(
            error.turn_error().detail.as_deref(),
            Some("fatal: repository 'http://127.0.0.1:1/x.git/' not found")
        );
    }
}
