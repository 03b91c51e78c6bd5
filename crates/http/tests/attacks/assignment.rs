//! Mass assignment: fields that a body does not have, above all those that only the server sets, in every body of the
//! description. Each is refused by name.

use serde_json::{Value, json};

use crate::{
    harness::{Range, json_of, mutations, raw},
    operations::{document, operations},
};

/// With values that would be worth something.
fn forbidden(range: &Range) -> Vec<(&'static str, Value)> {
    let stage = &range.stage;
    let (org, user) = (
        stage.stranger.org_id.to_string(),
        stage.stranger.user_id.to_string(),
    );
    vec![
        ("id", json!(stage.quiet)),
        ("org", json!(org)),
        ("org_id", json!(org)),
        ("organisation", json!({"id": org})),
        ("organization_id", json!(org)),
        ("tenant", json!(org)),
        ("role", json!("owner")),
        ("roles", json!(["owner"])),
        ("user", json!(user)),
        ("user_id", json!(user)),
        ("created_by", json!({"user_id": user})),
        ("created_at", json!("2020-01-01T00:00:00Z")),
        ("updated_at", json!("2020-01-01T00:00:00Z")),
        ("revoked_at", Value::Null),
        ("expires_at", json!("2999-01-01T00:00:00Z")),
        ("scopes", json!(["admin"])),
        ("status", json!("idle")),
        ("is_admin", json!(true)),
        ("admin", json!(true)),
        ("owner", json!(true)),
        ("email_verified", json!(true)),
        ("hash", json!("00")),
        ("key", json!("ack_x")),
        ("key_hint", json!("x")),
        ("sealed", json!("00")),
        ("generation", json!(99)),
        ("limits", json!({"requests": 1_000_000})),
        ("__proto__", json!({"role": "owner"})),
        ("constructor", json!({})),
        ("$ref", json!("#/")),
        ("", json!(1)),
        ("NAME", json!("x")),
        ("name\u{0}", json!("x")),
    ]
}

/// What the description says a body has.
fn properties(method: &str, path: &str) -> Vec<String> {
    let document = document();
    let operation = operations()
        .into_iter()
        .find(|known| known.method == method && known.path == path)
        .unwrap();
    let schema = &operation.said["requestBody"]["content"]["application/json"]["schema"];
    let named = schema["$ref"].as_str().map(|name| {
        let name = name.rsplit('/').next().unwrap();
        document["components"]["schemas"][name].clone()
    });
    let schema = named.unwrap_or(schema.clone());
    schema["properties"]
        .as_object()
        .map(|properties| properties.keys().cloned().collect())
        .unwrap_or_default()
}

#[tokio::test]
async fn no_body_takes_a_field_that_it_does_not_have() {
    let mut range = Range::new().await;
    for row in mutations() {
        let known = properties(row.method, row.path);
        let Some(body) = json_of(&row, &range.stage) else {
            continue;
        };
        for (name, value) in forbidden(&range) {
            if known.iter().any(|known| known == name) {
                continue;
            }
            let mut body = body.clone();
            body[name] = value;
            let request = raw(&range, &row, Some("application/json"), body.to_string());
            let at = format!("{} with `{name}`", row.name());
            let answer = range.refused(request, &["invalid_request"], &at).await;
            if !name.is_empty() && !name.contains('\0') {
                assert_eq!(answer.json()["field"], name, "{at}");
            }
        }
        range.unharmed(&row.name()).await;
    }
    println!("{}", range.over("assignment").await);
}

#[tokio::test]
async fn what_takes_no_body_takes_no_field() {
    let mut range = Range::new().await;
    for row in mutations() {
        if !matches!(row.body(&range.stage), crate::row::Payload::Nothing) {
            continue;
        }
        for (name, value) in forbidden(&range) {
            let body = json!({ name: value });
            let request = raw(&range, &row, Some("application/json"), body.to_string());
            let at = format!("{} with `{name}`", row.name());
            range.refused(request, &["invalid_request"], &at).await;
        }
        range.unharmed(&row.name()).await;
    }
    println!("{}", range.over("assignment").await);
}

/// Objects within a body are as strict.
#[tokio::test]
async fn no_object_within_a_body_takes_one_either() {
    let mut range = Range::new().await;
    for row in mutations() {
        let Some(body) = json_of(&row, &range.stage) else {
            continue;
        };
        let inner: Vec<String> = body
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, value)| value.is_object())
            .map(|(name, _)| name.clone())
            .collect();
        for name in inner {
            for (field, value) in forbidden(&range) {
                let mut body = body.clone();
                body[&name][field] = value;
                let request = raw(&range, &row, Some("application/json"), body.to_string());
                let at = format!("{} with `{name}.{field}`", row.name());
                range.refused(request, &["invalid_request"], &at).await;
            }
        }
    }
    println!("{}", range.over("assignment").await);
}
