//! `runs` and `usage`: the durable history of finished turns, and what they used.

pub(super) mod export;
mod show;
mod usage;

use anyhow::Result;
use clap::{Args, Subcommand};
use protocol::{ApiKeyId, RunId, SessionId, Timestamp, UserId};

use super::list::{self, Common, Paging};
use crate::client::escape;

pub(super) use usage::{UsageArgs, usage};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Newest first
    List {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        paging: Paging,
        #[command(flatten)]
        common: Common,
    },
    /// One run, with what happened in it
    #[command(alias = "show")]
    Get(show::GetArgs),
    /// All runs as a table (CSV), however many there are
    #[command(
        after_long_help = "Example:\n  coordinator runs export --from 2026-01-01T00:00:00Z --output runs.csv"
    )]
    Export(export::ExportArgs),
}

/// Which runs.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Of one session
    #[arg(long, value_name = "SESSION_ID")]
    session: Option<SessionId>,
    /// Of one user
    #[arg(long, value_name = "USER_ID")]
    user: Option<UserId>,
    /// Of prompts given with this API key
    #[arg(long = "api-key", value_name = "KEY_ID")]
    api_key: Option<ApiKeyId>,
    /// On one model
    #[arg(long)]
    model: Option<String>,
    /// Ended at or after, for example 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Ended before
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
}

impl Which {
    /// The address with the filters; it has a query already.
    fn address(&self, path: &str, first: &str) -> String {
        let mut query = vec![first.to_owned()];
        let mut add = |name: &str, value: Option<String>| {
            query.extend(value.map(|value| format!("{name}={}", escape(&value))));
        };
        add("session", self.session.map(|id| id.to_string()));
        add("user", self.user.map(|id| id.to_string()));
        add("key", self.api_key.map(|id| id.to_string()));
        add("model", self.model.clone());
        add("from", self.from.map(|at| at.to_string()));
        add("until", self.until.map(|at| at.to_string()));
        format!("{path}?{}", query.join("&"))
    }
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::List {
            which,
            paging,
            common,
        } => {
            let path = which.address("/v1/runs", "format=json");
            let answer = list::all(&common.api()?, &path, &paging).await?;
            common.show(&answer, |answer| {
                let columns = [
                    ("id", "id"),
                    ("outcome", "outcome"),
                    ("ended", "ended_at"),
                    ("in", "tokens.input"),
                    ("out", "tokens.output"),
                    ("cost", "cost_micro_usd"),
                    ("tools", "tool_calls"),
                    ("model", "model"),
                    ("session", "session_id"),
                ];
                list::table(answer, &columns, ("no runs yet", "run --help"))
            })
        }
        Command::Get(arguments) => show::get(arguments).await,
        Command::Export(arguments) => export::export(arguments).await,
    }
}

/// Names are unambiguous, so a run is found by its id alone.
fn run_path(id: RunId) -> String {
    format!("/v1/runs/{id}")
}
