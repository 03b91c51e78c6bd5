//! `/v1/sessions/{id}/artifacts`.

use domain::policy::Action::{DriveSession, ReadSessions};

use crate::{
    row::{
        Asks::{self, Policy},
        Payload::Bytes,
        Row,
    },
};

pub(crate) fn rows() -> Vec<Row> {
    let of_session = |method, rest, asks: Asks, done| {
        Row::new(method, rest, asks, done).with("id", |stage| stage.quiet.clone())
    };
    let one = "/v1/sessions/{id}/artifacts/{artifact_id}";
    vec![
        of_session("GET", "/v1/sessions/{id}/artifacts", Policy(&[ReadSessions]), 200),
        of_session("POST", "/v1/sessions/{id}/artifacts", Policy(&[DriveSession]), 201)
            .query(|_| "?name=matrix.txt".into())
            .payload(|_| Bytes("text/plain", b"matrix".to_vec())),
        of_session("GET", one, Policy(&[ReadSessions]), 200).with("artifact_id", |stage| stage.artifact.clone()),
        of_session("DELETE", one, Policy(&[DriveSession]), 204).with("artifact_id", |stage| stage.artifact.clone()),
    ]
}
