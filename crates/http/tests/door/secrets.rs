//! `/v1/secrets`: values go in and never come out; limits; delivery to the runner of a generation alone.

use serde_json::{Value, json};

use crate::{
    dial::Runner,
    house::{House, Tenant, demo_session},
};

const VALUE: &str = "hunter22-0123456789";

fn secret(name: &str, scope: Value, phase: &str) -> Value {
    json!({"name": name, "value": VALUE, "scope": scope, "phase": phase})
}

async fn names(ana: &Tenant<'_>) -> Vec<String> {
    let list = ana.get("/v1/secrets").await.ok();
    assert!(
        !list.text().contains("hunter22") && !list.text().contains("size"),
        "{}",
        list.text()
    );
    let list = list.json();
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_value_goes_in_and_never_comes_out() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let env = ana
        .id_of("/v1/environments", json!({"name": "web", "setup": []}))
        .await;
    let made = ana
        .post("/v1/secrets", secret("TOKEN", json!("organisation"), "both"))
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert!(!made.text().contains("hunter22"));
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("sec_"));
    let of_env = secret("TOKEN", json!({"environment_id": env}), "setup");
    assert_eq!(ana.post("/v1/secrets", of_env.clone()).await.status, 201);
    let twice = ana.post("/v1/secrets", of_env).await;
    assert_eq!(
        (twice.problem().as_str(), twice.json()["field"].as_str()),
        ("conflict", Some("name"))
    );
    assert_eq!(names(&ana).await, ["TOKEN", "TOKEN"]);
    let of_env = ana
        .get(&format!("/v1/secrets?environment_id={env}"))
        .await
        .ok()
        .json();
    assert_eq!(of_env["items"].as_array().unwrap().len(), 1);

    let path = format!("/v1/secrets/{id}");
    let changed = ana
        .call(
            "PATCH",
            &path,
            json!({"value": "hunter33-0123", "phase": "agent"}),
        )
        .await
        .ok();
    assert_eq!(changed.json()["phase"], "agent");
    assert!(!changed.text().contains("hunter33"));
    assert!(!ana.get(&path).await.ok().text().contains("hunter"));
    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.get(&path).await.problem(), "not_found");
    assert_eq!(ana.delete(&format!("/v1/environments/{env}")).await.status, 204);
    assert!(names(&ana).await.is_empty(), "they go with their environment");
}

#[tokio::test]
async fn what_is_no_secret_is_refused_without_being_repeated() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let bob = house.tenant("other").await;
    let foreign = bob
        .id_of("/v1/environments", json!({"name": "web", "setup": []}))
        .await;
    let org = json!("organisation");
    let with = |name: &str, value: &str| json!({"name": name, "value": value, "scope": org, "phase": "both"});
    for (body, field) in [
        (with("1TOKEN", VALUE), "name"),
        (with("PATH", VALUE), "name"),
        (with("COORDINATOR_X", VALUE), "name"),
        (with("TOKEN", "short"), "value"),
        (with("TOKEN", &"hunter22".repeat(2049)), "value"),
        (with("TOKEN", "hunter22\u{0}x"), "value"),
        (
            secret("TOKEN", json!({"environment_id": foreign}), "both"),
            "scope",
        ),
    ] {
        let answer = ana.post("/v1/secrets", body).await;
        assert_eq!(answer.problem(), "invalid_request");
        assert_eq!(answer.json()["field"].as_str(), Some(field), "{}", answer.text());
        assert!(!answer.text().contains("hunter22"));
    }
    for n in 0..50 {
        let made = ana
            .post("/v1/secrets", secret(&format!("S{n}"), org.clone(), "both"))
            .await;
        assert_eq!(made.status, 201);
    }
    let full = ana
        .post("/v1/secrets", secret("ONE_MORE", org.clone(), "both"))
        .await;
    assert_eq!(
        (full.problem().as_str(), full.json()["limit"].as_u64()),
        ("conflict", Some(50))
    );
}

#[tokio::test]
async fn a_repeat_with_the_same_key_makes_one() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let body = secret("TOKEN", json!("organisation"), "both");
    let first = ana.post_with_key("POST", "/v1/secrets", "k", &body).await.ok();
    let again = ana.post_with_key("POST", "/v1/secrets", "k", &body).await.ok();
    assert!(again.replayed() && !again.text().contains("hunter22"));
    assert_eq!(first.json()["id"], again.json()["id"]);
    assert_eq!(names(&ana).await, ["TOKEN"]);
}

/// What the runner of the newest sandbox is given for a phase.
async fn given(runner: &mut Runner, phase: &str) -> Value {
    let generation = runner.spec.generation;
    runner
        .socket
        .send(json!({"type": "secrets_wanted", "generation": generation, "request": 7, "phase": phase}))
        .await;
    let frame = runner.socket.until("secrets").await;
    assert_eq!(frame["request"], 7);
    frame["secrets"].clone()
}

async fn in_environment(ana: &Tenant<'_>) -> String {
    let env = ana
        .id_of("/v1/environments", json!({"name": "web", "setup": ["true"]}))
        .await;
    for body in [
        secret("A", json!("organisation"), "setup"),
        secret("B", json!("organisation"), "both"),
        json!({"name": "B", "value": "of-the-environment", "scope": {"environment_id": env}, "phase": "agent"}),
    ] {
        ana.post("/v1/secrets", body).await.ok();
    }
    let mut session = demo_session();
    session["environment_id"] = json!(env);
    session["prompt"] = json!("go");
    ana.id_of("/v1/sessions", session).await
}

#[tokio::test]
async fn each_phase_of_a_sandbox_gets_its_own() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    in_environment(&ana).await;
    let mut runner = Runner::ready(&house).await;
    assert_eq!(
        given(&mut runner, "setup").await,
        json!([{"name": "A", "value": VALUE}])
    );
    assert_eq!(
        given(&mut runner, "agent").await,
        json!([{"name": "B", "value": "of-the-environment"}])
    );
    // Another organisation's sandbox has none of it.
    let bob = house.tenant("other").await;
    bob.session("s", Some("go")).await;
    let mut other = Runner::ready(&house).await;
    assert_eq!(given(&mut other, "agent").await, json!([]));
}

#[tokio::test]
async fn all_are_given_or_none() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    in_environment(&ana).await;
    let mut runner = Runner::ready(&house).await;
    for fault in ["open_unavailable", "does_not_open"] {
        faults.master_key.faults.inject(fault, 1);
        assert!(given(&mut runner, "agent").await.is_null(), "{fault}");
    }
    faults.tenants.faults.inject("read_unavailable", 1);
    assert!(given(&mut runner, "agent").await.is_null());
    assert_eq!(given(&mut runner, "agent").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_change_of_the_master_key_goes_on_after_it_failed() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    ana.post("/v1/secrets", secret("TOKEN", json!("organisation"), "both"))
        .await
        .ok();
    faults.master_key.faults.inject("rewrap_unavailable", 1);
    assert!(house.app.change_master_key(10).await.is_err());
    assert_eq!(house.app.change_master_key(10).await.unwrap(), 0);
    assert!(house.app.master_key_report().await.unwrap().is_done());
}
