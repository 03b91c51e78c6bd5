//! `GET /v1/limits`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::OrgLimits;

use crate::{extract::Authenticated, problem::ApiProblem, reply, state::HttpState};

/// What the organisation may ask for, and how much of it is used. Every reply to a valid credential says with the headers
/// `RateLimit-Policy` and `RateLimit` how many requests are left.
#[utoipa::path(get, path = "/v1/limits", tag = "identity", responses((status = 200, body = OrgLimits)))]
pub(crate) async fn limits(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(StatusCode::OK, &state.app.limits(&actor).await?))
}
