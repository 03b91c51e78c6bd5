//! Somebody who is about to sign in.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::{address, caller::own_page, cookie};
use crate::{problem::ApiProblem, state::HttpState};

/// Not known yet. Another site's page may not sign its visitors in here: that is refused.
pub(crate) struct Visitor {
    pub(crate) address: Option<IpAddr>,
    /// The token of the browser session that a new one takes the place of.
    pub(crate) before: Option<String>,
}

impl FromRequestParts<HttpState> for Visitor {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Self::Rejection> {
        own_page(parts, state)?;
        Ok(Self {
            address: address::client(parts, &state.settings.trusted_proxies),
            before: cookie::read(&parts.headers, state.settings.https).map(str::to_owned),
        })
    }
}
