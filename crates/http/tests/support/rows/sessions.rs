//! `/v1/sessions`.

use domain::policy::Action::{ArchiveSession, CreateSession, DeleteSession, DriveSession, ReadSessions};
use serde_json::json;

use crate::{
    house::demo_session,
    row::{
        Asks::Policy,
        Payload::Json,
        Row,
    },
};

pub(crate) fn rows() -> Vec<Row> {
    let one = "/v1/sessions/{id}";
    vec![
        Row::new("GET", "/v1/sessions", Policy(&[ReadSessions]), 200),
        Row::new("POST", "/v1/sessions", Policy(&[CreateSession]), 201).payload(|_| Json(demo_session())),
        Row::new("GET", one, Policy(&[ReadSessions]), 200).with("id", |stage| stage.quiet.clone()),
        Row::new("PATCH", one, Policy(&[DriveSession]), 200)
            .with("id", |stage| stage.quiet.clone())
            .payload(|_| Json(json!({"title": "matrix"}))),
        Row::new("DELETE", one, Policy(&[DeleteSession]), 204).with("id", |stage| stage.quiet.clone()),
        Row::new("POST", "/v1/sessions/{id}/archive", Policy(&[ArchiveSession]), 200)
            .with("id", |stage| stage.quiet.clone()),
        Row::new("POST", "/v1/sessions/{id}/interrupt", Policy(&[DriveSession]), 202)
            .with("id", |stage| stage.busy.clone()),
        Row::new("POST", "/v1/sessions/{id}/hibernate", Policy(&[DriveSession]), 202)
            .with("id", |stage| stage.quiet.clone()),
        Row::new("POST", "/v1/sessions/{id}/wake", Policy(&[DriveSession]), 202)
            .with("id", |stage| stage.quiet.clone()),
    ]
}
