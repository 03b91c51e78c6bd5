//! `GET /v1/audit`.

use app::{AppError, AuditQuery, ListQuery};
use axum::{body::Body, extract::State, response::Response};
use futures::{StreamExt as _, TryStreamExt as _};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use protocol::{
    Timestamp,
    api::ListPage,
    audit::{AuditLine, AuditRecord},
};
use serde::Deserialize;

use super::table;
use crate::{
    csv::{self, Lines},
    extract::{Authenticated, Params},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

const NDJSON: &str = "application/x-ndjson";

/// What an answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum AuditFormat {
    Json,
    Csv,
    Ndjson,
}

/// Which records.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditParams {
    /// Id of a user or of an API key, `operator` or `system`.
    #[serde(default)]
    #[param(pattern = "^((usr|key)_[0-9a-v]{25}[048cgkos]|operator|system)$")]
    actor: Option<String>,
    /// What the action begins with: `api_key.create`, or `api_key.` for all about keys.
    #[serde(default)]
    action: Option<String>,
    /// Id of what it was done to.
    #[serde(default)]
    target: Option<String>,
    /// `allowed`, `denied` or `failed`.
    #[serde(default)]
    #[param(pattern = "^(allowed|denied|failed)$")]
    outcome: Option<String>,
    /// Made at or after.
    #[serde(default, alias = "from")]
    since: Option<Timestamp>,
    /// Made before.
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
    /// `json`, `csv` or `ndjson`; else as `Accept` says.
    #[serde(default)]
    #[param(inline)]
    format: Option<AuditFormat>,
}

impl AuditParams {
    fn format(&self, headers: &HeaderMap) -> AuditFormat {
        self.format.unwrap_or_else(|| {
            let accepted = |wanted: &str| {
                headers
                    .get_all(header::ACCEPT)
                    .iter()
                    .filter_map(|value| value.to_str().ok())
                    .flat_map(|value| value.split(','))
                    .filter_map(|kind| kind.split(';').next())
                    .any(|kind| kind.trim().eq_ignore_ascii_case(wanted))
            };
            if accepted(NDJSON) {
                AuditFormat::Ndjson
            } else if csv::is_wanted(None, headers) {
                AuditFormat::Csv
            } else {
                AuditFormat::Json
            }
        })
    }

    fn query(self) -> AuditQuery {
        AuditQuery {
            actor: self.actor,
            action: self.action,
            target: self.target,
            outcome: self.outcome,
            since: self.since,
            until: self.until,
            page: ListQuery {
                cursor: self.cursor,
                limit: self.limit,
            },
        }
    }
}

/// The organisation's audit log, newest first: who did what, or tried to. For admins, and keys with `audit:read`.
///
/// With `Accept: text/csv` or `format=csv` a table; without `limit` one of all records in question. With
/// `Accept: application/x-ndjson` or `format=ndjson` the whole chain in order, with its signed checkpoints, one
/// `AuditLine` a line, for `coordinator audit verify --file`; no filters then. Both are noted as `audit.export`.
#[utoipa::path(
    get, path = "/v1/audit", tag = "audit",
    params(AuditParams),
    responses((status = 200, content(
        (ListPage<AuditRecord> = "application/json"),
        (String = "text/csv"),
        (AuditLine = "application/x-ndjson"),
    )))
)]
pub(crate) async fn list_audit(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    headers: HeaderMap,
    Params(params): Params<AuditParams>,
) -> Result<Response, ApiProblem> {
    let format = params.format(&headers);
    let query = params.query();
    match format {
        AuditFormat::Json => Ok(reply::json(
            StatusCode::OK,
            &state.app.list_audit(&actor, &query).await?,
        )),
        AuditFormat::Csv => {
            let pages = state.app.export_audit(&actor, &query).await?;
            let mut first = true;
            let chunks = pages.map(move |page| {
                let mut lines = Lines::default();
                if std::mem::take(&mut first) {
                    table::head(&mut lines);
                }
                for record in &page? {
                    table::line(&mut lines, record);
                }
                // A failure in the middle breaks the answer off: half a table must not look like a whole one.
                Ok::<_, AppError>(lines.done())
            });
            let body = Body::from_stream(chunks.map_err(std::io::Error::other));
            Ok(csv::answer("attachment; filename=\"audit.csv\"", body))
        }
        AuditFormat::Ndjson => {
            if !query.is_unfiltered() {
                let detail = "The chain is exported as a whole: leave the filters, `cursor` and `limit` out.";
                return Err(AppError::invalid("format", detail).into());
            }
            let pieces = state.app.export_audit_chain(&actor).await?;
            let chunks = pieces.map(|lines| {
                let mut text = Vec::new();
                for line in &lines? {
                    serde_json::to_writer(&mut text, line).map_err(AppError::internal)?;
                    text.push(b'\n');
                }
                Ok::<_, AppError>(text)
            });
            let mut response = Response::new(Body::from_stream(chunks.map_err(std::io::Error::other)));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(NDJSON));
            headers.insert(
                header::CONTENT_DISPOSITION,
                HeaderValue::from_static("attachment; filename=\"audit.ndjson\""),
            );
            headers.insert(header::VARY, HeaderValue::from_static("accept"));
            Ok(response)
        }
    }
}
