//! `GET /v1/sessions`.

use app::{ListQuery, SessionQuery};
use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::{
    UserId,
    api::{ListPage, SessionSummary},
    session::SessionStatus,
};
use serde::Deserialize;

use crate::{
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Which sessions.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SessionParams {
    #[serde(default)]
    status: Option<SessionStatus>,
    /// Those that this person made.
    #[serde(default)]
    created_by: Option<UserId>,
    /// Archived ones too.
    #[serde(default)]
    include_archived: bool,
    /// Occurs in title or repository, in whatever case; at most 200 characters. A page may have fewer hits than its
    /// limit and still a `next_cursor`: older sessions have not been looked at yet.
    #[serde(default)]
    #[param(max_length = 200)]
    q: Option<String>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    #[param(pattern = "^[0-9A-Fa-f]{32}$")]
    cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
}

/// Sessions of the organisation, newest first.
#[utoipa::path(
    get, path = "/v1/sessions", tag = "sessions",
    params(SessionParams),
    responses((status = 200, body = ListPage<SessionSummary>))
)]
pub(crate) async fn list_sessions(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    Params(params): Params<SessionParams>,
) -> Result<Response, ApiProblem> {
    let query = SessionQuery {
        status: params.status,
        created_by: params.created_by,
        include_archived: params.include_archived,
        search: params.q,
        page: ListQuery {
            cursor: params.cursor,
            limit: params.limit,
        },
    };
    Ok(reply::json(
        StatusCode::OK,
        &state.app.list_sessions(&actor, &query).await?,
    ))
}
