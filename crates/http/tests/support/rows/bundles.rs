//! Sessions as bundles.

use domain::policy::Action::{CreateSession, ExportSession};

use crate::row::{
    Asks::Policy,
    Payload::Bytes,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        // The owner made the session, and has the right to those of others, too.
        Row::new(
            "GET",
            "/v1/sessions/{id}/bundle",
            Policy(&[ExportSession]),
            200,
        )
        .with("id", |stage| stage.quiet.clone())
        .unsteady(),
        Row::new("POST", "/v1/sessions/import", Policy(&[CreateSession]), 201)
            .payload(|stage| Bytes("application/x-tar", stage.bundle.to_vec())),
    ]
}
