//! `kill -9` of the server in the middle of a turn.

use e2e::{PATIENCE, Server, Start};
use serde_json::{Value, json};

/// A client that was streaming goes on by its cursor: no gap, no double, the turn ends in the same sandbox.
#[tokio::test(flavor = "multi_thread")]
async fn the_turn_goes_on_and_the_client_misses_nothing() {
    let mut server = Server::start(Start::default()).await;
    let prompt = "run: for i in $(seq 60); do echo tick-$i; sleep 0.1; done";
    let body = json!({"agent": "opencode", "model": "demo/scripted"});
    let made = server.client().post("/v1/sessions", &body).await;
    let session = made["id"].as_str().unwrap_or_default().to_owned();
    let mut command = std::process::Command::new(e2e::program("coordinator"));
    command
        .args(["run", prompt, "--session", &session, "--json"])
        .env("COORDINATOR_SERVER", server.url())
        .env("COORDINATOR_API_KEY", server.key())
        .env("HOME", server.place())
        .stdin(std::process::Stdio::null());
    let streaming = tokio::task::spawn_blocking(move || command.output());

    let started = |event: &Value| event["type"] == "tool_call.started";
    let before = server.client().events_until(&session, PATIENCE, started).await;
    server.crash();
    server.run().await;
    let output = streaming.await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let events: Vec<Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let seqs: Vec<u64> = events.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert!(
        seqs.windows(2).all(|pair| pair[1] == pair[0] + 1),
        "dense: {seqs:?}"
    );
    let call = events
        .iter()
        .find(|event| event["type"] == "tool_call.completed")
        .cloned()
        .unwrap_or_default();
    let printed = call["data"]["output"].as_str().unwrap_or_default().to_owned();
    assert!(
        printed.contains("tick-1\n") && printed.contains("tick-60"),
        "the command was not disturbed: {printed}"
    );

    let all = server
        .client()
        .events_until(&session, PATIENCE, |event| event["type"] == "prompt.completed")
        .await;
    for event in &before {
        assert!(
            all.contains(event),
            "an event that was read is still there: {event}"
        );
    }
    let sandboxes: Vec<&Value> = all
        .iter()
        .filter(|event| event["type"] == "sandbox.requested")
        .collect();
    assert_eq!(sandboxes.len(), 1, "the same sandbox: {sandboxes:?}");
}

/// An upgrade: the old server hands over, the new one goes on with the same sandbox; a clean stop ends it.
#[tokio::test(flavor = "multi_thread")]
async fn a_handover_keeps_the_turn_and_a_clean_stop_ends_it() {
    let mut server = Server::start(Start::default()).await;
    let prompt = "run: for i in $(seq 40); do echo tick-$i; sleep 0.1; done";
    let body = json!({"agent": "opencode", "model": "demo/scripted", "prompt": prompt});
    let made = server.client().post("/v1/sessions", &body).await;
    let session = made["id"].as_str().unwrap_or_default().to_owned();
    let is = |kind: &'static str| move |event: &Value| event["type"] == kind;
    server
        .client()
        .events_until(&session, PATIENCE, is("tool_call.started"))
        .await;
    assert_eq!(server.hand_over(), Some(0));
    server.run().await;
    let events = server
        .client()
        .events_until(&session, PATIENCE, is("prompt.completed"))
        .await;
    let whole = |event: &Value| {
        event["data"]["output"]
            .as_str()
            .is_some_and(|output| output.contains("tick-40"))
    };
    assert!(events.iter().any(whole), "{events:#?}");
    assert_eq!(
        events
            .iter()
            .filter(|event| event["type"] == "sandbox.requested")
            .count(),
        1
    );

    let path = format!("/v1/sessions/{session}/prompts");
    server
        .client()
        .post(&path, &json!({"text": "run: sleep 2468"}))
        .await;
    server
        .client()
        .events_until(&session, PATIENCE, |event| {
            event.to_string().contains("sleep 2468")
        })
        .await;
    assert_eq!(server.stop(), Some(0));
    server.run().await;
    let events = server
        .client()
        .events_until(&session, PATIENCE, is("prompt.failed"))
        .await;
    let failed = events
        .iter()
        .find(|event| event["type"] == "prompt.failed")
        .cloned()
        .unwrap_or_default();
    assert_eq!(failed["data"]["error"]["code"], "server_stopped", "{failed}");
}
