//! The demo model: a provider without a key that answers from a script, for a first try and for tests.
//!
//! It speaks `openai-chat`, and unless it is told what to say, it says that it is a script. What a prompt can ask of it
//! stands at the top of `steps.rs`.

mod conversation;
mod frames;
mod script;
mod steps;

use async_trait::async_trait;
use domain::models::{DEMO_MODEL, DEMO_PROVIDER};
use futures::{StreamExt, stream};
use ports::model_gateway::{ModelCall, ModelError, ModelGateway, ModelRequest, ModelResponse};
use protocol::agent::Dialect;
use serde_json::{Value, json};

use self::{conversation::Conversation, frames::Piece};

/// Answers from the script.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demo;

#[async_trait]
impl ModelGateway for Demo {
    async fn send(&self, request: ModelRequest) -> Result<ModelResponse, ModelError> {
        if request.upstream.dialect != Dialect::OpenaiChat {
            return Ok(refusal(
                400,
                "the demo provider speaks openai-chat alone",
                "unsupported_api",
            ));
        }
        match request.call {
            ModelCall::Models => Ok(document(
                200,
                &json!({"object": "list", "data": [
                    {"id": DEMO_MODEL, "object": "model", "created": 1, "owned_by": DEMO_PROVIDER}
                ]}),
            )),
            ModelCall::ChatCompletions => Ok(chat(&request.body)),
            ModelCall::Messages | ModelCall::CountTokens => Ok(refusal(
                404,
                "the demo provider does not have this call",
                "not_found",
            )),
        }
    }
}

fn chat(body: &[u8]) -> ModelResponse {
    let Ok(conversation) = serde_json::from_slice::<Conversation>(body) else {
        return refusal(
            400,
            "the request is not a chat completion request",
            "invalid_request",
        );
    };
    if conversation.model != DEMO_MODEL {
        return refusal(
            404,
            "the demo provider has one model: scripted",
            "model_not_found",
        );
    }
    let answer = script::answer(&conversation);
    let prompt_tokens = tokens(body.len());
    if !conversation.stream {
        return document(200, &frames::whole(&answer, prompt_tokens));
    }
    let pieces = frames::pieces(&answer, prompt_tokens, conversation.wants_usage());
    let body = stream::iter(pieces).then(|Piece { pause, bytes }| async move {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Ok(bytes)
    });
    ModelResponse {
        status: 200,
        content_type: Some("text/event-stream".into()),
        retry_after: None,
        body: Box::pin(body),
    }
}

/// A plausible count: four bytes a token.
fn tokens(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(4).max(1)
}

fn document(status: u16, value: &Value) -> ModelResponse {
    let bytes = value.to_string().into();
    ModelResponse {
        status,
        content_type: Some("application/json".into()),
        retry_after: None,
        body: Box::pin(stream::iter([Ok(bytes)])),
    }
}

fn refusal(status: u16, message: &str, code: &str) -> ModelResponse {
    document(
        status,
        &json!({"error": {"message": message, "type": "invalid_request_error", "code": code}}),
    )
}
