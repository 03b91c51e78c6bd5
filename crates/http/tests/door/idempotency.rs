//! The same key with the same request is one effect; with another request it is a conflict.

use axum::body::Body;
use http::header;
use serde_json::{Value, json};

use crate::{
    house::{Answer, House, Tenant, demo_session, provider},
    runner::Runner,
};

/// Sends it twice, then something else under the same key.
async fn check(ana: &Tenant<'_>, method: &str, path: &str, body: Value, other: Value) {
    let key = format!("k-{method}-{path}");
    let first = ana.post_with_key(method, path, &key, &body).await;
    assert!(first.status.is_success(), "{method} {path}: {}", first.text());
    assert!(!first.replayed());
    let second = ana.post_with_key(method, path, &key, &body).await;
    assert_eq!(second.status, first.status, "{method} {path}: {}", second.text());
    assert!(second.replayed(), "{method} {path}");
    if path.ends_with("api-keys") {
        assert!(first.json()["key"].is_string() && second.json()["key"].is_null());
        assert_eq!(first.json()["id"], second.json()["id"]);
    } else if first.json().get("head").is_none() {
        assert_eq!(second.json(), first.json(), "{method} {path}");
    } else {
        assert_eq!(second.json()["id"], first.json()["id"], "{method} {path}");
    }
    let conflict = ana.post_with_key(method, path, &key, &other).await;
    assert_eq!(conflict.problem(), "idempotency_conflict", "{method} {path}");
}

#[tokio::test]
async fn each_kind_of_mutation_replays_and_conflicts() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let mut other = demo_session();
    other["title"] = json!("another");
    check(&ana, "POST", "/v1/sessions", demo_session(), other).await;
    check(
        &ana,
        "POST",
        "/v1/api-keys",
        json!({"name": "a"}),
        json!({"name": "b"}),
    )
    .await;
    let mut second = provider();
    second["provider"] = json!("hub2");
    check(&ana, "POST", "/v1/model-providers", provider(), second).await;
    let environment = |name: &str| json!({"name": name, "setup": []});
    check(
        &ana,
        "POST",
        "/v1/environments",
        environment("a"),
        environment("b"),
    )
    .await;

    let id = ana.id_of("/v1/environments", environment("c")).await;
    let path = format!("/v1/environments/{id}");
    check(&ana, "PATCH", &path, json!({"name": "d"}), json!({"name": "e"})).await;
    let id = ana.get("/v1/model-providers").await.json()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/model-providers/{id}");
    check(
        &ana,
        "PATCH",
        &path,
        json!({"models": ["x"]}),
        json!({"models": ["y"]}),
    )
    .await;

    let session = format!("/v1/sessions/{}", ana.session("s", None).await);
    check(
        &ana,
        "PATCH",
        &session,
        json!({"title": "t"}),
        json!({"title": "u"}),
    )
    .await;
    check(
        &ana,
        "POST",
        &format!("{session}/prompts"),
        json!({"text": "a"}),
        json!({"text": "b"}),
    )
    .await;
    assert_eq!(
        ana.get(&format!("{session}/prompts")).await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_cancelled_prompt_stays_cancelled_and_a_body_need_not_be_there() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("one")).await;
    let two = ana
        .id_of(&format!("/v1/sessions/{id}/prompts"), json!({"text": "two"}))
        .await;
    let path = format!("/v1/sessions/{id}/prompts/{two}");
    for replayed in [false, true] {
        let request = ana
            .request("DELETE", &path)
            .header("Idempotency-Key", "c")
            .body(Body::empty())
            .unwrap();
        let answer = house.send(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.replayed()),
            (204, replayed),
            "{}",
            answer.text()
        );
    }
}

/// Sends `DELETE` or a bodiless `POST` under a key.
async fn bare(ana: &Tenant<'_>, method: &str, path: &str, key: &str) -> Answer {
    let request = ana.request(method, path).header("Idempotency-Key", key);
    ana.house.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn what_is_deleted_can_be_deleted_again_under_the_same_key_alone() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let bo = house.tenant("other").await;
    let mut second = provider();
    second["provider"] = json!("hub2");
    for (path, one, two) in [
        ("/v1/api-keys", json!({"name": "a"}), json!({"name": "b"})),
        ("/v1/model-providers", provider(), second),
        (
            "/v1/environments",
            json!({"name": "a", "setup": []}),
            json!({"name": "b", "setup": []}),
        ),
        ("/v1/sessions", demo_session(), demo_session()),
    ] {
        let one = format!("{path}/{}", ana.id_of(path, one).await);
        let two = format!("{path}/{}", ana.id_of(path, two).await);
        let foreign = bare(&bo, "DELETE", &one, "d").await;
        assert_eq!(foreign.status.as_u16(), 404, "{path}");
        for replayed in [false, true] {
            let answer = bare(&ana, "DELETE", &one, "d").await;
            assert_eq!(
                (answer.status.as_u16(), answer.replayed()),
                (204, replayed),
                "{path}: {}",
                answer.text()
            );
        }
        let conflict = bare(&ana, "DELETE", &two, "d").await;
        assert_eq!(conflict.problem(), "idempotency_conflict", "{path}");
        if path != "/v1/api-keys" {
            assert_eq!(ana.get(&two).await.status, 200, "{path}: nothing was deleted");
            assert_eq!(
                bare(&ana, "DELETE", &one, "another").await.status,
                404,
                "{path}: gone"
            );
        }
        assert_eq!(bare(&bo, "DELETE", &one, "d").await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_session_is_deleted_again_under_the_same_key_when_nothing_of_it_is_left() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    let path = format!("/v1/sessions/{id}");
    assert_eq!(bare(&ana, "DELETE", &path, "d").await.status, 204);
    while house.fakes.catalog.is_awake(id).is_some() {
        tokio::task::yield_now().await;
    }
    let again = bare(&ana, "DELETE", &path, "d").await;
    assert_eq!((again.status.as_u16(), again.replayed()), (204, true));
    let other = ana.post_with_key("DELETE", &path, "d", &json!({})).await;
    assert_eq!(other.problem(), "idempotency_conflict");
    assert_eq!(bare(&ana, "DELETE", &path, "e").await.status, 404);
    house
        .fakes
        .clock
        .advance(std::time::Duration::from_secs(25 * 3600));
    assert_eq!(bare(&ana, "DELETE", &path, "d").await.status, 404, "forgotten");
}

#[tokio::test]
async fn commands_without_a_body_replay_too() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    for verb in ["interrupt", "hibernate", "wake", "archive"] {
        let one = ana.session("one", (verb == "interrupt").then_some("go")).await;
        let mut runner = None;
        if verb == "interrupt" {
            let mut ready = Runner::ready(&house).await;
            assert_eq!(ready.command().await["command"], "prompt");
            runner = Some(ready);
        }
        let path = format!("/v1/sessions/{one}/{verb}");
        let first = bare(&ana, "POST", &path, verb).await;
        assert!(first.status.is_success(), "{verb}: {}", first.text());
        assert!(!first.replayed(), "{verb}");
        let events = async || {
            let page = ana.get(&format!("/v1/sessions/{one}/events")).await.ok().json();
            let page = page["events"].as_array().unwrap().clone();
            // What a sandbox does meanwhile is not meant.
            let own = |event: &Value| {
                let kind = event["type"].as_str().unwrap();
                kind.starts_with("prompt.") || kind.starts_with("session.archived")
            };
            page.into_iter().filter(|event| own(event)).count()
        };
        let before = events().await;
        let second = bare(&ana, "POST", &path, verb).await;
        assert_eq!(
            (second.status, second.replayed()),
            (first.status, true),
            "{verb}: {}",
            second.text()
        );
        assert_eq!(second.bytes, first.bytes, "{verb}");
        assert_eq!(events().await, before, "{verb}");
        let conflict = ana.post_with_key("POST", &path, verb, &json!({})).await;
        assert_eq!(conflict.problem(), "idempotency_conflict", "{verb}");
        drop(runner);
    }
}

#[tokio::test]
async fn keys_of_two_organisations_never_meet() {
    let house = House::new().await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("other").await);
    let environment = json!({"name": "a", "setup": []});
    let first = ana
        .post_with_key("POST", "/v1/environments", "same", &environment)
        .await
        .ok();
    let second = bo
        .post_with_key("POST", "/v1/environments", "same", &environment)
        .await
        .ok();
    assert!(!second.replayed());
    assert_ne!(first.json()["id"], second.json()["id"]);
    let one = ana
        .post_with_key("POST", "/v1/sessions", "same", &demo_session())
        .await
        .ok();
    let two = bo
        .post_with_key("POST", "/v1/sessions", "same", &demo_session())
        .await
        .ok();
    assert!(!two.replayed());
    assert_ne!(one.json()["id"], two.json()["id"]);
}

#[tokio::test]
async fn keys_are_forgotten_after_a_day() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let environment = json!({"name": "a", "setup": []});
    ana.post_with_key("POST", "/v1/environments", "k", &environment)
        .await
        .ok();
    house
        .fakes
        .clock
        .advance(std::time::Duration::from_secs(25 * 3600));
    assert!(
        !ana.post_with_key("POST", "/v1/environments", "k", &environment)
            .await
            .ok()
            .replayed()
    );
    let twice = ana
        .request("POST", "/v1/environments")
        .header(header::CONTENT_TYPE, "application/json")
        .header("Idempotency-Key", "a")
        .header("Idempotency-Key", "b");
    let answer = house
        .send(twice.body(Body::from(environment.to_string())).unwrap())
        .await;
    assert_eq!(answer.problem(), "invalid_request");
}
