//! Sessions as bundles.

use domain::policy::Action::{CreateSession, DriveSession, ExportSession};

use crate::row::{
    Asks::Policy,
    Payload::Bytes,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        // The owner made the session, so everybody else needs both.
        Row::new(
            "GET",
            "/v1/sessions/{id}/bundle",
            Policy(&[DriveSession, ExportSession]),
            200,
        )
        .with("id", |stage| stage.quiet.clone())
        .unsteady(),
        Row::new("POST", "/v1/sessions/import", Policy(&[CreateSession]), 201)
            .payload(|stage| Bytes("application/x-tar", stage.bundle.to_vec())),
    ]
}
