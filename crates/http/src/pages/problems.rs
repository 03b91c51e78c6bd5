//! `GET /problems/{slug}`: the page behind a problem's `type`.

use axum::{
    extract::{Path, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header};
use protocol::ProblemCode;

use super::{markdown, page};
use crate::problem::{ApiProblem, no_route};

/// What a kind of problem means and what to do about it.
#[utoipa::path(
    get, path = "/problems/{slug}", tag = "server", security(()),
    params(("slug" = String, Path, description = "Last part of a problem's `type`")),
    responses((status = 200, content((String = "text/html"), (String = "text/markdown"))))
)]
pub(crate) async fn problem_page(
    slug: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let code = slug
        .ok()
        .and_then(|Path(slug)| ProblemCode::ALL.iter().copied().find(|code| code.slug() == slug))
        .ok_or_else(no_route)?;
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if accept.contains("text/html") {
        Ok(page(code.title(), &markdown::render(code.page())))
    } else {
        Ok((
            [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")],
            code.page(),
        )
            .into_response())
    }
}
