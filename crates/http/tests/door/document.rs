//! The description says what is there; and what is around the API.

use std::collections::BTreeSet;

use axum::body::Body;
use http::{Request, header};
use protocol::ProblemCode;

use crate::house::House;

#[tokio::test]
async fn every_operation_is_described_with_its_problems() {
    let house = House::new().await;
    let document = house.get("/openapi.json").await.ok().json();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let at = format!("{method} {path}");
            assert!(
                ids.insert(operation["operationId"].as_str().unwrap().to_owned()),
                "{at}"
            );
            let problem =
                &operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(problem, "#/components/schemas/Problem", "{at}");
            assert!(operation["responses"].as_object().unwrap().len() >= 2, "{at}");
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(
                    !response["description"].as_str().unwrap().is_empty(),
                    "{at} {status}"
                );
            }
            let open = operation.get("security").is_some();
            assert_eq!(operation["responses"].get("401").is_none(), open, "{at}");
            let group = &operation["tags"][0];
            assert!(
                document["tags"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|tag| tag["name"] == *group),
                "{at}: {group} is no group"
            );
            // A file is its own example.
            let content = &operation["requestBody"]["content"];
            let takes_body = content.get("application/json").is_some() && path != "/v1/tickets";
            let example = &content["application/json"]["example"];
            assert_eq!(example.is_object(), takes_body, "{at}");
            let said = operation["summary"]
                .as_str()
                .or(operation["description"].as_str())
                .unwrap_or_default();
            assert!(said.len() > 10, "{at}");
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let named = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
            assert_eq!(named("Idempotency-Key"), method != "get", "{at}");
            for part in path.split('/').filter_map(|part| part.strip_prefix('{')) {
                assert!(named(part.trim_end_matches('}')), "{at}");
            }
        }
    }
    // No reference leads nowhere.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
    }
    for name in [
        "ClientFrame",
        "SocketFrame",
        "Event",
        "Session",
        "EnvironmentPlan",
    ] {
        assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
    }
}

#[tokio::test]
async fn the_pages_need_no_key_and_load_nothing() {
    let house = House::new().await;
    let health = house.get("/health").await.ok();
    assert_eq!(
        health.json(),
        serde_json::json!({"status": "ok", "version": "9.9.9"})
    );
    assert_eq!(health.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(health.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).is_none());
    assert!(
        health.headers["coordinator-request-id"]
            .to_str()
            .unwrap()
            .starts_with("req_")
    );
    assert_eq!(house.get("/ready").await.ok().json()["ready"], true);

    let docs = house.get("/docs").await.ok();
    let policy = docs.headers[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let html = docs.text();
    assert!(
        !html.contains("<script") && !html.contains("src="),
        "no scripts, nothing loaded"
    );
    assert!(html.contains("/v1/sessions/{id}/prompts"));

    for code in ProblemCode::ALL {
        let page = house.get(&format!("/problems/{}", code.slug())).await.ok();
        assert!(page.text().contains(code.slug()), "{}", code.slug());
    }
    assert_eq!(house.get("/problems/none").await.problem(), "not_found");
    let request = Request::get("/problems/not_found")
        .header(header::ACCEPT, "text/html")
        .body(Body::empty())
        .unwrap();
    assert!(house.send(request).await.text().starts_with("<!doctype html>"));

    let metrics = house.get("/metrics").await.ok().text();
    assert!(
        metrics
            .contains("coordinator_http_requests_total{method=\"GET\",route=\"/health\",status=\"200\"} 1"),
        "{metrics}"
    );
    assert!(metrics.contains("coordinator_sessions_awake"));
    assert!(metrics.contains("route=\"/problems/{slug}\"") && !metrics.contains("/problems/none"));
}
