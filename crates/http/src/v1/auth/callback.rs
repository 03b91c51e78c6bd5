//! `GET /v1/auth/providers/{id}/callback`: the provider sends the browser back.

use app::{LoginOutcome, LoginReturn};
use axum::{
    extract::{FromRequestParts, Request, State},
    response::Response,
};
use http::header;
use protocol::api::Secret;
use serde::Deserialize;

use super::{
    enter,
    providers::{see_other, troubled, with_query},
};
use crate::{
    extract::{Params, Returning, cookie, path_text},
    problem::ApiProblem,
    state::HttpState,
};

/// What providers put there besides these is theirs: it is not an error.
#[derive(Debug, Deserialize)]
struct Back {
    #[serde(default)]
    state: Option<Secret>,
    #[serde(default)]
    code: Option<Secret>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    iss: Option<String>,
}

/// Where a provider sends the browser back to. It leads to where the attempt was begun for, signed in; to
/// `/sign-in?second_factor=1#challenge=…` when a code is needed as well; or to `/sign-in?trouble=<code of the problem>`. An
/// attempt to link leads back with `trouble` as well.
#[utoipa::path(
    get, path = "/v1/auth/providers/{id}/callback", tag = "identity", security(()),
    params(
        ("id" = String, Path, description = "The provider"),
        ("state" = Option<String>, Query, description = "Of the attempt"),
        ("code" = Option<String>, Query, description = "For whom the provider vouches"),
        ("error" = Option<String>, Query, description = "The provider does not"),
        ("iss" = Option<String>, Query, description = "Who answers (RFC 9207)"),
    ),
    responses((status = 303, description = "To a page of this server"))
)]
pub(crate) async fn return_from_provider(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, _) = request.into_parts();
    let id = path_text(&mut parts, &state, "id").await?;
    let returning = Returning::from_request_parts(&mut parts, &state).await?;
    let Params(back) = Params::<Back>::from_request_parts(&mut parts, &state).await?;
    let back = LoginReturn {
        state: back.state,
        code: back.code,
        error: back.error,
        issuer: back.iss,
        cookie: returning.attempt.map(Secret::new),
        session: returning.session.clone().map(Secret::new),
    };
    let mut response = match state.app.finish_login(&id, back, returning.device).await {
        Ok(LoginOutcome::SignedIn(new, to)) => {
            let mut response = see_other(&to);
            enter(&state, &new, returning.session, &mut response).await;
            response
        }
        Ok(LoginOutcome::SecondFactor(needed, to)) => {
            let page = with_query("/sign-in?second_factor=1", "return", &to);
            // Behind the `#`, which browsers keep to themselves: it reaches no log.
            see_other(&format!("{page}#challenge={}", needed.challenge.expose()))
        }
        Ok(LoginOutcome::Linked(to)) => see_other(&to),
        Err(trouble) => {
            let page = trouble.signed_in_at.as_deref().unwrap_or("/sign-in");
            troubled(page, &trouble.error)
        }
    };
    if let Some(value) = cookie::clear_attempt(state.settings.https) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
