//! `providers`: model accounts of the organisation. A key comes from a file, the environment or standard input,
//! never from an argument, because arguments can be seen by others.

use std::{
    io::{IsTerminal as _, Read as _},
    path::PathBuf,
};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    Usage,
    list::{self, Common},
    terminal,
};
use crate::client::{Api, escape, rows};

/// Longest key read, bytes.
const MAX_KEY: u64 = 64 * 1024;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Providers with the end of their keys
    List(Common),
    /// Add a provider; the key is read from --api-key-file, --api-key-env or standard input
    #[command(
        after_long_help = "Examples:\n  coordinator providers add openai --api openai-chat --api-key-env OPENAI_API_KEY\n  coordinator providers add hub --api openai-chat --base-url https://hub.example.org/v1 \\\n    --model qwen-coder --api-key-file ./key\n  coordinator providers add claude --api anthropic --base-url https://api.anthropic.com \\\n    --model '{\"id\":\"claude-x\",\"price\":{\"input\":3000000,\"output\":15000000}}' < key"
    )]
    Add {
        /// Your word for it: the part of a model's name before the first `/`
        provider: String,
        /// What it speaks: openai-chat, openai-responses, anthropic or gemini
        #[arg(long, value_name = "DIALECT")]
        api: String,
        /// Its address; may be left out for openai, anthropic and gemini
        #[arg(long, value_name = "URL")]
        base_url: Option<String>,
        /// A model's name, or JSON with id, context, max_output and price in micro-USD for a million tokens (repeatable); any model when left out
        #[arg(long = "model", value_name = "NAME|JSON")]
        models: Vec<String>,
        #[command(flatten)]
        key: KeySource,
        #[command(flatten)]
        common: Common,
    },
    /// Replace a provider's key
    Rotate {
        /// Its word or id
        provider: String,
        #[command(flatten)]
        key: KeySource,
        #[command(flatten)]
        common: Common,
    },
    /// Ask the provider whether the key works
    Test {
        /// Its word or id
        provider: String,
        #[command(flatten)]
        common: Common,
    },
    /// Remove a provider with its key
    Remove {
        /// Its word or id
        provider: String,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Debug, Args)]
pub(super) struct KeySource {
    /// File that holds the key
    #[arg(long, value_name = "FILE", conflicts_with = "api_key_env")]
    api_key_file: Option<PathBuf>,
    /// Environment variable that holds the key
    #[arg(long, value_name = "NAME")]
    api_key_env: Option<String>,
}

impl KeySource {
    fn read(&self) -> Result<String> {
        let text = if let Some(path) = &self.api_key_file {
            let mut text = String::new();
            let file = std::fs::File::open(path).with_context(|| format!("{}", path.display()))?;
            file.take(MAX_KEY)
                .read_to_string(&mut text)
                .with_context(|| format!("{}", path.display()))?;
            text
        } else if let Some(name) = &self.api_key_env {
            std::env::var(name).map_err(|_| Usage(format!("--api-key-env: {name} is not set")))?
        } else {
            if std::io::stdin().is_terminal() {
                terminal::note("paste the key, then press Ctrl-D:");
            }
            let mut text = String::new();
            std::io::stdin()
                .take(MAX_KEY)
                .read_to_string(&mut text)
                .context("the key on standard input")?;
            text
        };
        let key = text.trim();
        if key.is_empty() {
            return Err(Usage(
                "the key is empty: give --api-key-file, --api-key-env, or the key on standard input".into(),
            )
            .into());
        }
        Ok(key.to_owned())
    }
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::List(common) => {
            let answer = common.api()?.get("/v1/model-providers").await?;
            common.show(&answer, |answer| {
                let columns = [
                    ("id", "id"),
                    ("provider", "provider"),
                    ("api", "api"),
                    ("address", "base_url"),
                    ("key ends with", "key_hint"),
                    ("updated", "updated_at"),
                ];
                list::table(answer, &columns, ("no providers yet", "providers add --help"))
            })
        }
        Command::Add {
            provider,
            api,
            base_url,
            models,
            key,
            common,
        } => {
            let models = models
                .iter()
                .map(|text| model(text))
                .collect::<Result<Vec<_>>>()?;
            let mut body = json!({ "provider": provider, "api": api, "api_key": key.read()? });
            if let Some(url) = base_url {
                body["base_url"] = json!(url);
            }
            if !models.is_empty() {
                body["models"] = json!(models);
            }
            let answer = common
                .api()?
                .change(Method::POST, "/v1/model-providers", Some(&body))
                .await?;
            common.show(&answer, |answer| {
                format!(
                    "added {provider} ({}); next: {} providers test {provider}\n",
                    list::cell(answer, "id"),
                    terminal::me()
                )
            })
        }
        Command::Rotate {
            provider,
            key,
            common,
        } => {
            let api = common.api()?;
            let id = find(&api, &provider).await?;
            let body = json!({ "api_key": key.read()? });
            let answer = api
                .change(Method::PATCH, &format!("/v1/model-providers/{id}"), Some(&body))
                .await?;
            common.show(&answer, |_| format!("rotated the key of {provider}\n"))
        }
        Command::Test { provider, common } => {
            let api = common.api()?;
            let id = find(&api, &provider).await?;
            let answer = api
                .change(Method::POST, &format!("/v1/model-providers/{id}/test"), None)
                .await?;
            let fine = answer.get("ok").and_then(Value::as_bool).unwrap_or(false);
            common.show(&answer, |answer| {
                let models = answer.get("models").and_then(Value::as_array).map_or(0, Vec::len);
                format!(
                    "{}: {} ({models} models listed)\n",
                    if fine { "works" } else { "does not work" },
                    list::cell(answer, "message")
                )
            })?;
            Ok(u8::from(!fine))
        }
        Command::Remove { provider, common } => {
            let api = common.api()?;
            let id = find(&api, &provider).await?;
            let answer = api
                .change(Method::DELETE, &format!("/v1/model-providers/{id}"), None)
                .await?;
            common.show(&answer, |_| format!("removed {provider}\n"))
        }
    }
}

fn model(text: &str) -> Result<Value> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text)
            .map_err(|error| Usage(format!("--model: not valid JSON: {error}")).into());
    }
    Ok(json!(text))
}

/// The id of a provider, by id or by word.
async fn find(api: &Api, provider: &str) -> Result<String> {
    if provider.starts_with("mpr_") {
        return Ok(escape(provider));
    }
    let all = rows(&api.get("/v1/model-providers").await?);
    let found = all
        .iter()
        .find(|row| row.get("provider").and_then(Value::as_str) == Some(provider));
    found
        .and_then(|row| row.get("id").and_then(Value::as_str))
        .map(escape)
        .ok_or_else(|| {
            Usage(format!(
                "there is no provider `{provider}`; `coordinator providers list` shows them"
            ))
            .into()
        })
}
