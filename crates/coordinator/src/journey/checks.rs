//! The six checks.

use std::time::Duration;

use keys::SystemEntropy;
use ports::Entropy as _;
use protocol::{EventBody, SessionId};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    JourneyArgs,
    report::{CHECKS, Figures, Report},
    turn::{self, Turn},
};
use crate::{
    client::{Api, rows},
    clock::Stopwatch,
    run::Follower,
};

const JAVASCRIPT: [&str; 4] = ["npm", "pnpm", "yarn", "bun"];

/// Runs all checks; later ones run although an earlier one failed, where they can. Answers the session, if one
/// was made.
pub(super) async fn run(
    api: &Api,
    arguments: &JourneyArgs,
    model: &str,
    patience: Duration,
    report: &mut Report,
) -> Option<SessionId> {
    let word = format!("heron-{}", &SystemEntropy.token()[..8]);
    let clock = Stopwatch::start();
    let session = match begin(api, arguments, model, &word).await {
        Ok(session) => session,
        Err(problem) => {
            report.check(Err(problem), clock.elapsed());
            for _ in 1..CHECKS.len() {
                report.check(Err("there is no session".into()), Duration::ZERO);
            }
            return None;
        }
    };
    let mut follower = Follower::new(api.clone(), session, 0);
    let first = turn::watch(&mut follower, None, patience).await;
    report.check(sandbox(api, &first).await, clock.elapsed());
    let single = first.as_ref().map_err(Clone::clone).and_then(single);
    report.check(single, clock.elapsed());

    let clock = Stopwatch::start();
    report.check(
        memory(api, session, &mut follower, &word, patience).await,
        clock.elapsed(),
    );
    let clock = Stopwatch::start();
    report.check(tool(api, session, &mut follower, patience).await, clock.elapsed());
    let clock = Stopwatch::start();
    report.check(detection(api, arguments, &first).await, clock.elapsed());
    let clock = Stopwatch::start();
    report.check(runs(api, session, model, patience).await, clock.elapsed());
    Some(session)
}

async fn begin(api: &Api, arguments: &JourneyArgs, model: &str, word: &str) -> Result<SessionId, String> {
    let mut repository = json!({ "url": arguments.repo });
    if let Some(reference) = &arguments.reference {
        repository["ref"] = json!(reference);
    }
    let body = json!({
        "agent": arguments.agent,
        "model": model,
        "repository": repository,
        "title": "journey",
        "prompt": format!("Please remember this word: {word}. Answer with one short sentence and use no tools."),
    });
    let answer = api
        .change(Method::POST, "/v1/sessions", Some(&body))
        .await
        .map_err(|error| error.to_string())?;
    let id = answer
        .get("id")
        .and_then(Value::as_str)
        .and_then(|id| id.parse().ok());
    id.ok_or_else(|| "the answer has no session id".to_owned())
}

/// The sandbox made contact with its own token and the agent came up; a stranger gets nothing.
async fn sandbox(api: &Api, first: &Result<Turn, String>) -> Result<Figures, String> {
    let turn = first.as_ref().map_err(Clone::clone)?;
    let stranger = api
        .status_without_key("/v1/sessions")
        .await
        .map_err(|error| error.to_string())?;
    if stranger != 401 {
        return Err(format!(
            "without a key the server answered {stranger} instead of 401"
        ));
    }
    let connected = turn.find(|body| match body {
        EventBody::SandboxConnected(connected) => Some(connected.clone()),
        _ => None,
    });
    let connected = connected.ok_or("there was no sandbox.connected event")?;
    let ready = turn.find(|body| match body {
        EventBody::AgentReady(ready) => Some(ready.clone()),
        _ => None,
    });
    let ready = ready.ok_or("there was no agent.ready event")?;
    let mut figures = vec![
        ("sandbox_connected_ms", json!(connected.elapsed_ms)),
        ("agent", json!(format!("{} {}", ready.agent, ready.version))),
        ("agent_ready_ms", json!(ready.elapsed_ms)),
    ];
    if let Some(isolation) = connected.isolation {
        figures.push(("isolation", json!(isolation.level)));
        figures.push(("limits", json!(isolation.limits_backend)));
    }
    Ok(figures)
}

fn single(turn: &Turn) -> Result<Figures, String> {
    if turn.deltas == 0 {
        return Err("the turn ended, but no delta was streamed".into());
    }
    if turn.text().trim().is_empty() {
        return Err("the turn ended, but the agent said nothing".into());
    }
    let completed = turn.completed.as_ref().ok_or("there was no terminal event")?;
    Ok(vec![
        ("deltas", json!(turn.deltas)),
        (
            "first_delta_ms",
            json!(turn.first_delta.map(|span| span.as_millis() as u64)),
        ),
        ("turn_ms", json!(completed.duration_ms)),
        ("events", json!(turn.events.len())),
        ("terminal", json!("prompt.completed")),
    ])
}

async fn memory(
    api: &Api,
    session: SessionId,
    follower: &mut Follower,
    word: &str,
    patience: Duration,
) -> Result<Figures, String> {
    let prompt = turn::prompt(
        api,
        session,
        "Which word did I ask you to remember? Answer with that word and use no tools.",
    )
    .await?;
    let turn = turn::watch(follower, Some(prompt), patience).await?;
    if !turn.text().contains(word) {
        return Err(format!(
            "the answer does not have the word {word}: {}",
            turn.text()
        ));
    }
    let milliseconds = turn.completed.as_ref().map(|completed| completed.duration_ms);
    Ok(vec![("word", json!(word)), ("turn_ms", json!(milliseconds))])
}

async fn tool(
    api: &Api,
    session: SessionId,
    follower: &mut Follower,
    patience: Duration,
) -> Result<Figures, String> {
    let text = "Use your bash tool to run exactly the shell command on the next line, then quote its output.\nrun: echo journey-$((6*7))";
    let prompt = turn::prompt(api, session, text).await?;
    let turn = turn::watch(follower, Some(prompt), patience).await?;
    let call = turn
        .tool_calls()
        .find(|call| call.tool.eq_ignore_ascii_case("bash") && call.output.contains("journey-42"));
    let call = call.ok_or_else(|| {
        let seen: Vec<String> = turn
            .tool_calls()
            .map(|call| format!("{} ({}): {}", call.tool, call.status, call.output))
            .collect();
        if seen.is_empty() {
            format!("no tool was called; the answer: {}", turn.text())
        } else {
            format!("no bash call printed journey-42; seen: {}", seen.join("; "))
        }
    })?;
    if call.status != "completed" {
        return Err(format!("the bash call ended as {}", call.status));
    }
    Ok(vec![
        ("tool", json!(call.tool)),
        ("output", json!(call.output.trim())),
        ("exit_code", json!(call.exit_code)),
        ("tool_ms", json!(call.duration_ms)),
    ])
}

async fn detection(
    api: &Api,
    arguments: &JourneyArgs,
    first: &Result<Turn, String>,
) -> Result<Figures, String> {
    let mut repository = json!({ "url": arguments.repo });
    if let Some(reference) = &arguments.reference {
        repository["ref"] = json!(reference);
    }
    let plan = api
        .change(
            Method::POST,
            "/v1/environments/detect",
            Some(&json!({ "repository": repository })),
        )
        .await
        .map_err(|error| error.to_string())?;
    let manager = plan
        .get("package_manager")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !JAVASCRIPT.contains(&manager) {
        return Err(format!(
            "the package manager found is `{manager}`, not one of JavaScript; is {} a JavaScript repository?",
            arguments.repo
        ));
    }
    // The session detects on its own, from its own clone: both must agree.
    let own = first.as_ref().ok().and_then(|turn| {
        turn.find(|body| match body {
            EventBody::EnvironmentDetected(detected) => Some(detected.plan.clone()),
            _ => None,
        })
    });
    if let Some(own) = &own
        && own.package_manager.as_deref() != Some(manager)
    {
        return Err(format!(
            "the session detected {:?}, the API {manager}",
            own.package_manager
        ));
    }
    let part = |name: &str| plan.get(name).cloned().unwrap_or(Value::Null);
    Ok(vec![
        ("package_manager", json!(manager)),
        ("files_scanned", part("files_scanned")),
        ("install", part("install")),
        ("test", part("test")),
        ("runtimes", part("runtimes")),
        ("in_session_too", json!(own.is_some())),
    ])
}

/// The record is written beside the turn, not before its end is told: it may need a moment.
async fn runs(api: &Api, session: SessionId, model: &str, patience: Duration) -> Result<Figures, String> {
    let clock = Stopwatch::start();
    let listed = loop {
        let listed = rows(
            &api.get(&format!("/v1/runs?session={session}"))
                .await
                .map_err(|error| error.to_string())?,
        );
        if listed.len() >= 3 {
            break listed;
        }
        if clock.elapsed() > patience.min(Duration::from_secs(30)) {
            return Err(format!("{} of 3 runs are listed", listed.len()));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let priced = rows(&api.get("/v1/models").await.map_err(|error| error.to_string())?)
        .iter()
        .any(|row| {
            row.get("id").and_then(Value::as_str) == Some(model)
                && row.get("price").is_some_and(|price| !price.is_null())
        });
    let mut input = 0;
    let mut output = 0;
    let mut cost = 0;
    for run in &listed {
        let tokens = |name: &str| {
            run.pointer(&format!("/tokens/{name}"))
                .and_then(Value::as_u64)
                .unwrap_or(0)
        };
        if tokens("input") == 0 || tokens("output") == 0 {
            return Err(format!("a run has no tokens: {run}"));
        }
        input += tokens("input");
        output += tokens("output");
        match (run.get("cost_micro_usd").and_then(Value::as_i64), priced) {
            (Some(micro), true) => cost += micro,
            (None, false) => {}
            (Some(_), false) => return Err("a run has a cost although the model has no price".into()),
            (None, true) => return Err("a run has no cost although the model has a price".into()),
        }
    }
    Ok(vec![
        ("runs", json!(listed.len())),
        ("tokens_in", json!(input)),
        ("tokens_out", json!(output)),
        ("cost_micro_usd", if priced { json!(cost) } else { Value::Null }),
        ("priced", json!(priced)),
    ])
}
