//! OpenCode's error objects as errors of a turn. They embed response headers and bodies: only the message, the
//! status and the kind are taken, bounded and redacted.

use protocol::session::TurnError;
use serde_json::Value;

use crate::{errors, redact::Redactor, text::clip};

/// True for the error that an abort leaves behind.
pub(super) fn is_abort(error: &Value) -> bool {
    error["name"] == "MessageAbortedError"
}

/// The error for a person.
pub(super) fn turn_error(error: &Value, redactor: &Redactor) -> TurnError {
    let name = error["name"].as_str().unwrap_or("UnknownError");
    let said = error["data"]["message"]
        .as_str()
        .or_else(|| error["message"].as_str())
        .unwrap_or(name);
    let said = redactor.apply(clip(said, 2_000));
    let status = error["data"]["statusCode"].as_u64();
    match name {
        "APIError"
        | "ProviderAuthError"
        | "ContextOverflowError"
        | "ContentFilterError"
        | "MessageOutputLengthError" => {
            let message = match status {
                Some(status) => format!("The model's provider answered {status}: {said}"),
                None => format!("The call to the model failed: {said}"),
            };
            errors::model(message, next_step(name, status), None)
        }
        _ => errors::agent(format!(
            "The agent reported an error ({}): {said}",
            clip(name, 100)
        )),
    }
}

/// The error after too many tries.
pub(super) fn gave_up(attempts: u32, last: &str, redactor: &Redactor) -> TurnError {
    errors::model(
        format!(
            "The call to the model failed {attempts} times; the last reason was: {}",
            redactor.apply(clip(last, 2_000))
        ),
        "Wait a little and send the prompt again, or choose another model. If it goes on, test the model provider.",
        None,
    )
}

/// The error after the model's answers broke off again and again.
pub(super) fn broken_off(times: u32) -> TurnError {
    errors::model(
        format!("The model's answer broke off {times} times before it was finished."),
        "Send the prompt again, or choose another model. If it goes on, test the model provider: it closes its \
         answers without an ending.",
        None,
    )
}

fn next_step(name: &str, status: Option<u64>) -> &'static str {
    match (name, status) {
        ("ProviderAuthError", _) | (_, Some(401 | 403)) => {
            "Check the API key of the model provider and what it may use, then send the prompt again."
        }
        (_, Some(404)) => "Check that the provider has this model and that its base URL is right.",
        (_, Some(402)) => "Check the balance or plan at the model provider.",
        (_, Some(429)) => "Wait until the provider's limit is over, then send the prompt again.",
        ("ContextOverflowError", _) | (_, Some(413)) => {
            "The conversation is too long for this model: start a new session, or choose a model with more context."
        }
        ("ContentFilterError", _) => "The provider declined this content: put the prompt differently.",
        ("MessageOutputLengthError", _) => {
            "The answer reached the model's output limit: ask for it in smaller steps."
        }
        (_, Some(400..=499)) => {
            "Check the model's name and settings at the provider, then send the prompt again."
        }
        _ => "Send the prompt again in a moment, or choose another model.",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[test]
    fn headers_bodies_and_keys_stay_behind() {
        let redactor = Redactor::new(["sk-secret-key".to_owned()], &BTreeMap::new());
        let error = turn_error(
            &json!({"name": "APIError", "data": {
                "message": "bad key sk-secret-key", "statusCode": 401,
                "responseHeaders": {"set-cookie": "c"}, "responseBody": "body"}}),
            &redactor,
        );
        assert_eq!(error.code, "model_error");
        assert_eq!(
            error.message,
            "The model's provider answered 401: bad key [redacted]"
        );
        assert!(error.next_step.contains("API key"));
        assert_eq!(error.detail, None);
    }
}
