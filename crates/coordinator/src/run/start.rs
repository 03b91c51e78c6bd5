//! Hands the prompt to the server: into a new session or into one that is there.

use std::io::Read as _;

use anyhow::{Context as _, Result};
use protocol::{PromptId, SessionId};
use reqwest::Method;
use serde_json::{Value, json};

use super::RunArgs;
use crate::{
    cli::{
        Usage,
        terminal::{me, one_line},
    },
    client::{Api, rows},
};

/// Longest prompt read from standard input, bytes; the server's own limit is lower.
const MAX_STDIN: u64 = 1024 * 1024;

/// Where to look for the answer.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) session: SessionId,
    /// Known at once for a session that was there; for a new one it is the first to be queued.
    pub(super) prompt: Option<PromptId>,
    /// Events up to this one were there before.
    pub(super) after: u64,
}

pub(super) async fn start(api: &Api, arguments: &RunArgs) -> Result<Started> {
    let text = prompt(&arguments.prompt)?;
    match arguments.session {
        Some(session) => go_on(api, session, &text, arguments.model.as_deref()).await,
        None => begin(api, &text, arguments).await,
    }
}

fn prompt(given: &str) -> Result<String> {
    if given != "-" {
        return Ok(given.to_owned());
    }
    let mut text = String::new();
    std::io::stdin()
        .take(MAX_STDIN)
        .read_to_string(&mut text)
        .context("the prompt on standard input")?;
    Ok(text)
}

async fn begin(api: &Api, text: &str, arguments: &RunArgs) -> Result<Started> {
    let model = require_model(api, arguments.model.as_deref()).await?;
    let mut body = json!({
        "agent": arguments.agent,
        "model": model,
        "permissions": arguments.permissions.as_str(),
        "prompt": text,
    });
    if let Some(url) = &arguments.repo {
        let mut repository = json!({ "url": url });
        if let Some(reference) = &arguments.reference {
            repository["ref"] = json!(reference);
        }
        if let Some(name) = &arguments.repo_token_env {
            let token =
                std::env::var(name).map_err(|_| Usage(format!("--repo-token-env: {name} is not set")))?;
            repository["token"] = json!(token);
        }
        body["repository"] = repository;
    }
    if let Some(environment) = &arguments.environment {
        body["environment_id"] = json!(environment);
    }
    // A list of sessions without titles tells nothing: the prompt's first line serves.
    let title = arguments
        .title
        .clone()
        .unwrap_or_else(|| one_line(text.trim().lines().next().unwrap_or_default(), 80));
    if !title.is_empty() {
        body["title"] = json!(title);
    }
    let answer = api.change(Method::POST, "/v1/sessions", Some(&body)).await?;
    Ok(Started {
        session: id(&answer)?,
        prompt: None,
        after: 0,
    })
}

async fn go_on(api: &Api, session: SessionId, text: &str, model: Option<&str>) -> Result<Started> {
    let page = api
        .get(&format!("/v1/sessions/{session}/events?after=0&limit=1"))
        .await?;
    let after = page.get("head").and_then(Value::as_u64).unwrap_or(0);
    let mut body = json!({ "text": text });
    if let Some(model) = model {
        body["model"] = json!(model);
    }
    let answer = api
        .change(
            Method::POST,
            &format!("/v1/sessions/{session}/prompts"),
            Some(&body),
        )
        .await?;
    Ok(Started {
        session,
        prompt: Some(id(&answer)?),
        after,
    })
}

fn id<T: std::str::FromStr>(answer: &Value) -> Result<T> {
    answer
        .get("id")
        .and_then(Value::as_str)
        .and_then(|id| id.parse().ok())
        .context("the server's answer has no id")
}

/// The model, which a person must choose: without one, says what there is.
///
/// # Errors
/// When none was given.
pub async fn require_model(api: &Api, model: Option<&str>) -> Result<String> {
    if let Some(model) = model {
        return Ok(model.to_owned());
    }
    let mut text = String::from("--model is missing; there is no default. ");
    let listed: Vec<String> = rows(&api.get("/v1/models").await?)
        .iter()
        .filter(|model| model.get("available").and_then(Value::as_bool).unwrap_or(true))
        .filter_map(|model| model.get("id").and_then(Value::as_str).map(str::to_owned))
        .collect();
    if listed.is_empty() {
        text.push_str(&format!(
            "No model can be used yet: `{} providers add --help` adds one",
            me()
        ));
    } else {
        text.push_str("What can be used now:");
        for model in listed {
            text.push_str(&format!("\n  --model {model}"));
        }
    }
    Err(Usage(text).into())
}
