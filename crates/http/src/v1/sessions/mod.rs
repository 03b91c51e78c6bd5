//! `/v1/sessions`.

pub(crate) mod archive;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod hibernate;
pub(crate) mod interrupt;
pub(crate) mod list;
pub(crate) mod patch;
pub(crate) mod wake;

use app::Outcome;
use axum::response::Response;
use http::StatusCode;

use crate::{extract::SessionAccess, problem::ApiProblem, reply, state::HttpState};

/// The session as it stands after a command, for a caller who may read it; else nothing but the status.
pub(crate) async fn after(
    state: &HttpState,
    access: &SessionAccess,
    status: StatusCode,
    done: Outcome<()>,
) -> Result<Response, ApiProblem> {
    let session = state.app.get_session(&access.actor, &access.own).await?;
    Ok(reply::marked(reply::json(status, &session), done.replayed))
}
