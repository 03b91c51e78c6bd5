//! `/v1/model-providers`.

use domain::policy::Action::{Configure, ReadConfiguration};
use serde_json::{Value, json};

use crate::row::{
    Asks::Policy,
    Payload::Json,
    Row,
};

fn provider() -> Value {
    json!({
        "provider": "matrix", "api": "openai-chat", "base_url": "https://models.example.org/v1", "api_key": "sk-matrix-0001"
    })
}

pub(crate) fn rows() -> Vec<Row> {
    let one = "/v1/model-providers/{id}";
    vec![
        Row::new("GET", "/v1/model-providers", Policy(&[ReadConfiguration]), 200),
        Row::new("POST", "/v1/model-providers", Policy(&[Configure]), 201).payload(|_| Json(provider())),
        Row::new("POST", "/v1/model-providers/test", Policy(&[Configure]), 200).payload(|_| Json(provider())),
        Row::new("GET", one, Policy(&[ReadConfiguration]), 200).with("id", |stage| stage.provider.clone()),
        Row::new("PATCH", one, Policy(&[Configure]), 200)
            .with("id", |stage| stage.provider.clone())
            .payload(|_| Json(json!({"api_key": "sk-matrix-0002"}))),
        Row::new("DELETE", one, Policy(&[Configure]), 204).with("id", |stage| stage.provider.clone()),
        Row::new("POST", "/v1/model-providers/{id}/test", Policy(&[Configure]), 200)
            .with("id", |stage| stage.provider.clone()),
    ]
}
