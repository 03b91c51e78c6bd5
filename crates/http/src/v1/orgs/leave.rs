//! `POST /v1/orgs/{id}/leave`.

use axum::{extract::State, response::Response};
use protocol::OrgId;

use crate::{
    extract::{Mutation, OrgOfPerson},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// Leaves an organisation. One's own API keys of it are revoked in the same moment, and what one has open in it ends.
/// Its only owner cannot: 409 `last_owner`. For people in browsers.
#[utoipa::path(
    post, path = "/v1/orgs/{id}/leave", tag = "organisations",
    params(("id" = OrgId, Path, description = "The organisation's id")),
    responses((status = 204))
)]
pub(crate) async fn leave_organisation(
    State(state): State<HttpState>,
    OrgOfPerson { browser, org }: OrgOfPerson,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    // What is wrong with the request is said only to members: to others there is nothing here.
    let key = match request.empty() {
        Ok(key) => key,
        Err(problem) => {
            state.app.check_membership(&browser, org)?;
            return Err(problem);
        }
    };
    let outcome = state.app.leave_organisation(&browser, org, key.as_ref()).await?;
    Ok(reply::no_content(outcome.replayed))
}
