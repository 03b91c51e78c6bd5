//! `POST /v1/sessions/import`.

use std::time::Duration;

use app::{AppError, BundleUpload, ImportOptions};
use axum::{
    body::Body,
    extract::{FromRequestParts, Request, State},
    response::Response,
};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use http::StatusCode;
use protocol::{ProblemCode, api::Session};
use serde::Deserialize;

use crate::{
    extract::{Authenticated, Params, streamed_key},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// A body that shows nothing new for this long is not coming.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportParams {
    /// `provider/model` for what is to come; that of the bundle when absent.
    #[serde(default)]
    #[param(pattern = r"^[a-z0-9][a-z0-9._-]{0,62}/\S{1,256}$")]
    model: Option<String>,
}

/// Makes a session of a bundle, with an id of its own. Everything in the bundle is checked before anything of it can be
/// seen; one that is refused (422, `field` names the member) leaves nothing behind.
#[utoipa::path(
    post, path = "/v1/sessions/import", tag = "sessions",
    params(ImportParams),
    request_body(content = Vec<u8>, content_type = "application/x-tar"),
    responses((status = 201, body = Session))
)]
pub(crate) async fn import_session(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let Authenticated(actor) = Authenticated::from_request_parts(&mut parts, &state).await?;
    let Params(params) = Params::<ImportParams>::from_request_parts(&mut parts, &state).await?;
    let key = streamed_key(&parts)?;
    let options = ImportOptions { model: params.model };
    let outcome = state
        .app
        .import_session(&actor, upload(body), options, key)
        .await?;
    Ok(reply::outcome(StatusCode::CREATED, &outcome))
}

/// The body as it comes; one that stalls ends with an error.
fn upload(body: Body) -> BundleUpload {
    let stream = body.into_data_stream();
    Box::pin(futures::stream::unfold(Some(stream), |stream| async move {
        let mut stream = stream?;
        let item = next(&mut stream).await?;
        let rest = item.is_ok().then_some(stream);
        Some((item, rest))
    }))
}

async fn next<E>(
    stream: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
) -> Option<Result<Bytes, AppError>> {
    let broke = |why: &str| Some(Err(AppError::new(ProblemCode::InvalidRequest, why)));
    match tokio::time::timeout(PATIENCE, stream.next()).await {
        Ok(Some(Ok(bytes))) => Some(Ok(bytes)),
        Ok(Some(Err(_))) => broke("The bundle broke off on its way."),
        Ok(None) => None,
        Err(_) => broke("The bundle took too long to arrive."),
    }
}
