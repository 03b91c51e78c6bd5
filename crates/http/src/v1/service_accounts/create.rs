//! `POST /v1/service-accounts`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{ServiceAccount, ServiceAccountCreate};

use crate::{
    extract::{Authenticated, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Makes a user that is a program: it belongs to this organisation alone and cannot sign in. Its keys are made with
/// `POST /v1/api-keys` and `service_account`, and outlive whoever made them.
#[utoipa::path(
    post, path = "/v1/service-accounts", tag = "identity",
    request_body = ServiceAccountCreate,
    responses((status = 201, body = ServiceAccount))
)]
pub(crate) async fn create_service_account(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<ServiceAccountCreate>()?;
    let outcome = state
        .app
        .create_service_account(&actor, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::CREATED, &outcome))
}
