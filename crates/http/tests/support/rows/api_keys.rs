//! `/v1/api-keys`.

use domain::policy::Action::{ManageKeys, ManageOwnKeys};
use serde_json::json;

use crate::row::{
    Asks::{Hidden, Policy},
    Payload::Json,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    // A key of a service account: it is there for those who manage all keys.
    let one = "/v1/api-keys/{id}";
    vec![
        Row::new("GET", "/v1/api-keys", Policy(&[ManageOwnKeys]), 200),
        Row::new("POST", "/v1/api-keys", Policy(&[ManageOwnKeys]), 201)
            .payload(|_| Json(json!({"name": "matrix", "scopes": ["sessions:read"]}))),
        Row::new("PATCH", one, Hidden(&[ManageKeys]), 200)
            .with("id", |stage| stage.robot_key.clone())
            .payload(|_| Json(json!({"name": "matrix"}))),
        Row::new("DELETE", one, Hidden(&[ManageKeys]), 204).with("id", |stage| stage.robot_key.clone()),
        Row::new("POST", "/v1/api-keys/{id}/rotate", Hidden(&[ManageKeys]), 201)
            .with("id", |stage| stage.robot_key.clone())
            .payload(|_| Json(json!({"overlap_s": 60}))),
    ]
}
