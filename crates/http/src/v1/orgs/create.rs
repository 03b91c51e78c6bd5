//! `POST /v1/orgs`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{OrganisationCreate, OrganisationInfo};

use crate::{
    extract::{InBrowser, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Makes an organisation whose owner is the person who asks. For people in browsers: an API key is tied to one. Whoever
/// has made 20 that still exist is refused with 409 `organisation_limit`.
#[utoipa::path(
    post, path = "/v1/orgs", tag = "organisations",
    request_body = OrganisationCreate,
    responses((status = 201, body = OrganisationInfo))
)]
pub(crate) async fn create_organisation(
    State(state): State<HttpState>,
    InBrowser(browser): InBrowser,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, key) = request.json::<OrganisationCreate>()?;
    let outcome = state
        .app
        .create_organisation(&browser, body, key.as_ref())
        .await?;
    Ok(reply::outcome(StatusCode::CREATED, &outcome))
}
