//! `GET /v1/me`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::Me;

use crate::{extract::WithCsrf, problem::ApiProblem, reply, state::HttpState};

/// Who the credential stands for. Browsers find here what they have to send with whatever changes something.
#[utoipa::path(get, path = "/v1/me", tag = "identity", responses((status = 200, body = Me)))]
pub(crate) async fn me(
    State(state): State<HttpState>,
    WithCsrf(actor, csrf_token): WithCsrf,
) -> Result<Response, ApiProblem> {
    let me = state.app.me(&actor, csrf_token).await?;
    Ok(reply::json(StatusCode::OK, &me))
}
