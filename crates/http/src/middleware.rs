//! The outermost layer: request id, problem documents, security headers, counters and one log line per request.
//!
//! The line has method, route, status, duration and organisation. It never has a body, a query (tickets travel
//! there) or a header.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use app::{AppError, Line, Turn};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use ports::lane;
use protocol::{OrgId, RequestId};
use tokio::time::Instant;

use crate::{
    problem::{ApiProblem, finish},
    state::HttpState,
    unread,
};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("coordinator-request-id");

/// What is found out about a request on its way in.
#[derive(Debug, Clone)]
pub(crate) struct RequestContext {
    pub(crate) id: RequestId,
    /// Set once the caller is known.
    pub(crate) org: Arc<OnceLock<OrgId>>,
    /// What is left to them, for the reply's headers.
    pub(crate) limits: Arc<OnceLock<Vec<Line>>>,
    turn: Arc<Mutex<Option<Turn>>>,
}

impl RequestContext {
    /// Held until the answer begins.
    pub(crate) fn hold(&self, turn: Turn) {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = Some(turn);
    }

    fn release(&self) {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

pub(crate) async fn outermost(State(state): State<HttpState>, mut request: Request, next: Next) -> Response {
    let id = RequestId::new(state.app.now().as_ms(), state.app.bits());
    let context = RequestContext {
        id,
        org: Arc::default(),
        limits: Arc::default(),
        turn: Arc::default(),
    };
    request.extensions_mut().insert(context.clone());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let version = request.version();
    let (request, reading) = unread::watch(request);
    let started = Instant::now();

    // For whom it is turns out on the way in.
    let mut response = finish(lane::within(None, next.run(request)).await, id);
    context.release();
    if let Some(lines) = context.limits.get() {
        tell_limits(response.headers_mut(), lines);
    }
    reading.announce(version, &mut response);

    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    secure(response.headers_mut(), state.settings.https);
    state.metrics.request(&method, &route, status, millis);
    let org = context.org.get().map(ToString::to_string);
    tracing::info!(
        target: "http",
        {
            request.id = %id,
            http.method = %method,
            http.route = route,
            http.status = status,
            duration_ms = millis,
            org.id = org.as_deref(),
        },
        "request"
    );
    response
}

/// How much is left, as in draft-ietf-httpapi-ratelimit-headers-10: `q` requests are the stock, which fills in `w` seconds;
/// `r` are left, and in `t` seconds the stock is full again.
fn tell_limits(headers: &mut HeaderMap, lines: &[Line]) {
    let list = |write: fn(&Line) -> String| {
        let all: Vec<String> = lines.iter().map(write).collect();
        HeaderValue::from_str(&all.join(", ")).ok()
    };
    let policy = list(|line| {
        let (stock, fills) = (line.rate.burst(), line.rate.fills_in_s());
        format!("\"{}\";q={stock};w={fills}", line.name)
    });
    let left = list(|line| {
        let (left, full) = (line.level.remaining, line.level.full_in_s);
        format!("\"{}\";r={left};t={full}", line.name)
    });
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
        if let Some(value) = value {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// Nothing here is to be framed, sniffed, cached by others or sent on as a referrer. Other origins are given no
/// leave at all (there are no CORS headers). A handler that knows better has set its own.
fn secure(headers: &mut HeaderMap, https: bool) {
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(header::REFERRER_POLICY, "no-referrer");
    default(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    );
    default(header::CACHE_CONTROL, "no-store");
    default(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    if https {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

/// A panic ends one request, not the server.
pub(crate) fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let words = cause
        .downcast_ref::<&'static str>()
        .map(|text| (*text).to_owned())
        .or_else(|| cause.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no words".to_owned());
    ApiProblem::from(AppError::internal(Panicked(words))).into_response()
}

#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
struct Panicked(String);
