//! The uplink: a runner dials back, works through a turn, calls the model and asks for a git credential.

use gateway::Caller;
use http::header;
use http_body_util::BodyExt;
use ports::sandbox::SandboxSpec;
use serde_json::{Value, json};
use testkit::fake::Answer;
use tower::ServiceExt;

pub(crate) use crate::dial::{Runner, SECRET, caller, headers, hello};
use crate::{
    house::{House, Tenant, provider},
    socket::Socket,
};

async fn status(ana: &Tenant<'_>, path: &str) -> Value {
    ana.get(path).await.ok().json()["status"].clone()
}

#[tokio::test]
async fn a_turn_from_prompt_to_run() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    ana.post("/v1/model-providers", provider()).await.ok();
    let body = json!({"agent": "scripted", "model": "hub/org/large", "prompt": "do it"});
    let session = ana.post("/v1/sessions", body).await.ok().json();
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    let mut runner = Runner::ready(&house).await;
    let command = runner.command().await;
    assert_eq!(
        (command["command"].as_str(), command["text"].as_str()),
        (Some("prompt"), Some("do it"))
    );
    let prompt = command["prompt_id"].as_str().unwrap().to_owned();

    // The agent's model call: alias in, real name and the tenant's key out, metered.
    house.fakes.model_gateway.then(Ok(Answer::json(&json!({
        "id": "c1", "object": "chat.completion", "model": "org/large",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010}
    }))));
    let call = |credential: &str| {
        http::Request::post("/gateway/openai-chat/v1/chat/completions")
            .header(header::AUTHORIZATION, format!("Bearer {credential}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(axum::body::Body::from(
                r#"{"model":"session-model","messages":[{"role":"user","content":"x"}]}"#,
            ))
            .unwrap()
    };
    let uplink = http_door::uplink_router(house.state.clone());
    let inside = uplink.clone().layer(axum::Extension(caller(&runner.spec)));
    let answer = inside.clone().oneshot(call(SECRET)).await.unwrap();
    assert_eq!(answer.status(), 200);
    let answer = answer.into_body().collect().await.unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&answer).contains("hi"));
    let sent = house.fakes.model_gateway.requests();
    assert!(String::from_utf8_lossy(&sent[0].body).contains("org/large"));
    assert_eq!(
        secrecy::ExposeSecret::expose_secret(&sent[0].upstream.api_key),
        "sk-very-secret-0001"
    );
    // Another credential, or a stream of which nobody knows where it comes from, gets nothing.
    assert_eq!(
        inside
            .oneshot(call("wrong-wrong-wrong-wrong"))
            .await
            .unwrap()
            .status(),
        401
    );
    assert_eq!(uplink.oneshot(call(SECRET)).await.unwrap().status(), 404);
    assert_eq!(
        house.router.clone().oneshot(call(SECRET)).await.unwrap().status(),
        404,
        "not on the public door"
    );

    let text = json!({"kind": "event", "event": {
        "type": "message.text", "data": {"message_id": "m", "part_id": "p", "text": "hi"}
    }});
    runner.report(Some(&prompt), text).await;
    runner
        .report(
            Some(&prompt),
            json!({"kind": "turn_ended", "outcome": {"outcome": "completed"}}),
        )
        .await;
    runner.acked().await;
    assert_eq!(status(&ana, &path).await, "idle");
    let session = ana.get(&path).await.json();
    assert_eq!(session["tokens"]["input"], 1000);
    assert_eq!(session["cost_micro_usd"], 1000 * 3 + 10 * 6);
    assert_eq!(session["sandbox"]["phase"], "ready");
    assert_eq!(session["sandbox"]["isolation"]["level"], "full");

    let prompts = ana.get(&format!("{path}/prompts")).await.ok().json();
    assert_eq!(
        (
            prompts["items"][0]["status"].as_str(),
            prompts["items"][0]["model"].as_str()
        ),
        (Some("completed"), Some("hub/org/large"))
    );
    let runs = loop {
        // The record is written in the background.
        let runs = ana.get("/v1/runs").await.ok().json();
        if runs["items"].as_array().is_some_and(|items| !items.is_empty()) {
            break runs;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(
        (&runs["items"][0]["outcome"], &runs["items"][0]["cost_micro_usd"]),
        (&json!("completed"), &json!(3060))
    );
    let id = runs["items"][0]["id"].as_str().unwrap();
    assert_eq!(
        ana.get(&format!("/v1/runs/{id}")).await.ok().json()["prompt_id"],
        json!(prompt)
    );
    let metrics = house.get("/metrics").await.text();
    assert!(
        metrics.contains("coordinator_gateway_tokens_total{kind=\"input\"} 1000"),
        "{metrics}"
    );
}

#[tokio::test]
async fn deltas_reach_sockets_and_an_interrupt_reaches_the_runner() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("think")).await;
    let mut runner = Runner::ready(&house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    let address = house.listen().await;
    let headers = [("authorization", format!("Bearer {}", ana.who.api_key))];
    let mut socket = Socket::open(&address, &format!("/v1/sessions/{id}/ws"), &headers)
        .await
        .ok()
        .unwrap();
    socket.send(json!({"type": "subscribe", "after": 0})).await;
    socket.until("caught_up").await;
    let delta = json!({"message_id": "m", "part_id": "p", "kind": "text", "offset": 0, "text": "Hm"});
    let generation = runner.spec.generation;
    runner
        .socket
        .send(json!({"type": "delta", "generation": generation, "prompt_id": prompt, "delta": delta}))
        .await;
    assert_eq!(socket.until("delta").await["delta"], delta);
    socket.send(json!({"type": "interrupt"})).await;
    assert_eq!(
        socket.until_event("prompt.cancelled").await["data"]["cause"],
        "interrupted"
    );
    assert_eq!(runner.command().await["command"], "interrupt");
}

#[tokio::test]
async fn the_git_token_is_given_for_its_own_host_alone() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let body = json!({
        "agent": "scripted", "model": "demo/scripted", "prompt": "x",
        "repository": {"url": "https://git.example.org/o/n.git", "token": "ghp_secret_token"}
    });
    ana.post("/v1/sessions", body).await.ok();
    let mut runner = Runner::ready(&house).await;
    assert!(runner.spec.start.plan.has_credential);
    for (n, host, protocol, expected) in [
        (
            1,
            "git.example.org",
            "https",
            json!({"username": "x-access-token", "password": "ghp_secret_token"}),
        ),
        (2, "evil.example.org", "https", Value::Null),
        (3, "git.example.org", "http", Value::Null),
        (4, "git.example.org:8443", "https", Value::Null),
    ] {
        let generation = runner.spec.generation;
        runner
            .socket
            .send(json!({"type": "credential_wanted", "generation": generation, "request": n, "protocol": protocol, "host": host}))
            .await;
        let answer = runner.socket.until("credential").await;
        assert_eq!(
            (&answer["request"], &answer["credential"]),
            (&json!(n), &expected),
            "{host}"
        );
    }
}

#[tokio::test]
async fn strangers_are_not_let_in() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("x")).await;
    let spec = house.fakes.sandboxes.next_start().await;
    let public = house.listen().await;
    // Without the headers, and with a user's key.
    assert_eq!(
        Socket::open(&public, "/v1/runner/connect", &[]).await.err(),
        Some(401)
    );
    let key = [("authorization", format!("Bearer {}", ana.who.api_key))];
    assert_eq!(
        Socket::open(&public, "/v1/runner/connect", &key).await.err(),
        Some(401)
    );
    // With a user's key in place of the runner's, for a session that is there.
    let borrowed = Socket::open(&public, "/v1/runner/connect", &headers(&spec, &ana.who.api_key)).await;
    assert_eq!(borrowed.err(), Some(401));
    // From another sandbox than the headers say.
    let other = Caller {
        generation: spec.generation + 1,
        ..caller(&spec)
    };
    let address = house.uplink(other).await;
    let refused = Socket::open(&address, "/v1/runner/connect", &headers(&spec, &spec.start.token)).await;
    assert_eq!(refused.err(), Some(401));
    // With a wrong token, or of a session or generation that is not: before there is a socket that could be sent to.
    let made_up = SandboxSpec {
        session_id: protocol::SessionId::from_bits(99),
        ..spec.clone()
    };
    let older = SandboxSpec {
        generation: spec.generation + 7,
        ..spec.clone()
    };
    for (of, credential) in [
        (&spec, "wrong"),
        (&made_up, &spec.start.token),
        (&older, &spec.start.token),
    ] {
        let refused = Socket::open(&public, "/v1/runner/connect", &headers(of, credential)).await;
        assert_eq!(refused.err(), Some(401));
    }
    // With something else than a hello.
    for first in [
        json!({"type": "heartbeat", "generation": 1}),
        json!({"type": "hello", "protocol": 99, "generation": spec.generation, "secret": SECRET, "runner_version": "1"}),
    ] {
        let mut socket = Socket::open(&public, "/v1/runner/connect", &headers(&spec, &spec.start.token))
            .await
            .ok()
            .unwrap();
        socket.send(first).await;
        assert_eq!(socket.next().await.unwrap()["type"], "fenced");
        assert!(socket.next().await.is_none());
    }
    // The right one, from outside too: a remote sandbox dials the public door.
    let mut socket = Socket::open(&public, "/v1/runner/connect", &headers(&spec, &spec.start.token))
        .await
        .ok()
        .unwrap();
    socket.send(hello(&spec)).await;
    assert_eq!(socket.next().await.unwrap()["type"], "welcome");
    // Frames of a newer runner are passed over, and the connection stays.
    socket.send(json!({"type": "hologram"})).await;
    socket.send(json!({"type": "report", "generation": spec.generation, "n": 1, "report": {
        "kind": "event", "event": {"type": "workspace.progress", "data": {"phase": "clone", "state": "started"}}
    }})).await;
    assert_eq!(socket.until("ack").await["n"], 1);
    let events = ana.get(&format!("/v1/sessions/{id}/events")).await.ok().text();
    assert!(events.contains("workspace.progress"));
    // The one-time token is used up; the secret takes its place.
    let mut again = Socket::open(&public, "/v1/runner/connect", &headers(&spec, SECRET))
        .await
        .ok()
        .unwrap();
    again.send(hello(&spec)).await;
    assert_eq!(
        again.next().await.unwrap(),
        json!({"type": "welcome", "acked": 1})
    );
}

/// A runner whose connection broke between hello and welcome tries its secret, then its token. So a secret that is
/// not known (yet) is refused with a status, before the upgrade: a `fenced` frame would end the runner for good.
#[tokio::test]
async fn a_connection_lost_between_hello_and_welcome_costs_nothing() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    ana.session("s", Some("x")).await;
    let spec = house.fakes.sandboxes.next_start().await;
    let address = house.uplink(caller(&spec)).await;
    let dial = async |credential: &str| {
        Socket::open(&address, "/v1/runner/connect", &headers(&spec, credential)).await
    };
    // The hello never arrived: the secret means nothing yet, and the token is still good.
    drop(dial(&spec.start.token).await.ok().unwrap());
    assert_eq!(dial(SECRET).await.err(), Some(401));
    let mut lost = dial(&spec.start.token).await.ok().unwrap();
    lost.send(hello(&spec)).await;
    drop(lost);
    // It arrived and the welcome was lost: until the server has taken it the secret is refused as before, then it
    // is known, and the token with that same secret is good as well.
    let mut again = loop {
        match dial(SECRET).await {
            Ok(socket) => break socket,
            Err(status) => assert_eq!(status, 401),
        }
    };
    again.send(hello(&spec)).await;
    let welcome = json!({"type": "welcome", "acked": 0});
    assert_eq!(again.next().await.unwrap(), welcome);
    let mut once_more = dial(&spec.start.token).await.ok().unwrap();
    once_more.send(hello(&spec)).await;
    assert_eq!(once_more.next().await.unwrap(), welcome);
    // The token with another secret is a thief's: fenced, and the runner stays connected.
    let mut thief = dial(&spec.start.token).await.ok().unwrap();
    let mut other = hello(&spec);
    other["secret"] = json!("another-secret-another-secret-00");
    thief.send(other).await;
    assert_eq!(thief.next().await.unwrap()["type"], "fenced");
    once_more
        .send(json!({"type": "report", "generation": spec.generation, "n": 1, "report": {
            "kind": "event", "event": {"type": "workspace.progress", "data": {"phase": "clone", "state": "started"}}
        }}))
        .await;
    assert_eq!(once_more.until("ack").await["n"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_does_not_read_holds_up_nobody_and_misses_nothing() {
    const EVENTS: u64 = 160;
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("talk")).await;
    let mut runner = Runner::ready(&house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    let address = house.listen().await;
    let headers = [("authorization", format!("Bearer {}", ana.who.api_key))];
    let path = format!("/v1/sessions/{id}/ws");
    let mut slow = Socket::open(&address, &path, &headers).await.ok().unwrap();
    slow.send(json!({"type": "subscribe", "after": 0})).await;
    slow.until("caught_up").await;

    // More than all buffers in between hold.
    let text = "x".repeat(150_000);
    for n in 0..EVENTS {
        let data = json!({"message_id": "m", "part_id": format!("p{n}"), "text": text});
        runner
            .report(
                Some(&prompt),
                json!({"kind": "event", "event": {"type": "message.text", "data": data}}),
            )
            .await;
    }
    runner.acked().await;
    let mut quick = Socket::open(&address, &path, &headers).await.ok().unwrap();
    let head = quick.until("hello").await["head"].as_u64().unwrap();
    assert!(head > EVENTS);
    quick.send(json!({"type": "subscribe", "after": head - 1})).await;
    assert_eq!(quick.until("event").await["event"]["seq"].as_u64(), Some(head));

    let mut seq = None;
    while seq != Some(head) {
        let next = slow.until("event").await["event"]["seq"].as_u64().unwrap();
        assert!(seq.is_none_or(|seq| next == seq + 1), "{seq:?} {next}");
        seq = Some(next);
    }
}
