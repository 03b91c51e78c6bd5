//! `runs`: the durable history of finished turns.

use anyhow::Result;
use clap::Subcommand;
use protocol::{RunId, SessionId};
use serde_json::Value;

use super::{
    list::{self, Common, Paging},
    terminal::one_line,
};
use crate::client::escape;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Newest first
    List {
        /// Of one session
        #[arg(long)]
        session: Option<SessionId>,
        /// On one model
        #[arg(long)]
        model: Option<String>,
        #[command(flatten)]
        paging: Paging,
        #[command(flatten)]
        common: Common,
    },
    /// One run
    Show {
        id: RunId,
        #[command(flatten)]
        common: Common,
    },
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::List {
            session,
            model,
            paging,
            common,
        } => {
            let mut query: Vec<String> = session.iter().map(|id| format!("session={id}")).collect();
            query.extend(model.iter().map(|model| format!("model={}", escape(model))));
            let path = if query.is_empty() {
                "/v1/runs".to_owned()
            } else {
                format!("/v1/runs?{}", query.join("&"))
            };
            let answer = list::all(&common.api()?, &path, &paging).await?;
            common.show(&answer, |answer| {
                let columns = [
                    ("id", "id"),
                    ("outcome", "outcome"),
                    ("model", "model"),
                    ("in", "tokens.input"),
                    ("out", "tokens.output"),
                    ("cost", "cost_micro_usd"),
                    ("tools", "tool_calls"),
                    ("ended", "ended_at"),
                    ("session", "session_id"),
                ];
                list::table(answer, &columns, "no runs yet")
            })
        }
        Command::Show { id, common } => {
            let answer = common.api()?.get(&format!("/v1/runs/{id}")).await?;
            common.show(&answer, fields)
        }
    }
}

fn fields(run: &Value) -> String {
    let Some(fields) = run.as_object() else {
        return String::new();
    };
    let line = |name: &String| format!("{name:<16} {}\n", one_line(&list::cell(run, name), 400));
    fields.keys().map(line).collect()
}
