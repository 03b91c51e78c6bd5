//! `/v1/environments`.

use domain::policy::Action::{Configure, CreateSession, ReadConfiguration};
use serde_json::json;

use crate::row::{
    Asks::Policy,
    Payload::Json,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    let one = "/v1/environments/{id}";
    vec![
        Row::new("GET", "/v1/environments", Policy(&[ReadConfiguration]), 200),
        Row::new("POST", "/v1/environments", Policy(&[Configure]), 201)
            .payload(|_| Json(json!({"name": "matrix", "setup": ["true"]}))),
        Row::new("POST", "/v1/environments/detect", Policy(&[CreateSession]), 200)
            .payload(|_| Json(json!({"repository": {"url": "https://git.example.org/o/n.git"}}))),
        Row::new("GET", one, Policy(&[ReadConfiguration]), 200).with("id", |stage| stage.environment.clone()),
        Row::new("PATCH", one, Policy(&[Configure]), 200)
            .with("id", |stage| stage.environment.clone())
            .payload(|_| Json(json!({"name": "matrix"}))),
        Row::new("DELETE", one, Policy(&[Configure]), 204).with("id", |stage| stage.environment.clone()),
    ]
}
