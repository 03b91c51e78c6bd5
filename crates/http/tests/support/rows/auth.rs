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
        // Nobody is let in by themselves, whoever asks.
        Row::new("POST", "/v1/auth/sign-up", Nothing, 403)
            .payload(|_| Json(json!({"email": "new@example.org", "password": "a long one that nobody has"}))),
        Row::new("POST", "/v1/auth/verify-email", Nothing, 410)
            .payload(|_| Json(json!({"token": "0".repeat(64), "password": "a long one that nobody has"}))),
        Row::new("POST", "/v1/auth/reset", Nothing, 202).payload(|stage| {
            // Another address each time: many for one are held up.
            Json(json!({"email": format!("{}@example.org", stage.number())}))
        }),
        Row::new("POST", "/v1/auth/reset/confirm", Nothing, 410)
            .payload(|_| Json(json!({"token": "0".repeat(64), "password": "a long one that nobody has"}))),
        Row::new("POST", "/v1/auth/sign-in/second-factor", Nothing, 401)
            .payload(|_| Json(json!({"challenge": "0".repeat(64), "code": "123456"}))),
        Row::new("POST", "/v1/auth/totp", Person, 200),
        Row::new("POST", "/v1/auth/totp/confirm", Person, 409).payload(|_| Json(json!({"code": "123456"}))),
        Row::new("DELETE", "/v1/auth/totp", Person, 401).payload(|_| Json(json!({"code": "123456"}))),
        Row::new("GET", "/v1/auth/sessions", Person, 200).unsteady(),
        // Everybody has others: the one that nobody has is the same for all.
        Row::new("DELETE", "/v1/auth/sessions/{id}", Person, 404)
            .with("id", |_| format!("brw_{}", "0".repeat(26)))
            .aimless(),
        Row::new("POST", "/v1/auth/sign-out-everywhere", Person, 204)
            .payload(|_| Json(json!({"include_current": false}))),
        Row::new("GET", "/v1/auth/providers", Nothing, 200),
        // None is configured here: what happens with one is told by the tests of signing in through it.
        Row::new("GET", "/v1/auth/providers/{id}/start", Nothing, 404)
            .with("id", |_| "corp".to_owned())
            .aimless()
            .unsteady(),
        Row::new("POST", "/v1/auth/providers/{id}/start", Nothing, 404)
            .with("id", |_| "corp".to_owned())
            .aimless()
            .payload(|_| Json(json!({"return_to": "/"}))),
        Row::new("POST", "/v1/auth/providers/{id}/link", Person, 404)
            .with("id", |_| "corp".to_owned())
            .aimless()
            .payload(|_| Json(json!({"return_to": "/"}))),
        Row::new("GET", "/v1/auth/providers/{id}/callback", Nothing, 303)
            .with("id", |_| "corp".to_owned())
            .query(|_| "?state=made-up&code=made-up".to_owned())
            .aimless()
            .unsteady(),
        Row::new("GET", "/v1/auth/identities", Person, 200),
        Row::new("DELETE", "/v1/auth/identities/{id}", Person, 404)
            .with("id", |_| format!("idn_{}", "0".repeat(26)))
            .aimless(),
        Row::new("PUT", "/v1/auth/password", Person, 204)
            .payload(|_| Json(json!({"password": "a long one that only I know"}))),
    ]
}
