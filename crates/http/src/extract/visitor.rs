//! Somebody who is about to sign in.

use axum::extract::FromRequestParts;
use domain::sign_in::Device;
use http::{header, request::Parts};

use super::{address, caller::own_page, cookie};
use crate::{problem::ApiProblem, state::HttpState};

/// Not known yet. Another site's page may not sign its visitors in here: that is refused.
pub(crate) struct Visitor {
    /// Where they come from, as far as it can be believed.
    pub(crate) device: Device,
    /// The token of the browser session that a new one takes the place of.
    pub(crate) before: Option<String>,
}

impl FromRequestParts<HttpState> for Visitor {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        own_page(parts, state)?;
        Ok(Self {
            device: Device::new(
                user_agent(parts),
                address::client(parts, &state.settings.trusted_proxies),
            ),
            before: cookie::read(&parts.headers, state.settings.https).map(str::to_owned),
        })
    }
}

/// Somebody whom another site sends back here: what they bring has to vouch for itself.
pub(crate) struct Returning {
    pub(crate) device: Device,
    /// The token of the browser session, if there is one.
    pub(crate) session: Option<String>,
    /// The token of the attempt that this browser began.
    pub(crate) attempt: Option<String>,
}

impl FromRequestParts<HttpState> for Returning {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        let https = state.settings.https;
        Ok(Self {
            device: Device::new(
                user_agent(parts),
                address::client(parts, &state.settings.trusted_proxies),
            ),
            session: cookie::read(&parts.headers, https).map(str::to_owned),
            attempt: cookie::read_attempt(&parts.headers, https).map(str::to_owned),
        })
    }
}

fn user_agent(parts: &Parts) -> Option<&str> {
    parts.headers.get(header::USER_AGENT)?.to_str().ok()
}
