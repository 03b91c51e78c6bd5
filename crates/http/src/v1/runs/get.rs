//! `GET /v1/runs/{id}`.

use app::RunEvents;
use axum::{
    extract::{FromRequestParts, Request, State},
    response::Response,
};
use http::StatusCode;
use protocol::{RunId, api::RunDetail};
use serde::Deserialize;

use crate::{
    extract::{Authenticated, Params, path_id},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunEventParams {
    /// Events with a higher `seq`: `next_after` of the page before.
    #[serde(default)]
    after: u64,
    /// Events, 1 to 1000; 200 when absent.
    #[serde(default)]
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u64>,
}

/// One finished turn, with its events in order (for those who may read sessions). There is a page of them; a page may be empty and still have a
/// `next_after`, where many events of other prompts lie between.
#[utoipa::path(
    get, path = "/v1/runs/{id}", tag = "runs",
    params(("id" = RunId, Path, description = "The run's id"), RunEventParams),
    responses((status = 200, body = RunDetail))
)]
pub(crate) async fn get_run(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, _) = request.into_parts();
    let Authenticated(actor) = Authenticated::from_request_parts(&mut parts, &state).await?;
    let id = path_id(&mut parts, &state, "id", "run").await?;
    let params = Params::<RunEventParams>::from_request_parts(&mut parts, &state).await;
    // A foreign id never tells itself from an unknown one, whatever else is wrong.
    let Params(params) = match params {
        Ok(params) => params,
        Err(problem) => {
            state.app.get_run(&actor, id, RunEvents::default()).await?;
            return Err(problem);
        }
    };
    let events = RunEvents {
        after: params.after,
        limit: params.limit,
    };
    let run = state.app.get_run(&actor, id, events).await?;
    Ok(reply::json(StatusCode::OK, &run))
}
