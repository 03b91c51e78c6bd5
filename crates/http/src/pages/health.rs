//! `GET /health` and `GET /ready`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{Health, Ready};

use crate::{reply, state::HttpState};

/// The server answers requests.
#[utoipa::path(get, path = "/health", tag = "server", security(()), responses((status = 200, body = Health)))]
pub(crate) async fn health(State(state): State<HttpState>) -> Response {
    let version = state.settings.version.clone();
    reply::json(
        StatusCode::OK,
        &Health {
            status: "ok".to_owned(),
            version,
        },
    )
}

/// The server can work, or says why not.
#[utoipa::path(
    get, path = "/ready", tag = "server", security(()),
    responses((status = 200, body = Ready), (status = 503, body = Ready))
)]
pub(crate) async fn ready(State(state): State<HttpState>) -> Response {
    let ready = state.app.ready().await;
    let status = if ready.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    reply::json(status, &ready)
}
