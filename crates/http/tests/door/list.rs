//! The list of sessions: what a row shows, and how to find one. A list never wakes a session.

use serde_json::{Value, json};

use crate::{
    house::{House, Tenant, demo_session},
    runner::Runner,
};

/// Rows lag behind the log by a moment.
async fn row_with(ana: &Tenant<'_>, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..2_000 {
        let row = ana.get("/v1/sessions").await.ok().json()["items"][0].clone();
        if wanted(&row) {
            return row;
        }
        tokio::task::yield_now().await;
    }
    panic!("{}", ana.get("/v1/sessions").await.text())
}

#[tokio::test]
async fn a_row_shows_what_waits_and_why() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let mut body = demo_session();
    body["prompt"] = json!("\n Fix the tests\nplease");
    let session = ana.post("/v1/sessions", body).await.ok().json();
    assert_eq!(session["title"], "Fix the tests");
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    let row = row_with(&ana, |row| row["why"]["cause"] == "sandbox_starting").await;
    assert_eq!(row["title"], "Fix the tests");
    assert_eq!(row["why"]["message"], session["why"]["message"]);
    assert_eq!(row["pending"], json!({"permissions": 0, "questions": 0}));
    assert_eq!(row["created_by"]["name"], "acme@example.org");

    let mut runner = Runner::ready(&house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    for n in 0..2 {
        ana.post(&format!("{path}/prompts"), json!({"text": format!("{n}")}))
            .await
            .ok();
    }
    let asked = json!({"kind": "event", "event": {"type": "permission.requested", "data": {
        "permission_id": "per_1", "tool": "bash", "title": "ls", "patterns": [], "details": {}
    }}});
    runner.report(Some(&prompt), asked).await;
    runner.acked().await;
    let row = row_with(&ana, |row| row["pending"]["permissions"] == 1).await;
    assert_eq!(
        (row["status"].as_str(), row["queued"].as_u64()),
        (Some("waiting"), Some(2))
    );
    let session = ana.get(&path).await.ok().json();
    assert_eq!(row["why"]["cause"], "waiting_for_permission");
    assert_eq!(row["why"]["message"], session["why"]["message"]);

    ana.post(&format!("{path}/permissions/per_1"), json!({"reply": "once"}))
        .await
        .ok();
    let row = row_with(&ana, |row| row["pending"]["permissions"] == 0).await;
    assert_eq!(row["why"]["cause"], "prompt_running");
}

#[tokio::test]
async fn a_search_looks_at_title_and_repository() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    ana.session("Fix the Über parser", None).await;
    ana.session("Something else", None).await;
    house.fakes.clock.advance(std::time::Duration::from_millis(5));
    let mut body = demo_session();
    body["title"] = json!("third");
    body["repository"] = json!({"url": "https://git.example.org/Acme/Shop.git"});
    ana.post("/v1/sessions", body).await.ok();
    let titles = async |query: &str| -> Vec<String> {
        let page = ana.get(&format!("/v1/sessions?{query}")).await.ok().json();
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["title"].as_str().unwrap().to_owned())
            .collect()
    };
    row_with(&ana, |row| row["title"] == "third").await;
    assert_eq!(titles("q=%C3%BCber").await, ["Fix the Über parser"]);
    assert_eq!(titles("q=acme/shop").await, ["third"]);
    assert_eq!(titles("q=SOMETHING%20e&limit=1").await, ["Something else"]);
    assert_eq!(titles("q=%25").await, Vec::<String>::new());
    assert_eq!(
        titles("q=%20").await.len(),
        3,
        "nothing but white space is no search"
    );
    assert_eq!(titles("q=shop&status=starting").await, ["third"]);
    assert_eq!(titles("q=shop&status=idle").await, Vec::<String>::new());
    let long = ana.get(&format!("/v1/sessions?q={}", "x".repeat(201))).await;
    assert_eq!(
        (long.problem().as_str(), long.json()["field"].as_str()),
        ("invalid_request", Some("q"))
    );
    let other = house.tenant("other").await;
    assert!(
        !other
            .get("/v1/sessions?q=shop")
            .await
            .ok()
            .text()
            .contains("third")
    );
}

#[tokio::test(start_paused = true)]
async fn a_sleeping_session_is_read_without_trouble_and_a_list_does_not_wake_it() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let mut body = demo_session();
    body["title"] = json!("calm");
    let session = ana.post("/v1/sessions", body).await.ok().json();
    let id: protocol::SessionId = session["id"].as_str().unwrap().parse().unwrap();
    let asleep = async || {
        for _ in 0..100 {
            tokio::time::sleep(std::time::Duration::from_secs(10)).await;
            if house.fakes.catalog.is_awake(id) == Some(false) {
                return;
            }
        }
        panic!("it does not fall asleep");
    };
    asleep().await;
    for list in ["/v1/sessions", "/v1/sessions?q=calm", "/v1/sessions?status=idle"] {
        assert_eq!(ana.get(list).await.ok().json()["items"][0]["title"], "calm");
    }
    let prompts = ana.get(&format!("/v1/sessions/{id}/prompts")).await.ok().json();
    assert_eq!(prompts["items"], json!([]));
    ana.get(&format!("/v1/sessions/{id}/events")).await.ok();
    assert_eq!(
        house.fakes.catalog.is_awake(id),
        Some(false),
        "none of these woke it"
    );
    for _ in 0..3 {
        assert_eq!(
            ana.get(&format!("/v1/sessions/{id}")).await.ok().json()["title"],
            "calm"
        );
        asleep().await;
    }
}
