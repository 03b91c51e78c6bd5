//! `GET /v1/usage`.

use app::{AppError, RunSelection, UsageQuery};
use axum::{body::Body, extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use protocol::{
    ApiKeyId, SessionId, Timestamp, UserId,
    api::UsageReport,
    usage::{UsageBy, UsageRow},
};
use serde::Deserialize;

use crate::{
    csv::{self, Cell, Format, Lines},
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Which runs, in which groups.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsageParams {
    /// `day`, `hour`, `user`, `api_key`, `model`, `session`, several with commas between; `day` when absent. Days and
    /// hours are those of UTC; the hour counts when both are named.
    #[serde(default)]
    #[param(
        pattern = "^$|^ *(day|hour|user|api_key|model|session) *(, *(day|hour|user|api_key|model|session) *)*$"
    )]
    group_by: Option<String>,
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
    /// Groups, 1 to 10000; 200 when absent.
    #[serde(default)]
    #[param(minimum = 1, maximum = 10000)]
    limit: Option<u64>,
    /// `csv` or `json`; else as `Accept` says.
    #[serde(default)]
    #[param(inline)]
    format: Option<Format>,
}

/// What was used: runs, tokens, cost and time, in groups and in total. A cost is null where the price of any of the
/// runs is not known; `known_cost_micro_usd` and `unknown_cost_runs` say what is.
#[utoipa::path(
    get, path = "/v1/usage", tag = "runs",
    params(UsageParams),
    responses((status = 200, content(
        (UsageReport = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(crate) async fn usage(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    headers: HeaderMap,
    Params(params): Params<UsageParams>,
) -> Result<Response, ApiProblem> {
    let query = UsageQuery {
        which: RunSelection {
            session_id: params.session,
            user_id: params.user,
            api_key_id: params.key,
            model: params.model,
            from: params.from,
            until: params.until,
        },
        group_by: groups(params.group_by.as_deref().unwrap_or("day"))?,
        limit: params.limit,
    };
    let report = state.app.usage(&actor, &query).await?;
    if csv::is_wanted(params.format, &headers) {
        let body = Body::from(table(&report));
        return Ok(csv::answer("attachment; filename=\"usage.csv\"", body));
    }
    Ok(reply::json(StatusCode::OK, &report))
}

fn groups(text: &str) -> Result<Vec<UsageBy>, AppError> {
    let mut groups = Vec::new();
    // Nothing is one sum of all; nothing between two commas is a slip.
    let words = text.split(',').map(|word| word.trim_matches(' '));
    for word in words.filter(|_| !text.is_empty()) {
        let by: UsageBy = word.parse().map_err(|expected: String| {
            AppError::invalid(
                "group_by",
                format!("`group_by`: {expected}, several with commas between."),
            )
        })?;
        if !groups.contains(&by) {
            groups.push(by);
        }
    }
    Ok(groups)
}

const SUMS: [&str; 14] = [
    "runs",
    "completed",
    "failed",
    "cancelled",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "reasoning_tokens",
    "tool_calls",
    "cost_micro_usd",
    "known_cost_micro_usd",
    "unknown_cost_runs",
    "queued_ms",
    "running_ms",
];

fn table(report: &UsageReport) -> String {
    let mut lines = Lines::default();
    lines.line(
        ["from", "user_id", "api_key_id", "model", "session_id"]
            .into_iter()
            .chain(SUMS)
            .map(Cell::Text),
    );
    if report.group_by.is_empty() {
        line(
            &mut lines,
            &UsageRow {
                sums: report.total,
                ..UsageRow::default()
            },
        );
    }
    for row in &report.items {
        line(&mut lines, row);
    }
    lines.done()
}

fn line(lines: &mut Lines, row: &UsageRow) {
    let sums = &row.sums;
    lines.line([
        Cell::maybe(row.from),
        Cell::maybe(row.user_id),
        Cell::maybe(row.api_key_id),
        Cell::maybe(row.model.as_ref()),
        Cell::maybe(row.session_id),
        Cell::number(sums.runs),
        Cell::number(sums.completed),
        Cell::number(sums.failed),
        Cell::number(sums.cancelled),
        Cell::number(sums.tokens.input),
        Cell::number(sums.tokens.output),
        Cell::number(sums.tokens.cached),
        Cell::number(sums.tokens.reasoning),
        Cell::number(sums.tool_calls),
        sums.cost_micro_usd
            .map_or(Cell::Nothing, |cost| Cell::Number(cost.0.into())),
        Cell::Number(sums.known_cost_micro_usd.0.into()),
        Cell::number(sums.unknown_cost_runs),
        Cell::number(sums.queued_ms),
        Cell::number(sums.running_ms),
    ]);
}
