//! `GET /v1/sessions/{id}/bundle`.

use axum::{body::Body, extract::State, response::Response};
use futures::TryStreamExt;
use http::{HeaderValue, header};
use protocol::SessionId;
use serde::Deserialize;

use super::MEDIA_TYPE;
use crate::{
    extract::{Params, SessionAccess},
    problem::ApiProblem,
    state::HttpState,
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BundleParams {
    /// With home and workspace; without them the conversation can be read elsewhere, not continued.
    #[serde(default = "yes")]
    workspace: bool,
}

fn yes() -> bool {
    true
}

/// The whole session as one file: log, artifacts, home and workspace, with a hash of each. For admins and for who made
/// the session. A sandbox that it has is stopped first; while it works or prompts wait the answer is 409.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/bundle", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session's id"), BundleParams),
    responses((status = 200, content_type = "application/x-tar", body = Vec<u8>))
)]
pub(crate) async fn export_session(
    State(state): State<HttpState>,
    access: SessionAccess,
    Params(params): Params<BundleParams>,
) -> Result<Response, ApiProblem> {
    let bundle = state
        .app
        .export_session(&access.actor, &access.own, params.workspace)
        .await?;
    let length = bundle.length;
    let body = bundle.into_stream().map_err(|error| {
        // The length is out already, so the client sees that something is missing.
        let cause = error
            .cause
            .as_ref()
            .map(|cause| crate::problem::chain(cause.as_ref()));
        tracing::warn!(code = error.code.slug(), cause, "a bundle broke off");
        std::io::Error::other("the bundle broke off")
    });
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let name = format!("attachment; filename=\"{}.bundle.tar\"", access.own.id());
    if let Ok(value) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
