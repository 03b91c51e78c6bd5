//! `/v1/sessions/{id}/prompts`.

use domain::policy::Action::{DriveSession, ReadSessions};
use serde_json::json;

use crate::row::{
    Asks::Policy,
    Payload::Json,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    let all = "/v1/sessions/{id}/prompts";
    vec![
        Row::new("GET", all, Policy(&[ReadSessions]), 200).with("id", |stage| stage.busy.clone()),
        Row::new("POST", all, Policy(&[DriveSession]), 202)
            .with("id", |stage| stage.busy.clone())
            .payload(|_| Json(json!({"text": "matrix"}))),
        Row::new(
            "DELETE",
            "/v1/sessions/{id}/prompts/{prompt_id}",
            Policy(&[DriveSession]),
            204,
        )
        .with("id", |stage| stage.busy.clone())
        .with("prompt_id", |stage| stage.queued.clone()),
        Row::new(
            "GET",
            "/v1/sessions/{id}/prompts/{prompt_id}/attachments/{index}",
            Policy(&[ReadSessions]),
            200,
        )
        .with("id", |stage| stage.busy.clone())
        .with("prompt_id", |stage| stage.queued.clone())
        .with("index", |_| "0".into()),
    ]
}
