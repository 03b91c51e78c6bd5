//! Model providers, models, agents and environments.

use http::header;
use serde_json::json;
use testkit::fake::Answer;

use crate::house::{House, demo_session, provider};

#[tokio::test]
async fn a_provider_is_write_only_and_can_be_rotated_tested_and_deleted() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let made = ana.post("/v1/model-providers", provider()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert!(
        house.fakes.model_gateway.requests().is_empty(),
        "creating calls nobody"
    );
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/model-providers/{id}");
    for text in [
        made.text(),
        ana.get("/v1/model-providers").await.text(),
        ana.get(&path).await.text(),
    ] {
        assert!(!text.contains("sk-very-secret"), "{text}");
        assert!(text.contains("…0001"), "{text}");
    }
    assert_eq!(
        ana.post("/v1/model-providers", provider()).await.problem(),
        "conflict"
    );

    house
        .fakes
        .model_gateway
        .then(Ok(Answer::json(&json!({"data": [{"id": "small"}]}))));
    let test = ana.post(&format!("{path}/test"), json!({})).await.ok().json();
    assert_eq!(
        (test["ok"].as_bool(), &test["models"]),
        (Some(true), &json!(["small"]))
    );
    house.fakes.model_gateway.then(Ok(Answer::status(401)));
    let test = ana.post(&format!("{path}/test"), json!({})).await.ok().json();
    assert_eq!(
        (test["ok"].as_bool(), test["upstream_status"].as_u64()),
        (Some(false), Some(401))
    );

    let moved = ana
        .call("PATCH", &path, json!({"base_url": "https://evil.example.org/v1"}))
        .await;
    assert_eq!(
        (moved.problem().as_str(), moved.json()["field"].as_str()),
        ("invalid_request", Some("api_key"))
    );
    let rotated = ana
        .call("PATCH", &path, json!({"api_key": "sk-another-secret-0002"}))
        .await
        .ok()
        .json();
    assert_eq!(rotated["key_hint"], "…0002");
    house.fakes.model_gateway.then(Ok(Answer::status(500)));
    ana.post(&format!("{path}/test"), json!({})).await.ok();
    let keys: Vec<String> = house
        .fakes
        .model_gateway
        .requests()
        .iter()
        .map(|request| secrecy::ExposeSecret::expose_secret(&request.upstream.api_key).to_owned())
        .collect();
    assert_eq!(
        keys,
        [
            "sk-very-secret-0001",
            "sk-very-secret-0001",
            "sk-another-secret-0002"
        ]
    );

    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.get(&path).await.problem(), "not_found");
}

#[tokio::test]
async fn a_key_is_tried_before_it_is_kept() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let gateway = &house.fakes.model_gateway;
    gateway.then(Ok(Answer::json(
        &json!({"data": [{"id": "small"}, {"id": "large"}]}),
    )));
    let good = ana.post("/v1/model-providers/test", provider()).await.ok();
    assert_eq!(good.json()["ok"], true);
    assert_eq!(good.json()["models"], json!(["small", "large"]));
    gateway.then(Ok(Answer::status(401)));
    let bad = ana.post("/v1/model-providers/test", provider()).await.ok();
    assert_eq!(
        (bad.json()["ok"].as_bool(), bad.json()["upstream_status"].as_u64()),
        (Some(false), Some(401))
    );
    for answer in [&good, &bad] {
        assert!(!answer.text().contains("sk-very-secret"));
    }
    let sent = gateway.requests();
    assert_eq!(sent.len(), 2);
    assert_eq!(
        secrecy::ExposeSecret::expose_secret(&sent[0].upstream.api_key),
        "sk-very-secret-0001"
    );
    assert_eq!(
        ana.get("/v1/model-providers").await.ok().json()["items"],
        json!([])
    );

    for (field, value, problem) in [
        (
            "base_url",
            json!("http://169.254.169.254/v1"),
            "address_not_allowed",
        ),
        ("provider", json!("demo"), "invalid_request"),
        ("api_key", json!("a b"), "invalid_request"),
    ] {
        let mut body = provider();
        body[field] = value;
        let refused = ana.post("/v1/model-providers/test", body).await;
        assert_eq!(
            (refused.problem().as_str(), refused.json()["field"].as_str()),
            (problem, Some(field))
        );
    }
    assert_eq!(gateway.requests().len(), 2, "what is refused calls nobody");
}

#[tokio::test]
async fn base_addresses_are_checked() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    for (base_url, problem) in [
        (json!("http://10.0.0.1/v1"), "address_not_allowed"),
        (json!("http://169.254.169.254/v1"), "address_not_allowed"),
        (json!("ftp://h/v1"), "invalid_request"),
        (json!("https://u:p@h/v1"), "invalid_request"),
        (json!("https://h.example.org"), "invalid_request"),
        (json!(null), "invalid_request"),
    ] {
        let mut body = provider();
        body["base_url"] = base_url.clone();
        let refused = ana.post("/v1/model-providers", body).await;
        assert_eq!(refused.problem(), problem, "{base_url}");
        assert_eq!(refused.json()["field"], "base_url");
        assert!(!refused.text().contains("sk-very-secret"));
    }
    let public = json!({"provider": "anthropic", "api": "anthropic", "api_key": "sk-ant-1"});
    assert_eq!(ana.post("/v1/model-providers", public).await.status, 201);
}

#[tokio::test]
async fn models_say_what_can_be_used_and_why_not() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    ana.post("/v1/model-providers", provider()).await.ok();
    let gemini = json!({"provider": "gemini", "api": "gemini", "api_key": "k", "models": ["pro"]});
    ana.post("/v1/model-providers", gemini).await.ok();
    let models = ana.get("/v1/models").await.ok().json();
    let find = |id: &str| {
        models["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|m| m["id"] == id)
            .cloned()
            .unwrap()
    };
    assert_eq!(
        find("hub/org/large")["price"],
        json!({"input": 3_000_000, "output": 6_000_000})
    );
    assert_eq!(find("hub/small")["available"], true);
    assert_eq!(find("demo/scripted")["demo"], true);
    assert_eq!(find("gemini/pro")["available"], false);
    assert!(find("gemini/pro")["reason"].as_str().unwrap().contains("gemini"));

    let agents = ana.get("/v1/agents").await.ok().json();
    assert_eq!(agents["items"][1]["available"], false);

    for (agent, model, problem) in [
        ("scripted", "hub/none", "model_unavailable"),
        ("scripted", "gemini/pro", "model_unavailable"),
        ("scripted", "nobody/x", "model_unavailable"),
        ("scripted", "gpt", "invalid_request"),
        ("scripted", "demo/other", "model_unavailable"),
        ("opencode", "hub/small", "agent_unavailable"),
        ("unheard", "hub/small", "agent_unavailable"),
    ] {
        let refused = ana
            .post("/v1/sessions", json!({"agent": agent, "model": model}))
            .await;
        assert_eq!(refused.problem(), problem, "{agent} {model}");
    }
    let made = ana
        .post(
            "/v1/sessions",
            json!({"agent": "scripted", "model": "hub/org/large"}),
        )
        .await;
    assert_eq!(made.status, 201);
}

#[tokio::test]
async fn the_demo_can_be_switched_off() {
    let house = House::with_demo(false).await;
    let ana = house.tenant("acme").await;
    assert!(!ana.get("/v1/models").await.text().contains("demo"));
    assert_eq!(
        ana.post("/v1/sessions", demo_session()).await.problem(),
        "model_unavailable"
    );
}

#[tokio::test]
async fn environments_are_kept() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let made = ana
        .post(
            "/v1/environments",
            json!({
                "name": "web", "setup": ["npm ci"], "repository": {"url": "https://git.example.org/o/n.git"}
            }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let path = format!("/v1/environments/{}", made.json()["id"].as_str().unwrap());
    let patched = ana
        .call("PATCH", &path, json!({"setup": [], "repository": null}))
        .await
        .ok()
        .json();
    assert_eq!(
        (&patched["setup"], &patched["repository"], &patched["name"]),
        (&json!([]), &json!(null), &json!("web"))
    );
    assert_eq!(
        ana.get("/v1/environments").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.delete(&path).await.problem(), "not_found");
}

#[tokio::test]
async fn detection_reads_a_listing_out_of_a_throw_away_sandbox() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    house.fakes.sandboxes.on_probe(|spec| {
        assert!(spec.network);
        let listing = json!({
            "files": ["package-lock.json", "package.json"], "truncated": false,
            "contents": {"package.json": "{\"scripts\":{\"test\":\"node --test\"}}"}
        });
        Ok(vec![listing.to_string().into()])
    });
    let body = json!({"repository": {"url": "https://git.example.org/o/n.git", "token": "ghp_x"}});
    let plan = ana.post("/v1/environments/detect", body).await.ok();
    assert_eq!(plan.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(
        (
            plan.json()["package_manager"].as_str(),
            plan.json()["files_scanned"].as_u64()
        ),
        (Some("npm"), Some(2))
    );

    house.fakes.sandboxes.on_probe(|_| {
        Err(ports::sandbox::SandboxError::Probe(
            protocol::probe::ProbeFailure {
                code: "clone_failed".into(),
                message: "the repository could not be cloned: not found".into(),
            },
        ))
    });
    let body = json!({"repository": {"url": "https://git.example.org/o/none.git"}});
    assert_eq!(
        ana.post("/v1/environments/detect", body).await.problem(),
        "repository_unreachable"
    );
}
