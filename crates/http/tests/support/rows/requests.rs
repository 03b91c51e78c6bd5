//! What an agent wants to know from a person.

use domain::policy::Action::DriveSession;
use serde_json::json;

use crate::row::{
    Asks::Policy,
    Payload::Json,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new(
            "POST",
            "/v1/sessions/{id}/permissions/{permission_id}",
            Policy(&[DriveSession]),
            200,
        )
        .with("id", |stage| stage.busy.clone())
        .with("permission_id", |_| "per_zanzibar".into())
        .payload(|_| Json(json!({"reply": "once"}))),
        Row::new(
            "POST",
            "/v1/sessions/{id}/questions/{question_id}",
            Policy(&[DriveSession]),
            200,
        )
        .with("id", |stage| stage.busy.clone())
        .with("question_id", |_| "que_zanzibar".into())
        .payload(|_| Json(json!({"answers": [["A"]]}))),
    ]
}
