//! `GET /v1/events`.

use app::FeedQuery;
use axum::{
    extract::{FromRequestParts, Request, State},
    response::Response,
};
use http::{StatusCode, header, request::Parts};
use protocol::{OrgId, org_event::OrgEventPage};
use serde::Deserialize;

use super::{access, server_sent, socket};
use crate::{
    extract::Params,
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::events::{
        list::{cursor, last_event_id, wants_stream},
        socket::upgrade,
    },
};

// Texts and not numbers, so that a malformed cursor has its own problem.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FeedParams {
    /// The organisation, for people in a browser who belong to several. That of the key or ticket otherwise.
    #[serde(default)]
    #[param(value_type = Option<OrgId>)]
    #[expect(dead_code, reason = "read before the rest, where the caller is found out")]
    org: Option<String>,
    /// Events with a higher `seq`; from the oldest that is kept when absent. Not for the socket, which subscribes.
    #[serde(default)]
    #[param(value_type = Option<u64>)]
    after: Option<String>,
    /// 1 to 1000; 200 when absent.
    #[serde(default)]
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// For the socket: a one-use ticket of the scope `events` instead of a key.
    #[serde(default)]
    #[expect(dead_code, reason = "read before the rest, where the caller is found out")]
    ticket: Option<String>,
}

impl FeedParams {
    fn query(&self) -> Result<FeedQuery, ApiProblem> {
        let after = self
            .after
            .as_deref()
            .map(|text| cursor(text, "after"))
            .transpose()?;
        // What is no number is out of range, too.
        let limit = self.limit.as_deref().map(|text| text.parse::<u64>().unwrap_or(0));
        let query = FeedQuery { after, limit };
        query.limit()?;
        Ok(query)
    }
}

/// What happens in the organisation: sessions, runs, environments. A page as JSON; with `Accept: text/event-stream` a
/// stream that replays and goes on live, with `id: <seq>`, which `Last-Event-ID` resumes; with `Upgrade: websocket` a
/// socket (client frames: `FeedClientFrame`; server frames: `FeedFrame`). Events are kept for a while: a cursor from
/// before that is answered with `cursor_expired`, and says what is the oldest.
#[utoipa::path(
    get, path = "/v1/events", tag = "events",
    params(
        FeedParams,
        ("Last-Event-ID" = Option<u64>, Header, description = "As `after`, and before it; sent by browsers that reconnect"),
    ),
    responses(
        (status = 200, content((OrgEventPage = "application/json"), (String = "text/event-stream"))),
        (status = 101, description = "Client frames: `FeedClientFrame`; server frames: `FeedFrame`"),
    )
)]
pub(crate) async fn list_org_events(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, _) = request.into_parts();
    let is_socket = wants_socket(&parts);
    let actor = access::actor(&mut parts, &state, is_socket).await?;
    let Params(params) = Params::<FeedParams>::from_request_parts(&mut parts, &state).await?;
    let query = params.query()?;
    if is_socket {
        state.app.may_follow(&actor)?;
        let upgrade = upgrade(&mut parts, &state).await?;
        let open = state.app.open_socket(actor.org)?;
        return Ok(socket::open(upgrade, state, actor, open));
    }
    let last = last_event_id(&parts.headers)?;
    if !wants_stream(&parts.headers) {
        let page = state.app.list_org_events(&actor, query).await?;
        return Ok(reply::json(StatusCode::OK, &page));
    }
    let after = last.or(query.after);
    let reader = state.app.follow_org_events(&actor, after).await?;
    let open = state.app.open_socket(actor.org)?;
    Ok(server_sent::stream(state.app, actor, reader, open))
}

/// HTTP/1.1 says it in a header, HTTP/2 in the method.
fn wants_socket(parts: &Parts) -> bool {
    parts.headers.contains_key(header::UPGRADE) || parts.method == http::Method::CONNECT
}
