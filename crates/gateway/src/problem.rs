//! Errors in the shape that the agent's dialect expects.
//!
//! Agents decide by the body whether to try again: a 4xx that calls itself a server error is retried without end.
//! So the kind always fits the status.

use http::StatusCode;
use ports::model_gateway::ModelError;
use protocol::agent::Dialect;
use serde_json::{Value, json};

use crate::{
    body::InvalidBody, grant::GrantError, redact::Redactor, request::GatewayResponse, usage::UsageNotRecorded,
};

/// Most of a provider's error body that is read.
pub(crate) const MAX_ERROR_BODY: usize = 64 * 1024;
/// Most of an error body that is not JSON and is quoted.
const MAX_QUOTE: usize = 2_000;

/// The kind of error that fits a status.
fn kind(dialect: Dialect, status: StatusCode) -> &'static str {
    match (dialect, status.as_u16()) {
        (_, 429) => "rate_limit_error",
        (Dialect::Anthropic, 401) => "authentication_error",
        (Dialect::Anthropic, 403) => "permission_error",
        (Dialect::Anthropic, 404) => "not_found_error",
        (Dialect::Anthropic, 413) => "request_too_large",
        (Dialect::Anthropic, 529) => "overloaded_error",
        (Dialect::Anthropic, 500..) => "api_error",
        (_, 500..) => "server_error",
        _ => "invalid_request_error",
    }
}

/// An error of the gateway's own.
pub(crate) fn problem(dialect: Dialect, status: StatusCode, code: &str, message: &str) -> GatewayResponse {
    let kind = kind(dialect, status);
    let body = match dialect {
        Dialect::Anthropic => {
            json!({"type": "error", "error": {"type": kind, "message": message, "code": code}})
        }
        _ => json!({"error": {"message": message, "type": kind, "code": code, "param": null}}),
    };
    GatewayResponse::json(status, body.to_string())
}

pub(crate) fn of_grant(dialect: Dialect, error: &GrantError) -> GatewayResponse {
    let message = error.to_string();
    match error {
        GrantError::Unauthorized => problem(
            dialect,
            StatusCode::UNAUTHORIZED,
            "gateway_credential_invalid",
            &message,
        ),
        GrantError::ModelUnavailable(_) => {
            problem(dialect, StatusCode::BAD_REQUEST, "model_not_available", &message)
        }
        GrantError::BudgetExhausted(_) => {
            problem(dialect, StatusCode::BAD_REQUEST, "budget_exhausted", &message)
        }
        GrantError::RateLimited { retry_after_s } => {
            let seconds = retry_after_s.to_string();
            problem(dialect, StatusCode::TOO_MANY_REQUESTS, "rate_limited", &message)
                .retry_after(Some(&seconds))
        }
        GrantError::Unavailable => problem(
            dialect,
            StatusCode::SERVICE_UNAVAILABLE,
            "gateway_unavailable",
            &message,
        )
        .retry_after(Some("2")),
    }
}

pub(crate) fn of_body(dialect: Dialect, error: &InvalidBody) -> GatewayResponse {
    let status = match error {
        InvalidBody::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        InvalidBody::NotAnObject => StatusCode::BAD_REQUEST,
    };
    problem(dialect, status, "invalid_body", &error.to_string())
}

/// The provider gave no answer.
pub(crate) fn of_model(dialect: Dialect, error: &ModelError, redactor: &Redactor) -> GatewayResponse {
    let message = redactor.text(&error.to_string());
    match error {
        // Trying again does not help.
        ModelError::AddressNotAllowed(_) => problem(
            dialect,
            StatusCode::BAD_REQUEST,
            "upstream_address_not_allowed",
            &message,
        ),
        ModelError::Unreachable(_) => {
            problem(dialect, StatusCode::BAD_GATEWAY, "upstream_unreachable", &message)
        }
        ModelError::Interrupted(_) => {
            problem(dialect, StatusCode::BAD_GATEWAY, "upstream_interrupted", &message)
        }
    }
}

/// The provider took the request and said nothing.
pub(crate) fn silent(dialect: Dialect) -> GatewayResponse {
    let message = "the model provider did not answer in time";
    problem(dialect, StatusCode::GATEWAY_TIMEOUT, "upstream_timeout", message)
}

/// The answer is not given away unmetered.
pub(crate) fn not_recorded(dialect: Dialect, error: &UsageNotRecorded) -> GatewayResponse {
    problem(
        dialect,
        StatusCode::SERVICE_UNAVAILABLE,
        "usage_not_recorded",
        &error.to_string(),
    )
}

/// A provider's own error: passed on with its status, without keys, and with a kind that fits.
pub(crate) fn of_upstream(
    dialect: Dialect,
    status: StatusCode,
    body: &[u8],
    redactor: &Redactor,
) -> GatewayResponse {
    let Ok(mut document) = serde_json::from_slice::<Value>(body) else {
        let text = String::from_utf8_lossy(body);
        let quote: String = redactor.text(&text).chars().take(MAX_QUOTE).collect();
        let message = format!(
            "the model provider answered with status {}: {}",
            status.as_u16(),
            quote.trim()
        );
        return problem(
            dialect,
            status,
            "upstream_error",
            message.trim_end_matches([':', ' ']),
        );
    };
    redactor.value(&mut document);
    if !document["error"].is_object() {
        let message = document["error"]
            .as_str()
            .or(document["message"].as_str())
            .map(str::to_owned);
        let message = message.unwrap_or_else(|| document.to_string().chars().take(MAX_QUOTE).collect());
        return problem(dialect, status, "upstream_error", &message);
    }
    if status.is_client_error() {
        let error = &mut document["error"];
        let misnamed = |word: &Value| {
            word.as_str().is_some_and(|word| {
                word.contains("server_error") || word == "api_error" || word == "overloaded_error"
            })
        };
        if misnamed(&error["type"]) {
            error["type"] = kind(dialect, status).into();
        }
        if misnamed(&error["code"]) {
            error["code"] = "upstream_error".into();
        }
    }
    GatewayResponse::json(status, document.to_string())
}
