//! `GET /v1/runs`.

use app::{AppError, ListQuery, RunQuery, RunSelection};
use axum::{body::Body, extract::State, response::Response};
use futures::{StreamExt as _, TryStreamExt as _};
use http::{HeaderMap, StatusCode};
use protocol::{ApiKeyId, SessionId, Timestamp, UserId, api::ListPage, run::RunRecord};
use serde::Deserialize;

use super::table;
use crate::{
    csv::{self, Format, Lines},
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Which runs.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunParams {
    #[serde(default, alias = "session_id")]
    session: Option<SessionId>,
    #[serde(default, alias = "user_id")]
    user: Option<UserId>,
    /// Id of the API key that gave the prompt.
    #[serde(default, alias = "api_key", alias = "api_key_id")]
    key: Option<ApiKeyId>,
    #[serde(default)]
    model: Option<String>,
    /// Ended at or after.
    #[serde(default)]
    from: Option<Timestamp>,
    /// Ended before.
    #[serde(default)]
    until: Option<Timestamp>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    #[param(pattern = "^[0-9A-Fa-f]{32}$")]
    cursor: Option<String>,
    /// 1 to 200; 50 when absent, and all of them as CSV.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u64>,
    /// `csv` or `json`; else as `Accept` says.
    #[serde(default)]
    #[param(inline)]
    format: Option<Format>,
}

/// Finished turns of the organisation, newest first. One prompt is one run.
///
/// With `Accept: text/csv` or `format=csv` a table; without `limit` one of all runs in question, sent as it is read.
/// Text that a spreadsheet would take for a formula begins with an apostrophe there.
#[utoipa::path(
    get, path = "/v1/runs", tag = "runs",
    params(RunParams),
    responses((status = 200, content(
        (ListPage<RunRecord> = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(crate) async fn list_runs(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    headers: HeaderMap,
    Params(params): Params<RunParams>,
) -> Result<Response, ApiProblem> {
    let as_table = csv::is_wanted(params.format, &headers);
    let query = RunQuery {
        which: RunSelection {
            session_id: params.session,
            user_id: params.user,
            api_key_id: params.key,
            model: params.model,
            from: params.from,
            until: params.until,
        },
        page: ListQuery {
            cursor: params.cursor,
            limit: params.limit,
        },
    };
    if !as_table {
        return Ok(reply::json(
            StatusCode::OK,
            &state.app.list_runs(&actor, &query).await?,
        ));
    }
    let pages = state.app.export_runs(&actor, &query).await?;
    let mut first = true;
    let chunks = pages.map(move |page| {
        let mut lines = Lines::default();
        if std::mem::take(&mut first) {
            table::head(&mut lines);
        }
        for run in &page? {
            table::line(&mut lines, run);
        }
        // A failure in the middle breaks the answer off: half a table must not look like a whole one.
        Ok::<_, AppError>(lines.done())
    });
    let body = Body::from_stream(chunks.map_err(std::io::Error::other));
    Ok(csv::answer("attachment; filename=\"runs.csv\"", body))
}
