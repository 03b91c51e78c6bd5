//! What is malformed is refused by name, and nothing happens.

use axum::body::Body;
use http::header;
use serde_json::{Value, json};

use crate::house::{House, demo_session, provider};

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[tokio::test]
async fn bodies_are_refused_by_field() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    let prompts = format!("/v1/sessions/{id}/prompts");
    let long = "x".repeat(64 * 1024 + 1);
    let repository = |url: &str, reference: Option<&str>| {
        with(
            demo_session(),
            "repository",
            json!({"url": url, "ref": reference}),
        )
    };
    let table: Vec<(&str, Value, &str, Option<&str>)> = vec![
        ("/v1/sessions", json!({}), "invalid_request", Some("agent")),
        (
            "/v1/sessions",
            with(demo_session(), "promt", json!("x")),
            "invalid_request",
            Some("promt"),
        ),
        (
            "/v1/sessions",
            with(demo_session(), "agent", json!(5)),
            "invalid_request",
            None,
        ),
        (
            "/v1/sessions",
            with(demo_session(), "permissions", json!("maybe")),
            "invalid_request",
            None,
        ),
        (
            "/v1/sessions",
            with(demo_session(), "environment_id", json!("env_x")),
            "invalid_request",
            None,
        ),
        (
            "/v1/sessions",
            with(demo_session(), "title", json!("x".repeat(201))),
            "invalid_request",
            Some("title"),
        ),
        (
            "/v1/sessions",
            with(demo_session(), "title", json!("a\nb")),
            "invalid_request",
            Some("title"),
        ),
        (
            "/v1/sessions",
            with(demo_session(), "prompt", json!("")),
            "invalid_request",
            Some("prompt"),
        ),
        (
            "/v1/sessions",
            with(demo_session(), "prompt", json!(long)),
            "prompt_too_large",
            Some("prompt"),
        ),
        (
            "/v1/sessions",
            repository("--upload-pack=touch /tmp/x", None),
            "invalid_repository",
            Some("repository.url"),
        ),
        (
            "/v1/sessions",
            repository("ext::sh -c id", None),
            "invalid_repository",
            Some("repository.url"),
        ),
        (
            "/v1/sessions",
            repository("file:///etc", None),
            "invalid_repository",
            Some("repository.url"),
        ),
        (
            "/v1/sessions",
            repository("https://u:p@h/a.git", None),
            "invalid_repository",
            Some("repository.url"),
        ),
        (
            "/v1/sessions",
            repository("https://h/a.git", Some("--upload-pack=x")),
            "invalid_repository",
            Some("repository.ref"),
        ),
        (
            "/v1/sessions",
            repository("https://h/a.git", Some("a..b")),
            "invalid_repository",
            Some("repository.ref"),
        ),
        (
            "/v1/sessions",
            repository("http://10.1.2.3/a.git", None),
            "address_not_allowed",
            Some("repository.url"),
        ),
        (
            "/v1/sessions",
            with(
                demo_session(),
                "repository",
                json!({"url": "https://h/a", "token": "a b"}),
            ),
            "invalid_request",
            Some("repository.token"),
        ),
        (&prompts, json!({"text": long}), "prompt_too_large", Some("text")),
        (&prompts, json!({"text": "  "}), "invalid_request", Some("text")),
        (
            &prompts,
            json!({"text": "x", "model": "nope"}),
            "invalid_request",
            Some("model"),
        ),
        (
            &prompts,
            json!({"text": "x", "model": "nobody/x"}),
            "model_unavailable",
            Some("model"),
        ),
        (
            &prompts,
            json!({"text": "x", "attachments": [{"name": "../x", "media_type": "a/b", "data": ""}]}),
            "invalid_request",
            Some("attachments.name"),
        ),
        (
            &prompts,
            json!({"text": "x", "attachments": [{"name": "x", "media_type": "a/b", "data": "!"}]}),
            "invalid_request",
            Some("attachments.data"),
        ),
        (
            "/v1/model-providers",
            with(provider(), "provider", json!("Has Space")),
            "invalid_request",
            Some("provider"),
        ),
        (
            "/v1/model-providers",
            with(provider(), "provider", json!("demo")),
            "invalid_request",
            Some("provider"),
        ),
        (
            "/v1/model-providers",
            with(provider(), "api", json!("soap")),
            "invalid_request",
            None,
        ),
        (
            "/v1/model-providers",
            with(provider(), "api_key", json!("a\r\nb")),
            "invalid_request",
            Some("api_key"),
        ),
        (
            "/v1/model-providers",
            with(provider(), "models", json!([{"id": "a", "prize": 1}])),
            "invalid_request",
            Some("prize"),
        ),
        (
            "/v1/model-providers",
            with(provider(), "models", json!(["a", "a"])),
            "invalid_request",
            Some("models"),
        ),
        (
            "/v1/environments",
            json!({"name": "x"}),
            "invalid_request",
            Some("setup"),
        ),
        (
            "/v1/environments",
            json!({"name": "", "setup": []}),
            "invalid_request",
            Some("name"),
        ),
        (
            "/v1/environments",
            json!({"name": "x", "setup": [""]}),
            "invalid_request",
            Some("setup"),
        ),
        (
            "/v1/environments",
            json!({"name": "x", "setup": [], "repository": {"url": "https://h/a", "token": "t"}}),
            "invalid_request",
            Some("token"),
        ),
        (
            "/v1/environments/detect",
            json!({"repository": {"url": "ssh://h/a"}}),
            "invalid_repository",
            Some("repository.url"),
        ),
        (
            "/v1/api-keys",
            json!({"name": "x", "scopes": ["root"]}),
            "invalid_request",
            Some("scopes"),
        ),
        (
            "/v1/api-keys",
            json!({"name": "x", "expires_at": "tomorrow"}),
            "invalid_request",
            None,
        ),
    ];
    for (path, body, problem, field) in table {
        let answer = ana.post(path, body.clone()).await;
        let shown: String = body.to_string().chars().take(120).collect();
        assert_eq!(answer.problem(), problem, "{path} {shown}: {}", answer.text());
        assert_eq!(
            answer.json()["field"].as_str(),
            field,
            "{path} {shown}: {}",
            answer.text()
        );
    }
    assert_eq!(
        ana.get("/v1/sessions").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1,
        "nothing was made"
    );
}

#[tokio::test]
async fn queries_and_cursors_are_refused_by_name() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    for (path, problem) in [
        ("/v1/sessions?cursor=nonsense", "invalid_cursor"),
        ("/v1/sessions?limit=0", "invalid_request"),
        ("/v1/sessions?limit=201", "invalid_request"),
        ("/v1/sessions?limit=x", "invalid_request"),
        ("/v1/sessions?colour=red", "invalid_request"),
        ("/v1/sessions?status=happy", "invalid_request"),
        ("/v1/runs?session=ses_x", "invalid_request"),
        ("/v1/runs?from=yesterday", "invalid_request"),
        ("/v1/sessions/ID/events?after=-1", "invalid_cursor"),
        ("/v1/sessions/ID/events?after=x", "invalid_cursor"),
        ("/v1/sessions/ID/events?after=%2B1", "invalid_cursor"),
        (
            "/v1/sessions/ID/events?after=99999999999999999999999",
            "invalid_cursor",
        ),
        ("/v1/sessions/ID/events?after=1000", "invalid_cursor"),
        ("/v1/sessions/ID/events?limit=0", "invalid_request"),
        ("/v1/sessions/ID/events?limit=1001", "invalid_request"),
        ("/v1/sessions/ID/prompts?cursor=x", "invalid_cursor"),
        ("/v1/sessions/ID/files?path=../x", "invalid_request"),
        ("/v1/sessions/ID/files?path=/etc/passwd", "invalid_request"),
        ("/v1/sessions/ses_short", "not_found"),
        ("/v1/sessions/ses_00000000000000000000000000", "not_found"),
        ("/v1/environments/ses_00000000000000000000000000", "not_found"),
        ("/v1/nothing", "not_found"),
        ("/", "not_found"),
    ] {
        let answer = ana.get(&path.replace("ID", &id.to_string())).await;
        assert_eq!(answer.problem(), problem, "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn requests_that_are_no_requests() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    let send = async |request: http::request::Builder, body: &[u8]| {
        house.send(request.body(Body::from(body.to_vec())).unwrap()).await
    };
    let json_post = |path: &str| {
        ana.request("POST", path)
            .header(header::CONTENT_TYPE, "application/json")
    };

    let broken = send(json_post("/v1/sessions"), b"{\"agent\": ").await;
    assert_eq!(broken.problem(), "invalid_request");
    assert_eq!(
        send(json_post("/v1/sessions"), b"").await.problem(),
        "invalid_request"
    );
    assert_eq!(
        send(json_post("/v1/sessions"), b"\xff\xfe").await.problem(),
        "invalid_request"
    );
    let typed = ana
        .request("POST", "/v1/sessions")
        .header(header::CONTENT_TYPE, "text/plain");
    assert_eq!(send(typed, b"{}").await.problem(), "unsupported_media_type");
    assert_eq!(
        send(ana.request("POST", "/v1/sessions"), b"{}").await.problem(),
        "unsupported_media_type"
    );

    let method = ana.call("PUT", "/v1/sessions", json!({})).await;
    assert_eq!(
        (method.status.as_u16(), method.problem().as_str()),
        (405, "method_not_allowed")
    );
    assert!(method.headers[header::ALLOW].to_str().unwrap().contains("POST"));

    let large = vec![b' '; 300 * 1024];
    let answer = send(json_post("/v1/api-keys"), &large).await;
    assert_eq!(
        (answer.problem().as_str(), answer.json()["limit"].as_u64()),
        ("body_too_large", Some(256 * 1024))
    );
    // Without a length, too.
    let chunks = futures::stream::iter(
        large
            .chunks(1024)
            .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()))
            .collect::<Vec<_>>(),
    );
    let answer = house
        .send(json_post("/v1/api-keys").body(Body::from_stream(chunks)).unwrap())
        .await;
    assert_eq!(answer.problem(), "body_too_large");
    let huge = vec![b' '; (12 << 20) + 1];
    let answer = send(json_post(&format!("/v1/sessions/{id}/prompts")), &huge).await;
    assert_eq!(answer.problem(), "body_too_large");

    for key in ["", "a b", &"x".repeat(256)] {
        let answer = send(
            json_post("/v1/api-keys").header("Idempotency-Key", key),
            b"{\"name\":\"x\"}",
        )
        .await;
        assert_eq!(
            (answer.problem().as_str(), answer.json()["field"].as_str()),
            ("invalid_request", Some("Idempotency-Key"))
        );
    }
    let stray = send(json_post(&format!("/v1/sessions/{id}/wake")), b"{\"now\":true}").await;
    assert_eq!(
        (stray.problem().as_str(), stray.json()["field"].as_str()),
        ("invalid_request", Some("now"))
    );
}

#[tokio::test]
async fn attachments_of_eight_mebibytes_fit_and_more_do_not() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    let path = format!("/v1/sessions/{id}/prompts");
    let prompt = |bytes: usize| {
        let data = data_encoding::BASE64.encode(&vec![7; bytes]);
        json!({"text": "look", "attachments": [{"name": "a.bin", "media_type": "application/octet-stream", "data": data}]})
    };
    assert_eq!(ana.post(&path, prompt(8 << 20)).await.status, 202);
    let answer = ana.post(&path, prompt((8 << 20) + 1)).await;
    assert_eq!(
        (answer.problem().as_str(), answer.json()["limit"].as_u64()),
        ("prompt_too_large", Some(8 << 20))
    );
}
