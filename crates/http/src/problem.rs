//! Failures as problem documents.
//!
//! A handler's failure travels outwards in the response's extensions; the outermost layer writes the document,
//! because it alone knows the request id, and logs the internal cause, once.

use app::AppError;
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use protocol::{Problem, ProblemCode, RequestId};

/// What an endpoint fails with.
#[derive(Debug)]
pub(crate) struct ApiProblem(Box<AppError>);

impl ApiProblem {
    pub(crate) fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        AppError::new(code, detail).into()
    }
}

impl From<AppError> for ApiProblem {
    fn from(error: AppError) -> Self {
        Self(Box::new(error))
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status(self.0.code);
        response.extensions_mut().insert(*self.0);
        response
    }
}

fn status(code: ProblemCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Writes the document of a failed response. Failures that frameworks made on their own get one, too.
pub(crate) fn finish(mut response: Response, id: RequestId) -> Response {
    let error = match response.extensions_mut().remove::<AppError>() {
        Some(error) => error,
        None if is_bare_failure(&response) => bare(response.status()),
        None => return response,
    };
    match &error.cause {
        Some(cause) if error.code.status() >= 500 => {
            tracing::error!(request.id = %id, code = error.code.slug(), cause = %chain(cause.as_ref()), "request failed");
        }
        Some(cause) => {
            tracing::info!(request.id = %id, code = error.code.slug(), cause = %chain(cause.as_ref()), "request refused");
        }
        None => {}
    }
    let mut problem = Problem::new(error.code, error.detail);
    problem.limit = error.limit;
    problem.field = error.field;
    problem.request_id = Some(id.to_string());
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    *response.status_mut() = status(error.code);
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    match error.code {
        ProblemCode::Unauthenticated | ProblemCode::SignInFailed => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        ProblemCode::Unavailable => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        _ => {}
    }
    if let Some(seconds) = error.retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    *response.body_mut() = Body::from(body);
    response
}

/// A failure without a document of its own. `/ready` and the model gateway have theirs, and the web app has its page.
fn is_bare_failure(response: &Response) -> bool {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let document = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        [&b"application/"[..], b"text/html"]
            .iter()
            .any(|own| kind.as_bytes().starts_with(own))
    });
    failed && !document
}

fn bare(status: StatusCode) -> AppError {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => method_not_allowed(),
        StatusCode::NOT_FOUND => no_route(),
        StatusCode::PAYLOAD_TOO_LARGE => {
            AppError::new(ProblemCode::BodyTooLarge, "The request body is too large.")
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => AppError::new(
            ProblemCode::UnsupportedMediaType,
            "Send the body as `application/json`.",
        ),
        status if status.is_client_error() => {
            AppError::new(ProblemCode::InvalidRequest, "The request is not well formed.")
        }
        _ => AppError::internal(std::io::Error::other("a response without a cause")),
    }
}

pub(crate) fn no_route() -> AppError {
    AppError::new(
        ProblemCode::NotFound,
        "There is nothing at this address. `/openapi.json` lists what there is.",
    )
}

pub(crate) fn method_not_allowed() -> AppError {
    AppError::new(
        ProblemCode::MethodNotAllowed,
        "This address does not take that method. The `Allow` header lists those it takes.",
    )
}

/// An error and what caused it, on one line: parts of it may come out of a sandbox or from a provider.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(2000)
        .collect()
}
