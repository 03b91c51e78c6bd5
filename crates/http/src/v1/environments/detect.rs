//! `POST /v1/environments/detect`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{api::EnvironmentDetect, environment::EnvironmentPlan};

use crate::{
    extract::{Authenticated, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Clones a repository inside a throw-away sandbox and says how to install, test and start it, with the evidence.
/// Nothing is stored and nothing is installed.
#[utoipa::path(
    post, path = "/v1/environments/detect", tag = "environments",
    request_body = EnvironmentDetect,
    responses((status = 200, body = EnvironmentPlan))
)]
pub(crate) async fn detect_environment(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<EnvironmentDetect>()?;
    Ok(reply::json(
        StatusCode::OK,
        &state.app.detect_environment(&actor, body).await?,
    ))
}
