//! `secrets`: variables of sandboxes. A value comes from a file, the environment or standard input, never from an
//! argument, because arguments can be seen by others.

use std::{
    io::{IsTerminal as _, Read},
    path::PathBuf,
};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand, ValueEnum};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    Usage,
    list::{self, Common},
    terminal,
};
use crate::client::escape;

/// One more than the longest value, so that a longer one is refused and not cut.
const MAX_VALUE: u64 = 16 * 1024 + 2;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Names, scopes and phases; values are shown nowhere
    List {
        /// Those of this environment alone
        #[arg(long, value_name = "ID")]
        env: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Add a secret; the value is read from --from-file, --from-env or standard input
    #[command(
        after_long_help = "Examples:\n  coordinator secrets set NPM_TOKEN --phase setup --from-env NPM_TOKEN\n  coordinator secrets set DATABASE_URL --phase agent --env env_… < url\n\nA secret of an environment wins over one of the same name of the organisation."
    )]
    Set {
        /// Name of the variable
        name: String,
        /// What in the sandbox gets to see it
        #[arg(long, value_enum)]
        phase: Phase,
        /// The environment it is for; every session of the organisation when left out
        #[arg(long, value_name = "ID")]
        env: Option<String>,
        #[command(flatten)]
        value: ValueSource,
        #[command(flatten)]
        common: Common,
    },
    /// Replace the value of a secret; sandboxes that run keep what they were given
    Rotate {
        /// Id of the secret, as `secrets list` shows it
        id: String,
        #[command(flatten)]
        value: ValueSource,
        #[command(flatten)]
        common: Common,
    },
    /// Remove a secret
    Delete {
        /// Id of the secret
        id: String,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Phase {
    /// The set-up commands alone
    Setup,
    /// The agent and what it starts
    Agent,
    Both,
}

impl Phase {
    fn word(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Agent => "agent",
            Self::Both => "both",
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct ValueSource {
    /// File that holds the value
    #[arg(long, value_name = "FILE", conflicts_with = "from_env")]
    from_file: Option<PathBuf>,
    /// Environment variable that holds the value
    #[arg(long, value_name = "NAME")]
    from_env: Option<String>,
}

impl ValueSource {
    /// One line end at the end does not count; everything else does.
    fn read(&self) -> Result<String> {
        let read = |from: &mut dyn Read| -> Result<String> {
            let mut text = String::new();
            from.take(MAX_VALUE).read_to_string(&mut text)?;
            Ok(text)
        };
        let mut text = if let Some(path) = &self.from_file {
            let shown = || format!("{}", path.display());
            let mut file = std::fs::File::open(path).with_context(shown)?;
            read(&mut file).with_context(shown)?
        } else if let Some(name) = &self.from_env {
            std::env::var(name).map_err(|_| Usage(format!("--from-env: {name} is not set")))?
        } else {
            if std::io::stdin().is_terminal() {
                terminal::note("paste the value, then press Ctrl-D:");
            }
            read(&mut std::io::stdin()).context("the value on standard input")?
        };
        if text.ends_with('\n') {
            text.pop();
        }
        if text.is_empty() {
            return Err(Usage(
                "the value is empty: give --from-file, --from-env, or the value on standard input".into(),
            )
            .into());
        }
        Ok(text)
    }
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::List { env, common } => {
            let path = env.map_or("/v1/secrets".to_owned(), |id| {
                format!("/v1/secrets?environment_id={}", escape(&id))
            });
            let answer = common.api()?.get(&path).await?;
            common.show(&answer, |answer| {
                let columns = [
                    ("id", "id"),
                    ("name", "name"),
                    ("phase", "phase"),
                    ("environment", "scope.environment_id"),
                    ("changed", "updated_at"),
                ];
                list::table(answer, &columns, ("no secrets", "secrets set --help"))
            })
        }
        Command::Set {
            name,
            phase,
            env,
            value,
            common,
        } => {
            let scope = env.map_or(json!("organisation"), |id| json!({ "environment_id": id }));
            let body = json!({ "name": name, "value": value.read()?, "scope": scope, "phase": phase.word() });
            let answer = common
                .api()?
                .change(Method::POST, "/v1/secrets", Some(&body))
                .await?;
            common.show(&answer, |answer: &Value| {
                format!("{}\n", list::cell(answer, "id"))
            })
        }
        Command::Rotate { id, value, common } => {
            let body = json!({ "value": value.read()? });
            let path = format!("/v1/secrets/{}", escape(&id));
            let answer = common.api()?.change(Method::PATCH, &path, Some(&body)).await?;
            common.show(&answer, |_| format!("replaced {id}\n"))
        }
        Command::Delete { id, common } => {
            let path = format!("/v1/secrets/{}", escape(&id));
            let answer = common.api()?.change(Method::DELETE, &path, None).await?;
            common.show(&answer, |_| format!("deleted {id}\n"))
        }
    }
}
