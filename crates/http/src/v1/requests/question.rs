//! `POST /v1/sessions/{id}/questions/{question_id}`.

use axum::{
    extract::{FromRequest, FromRequestParts, Request, State},
    response::Response,
};
use http::StatusCode;
use protocol::{
    SessionId,
    api::{QuestionAnswer, Session},
};

use crate::{
    extract::{Mutation, SessionAccess, path_text},
    problem::ApiProblem,
    state::HttpState,
    v1::sessions::after,
};

/// Answers a question of the agent, or declines to.
#[utoipa::path(
    post, path = "/v1/sessions/{id}/questions/{question_id}", tag = "permissions and questions",
    params(
        ("id" = SessionId, Path, description = "The session's id"),
        ("question_id" = String, Path, description = "Its id, from the event that asked"),
    ),
    request_body = QuestionAnswer,
    responses((status = 200, body = Session))
)]
pub(crate) async fn answer_question(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, body) = request.into_parts();
    let access = SessionAccess::from_request_parts(&mut parts, &state).await?;
    let id = path_text(&mut parts, &state, "question_id").await?;
    let request = Mutation::<{ 256 * 1024 }>::from_request(Request::from_parts(parts, body), &state).await?;
    let (answer, key) = request.json::<QuestionAnswer>()?;
    let done = state
        .app
        .answer_question(&access.actor, &access.own, id, answer, key.as_ref())
        .await?;
    after(&state, &access, StatusCode::OK, done).await
}
