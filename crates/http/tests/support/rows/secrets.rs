//! `/v1/secrets`.

use domain::policy::Action::{ManageSecrets, ReadSecrets};
use serde_json::json;

use crate::row::{Asks::Policy, Payload::Json, Row};

pub(crate) fn rows() -> Vec<Row> {
    let one = "/v1/secrets/{id}";
    vec![
        Row::new("GET", "/v1/secrets", Policy(&[ReadSecrets]), 200),
        Row::new("POST", "/v1/secrets", Policy(&[ManageSecrets]), 201).payload(|_| {
            Json(json!({"name": "MATRIX", "value": "matrix-value", "scope": "organisation", "phase": "setup"}))
        }),
        Row::new("GET", one, Policy(&[ReadSecrets]), 200).with("id", |stage| stage.secret.clone()),
        Row::new("PATCH", one, Policy(&[ManageSecrets]), 200)
            .with("id", |stage| stage.secret.clone())
            .payload(|_| Json(json!({"value": "another-matrix-value"}))),
        Row::new("DELETE", one, Policy(&[ManageSecrets]), 204).with("id", |stage| stage.secret.clone()),
    ]
}
