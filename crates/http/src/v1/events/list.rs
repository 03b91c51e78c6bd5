//! `GET /v1/sessions/{id}/events`.

use app::{AppError, EventQuery};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode, header};
use protocol::{ProblemCode, SessionId, api::EventPage};
use serde::Deserialize;

use super::server_sent;
use crate::{
    extract::{Params, SessionAccess},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

// Texts and not numbers, so that a malformed cursor has its own problem.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventParams {
    /// Events with a higher `seq`; 0 = from the start.
    #[serde(default)]
    #[param(value_type = Option<u64>)]
    after: Option<String>,
    /// 1 to 1000; 200 when absent.
    #[serde(default)]
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// In a stream of server-sent events, text in the making too, as events named `delta`.
    #[serde(default)]
    deltas: bool,
}

/// Events after a cursor: a page as JSON, or with `Accept: text/event-stream` a stream that replays and goes on
/// live, with `id: <seq>`; `Last-Event-ID` resumes it.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/events", tag = "events",
    params(
        ("id" = SessionId, Path, description = "The session's id"),
        EventParams,
        ("Last-Event-ID" = Option<u64>, Header, description = "As `after`, and before it; sent by browsers that reconnect"),
    ),
    responses((status = 200, content(
        (EventPage = "application/json"),
        (String = "text/event-stream"),
    )))
)]
pub(crate) async fn list_events(
    State(state): State<HttpState>,
    access: SessionAccess,
    headers: HeaderMap,
    Params(params): Params<EventParams>,
) -> Result<Response, ApiProblem> {
    let after = match params.after.as_deref() {
        Some(text) => cursor(text, "after")?,
        None => 0,
    };
    // What is no number is out of range, too.
    let limit = params
        .limit
        .as_deref()
        .map(|text| text.parse::<u64>().unwrap_or(0));
    let query = EventQuery { after, limit };
    query.limit()?;
    let last = last_event_id(&headers)?;
    if !wants_stream(&headers) {
        return Ok(reply::json(
            StatusCode::OK,
            &state.app.list_events(&access.actor, &access.own, query).await?,
        ));
    }
    let after = last.unwrap_or(after);
    let subscription = state.app.subscribe(&access.actor, &access.own, after).await?;
    let open = state.app.open_socket(access.actor.org)?;
    Ok(server_sent::stream(
        state.app.clone(),
        access.actor,
        open,
        subscription,
        params.deltas,
    ))
}

pub(crate) fn cursor(text: &str, field: &str) -> Result<u64, AppError> {
    // Digits alone: `+5` is a number to Rust and not a cursor to us.
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().ok_or_else(|| {
        AppError::new(
            ProblemCode::InvalidCursor,
            format!("`{field}` must be the `seq` of an event, or 0 for all of them."),
        )
        .field(field)
    })
}

/// What a browser that reconnects has seen. Given twice it says two things, which is none.
pub(crate) fn last_event_id(headers: &HeaderMap) -> Result<Option<u64>, AppError> {
    let mut values = headers.get_all("last-event-id").iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().ok().filter(|_| values.next().is_none());
    cursor(text.unwrap_or_default(), "Last-Event-ID").map(Some)
}

pub(crate) fn wants_stream(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|kind| {
            kind.split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .eq_ignore_ascii_case("text/event-stream")
        })
}
