//! Whose feed it is: the organisation of the key or ticket, or one of those a browser's user belongs to.

use app::AppError;
use axum::extract::{FromRequestParts, Query};
use domain::tenancy::Actor;
use http::{HeaderValue, request::Parts};
use protocol::OrgId;
use serde::Deserialize;

use crate::{
    extract::{Authenticated, ORG, admit, asked, bearer, note, surely_own_page, wrong},
    problem::ApiProblem,
    state::HttpState,
};

/// What of the query says who asks. The rest is looked at when that is known.
#[derive(Debug, Default, Deserialize)]
struct Named {
    #[serde(default)]
    org: Option<String>,
    #[serde(default)]
    ticket: Option<String>,
}

/// Who asks. A socket may come with a ticket, and a browser's has to come from our own page.
pub(super) async fn actor(
    parts: &mut Parts,
    state: &HttpState,
    is_socket: bool,
) -> Result<Actor, ApiProblem> {
    let named =
        Query::<Named>::try_from_uri(&parts.uri).map_or_else(|_| Named::default(), |Query(named)| named);
    let with_key = bearer(&parts.headers).is_some();
    let actor = match named.ticket.as_deref().filter(|_| is_socket && !with_key) {
        Some(ticket) => {
            let redeemed = state.app.redeem_feed_ticket(ticket).await;
            let redeemed = redeemed.map_err(|error| wrong(parts, state, error))?;
            let actor = asked(parts, state, redeemed);
            note(parts, &actor);
            admit(parts, state, &actor).await?;
            actor
        }
        None => {
            if let Some(org) = &named.org {
                // What is no id cannot be there.
                let value = HeaderValue::from_str(org).unwrap_or(HeaderValue::from_static("-"));
                parts.headers.insert(ORG, value);
            }
            let Authenticated(actor) = Authenticated::from_request_parts(parts, state).await?;
            if is_socket && !with_key {
                surely_own_page(parts, state)?;
            }
            actor
        }
    };
    match named.org.map(|org| org.parse::<OrgId>()) {
        Some(org) if org.as_ref().ok() != Some(&actor.org) => Err(AppError::not_found("organisation").into()),
        _ => Ok(actor),
    }
}
