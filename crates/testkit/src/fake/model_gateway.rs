//! Model providers that answer from a script.

use std::{collections::VecDeque, sync::Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use ports::{
    ModelGateway,
    model_gateway::{ModelError, ModelRequest, ModelResponse},
};

use super::lock;

/// The fake of this port.
pub type Fake = ScriptedModels;

/// One programmed answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub content_type: Option<String>,
    pub retry_after: Option<String>,
    pub chunks: Vec<Result<Bytes, ModelError>>,
}

impl Answer {
    /// `200` with a JSON document.
    #[must_use]
    pub fn json(document: &serde_json::Value) -> Self {
        Self {
            status: 200,
            content_type: Some("application/json".into()),
            retry_after: None,
            chunks: vec![Ok(Bytes::from(document.to_string()))],
        }
    }

    /// `200` with server-sent events, one chunk each; `data` lines as given.
    #[must_use]
    pub fn events(data: &[&str]) -> Self {
        Self {
            status: 200,
            content_type: Some("text/event-stream".into()),
            retry_after: None,
            chunks: data
                .iter()
                .map(|line| Ok(Bytes::from(format!("data: {line}\n\n"))))
                .collect(),
        }
    }

    /// A status with a short JSON error.
    #[must_use]
    pub fn status(status: u16) -> Self {
        let mut answer = Self::json(&serde_json::json!({"error": {"message": format!("status {status}")}}));
        answer.status = status;
        answer
    }

    #[must_use]
    pub fn retry_after(mut self, value: &str) -> Self {
        self.retry_after = Some(value.into());
        self
    }

    /// The stream breaks off after what it has.
    #[must_use]
    pub fn then_break(mut self) -> Self {
        self.chunks
            .push(Err(ModelError::Interrupted("connection reset".into())));
        self
    }
}

/// Answers in the order programmed; without a script it cannot be reached.
#[derive(Debug, Default)]
pub struct ScriptedModels {
    script: Mutex<VecDeque<Result<Answer, ModelError>>>,
    requests: Mutex<Vec<ModelRequest>>,
}

impl ScriptedModels {
    /// Queues one answer (or failure to connect).
    pub fn then(&self, answer: Result<Answer, ModelError>) {
        lock(&self.script).push_back(answer);
    }

    /// Every request so far.
    #[must_use]
    pub fn requests(&self) -> Vec<ModelRequest> {
        lock(&self.requests).clone()
    }
}

#[async_trait]
impl ModelGateway for ScriptedModels {
    async fn send(&self, request: ModelRequest) -> Result<ModelResponse, ModelError> {
        lock(&self.requests).push(request);
        let answer = lock(&self.script)
            .pop_front()
            .unwrap_or_else(|| Err(ModelError::Unreachable("connection refused".into())))?;
        Ok(ModelResponse {
            status: answer.status,
            content_type: answer.content_type,
            retry_after: answer.retry_after,
            body: Box::pin(stream::iter(answer.chunks)),
        })
    }
}
