//! `/v1/invitations`: for whoever has a link. A right one shows what its organisation is called, to whoever has it;
//! the ones here are made up.

use serde_json::json;

use crate::row::{
    Asks::{Nothing, Person},
    Payload::Json,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("POST", "/v1/invitations/accept", Person, 410)
            .payload(|_| Json(json!({"token": "0".repeat(64)}))),
        // Wrong ones are counted, and so many callers would be held up.
        Row::new("POST", "/v1/invitations/preview", Nothing, 400).payload(|_| Json(json!({}))),
    ]
}
