//! `environments`: set-up commands of a repository, and what a repository seems to need.

use anyhow::Result;
use clap::Subcommand;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    list::{self, Common},
    terminal::{Paint, one_line},
};
use crate::client::escape;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Environments of the organisation
    List(Common),
    /// Define one; `run --env ID` runs its commands after the clone
    #[command(
        after_long_help = "Example:\n  coordinator environments create --name web --setup 'npm ci' --setup 'npm run build'"
    )]
    Create {
        /// Your word for it
        #[arg(long)]
        name: String,
        /// Repository it is meant for
        #[arg(long, value_name = "URL")]
        repo: Option<String>,
        /// A shell command, in order (repeatable)
        #[arg(long = "setup", required = true)]
        setup: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Find out what a repository needs; nothing is installed
    Detect {
        /// Repository to look at, http(s)
        #[arg(long, value_name = "URL")]
        repo: String,
        /// Branch, tag or commit
        #[arg(long = "ref", value_name = "REF")]
        reference: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Remove an environment
    Delete {
        /// Id of the environment
        id: String,
        #[command(flatten)]
        common: Common,
    },
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::List(common) => {
            let answer = common.api()?.get("/v1/environments").await?;
            common.show(&answer, |answer| {
                list::table(
                    answer,
                    &[
                        ("id", "id"),
                        ("name", "name"),
                        ("set-up", "setup"),
                        ("repository", "repository.url"),
                    ],
                    ("no environments yet", "environments create --help"),
                )
            })
        }
        Command::Create {
            name,
            repo,
            setup,
            common,
        } => {
            let mut body = json!({ "name": name, "setup": setup });
            if let Some(url) = repo {
                body["repository"] = json!({ "url": url });
            }
            let answer = common
                .api()?
                .change(Method::POST, "/v1/environments", Some(&body))
                .await?;
            common.show(&answer, |answer| format!("{}\n", list::cell(answer, "id")))
        }
        Command::Detect {
            repo,
            reference,
            common,
        } => {
            let mut repository = json!({ "url": repo });
            if let Some(reference) = reference {
                repository["ref"] = json!(reference);
            }
            let answer = common
                .api()?
                .change(
                    Method::POST,
                    "/v1/environments/detect",
                    Some(&json!({ "repository": repository })),
                )
                .await?;
            common.show(&answer, plan)
        }
        Command::Delete { id, common } => {
            let answer = common
                .api()?
                .change(Method::DELETE, &format!("/v1/environments/{}", escape(&id)), None)
                .await?;
            common.show(&answer, |_| format!("deleted {id}\n"))
        }
    }
}

/// A detected plan as a person reads it.
pub(super) fn plan(plan: &Value) -> String {
    let paint = Paint::detect();
    let mut text = match plan.get("package_manager").and_then(Value::as_str) {
        Some(manager) => format!("package manager: {}\n", paint.bold(&one_line(manager, 40))),
        None => format!(
            "nothing recognised; looked for {}\n",
            one_line(&list::cell(plan, "looked_for"), 400)
        ),
    };
    for name in ["install", "test", "start"] {
        for command in plan
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            text.push_str(&format!("  {name:<8} {}\n", one_line(command, 160)));
        }
    }
    for runtime in plan
        .get("runtimes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        text.push_str(&format!(
            "  runtime  {} {}\n",
            one_line(&list::cell(runtime, "name"), 40),
            one_line(&list::cell(runtime, "version"), 60)
        ));
    }
    for evidence in plan
        .get("evidence")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        text.push_str(&paint.dim(&format!(
            "  because  {}: {}",
            one_line(&list::cell(evidence, "file"), 80),
            one_line(&list::cell(evidence, "because"), 160)
        )));
        text.push('\n');
    }
    text
}
