//! `/v1/api-keys`.

use domain::policy::Action::ManageKeys;
use serde_json::json;

use crate::row::{
    Asks::Policy,
    Payload::Json,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("GET", "/v1/api-keys", Policy(&[ManageKeys]), 200),
        Row::new("POST", "/v1/api-keys", Policy(&[ManageKeys]), 201)
            .payload(|_| Json(json!({"name": "matrix", "scopes": ["sessions:read"]}))),
        Row::new("DELETE", "/v1/api-keys/{id}", Policy(&[ManageKeys]), 204).with("id", |stage| stage.key.clone()),
    ]
}
