//! `POST /v1/tickets`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::{Ticket, TicketCreate};

use crate::{
    extract::{Authenticated, Mutation},
    problem::ApiProblem,
    reply,
    state::HttpState,
};

/// A one-use ticket, valid for a minute, for sockets that cannot send a header. A ticket is never given twice, so
/// a repeated call makes another one whatever its idempotency key.
#[utoipa::path(
    post, path = "/v1/tickets", tag = "identity",
    request_body = TicketCreate,
    responses((status = 201, body = Ticket))
)]
pub(crate) async fn issue_ticket(
    State(state): State<HttpState>,
    Authenticated(actor): Authenticated,
    request: Mutation,
) -> Result<Response, ApiProblem> {
    let (body, _key) = request.json::<TicketCreate>()?;
    Ok(reply::json(
        StatusCode::CREATED,
        &state.app.issue_ticket(&actor, body).await?,
    ))
}
