//! Twenty `kill -9` of the server at random moments, while prompts run one after another.

use std::time::Duration;

use e2e::{PATIENCE, Server, Start};
use serde_json::{Value, json};

const KILLS: u64 = 20;

/// Spread over a second and a half, the same in every run.
fn moment(kill: u64) -> Duration {
    Duration::from_millis(kill.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 1_500)
}

/// Everything there is, in order.
async fn all_events(server: &Server, session: &str) -> Vec<Value> {
    server.client().events_until(session, PATIENCE, |_| true).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_the_agent_remembers() {
    let mut server = Server::start(Start::default()).await;
    let body = json!({"agent": "opencode", "model": "demo/scripted", "prompt": "The word to remember is heliotrope."});
    let made = server.client().post("/v1/sessions", &body).await;
    let session = made["id"].as_str().unwrap_or_default().to_owned();
    let done = |event: &Value| event["type"] == "prompt.completed";
    let mut known = server.client().events_until(&session, PATIENCE, done).await;
    let mut prompts = 1;

    for kill in 0..KILLS {
        // A prompt is acknowledged, and some moment later the server is gone.
        let text = format!("run: for i in 1 2 3 4 5 6 7 8; do echo {kill}-$i; sleep 0.1; done");
        let path = format!("/v1/sessions/{session}/prompts");
        let accepted = server.client().post(&path, &json!({"text": text})).await;
        prompts += 1;
        tokio::time::sleep(moment(kill)).await;
        server.crash();
        server.run().await;

        let id = accepted["id"].clone();
        let over = |event: &Value| {
            let kind = event["type"].as_str().unwrap_or_default();
            event["prompt_id"] == id
                && matches!(kind, "prompt.completed" | "prompt.failed" | "prompt.cancelled")
        };
        let events = server.client().events_until(&session, PATIENCE, over).await;
        let seqs: Vec<u64> = events.iter().filter_map(|event| event["seq"].as_u64()).collect();
        assert!(
            seqs.iter().enumerate().all(|(i, seq)| *seq == i as u64 + 1),
            "dense: {seqs:?}"
        );
        assert_eq!(
            &events[..known.len()],
            &known[..],
            "what was read once is there still, unchanged"
        );
        let end = events
            .iter()
            .find(|event| over(event))
            .cloned()
            .unwrap_or_default();
        assert_eq!(end["type"], "prompt.completed", "kill {kill}: {end}");
        let calls: Vec<&Value> = events
            .iter()
            .filter(|event| event["prompt_id"] == id && event["type"] == "tool_call.completed")
            .collect();
        let whole = calls.iter().any(|call| {
            call["data"]["output"]
                .as_str()
                .is_some_and(|output| output.contains(&format!("{kill}-8")))
        });
        assert!(whole, "kill {kill}: the command ran to its end: {calls:?}");
        known = events;
    }

    let path = format!("/v1/sessions/{session}/prompts");
    server
        .client()
        .post(&path, &json!({"text": "Which word was it?"}))
        .await;
    let remembers = |event: &Value| {
        event["type"] == "message.text"
            && event["data"]["text"]
                .as_str()
                .is_some_and(|text| text.contains("heliotrope"))
    };
    let count = known.iter().filter(|event| remembers(event)).count();
    let events = server
        .client()
        .events_until(&session, PATIENCE, |event| {
            event["type"] == "prompt.completed"
                && event["seq"].as_u64() > known.last().and_then(|last| last["seq"].as_u64())
        })
        .await;
    assert!(
        events.iter().filter(|event| remembers(event)).count() > count,
        "the agent's conversation is whole"
    );

    let sandboxes: Vec<&Value> = events
        .iter()
        .filter(|event| event["type"] == "sandbox.requested")
        .collect();
    assert_eq!(sandboxes.len(), 1, "one sandbox through all of it");
    // The history is written after the event; it is a projection of it.
    let count = |runs: &Value| runs["items"].as_array().map_or(0, Vec::len);
    let path = format!("/v1/runs?session={session}&limit=100");
    let runs = server
        .client()
        .get_until(&path, |runs| count(runs) > prompts)
        .await;
    assert_eq!(count(&runs), prompts + 1, "each turn has its record, once");
    assert_eq!(all_events(&server, &session).await.len(), events.len());
}
