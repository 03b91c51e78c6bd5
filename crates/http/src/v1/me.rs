//! `GET /v1/me`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::Me;

use crate::{extract::Authenticated, problem::ApiProblem, reply, state::HttpState};

/// Who the credential stands for.
#[utoipa::path(get, path = "/v1/me", tag = "identity", responses((status = 200, body = Me)))]
pub(crate) async fn me(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(StatusCode::OK, &state.app.me(&actor).await?))
}
