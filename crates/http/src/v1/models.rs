//! `GET /v1/models`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::ModelList;

use crate::{extract::Authenticated, problem::ApiProblem, reply, state::HttpState};

/// What this organisation can use now, and why not. There is no default model.
#[utoipa::path(get, path = "/v1/models", tag = "models and agents", responses((status = 200, body = ModelList)))]
pub(crate) async fn list_models(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(StatusCode::OK, &state.app.list_models(&actor).await?))
}
