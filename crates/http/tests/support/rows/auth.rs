//! `/v1/auth`: signing in is for everybody, the rest for people in browsers.

use serde_json::json;

use crate::row::{
    Asks::{Nothing, Person},
    Payload::Json,
    Row,
};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("POST", "/v1/auth/sign-in", Nothing, 401)
            .payload(|stage| {
                // Another address each time: many failures for one are held up.
                let email = format!("{}@example.org", stage.number());
                Json(json!({"email": email, "password": "a long one that nobody has"}))
            }),
        Row::new("POST", "/v1/auth/link", Nothing, 410).payload(|_| Json(json!({"token": "0".repeat(64)}))),
        Row::new("POST", "/v1/auth/sign-out", Person, 204),
        Row::new("PUT", "/v1/auth/password", Person, 204)
            .payload(|_| Json(json!({"password": "a long one that only I know"}))),
    ]
}
