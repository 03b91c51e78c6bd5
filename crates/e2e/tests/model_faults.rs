//! Models that refuse, are busy, break off or say nothing; agents that crash; sandboxes that are killed. Each turn
//! ends with its cause and what to do, and the next prompt works.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use e2e::{Client, PATIENCE, Server, Start};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::model_server::{Fault, ModelServer, Times};

async fn session(client: &Client, model: &str) -> String {
    let made = client
        .post("/v1/sessions", &json!({"agent": "opencode", "model": model}))
        .await;
    made["id"].as_str().map(str::to_owned).unwrap_or_default()
}

fn is(kind: &str) -> impl Fn(&Value) -> bool {
    move |event| event["type"] == kind
}

fn count(events: &[Value], kind: &str) -> usize {
    events.iter().filter(|event| is(kind)(event)).count()
}

/// The error that a turn ended with: what, why, what to do.
fn error(events: &[Value]) -> Value {
    let end = events.last().cloned().unwrap_or_default();
    assert_eq!(end["type"], "prompt.failed", "{end:#}");
    let error = end["data"]["error"].clone();
    for field in ["code", "message", "next_step"] {
        assert!(
            error[field].as_str().is_some_and(|text| !text.is_empty()),
            "{error:#}"
        );
    }
    error
}

fn says(error: &Value, field: &str, part: &str) {
    let text = error[field].as_str().unwrap_or_default();
    assert!(text.contains(part), "`{part}` in {error:#}");
}

/// All that the agent said.
fn said(events: &[Value]) -> String {
    let texts = events.iter().filter(|event| is("message.text")(event));
    let texts: Vec<&str> = texts.filter_map(|event| event["data"]["text"].as_str()).collect();
    texts.join("\n")
}

async fn server_with_models(models: &ModelServer, start: Start) -> Server {
    let allow = format!("127.0.0.0/8:{}", models.address().port());
    let server = Server::start(start.with("COORDINATOR_ALLOW_PRIVATE_NETWORKS", allow)).await;
    let named = [
        "good", "refused", "bad", "limited", "broken", "once", "silent", "hushed",
    ];
    let body = json!({
        "provider": "hub", "api": "openai-chat", "base_url": models.url_openai(), "api_key": "sk-x", "models": named,
    });
    server.client().post("/v1/model-providers", &body).await;
    server
}

/// The turn of a model that misbehaves, and then one with a model that does not, in the same session.
async fn faulty_turn(client: &Client, model: &str) -> Vec<Value> {
    let session = session(client, &format!("hub/{model}")).await;
    let prompt =
        json!({"text": format!("The word for {model} is heliotrope. Say it again, please, at some length.")});
    let events = client.turn(&session, &prompt, PATIENCE).await;
    let next = json!({"text": "Which word was it?", "model": "hub/good"});
    let after = client.turn(&session, &next, PATIENCE).await;
    let end = after.last().cloned().unwrap_or_default();
    assert_eq!(end["type"], "prompt.completed", "after {model}: {end:#}");
    assert!(said(&after).contains("heliotrope"), "after {model}: {after:#?}");
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn models_that_refuse_break_off_or_say_nothing() {
    let models = ModelServer::start().await.unwrap();
    let status = |status, retry_after| Fault::Status { status, retry_after };
    for (model, fault, times) in [
        ("refused", status(401, None), Times::Always),
        ("bad", status(400, None), Times::Always),
        ("limited", status(429, Some(1)), Times::Always),
        ("broken", Fault::CloseAfter { frames: 3 }, Times::Always),
        ("once", Fault::CloseAfter { frames: 3 }, Times::First(1)),
        ("silent", Fault::NoAnswer, Times::Always),
        ("hushed", Fault::SilenceAfter { frames: 3 }, Times::Always),
    ] {
        models.misbehave(Some(model), fault, times);
    }
    let start = Start::default()
        .with("COORDINATOR_FIRST_OUTPUT_TIMEOUT", "60s")
        .with("COORDINATOR_TURN_IDLE_TIMEOUT", "60s");
    let server = server_with_models(&models, start).await;
    let client = server.client();
    let (refused, bad, limited, broken, once, silent, hushed) = tokio::join!(
        faulty_turn(&client, "refused"),
        faulty_turn(&client, "bad"),
        faulty_turn(&client, "limited"),
        faulty_turn(&client, "broken"),
        faulty_turn(&client, "once"),
        faulty_turn(&client, "silent"),
        faulty_turn(&client, "hushed"),
    );

    let why = error(&refused);
    assert_eq!(why["code"], "model_error");
    says(&why, "message", "401");
    says(&why, "next_step", "API key");
    assert_eq!(count(&refused, "model.retrying"), 0, "nobody tries that again");

    let why = error(&bad);
    assert_eq!(why["code"], "model_error");
    says(&why, "message", "400");

    let why = error(&limited);
    assert_eq!(why["code"], "model_error");
    says(&why, "message", "times");
    let retries = count(&limited, "model.retrying");
    assert!((2..=6).contains(&retries), "{retries} tries: {limited:#?}");

    let why = error(&broken);
    assert_eq!(why["code"], "model_error");
    says(&why, "message", "times");
    let retries = count(&broken, "model.retrying");
    assert!((2..=6).contains(&retries), "{retries} tries: {broken:#?}");

    assert_eq!(count(&once, "model.retrying"), 1, "{once:#?}");
    assert_eq!(
        once.last().map(|end| &end["type"]),
        Some(&json!("prompt.completed")),
        "{once:#?}"
    );
    assert!(said(&once).contains("heliotrope"), "{once:#?}");

    let why = error(&silent);
    assert_eq!(why["code"], "no_output");
    says(&why, "message", "60 s");
    says(&why, "next_step", "another model");
    let why = error(&hushed);
    assert!(
        why["code"] == "no_output" || why["code"] == "turn_stalled",
        "{why:#}"
    );
    assert!(!server.log().contains("sk-x"), "no key in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_crashes_is_started_again_and_remembers() {
    let server = Server::start(Start::default()).await;
    let client = server.client();
    let session = session(&client, "demo/scripted").await;
    let first = json!({"text": "The word to remember is heliotrope."});
    client.turn(&session, &first, PATIENCE).await;
    // More than once: each time it has done something in between.
    for _ in 0..2 {
        let crash = json!({"text": "run: kill -9 $(pgrep -f '[o]pencode.* serve'); sleep 30"});
        let why = error(&client.turn(&session, &crash, PATIENCE).await);
        assert_eq!(why["code"], "agent_crashed", "{why:#}");
        let next = client
            .turn(&session, &json!({"text": "Which word was it?"}), PATIENCE)
            .await;
        assert!(said(&next).contains("heliotrope"), "{next:#?}");
    }
    // Twice in a row: the sandbox is replaced.
    let crash = json!({"text": "run: kill -9 $(pgrep -f '[o]pencode.* serve'); sleep 30"});
    for _ in 0..2 {
        let why = error(&client.turn(&session, &crash, PATIENCE).await);
        assert_eq!(why["code"], "agent_crashed", "{why:#}");
    }
    let next = client
        .turn(&session, &json!({"text": "Which word was it?"}), PATIENCE)
        .await;
    assert!(said(&next).contains("heliotrope"), "{next:#?}");
}

/// Keepers of this server's sandboxes.
fn keepers(server: &Server) -> Vec<i32> {
    let records = std::fs::read_dir(server.data_dir().join("keepers")).unwrap();
    let pid = |record: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read(record.ok()?.path().join("keeper.json")).ok()?;
        let record: Value = serde_json::from_slice(&text).ok()?;
        i32::try_from(record["keeper_pid"].as_i64()?).ok()
    };
    records.filter_map(pid).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_killed_together_with_the_server_ends_the_turn_with_a_reason() {
    let mut server = Server::start(Start::default()).await;
    let client = server.client();
    let session = session(&client, "demo/scripted").await;
    let first = json!({"text": "The word to remember is heliotrope.\nrun: echo kept > kept.txt"});
    client.turn(&session, &first, PATIENCE).await;
    let prompt = client
        .post(
            &format!("/v1/sessions/{session}/prompts"),
            &json!({"text": "run: echo begun; sleep 4323"}),
        )
        .await;
    let begun = |event: &Value| is("tool_call.started")(event) && event["prompt_id"] == prompt["id"];
    let before = client.events_until(&session, PATIENCE, begun).await;

    server.crash();
    let pids = keepers(&server);
    assert_eq!(pids.len(), 1, "{pids:?}");
    for pid in pids {
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGKILL).unwrap();
    }
    server.run().await;
    let why = error(&client.end_of(&session, &prompt["id"], PATIENCE).await);
    assert_eq!(why["code"], "sandbox_lost", "{why:#}");
    says(&why, "message", "keeper");
    let all = client.events_until(&session, PATIENCE, is("sandbox.lost")).await;
    assert_eq!(
        &all[..before.len()],
        &before[..],
        "what was read once is there still"
    );

    let next = client
        .turn(
            &session,
            &json!({"text": "Which word was it?\nrun: cat kept.txt; pgrep -fc 'sleep [4]323'; true"}),
            PATIENCE,
        )
        .await;
    let calls: Vec<&Value> = next
        .iter()
        .filter(|event| is("tool_call.completed")(event))
        .collect();
    assert_eq!(
        calls[0]["data"]["output"].as_str().map(str::trim),
        Some("kept\n0")
    );
    let next = client
        .turn(&session, &json!({"text": "And which word was it?"}), PATIENCE)
        .await;
    assert!(said(&next).contains("heliotrope"), "{next:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hibernation_keeps_everything_and_the_next_prompt_wakes() {
    let mut server = Server::start(Start::default().with("COORDINATOR_HIBERNATE_AFTER", "4s")).await;
    let client = server.client();
    let session = session(&client, "demo/scripted").await;
    let path = format!("/v1/sessions/{session}");
    let first = json!({"text": "The word to remember is heliotrope.\nrun: echo inside > note.txt; echo at-home > ~/home.txt"});
    client.turn(&session, &first, PATIENCE).await;

    let hibernated = async |server: &Server, round: usize, cause: &str| {
        let stopped = |event: &Value| is("sandbox.stopped")(event) && event["data"]["cause"] == cause;
        let all = client.events_until(&session, PATIENCE, stopped).await;
        assert_eq!(count(&all, "sandbox.stopped"), round);
        let shown = client.get(&path).await;
        assert_eq!(shown["status"], "hibernated", "{shown:#}");
        assert_eq!(shown["why"]["cause"], "hibernated", "{shown:#}");
        assert!(keepers(server).is_empty(), "nothing of it runs");
        let diff = server.cli(&["sessions", "diff", &session]).await;
        assert!(diff.stdout.contains("+inside"), "{diff:?}");
        let file = server.cli(&["sessions", "files", &session, "note.txt"]).await;
        assert_eq!(file.stdout, "inside\n", "{file:?}");
        let shown = client.get(&path).await;
        assert_eq!(shown["status"], "hibernated", "looking wakes nothing: {shown:#}");
    };
    hibernated(&server, 1, "idle_timeout").await;
    // From here on nobody is to be faster than this test.
    server.stop();
    server.set("COORDINATOR_HIBERNATE_AFTER", "1h");
    server.run().await;
    let next = client
        .turn(&session, &json!({"text": "Which word was it?"}), PATIENCE)
        .await;
    assert!(said(&next).contains("heliotrope"), "{next:#?}");

    let (status, answer) = client
        .call(Method::POST, &format!("{path}/hibernate"), None)
        .await;
    assert_eq!(status, 202, "{answer:#}");
    hibernated(&server, 2, "hibernated").await;
    let (status, answer) = client.call(Method::POST, &format!("{path}/wake"), None).await;
    assert_eq!(status, 202, "{answer:#}");
    let ready = |event: &Value| is("agent.ready")(event) && event["data"]["resumed"] == true;
    client.events_until(&session, PATIENCE, ready).await;
    let output = client
        .output_of(&session, "cat note.txt ~/home.txt", PATIENCE)
        .await;
    assert_eq!(output.trim(), "inside\nat-home");

    // A busy session does not hibernate, and says so.
    client
        .post(&format!("{path}/prompts"), &json!({"text": "run: sleep 4324"}))
        .await;
    let problem = client
        .refusal(Method::POST, &format!("{path}/hibernate"), "")
        .await;
    assert_eq!(problem["status"], 409, "{problem:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_permission_and_an_answered_question() {
    let models = ModelServer::start().await.unwrap();
    let server = server_with_models(&models, Start::default()).await;
    let client = server.client();
    let body = json!({"agent": "opencode", "model": "hub/good", "permissions": "ask", "prompt": "run: echo consented"});
    let made = client.post("/v1/sessions", &body).await;
    let session = made["id"].as_str().unwrap_or_default();
    let path = format!("/v1/sessions/{session}");
    let events = client
        .events_until(session, PATIENCE, is("permission.requested"))
        .await;
    let asked = events
        .iter()
        .find(|event| is("permission.requested")(event))
        .unwrap();
    let shown = client.get(&path).await;
    assert_eq!(shown["status"], "waiting", "{shown:#}");
    let id = asked["data"]["permission_id"].as_str().unwrap_or_default();
    let answer = json!({"reply": "reject", "message": "Use the other script instead."});
    client.post(&format!("{path}/permissions/{id}"), &answer).await;
    let events = client.end_of(session, &asked["prompt_id"], PATIENCE).await;
    let resolved = events
        .iter()
        .find(|event| is("permission.resolved")(event))
        .unwrap();
    assert_eq!(resolved["data"]["reply"], "reject");
    assert_eq!(resolved["data"]["message"], "Use the other script instead.");
    assert!(
        !events
            .iter()
            .any(|event| is("tool_call.completed")(event) && event["data"]["output"] == "consented\n"),
        "{events:#?}"
    );
    let told = models
        .requests()
        .iter()
        .any(|request| request.body.to_string().contains("Use the other script instead."));
    assert!(told, "the agent heard the message: {events:#?}");
    let end = events.last().cloned().unwrap_or_default();
    assert_eq!(end["type"], "prompt.completed", "{end:#}");

    let prompt = json!({"text": "question: Which colour? | Red | Blue"});
    let made = client.post(&format!("{path}/prompts"), &prompt).await;
    let events = client.events_until(session, PATIENCE, is("question.asked")).await;
    let asked = events.iter().find(|event| is("question.asked")(event)).unwrap();
    assert_eq!(asked["data"]["questions"][0]["question"], "Which colour?");
    let shown = client.get(&path).await;
    assert_eq!(shown["why"]["cause"], "waiting_for_answer", "{shown:#}");
    let id = asked["data"]["question_id"].as_str().unwrap_or_default();
    client
        .post(&format!("{path}/questions/{id}"), &json!({"answers": [["Blue"]]}))
        .await;
    let events = client.end_of(session, &made["id"], PATIENCE).await;
    let end = events.last().cloned().unwrap_or_default();
    assert_eq!(end["type"], "prompt.completed", "{end:#}");
    assert_eq!(count(&events, "question.answered"), 1);
    assert!(said(&events).contains("Blue"), "{events:#?}");
    let again = client
        .refusal(
            Method::POST,
            &format!("{path}/questions/{id}"),
            json!({"answers": [["Red"]]}).to_string(),
        )
        .await;
    assert_eq!(again["type"], "/problems/already_answered", "{again:#}");
}
