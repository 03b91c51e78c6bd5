//! What can go wrong between the command line and a server, in words a person can act on.

use protocol::Problem;
use reqwest::Response;

/// Why a request did not work.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The server refused, with its reason.
    #[error("{}{}", .0.detail, page(.0))]
    Refused(Box<Problem>),
    /// No answer, or half of one.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// An answer that is not of this API.
    #[error("{0}")]
    Odd(String),
    /// Wrong before anything was sent.
    #[error("{0}")]
    Setup(String),
}

fn page(problem: &Problem) -> String {
    let slug = problem.kind.rsplit('/').next().unwrap_or_default();
    if slug.is_empty() || slug == "about:blank" {
        format!(" ({})", problem.status)
    } else {
        format!(" ({slug})")
    }
}

impl ApiError {
    /// The innermost cause is the one that tells.
    pub(super) fn unreachable(error: &reqwest::Error) -> Self {
        let mut cause: &dyn std::error::Error = error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        Self::Unreachable(cause.to_string())
    }

    /// What to do about it, in terms of the command line.
    #[must_use]
    pub fn next_step(&self) -> Option<String> {
        let me = crate::cli::terminal::me();
        let slug = match self {
            Self::Unreachable(cause) if cause.contains("certificate") => {
                return Some("for a private certificate authority set SSL_CERT_FILE to its PEM file".into());
            }
            Self::Unreachable(_) => {
                return Some(format!(
                    "is it running? `{me} up` starts one here; --server or COORDINATOR_SERVER names another"
                ));
            }
            Self::Refused(problem) => problem.kind.rsplit('/').next().unwrap_or_default(),
            Self::Odd(_) | Self::Setup(_) => return None,
        };
        Some(match slug {
            "unauthenticated" => format!(
                "give a key with COORDINATOR_API_KEY or --key; `{me} up` and `{me} bootstrap` make new ones"
            ),
            "model_unavailable" => {
                format!("`{me} models` lists what can be used; `{me} providers add --help` adds to it")
            }
            "agent_unavailable" | "unavailable" | "storage_full" => {
                format!("on the server's machine, `{me} doctor` says more")
            }
            _ => return None,
        })
    }

    /// Whether the same request may work in a moment.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Refused(problem) => matches!(problem.status, 502..=504),
            Self::Odd(_) | Self::Setup(_) => false,
        }
    }

    /// The HTTP status of a refusal.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(problem) => Some(problem.status),
            _ => None,
        }
    }
}

/// An error with its causes, without the address (it may carry what should not be shown).
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut parts = Vec::<String>::new();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        next = cause.source();
    }
    if parts.is_empty() {
        error.to_string()
    } else {
        parts.join(": ")
    }
}

/// Reads a refusal; whatever else came is told by its status.
pub(super) async fn refusal(mut answer: Response) -> ApiError {
    let status = answer.status();
    let mut body = Vec::new();
    while body.len() < 256 * 1024 {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => ApiError::Refused(Box::new(problem)),
        Err(_) => ApiError::Refused(Box::new(Problem {
            kind: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("refused").into(),
            status: status.as_u16(),
            detail: format!("the server answered {status} without a reason"),
            limit: None,
            field: None,
            request_id: None,
        })),
    }
}
