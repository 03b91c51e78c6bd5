//! What callers see of a port that fails: a stated cause, nothing half done, and nothing of the inside.

use ports::IdentityStore;
use serde_json::json;
use testkit::fake::Answer;

use crate::house::{House, demo_session, provider};

#[tokio::test]
async fn a_store_that_does_not_answer_lets_nobody_in_and_turns_nobody_out() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    faults.identity.faults.inject("read_unavailable", 1);
    let answer = ana.get("/v1/me").await;
    assert_eq!(
        (answer.status.as_u16(), answer.problem().as_str()),
        (503, "unavailable")
    );
    // Noted in a task of its own, which runs once this one waits.
    let last_use = async || {
        assert_eq!(ana.get("/v1/me").await.status, 200);
        tokio::task::yield_now().await;
        let keys = house.fakes.identity.list_api_keys(ana.who.org_id).await.unwrap();
        keys[0].last_used_at
    };
    faults.identity.faults.inject("touch_unavailable", 1);
    assert_eq!(last_use().await, None);
    assert!(last_use().await.is_some(), "noted with the next use");
}

#[tokio::test]
async fn keys_that_were_not_stored_are_not_shown() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    for (fault, problem) in [
        ("write_unavailable", "unavailable"),
        ("write_full", "storage_full"),
    ] {
        faults.identity.faults.inject(fault, 1);
        let answer = ana.post("/v1/api-keys", json!({"name": "x"})).await;
        assert_eq!(answer.problem(), problem);
        assert!(!answer.text().contains("ack_"));
    }
    faults.identity.faults.inject("add_api_key_unknown_written", 1);
    let body = json!({"name": "x"});
    assert_eq!(
        ana.post_with_key("POST", "/v1/api-keys", "k", &body)
            .await
            .problem(),
        "unavailable"
    );
    let again = ana.post_with_key("POST", "/v1/api-keys", "k", &body).await;
    assert_eq!((again.status.as_u16(), again.replayed()), (201, true));
    assert!(again.json()["key"].is_null());
    let keys = ana.get("/v1/api-keys").await.json();
    assert_eq!(keys["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn configuration_that_cannot_be_read_is_not_said_to_be_missing() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    ana.post("/v1/model-providers", provider()).await.ok();
    let hub = json!({"agent": "scripted", "model": "hub/small"});
    faults.tenants.faults.inject("read_unavailable", 1);
    assert_eq!(
        ana.post("/v1/sessions", hub.clone()).await.problem(),
        "unavailable"
    );
    assert_eq!(ana.post("/v1/sessions", hub).await.status, 201);

    let environment = json!({"name": "x", "setup": []});
    for (fault, problem) in [
        ("write_unavailable", "unavailable"),
        ("write_full", "storage_full"),
    ] {
        faults.tenants.faults.inject(fault, 1);
        assert_eq!(
            ana.post("/v1/environments", environment.clone()).await.problem(),
            problem
        );
    }
    faults.tenants.faults.inject("write_unknown_written", 1);
    assert_eq!(
        ana.post_with_key("POST", "/v1/environments", "k", &environment)
            .await
            .problem(),
        "unavailable"
    );
    assert!(
        ana.post_with_key("POST", "/v1/environments", "k", &environment)
            .await
            .ok()
            .replayed()
    );
    assert_eq!(
        ana.get("/v1/environments").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn without_the_master_key_no_secret_is_taken_and_none_is_used() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    faults.master_key.faults.inject("seal_unavailable", 1);
    assert_eq!(
        ana.post("/v1/model-providers", provider()).await.problem(),
        "unavailable"
    );
    let id = ana.id_of("/v1/model-providers", provider()).await;
    let test = format!("/v1/model-providers/{id}/test");
    faults.master_key.faults.inject("open_unavailable", 1);
    assert_eq!(ana.post(&test, json!({})).await.problem(), "unavailable");
    faults.master_key.faults.inject("does_not_open", 1);
    let answer = ana.post(&test, json!({})).await;
    assert_eq!(answer.problem(), "model_unavailable");
    assert!(answer.text().contains("again"), "{}", answer.text());

    faults.model_gateway.faults.inject("refused", 1);
    let refused = ana.post(&test, json!({})).await.ok().json();
    assert_eq!(
        (refused["ok"].as_bool(), refused["upstream_status"].is_null()),
        (Some(false), true)
    );
    faults.model_gateway.faults.inject("address_not_allowed", 1);
    assert_eq!(ana.post(&test, json!({})).await.ok().json()["ok"], false);
    house
        .fakes
        .model_gateway
        .then(Ok(Answer::json(&json!({"data": []}))));
    assert_eq!(ana.post(&test, json!({})).await.ok().json()["ok"], true);
}

#[tokio::test]
async fn creating_a_session_twice_with_one_key_makes_one() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    for fault in ["reserve_unavailable", "reserve_unknown_written"] {
        let (key, body) = (fault, demo_session());
        faults.catalog.faults.inject(fault, 1);
        assert_eq!(
            ana.post_with_key("POST", "/v1/sessions", key, &body)
                .await
                .problem(),
            "unavailable"
        );
        let first = ana
            .post_with_key("POST", "/v1/sessions", key, &body)
            .await
            .ok()
            .json();
        let second = ana.post_with_key("POST", "/v1/sessions", key, &body).await.ok();
        assert!(second.replayed());
        assert_eq!(first["id"], second.json()["id"]);
    }
    assert_eq!(
        ana.get("/v1/sessions").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    faults.catalog.faults.inject("read_unavailable", 1);
    assert_eq!(ana.get("/v1/sessions").await.problem(), "unavailable");
    faults.run_history.faults.inject("read_unavailable", 1);
    assert_eq!(ana.get("/v1/runs").await.problem(), "unavailable");
}

#[tokio::test]
async fn a_deletion_whose_key_cannot_be_noted_deletes_nothing() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    let path = format!("/v1/sessions/{}", ana.session("s", None).await);
    faults.catalog.faults.inject("remember_unavailable", 1);
    let delete = async || ana.post_with_key("DELETE", &path, "d", &json!({})).await;
    assert_eq!(delete().await.problem(), "unavailable");
    assert_eq!(ana.get(&path).await.status, 200);
    let done = delete().await;
    assert_eq!((done.status.as_u16(), done.replayed()), (204, false));
}

#[tokio::test]
async fn a_probe_that_fails_says_so_and_one_that_breaks_off_ends_the_connection() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("go")).await;
    house.fakes.sandboxes.next_start().await;
    house
        .fakes
        .sandboxes
        .on_probe(|_| Ok(vec!["diff --git".into(), " a b".into()]));
    let path = format!("/v1/sessions/{id}/diff");
    assert_eq!(ana.get(&path).await.ok().text(), "diff --git a b");
    faults.sandboxes.faults.inject("probe_unavailable", 1);
    assert_eq!(ana.get(&path).await.problem(), "unavailable");
    faults.sandboxes.faults.inject("probe_breaks_off", 1);
    let request = ana.request("GET", &path).body(axum::body::Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(house.router.clone(), request)
        .await
        .unwrap();
    let status = response.status();
    let body = http_body_util::BodyExt::collect(response.into_body()).await;
    assert!(
        status.is_server_error() || body.is_err(),
        "a part is never taken for the whole"
    );
}
