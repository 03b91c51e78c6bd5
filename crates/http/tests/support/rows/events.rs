//! Events of a session, its socket, the organisation's feed, and tickets for both. What comes over sockets and streams
//! is in `doors`; here are the requests that ask for them.

use domain::policy::Action::ReadSessions;
use serde_json::json;

use crate::row::{
    Asks::{Policy, Runner},
    Payload::Json,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("GET", "/v1/sessions/{id}/events", Policy(&[ReadSessions]), 200)
            .with("id", |stage| stage.busy.clone()),
        // Without a handshake who may is told that one is needed.
        Row::new("GET", "/v1/sessions/{id}/ws", Policy(&[ReadSessions]), 400)
            .with("id", |stage| stage.busy.clone())
            .unsteady(),
        Row::new("GET", "/v1/events", Policy(&[ReadSessions]), 200),
        Row::new("POST", "/v1/tickets", Policy(&[ReadSessions]), 201)
            .payload(|stage| Json(json!({"scope": stage.busy})))
            .aimed(),
        Row::new("GET", "/v1/runner/connect", Runner, 101),
    ]
}
