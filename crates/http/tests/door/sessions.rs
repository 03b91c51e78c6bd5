//! Sessions and prompts.

use serde_json::json;

use crate::house::{House, demo_session};

#[tokio::test]
async fn a_session_is_made_shown_renamed_listed_archived_and_deleted() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let created = ana
        .post(
            "/v1/sessions",
            json!({
                "agent": "scripted", "model": "demo/scripted", "title": "First", "permissions": "ask",
                "repository": {"url": "https://git.example.org/o/n.git", "ref": "main", "token": "ghp_secret_token"}
            }),
        )
        .await;
    assert_eq!(created.status, 201, "{}", created.text());
    let session = created.json();
    assert_eq!(
        (session["status"].as_str(), session["permissions"].as_str()),
        (Some("starting"), Some("ask"))
    );
    assert_eq!(
        session["why"]["cause"], "sandbox_starting",
        "a repository is cloned and looked at right away"
    );
    assert_eq!(session["cost_micro_usd"], 0);
    assert_eq!(session["sandbox"]["phase"], "starting");
    assert!(!created.text().contains("ghp_secret_token"));
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());

    assert_eq!(
        ana.call("PATCH", &path, json!({"title": " Second "}))
            .await
            .ok()
            .json()["title"],
        "Second"
    );
    assert_eq!(ana.get(&path).await.ok().json()["title"], "Second");
    let events = ana.get(&format!("{path}/events")).await.ok();
    assert!(!events.text().contains("ghp_secret_token"));
    assert_eq!(events.json()["events"][0]["type"], "session.created");

    let list = ana.get("/v1/sessions?limit=1").await.ok().json();
    assert_eq!(list["items"][0]["title"], "Second");
    assert!(list["next_cursor"].is_null());

    let archived = ana.post(&format!("{path}/archive"), json!({})).await;
    assert_eq!(
        (archived.status.as_u16(), archived.json()["status"].as_str()),
        (200, Some("archived"))
    );
    let refused = ana
        .post(&format!("{path}/prompts"), json!({"text": "more"}))
        .await;
    assert_eq!(refused.problem(), "session_archived");
    assert!(
        ana.get("/v1/sessions").await.json()["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        ana.get("/v1/sessions?status=archived").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.get(&path).await.problem(), "not_found");
}

#[tokio::test]
async fn lists_are_paged_newest_first() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    for n in 0..5 {
        house.fakes.clock.advance(std::time::Duration::from_millis(5));
        ana.session(&format!("s{n}"), None).await;
    }
    let (mut titles, mut path) = (Vec::new(), "/v1/sessions?limit=2".to_owned());
    loop {
        let page = ana.get(&path).await.ok().json();
        titles.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["title"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/sessions?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(titles, ["s4", "s3", "s2", "s1", "s0"]);
}

#[tokio::test]
async fn prompts_queue_up_are_listed_and_cancelled() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("queue", Some("one")).await;
    let path = format!("/v1/sessions/{id}/prompts");
    let second = ana
        .post(
            &path,
            json!({"text": "two", "attachments": [
                {"name": "a.txt", "media_type": "text/plain", "data": "aGk="}
            ]}),
        )
        .await;
    assert_eq!(second.status, 202);
    assert_eq!(
        (
            second.json()["status"].as_str(),
            second.json()["position"].as_u64()
        ),
        (Some("queued"), Some(1))
    );
    let third = ana.post(&path, json!({"text": "three"})).await.ok().json();

    let list = ana.get(&path).await.ok().json();
    let texts: Vec<&str> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["one", "two", "three"]);
    assert_eq!(list["items"][1]["attachments"][0]["name"], "a.txt");

    let cancelled = ana
        .delete(&format!("{path}/{}", third["id"].as_str().unwrap()))
        .await;
    assert_eq!(cancelled.status, 204, "{}", cancelled.text());
    let again = ana
        .delete(&format!("{path}/{}", third["id"].as_str().unwrap()))
        .await;
    assert!(["prompt_not_cancellable", "not_found"].contains(&again.problem().as_str()));
    let list = ana.get(&format!("{path}?limit=2")).await.ok().json();
    let cursor = list["next_cursor"].as_str().unwrap();
    let rest = ana
        .get(&format!("{path}?limit=2&cursor={cursor}"))
        .await
        .ok()
        .json();
    assert_eq!(rest["items"][0]["status"], "cancelled");
    let session = ana.get(&format!("/v1/sessions/{id}")).await.json();
    assert_eq!(session["queue"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_prompt_says_where_it_goes() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("queue", Some("one")).await;
    let path = format!("/v1/sessions/{id}/prompts");
    let mut positions = Vec::new();
    for (text, mode) in [
        ("two", json!(null)),
        ("steer", json!("steer")),
        ("steer on", json!("steer")),
        ("now", json!("interrupt")),
        ("last", json!("queue")),
    ] {
        let answer = ana.post(&path, json!({"text": text, "mode": mode})).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        positions.push(answer.json()["position"].as_u64().unwrap());
    }
    // No sandbox is there yet, so all of them wait.
    assert_eq!(positions, [1, 0, 1, 0, 5]);
    let unknown = ana.post(&path, json!({"text": "x", "mode": "shout"})).await;
    assert_eq!(unknown.status, 400, "{}", unknown.text());

    let list = ana.get(&path).await.ok().json();
    let items = list["items"].as_array().unwrap();
    let modes: Vec<&str> = items.iter().map(|item| item["mode"].as_str().unwrap()).collect();
    assert_eq!(modes, ["queue", "queue", "steer", "steer", "interrupt", "queue"]);
    let session = ana.get(&format!("/v1/sessions/{id}")).await.json();
    let text_of =
        |id: &serde_json::Value| items.iter().find(|item| item["id"] == *id).unwrap()["text"].clone();
    let queue: Vec<_> = session["queue"].as_array().unwrap().iter().map(text_of).collect();
    assert_eq!(queue, ["now", "steer", "steer on", "one", "two", "last"]);

    // The same key with another mode is another prompt.
    let body = json!({"text": "x", "mode": "steer"});
    let first = ana.post_with_key("POST", &path, "k", &body).await;
    let again = ana.post_with_key("POST", &path, "k", &body).await;
    assert!(again.replayed() && again.json() == first.json());
    let other = ana.post_with_key("POST", &path, "k", &json!({"text": "x"})).await;
    assert_eq!(other.problem(), "idempotency_conflict");
}

#[tokio::test]
async fn the_queue_is_bounded() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("full", None).await;
    let path = format!("/v1/sessions/{id}/prompts");
    let mut refused = None;
    for n in 0..40 {
        let answer = ana.post(&path, json!({"text": format!("{n}")})).await;
        if answer.status != 202 {
            refused = Some((n, answer));
            break;
        }
    }
    let (n, answer) = refused.unwrap();
    assert_eq!(
        (n, answer.problem().as_str(), answer.json()["limit"].as_u64()),
        (32, "queue_full", Some(32))
    );
}

#[tokio::test]
async fn commands_that_the_state_does_not_allow_say_so() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("calm", None).await;
    let interrupt = ana.post(&format!("/v1/sessions/{id}/interrupt"), json!({})).await;
    assert_eq!(interrupt.problem(), "conflict");
    let wake = ana.post(&format!("/v1/sessions/{id}/wake"), json!({})).await;
    assert_eq!(wake.status, 202, "{}", wake.text());
    assert_eq!(wake.json()["status"], "starting");
    let unknown = ana
        .post(
            &format!("/v1/sessions/{id}/permissions/nothing"),
            json!({"reply": "once"}),
        )
        .await;
    assert_eq!(unknown.problem(), "not_found");
    let unknown = ana
        .post(
            &format!("/v1/sessions/{id}/questions/nothing"),
            json!({"answers": [["a"]]}),
        )
        .await;
    assert_eq!(unknown.problem(), "not_found");
}

#[tokio::test]
async fn an_environment_gives_its_set_up_to_sessions_of_its_own_organisation() {
    let house = House::new().await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("other").await);
    let env = ana
        .id_of("/v1/environments", json!({"name": "node", "setup": ["npm ci"]}))
        .await;
    let mut body = demo_session();
    body["environment_id"] = json!(env);
    body["prompt"] = json!("go");
    let created = ana.post("/v1/sessions", body.clone()).await.ok();
    assert_eq!(created.json()["environment_id"], json!(env));
    let spec = house.fakes.sandboxes.next_start().await;
    assert_eq!(spec.start.plan.setup, ["npm ci"]);
    let foreign = bo.post("/v1/sessions", body).await;
    assert_eq!(
        (foreign.problem().as_str(), foreign.json()["field"].as_str()),
        ("invalid_request", Some("environment_id"))
    );
}

#[tokio::test]
async fn set_up_commands_are_given_or_come_from_an_environment() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let env = ana
        .id_of("/v1/environments", json!({"name": "node", "setup": ["npm ci"]}))
        .await;
    let mut body = demo_session();
    body["prompt"] = json!("go");
    body["setup"] = json!(["make deps", "make"]);
    body["environment_id"] = json!(env);
    let both = ana.post("/v1/sessions", body.clone()).await;
    assert_eq!(
        (both.problem().as_str(), both.json()["field"].as_str()),
        ("invalid_request", Some("setup"))
    );
    body["environment_id"] = json!(null);
    for bad in [json!([""]), json!(["x".repeat(9_000)]), json!(vec!["true"; 65])] {
        let mut body = body.clone();
        body["setup"] = bad;
        assert_eq!(ana.post("/v1/sessions", body).await.json()["field"], "setup");
    }
    let created = ana.post("/v1/sessions", body).await.ok().json();
    assert_eq!(created["setup"], json!(["make deps", "make"]));
    let spec = house.fakes.sandboxes.next_start().await;
    assert_eq!(spec.start.plan.setup, ["make deps", "make"]);
}

#[tokio::test]
async fn the_first_prompt_names_a_session_until_a_person_does() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let created = ana.post("/v1/sessions", demo_session()).await.ok().json();
    assert_eq!(created["title"], json!(null));
    let path = format!("/v1/sessions/{}", created["id"].as_str().unwrap());
    let ask = async |text: &str| {
        ana.post(&format!("{path}/prompts"), json!({"text": text}))
            .await
            .ok();
        ana.get(&path).await.ok().json()["title"].clone()
    };
    assert_eq!(ask("\u{202e}Write a poem\nabout rain").await, "Write a poem");
    assert_eq!(ask("and another").await, "Write a poem");
    ana.call("PATCH", &path, json!({"title": "Poems"})).await.ok();
    assert_eq!(ask("third").await, "Poems");
    let events = ana.get(&format!("{path}/events")).await.ok().json();
    let renamed: Vec<_> = events["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["type"] == "session.renamed")
        .map(|event| {
            (
                event["data"]["title"].clone(),
                event["data"]["by"]["name"].clone(),
            )
        })
        .collect();
    assert_eq!(
        renamed,
        [
            (json!("Write a poem"), json!(null)),
            (json!("Poems"), json!("acme@example.org"))
        ]
    );
}
