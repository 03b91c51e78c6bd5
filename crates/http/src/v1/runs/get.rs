//! `GET /v1/runs/{id}`.

use axum::{
    extract::{FromRequestParts, Request, State},
    response::Response,
};
use http::StatusCode;
use protocol::{RunId, run::RunRecord};

use crate::{
    extract::{Authenticated, path_id},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// One finished turn.
#[utoipa::path(
    get, path = "/v1/runs/{id}", tag = "runs",
    params(("id" = RunId, Path, description = "The run's id")),
    responses((status = 200, body = RunRecord))
)]
pub(crate) async fn get_run(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, _) = request.into_parts();
    let Authenticated(actor) = Authenticated::from_request_parts(&mut parts, &state).await?;
    let id = path_id(&mut parts, &state, "id", "run").await?;
    Ok(reply::json(StatusCode::OK, &state.app.get_run(&actor, id).await?))
}
