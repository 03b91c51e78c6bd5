//! `GET /v1/sessions/{id}/artifacts/{artifact_id}`.

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use futures::TryStreamExt;
use http::{HeaderValue, Method, StatusCode, header};
use protocol::{ArtifactId, ProblemCode, SessionId};

use super::{
    place,
    range::{Wanted, wanted},
    shown,
};
use crate::{
    problem::{ApiProblem, chain},
    state::HttpState,
};

/// An artifact's content. Pictures (PNG, JPEG, GIF, WebP) may be shown in place; everything else comes to be saved,
/// and what a browser would run comes as bytes without a type. One range of bytes may be asked for; the tag is the
/// content's SHA-256.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/artifacts/{artifact_id}", tag = "artifacts",
    params(
        ("id" = SessionId, Path, description = "The session's id"),
        ("artifact_id" = ArtifactId, Path, description = "The artifact's id"),
    ),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, description = "A part of it", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 304, description = "It is what the client has"),
    )
)]
pub(crate) async fn get_artifact(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, _) = request.into_parts();
    let (access, id) = place(&mut parts, &state).await?;
    let artifact = state.app.artifact(&access.actor, &access.own, id).await?;
    let size = artifact.size_bytes;
    let mut response = Response::new(Body::empty());
    *response.headers_mut() = shown::headers(&artifact);
    let range = match wanted(&parts.headers, &shown::tag(&artifact), size) {
        Wanted::Nothing => {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(response);
        }
        Wanted::Beyond => {
            let detail = format!("The artifact has {size} bytes; the range begins after them.");
            let mut refused = ApiProblem::new(ProblemCode::RangeNotSatisfiable, detail).into_response();
            number(&mut refused, header::CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(refused);
        }
        Wanted::Whole => 0..size,
        Wanted::Part(range) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let said = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            number(&mut response, header::CONTENT_RANGE, &said);
            range
        }
    };
    number(
        &mut response,
        header::CONTENT_LENGTH,
        &(range.end - range.start).to_string(),
    );
    if parts.method == Method::HEAD {
        return Ok(response);
    }
    let content = state
        .app
        .artifact_content(&access.actor, &access.own, &artifact, range)
        .await?;
    let body = content.into_stream().map_err(move |error| {
        // The status is out already: the connection ends, so that nobody takes a part for the whole.
        let cause = error.cause.as_ref().map(|cause| chain(cause.as_ref()));
        tracing::warn!(artifact.id = %id, code = error.code.slug(), cause, "an artifact's content broke off");
        std::io::Error::other("the artifact's content broke off")
    });
    *response.body_mut() = Body::from_stream(body);
    Ok(response)
}

fn number(response: &mut Response, name: header::HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        response.headers_mut().insert(name, value);
    }
}
