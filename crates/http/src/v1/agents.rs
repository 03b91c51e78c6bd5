//! `GET /v1/agents`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{AgentInfo, ListPage};

use crate::{extract::Authenticated, problem::ApiProblem, reply, state::HttpState};

/// Agents on this server, those that cannot be used too, with the reason.
#[utoipa::path(get, path = "/v1/agents", tag = "models and agents", responses((status = 200, body = ListPage<AgentInfo>)))]
pub(crate) async fn list_agents(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
) -> Result<Response, ApiProblem> {
    Ok(reply::json(StatusCode::OK, &state.app.list_agents(&actor)?))
}
