//! `POST /v1/sessions`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{Session, SessionCreate};

use crate::{
    extract::{Authenticated, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
    v1::prompts::create::WITH_ATTACHMENTS,
};

/// Makes a session; with `prompt`, its first turn begins at once.
#[utoipa::path(
    post, path = "/v1/sessions", tag = "sessions",
    request_body = SessionCreate,
    responses((status = 201, body = Session))
)]
pub(crate) async fn create_session(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    request: Mutation<WITH_ATTACHMENTS>,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<SessionCreate>()?;
    Ok(reply::outcome(
        StatusCode::CREATED,
        &state.app.create_session(&actor, body, key.as_ref()).await?,
    ))
}
