//! `GET /v1/me`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use protocol::api::Me;

use crate::{extract::Whoever, problem::ApiProblem, reply, state::HttpState};

/// Who the credential stands for. Browsers find here what they have to send with whatever changes something. For a person
/// who belongs to no organisation `organisation` and `role` are null; almost everything else is 403 `no_organisation` for
/// them.
#[utoipa::path(get, path = "/v1/me", tag = "identity", responses((status = 200, body = Me)))]
pub(crate) async fn me(State(state): State<HttpState>, who: Whoever) -> Result<Response, ApiProblem> {
    let me = match who {
        Whoever::Acting(actor, csrf_token) => state.app.me(&actor, csrf_token).await?,
        Whoever::Nowhere(browser) => state.app.me_nowhere(&browser).await?,
    };
    Ok(reply::json(StatusCode::OK, &me))
}
