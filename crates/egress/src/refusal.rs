//! Refusals and failures, in words that tell the next step.

use domain::address::Authority;
use http::{Response, StatusCode, header};

use crate::body::{Body, text};

/// Why a request goes no further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("{0}")]
    Malformed(String),
    #[error("the host is not on the list of allowed hosts")]
    NotListed(Authority),
    #[error("{why}")]
    Address { target: Authority, why: String },
    #[error("the name could not be resolved")]
    NoSuchName(Authority),
    #[error("the host could not be connected to: {why}")]
    Unreachable { target: Authority, why: String },
    #[error("the host did not answer in time")]
    TimedOut(Authority),
}

impl Refused {
    fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotListed(_) | Self::Address { .. } => StatusCode::FORBIDDEN,
            Self::NoSuchName(_) | Self::Unreachable { .. } => StatusCode::BAD_GATEWAY,
            Self::TimedOut(_) => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    pub(crate) fn response(&self) -> Response<Body> {
        let said = match self {
            Self::Malformed(_) => format!("egress proxy: the request can't be served: {self}.\n"),
            Self::NotListed(target) => format!(
                "egress proxy: {target} is refused: {self}.\n\
                 The operator of this server can allow it with COORDINATOR_EGRESS_ALLOW={target} (a comma-separated list).\n"
            ),
            Self::Address { target, .. } => format!("egress proxy: {target} is refused: {self}.\n"),
            Self::NoSuchName(target) | Self::Unreachable { target, .. } | Self::TimedOut(target) => {
                format!("egress proxy: {target} is allowed, but {self}.\n")
            }
        };
        let mut response = Response::new(text(said));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("text/plain; charset=utf-8"),
        );
        headers.insert(header::CONNECTION, header::HeaderValue::from_static("close"));
        response
    }
}
