//! `GET /metrics`.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;

use crate::state::HttpState;

/// Counters of this process as Prometheus text. Nothing in it names an organisation.
#[utoipa::path(
    get, path = "/metrics", tag = "server", security(()),
    responses((status = 200, content_type = "text/plain", body = String))
)]
pub(crate) async fn metrics(State(state): State<HttpState>) -> Response {
    let text = state.metrics.text(&state.app).await;
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
        .into_response()
}
