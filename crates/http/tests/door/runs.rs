//! Runs with their events, usage in groups, and both as tables.

use http::header;
use ports::RunHistory as _;
use protocol::{MicroUsd, RunId, SessionId, run::RunRecord};
use serde_json::{Value, json};
use testkit::sample;

use crate::{
    house::{House, Tenant},
    runner::Runner,
};

async fn record(ana: &Tenant<'_>, runs: Vec<RunRecord>) {
    ana.house.fakes.run_history.record(runs).await.unwrap();
}

fn run(ana: &Tenant<'_>, n: u64) -> RunRecord {
    sample::run(n, ana.who.org_id, SessionId::from_bits(7))
}

#[tokio::test]
async fn a_run_comes_with_the_events_of_its_own_prompt_in_pages() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("one")).await;
    let path = format!("/v1/sessions/{id}/prompts");
    let mut runner = Runner::ready(&house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    // Another prompt's event lies in between.
    let other = ana.id_of(&path, json!({"text": "two"})).await;
    for text in ["a", "b", "c"] {
        let event = json!({"kind": "event", "event": {
            "type": "message.text", "data": {"message_id": "m", "part_id": text, "text": text}
        }});
        runner.report(Some(&prompt), event).await;
    }
    let ended = json!({"kind": "turn_ended", "outcome": {"outcome": "completed"}});
    runner.report(Some(&prompt), ended).await;
    let runs = loop {
        let runs = ana.get("/v1/runs").await.ok().json();
        if runs["items"].as_array().is_some_and(|items| !items.is_empty()) {
            break runs;
        }
        tokio::task::yield_now().await;
    };
    let run = runs["items"][0]["id"].as_str().unwrap().to_owned();
    let whole = ana.get(&format!("/v1/runs/{run}")).await.ok().json();
    let events = whole["events"].as_array().unwrap();
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!(
        kinds,
        [
            "prompt.queued",
            "prompt.started",
            "message.text",
            "message.text",
            "message.text",
            "prompt.completed"
        ]
    );
    assert!(events.iter().all(|event| event["prompt_id"] == json!(prompt)));
    assert_eq!(whole["next_after"], Value::Null);
    assert_ne!(other, prompt);

    let (mut paged, mut after) = (Vec::new(), json!(0));
    while !after.is_null() {
        let page = ana
            .get(&format!("/v1/runs/{run}?limit=2&after={after}"))
            .await
            .ok()
            .json();
        assert!(page["events"].as_array().unwrap().len() <= 2);
        paged.extend(page["events"].as_array().unwrap().clone());
        after = page["next_after"].clone();
    }
    assert_eq!(&paged, events);

    assert_eq!(
        ana.get(&format!("/v1/runs/{run}?limit=0")).await.problem(),
        "invalid_request"
    );
    assert_eq!(
        ana.get(&format!("/v1/runs/{run}?x=1")).await.problem(),
        "invalid_request"
    );
    let bo = house.tenant("other").await;
    assert_eq!(
        bo.get(&format!("/v1/runs/{run}?x=1")).await.problem(),
        "not_found"
    );
    let reader = ana
        .post("/v1/api-keys", json!({"name": "r", "scopes": ["runs:read"]}))
        .await
        .ok()
        .json();
    let key = reader["key"].as_str().unwrap();
    let request = http::Request::get(format!("/v1/runs/{run}"))
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .body(axum::body::Body::empty())
        .unwrap();
    let seen = house.send(request).await.ok().json();
    assert_eq!(
        (&seen["id"], &seen["events"]),
        (&json!(run), &json!([])),
        "what was said is not theirs"
    );
}

#[tokio::test]
async fn runs_go_out_as_a_table_that_no_spreadsheet_runs() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let mut odd = run(&ana, 2);
    odd.model = "=cmd|' /C calc'!A0".into();
    if let Some(error) = &mut odd.error {
        error.message = "two\r\nlines, and \"quotes\"".into();
    }
    record(&ana, vec![run(&ana, 1), odd]).await;
    // More than what is read at once.
    record(&ana, (3..=1203).map(|n| run(&ana, n)).collect()).await;
    let table = ana.get("/v1/runs?format=csv").await.ok();
    assert!(
        table.headers[header::CONTENT_TYPE]
            .to_str()
            .unwrap()
            .starts_with("text/csv")
    );
    assert_eq!(
        table.headers[header::CONTENT_DISPOSITION],
        "attachment; filename=\"runs.csv\""
    );
    let text = table.text();
    assert!(text.starts_with("id,session_id,prompt_id,"));
    assert_eq!(text.matches("\r\nrun_").count(), 1203);
    assert!(
        text.contains("\"'=cmd|' /C calc'!A0\"") && !text.contains(",=cmd"),
        "quoted"
    );
    assert!(text.contains("\"two\r\nlines, and \"\"quotes\"\"\""));
    let ids = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with("run_"))
            .map(|line| line[..30].to_owned())
            .collect::<Vec<_>>()
    };
    let newest_first = ids(&text);
    assert!(newest_first.is_sorted_by(|a, b| a > b));

    let accept = ana
        .request("GET", "/v1/runs?limit=3&model=openai/gpt-x")
        .header(header::ACCEPT, "text/csv")
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(ids(&house.send(accept).await.ok().text()), newest_first[..3]);
    assert_eq!(ana.get("/v1/runs?format=xml").await.problem(), "invalid_request");
    assert_eq!(
        ana.get("/v1/runs?format=csv&limit=999").await.problem(),
        "invalid_request"
    );
    let bo = house.tenant("other").await;
    assert_eq!(
        ids(&bo.get("/v1/runs?format=csv").await.ok().text()),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn usage_is_summed_in_groups_and_unknown_prices_stay_unknown() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let known = |n| RunRecord {
        cost_micro_usd: Some(MicroUsd(5)),
        ..run(&ana, n)
    };
    let other = RunRecord {
        model: "a/b".into(),
        ..run(&ana, 3)
    };
    record(&ana, vec![known(1), known(2), other]).await;
    let report = ana.get("/v1/usage?group_by=model,day").await.ok().json();
    let items = report["items"].as_array().unwrap();
    assert_eq!(report["group_by"], json!(["model", "day"]));
    assert_eq!(
        items
            .iter()
            .map(|item| (&item["model"], &item["runs"], &item["cost_micro_usd"]))
            .collect::<Vec<_>>(),
        [
            (&json!("a/b"), &json!(1), &Value::Null),
            (&json!("openai/gpt-x"), &json!(2), &json!(10)),
        ]
    );
    assert_eq!(items[0]["from"], "2026-01-31T00:00:00.000Z");
    let total = &report["total"];
    assert_eq!(
        (
            &total["cost_micro_usd"],
            &total["known_cost_micro_usd"],
            &total["unknown_cost_runs"]
        ),
        (&Value::Null, &json!(10), &json!(1))
    );
    let by_default = ana.get("/v1/usage").await.ok().json();
    assert_eq!(by_default["group_by"], json!(["day"]));
    let none = ana
        .get("/v1/usage?group_by=&from=2027-01-01T00:00:00Z")
        .await
        .ok()
        .json();
    assert_eq!(
        (
            &none["items"],
            &none["total"]["runs"],
            &none["total"]["cost_micro_usd"]
        ),
        (&json!([]), &json!(0), &json!(0))
    );
    for bad in [
        "group_by=week",
        "limit=0",
        "limit=10001",
        "from=yesterday",
        "nonsense=1",
    ] {
        assert_eq!(
            ana.get(&format!("/v1/usage?{bad}")).await.problem(),
            "invalid_request",
            "{bad}"
        );
    }
    let table = ana.get("/v1/usage?group_by=model&format=csv").await.ok().text();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("from,user_id,api_key_id,model,session_id,runs,"));
    assert!(
        lines[1].starts_with(",,,a/b,,1,0,1,0,100,20,0,5,3,,0,1,"),
        "{}",
        lines[1]
    );
    let bo = house.tenant("other").await;
    assert_eq!(bo.get("/v1/usage").await.ok().json()["total"]["runs"], 0);
}

#[tokio::test]
async fn a_history_that_does_not_answer_is_said_and_its_lag_is_seen() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    for path in ["/v1/usage", "/v1/runs?format=csv", "/v1/usage?format=csv"] {
        faults.run_history.faults.inject("read_unavailable", 1);
        assert_eq!(ana.get(path).await.problem(), "unavailable", "{path}");
    }
    faults.run_history.faults.inject("record_unavailable", u32::MAX);
    let id = ana.session("s", Some("one")).await;
    let prompts = ana.get(&format!("/v1/sessions/{id}/prompts")).await.ok().json();
    let prompt = prompts["items"][0]["id"].as_str().unwrap().to_owned();
    ana.delete(&format!("/v1/sessions/{id}/prompts/{prompt}"))
        .await
        .ok();
    let session = ana.get(&format!("/v1/sessions/{id}")).await.ok().json();
    assert_eq!(session["runs_pending"], 1);
    let metrics = house.get("/metrics").await.text();
    assert!(metrics.contains("coordinator_runs_pending 1"), "{metrics}");
    assert_eq!(
        ana.get(&format!("/v1/runs/{}", RunId::from_bits(1)))
            .await
            .problem(),
        "not_found"
    );
}
