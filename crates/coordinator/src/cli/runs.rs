//! `runs`: the durable history of finished turns.

use anyhow::Result;
use clap::Subcommand;
use protocol::{RunId, SessionId};
use serde_json::Value;

use super::{
    figures,
    list::{self, Common, Paging},
    terminal::{Paint, one_line},
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
        Command::Show { id, common } => {
            let answer = common.api()?.get(&format!("/v1/runs/{id}")).await?;
            common.show(&answer, fields)
        }
    }
}

/// What a person looks for first comes first; `--json` has everything.
fn fields(run: &Value) -> String {
    let paint = Paint::detect();
    let cell = |path: &str| one_line(&list::cell(run, path), 400);
    let mut text = format!("{} {}\n", paint.bold(&cell("id")), cell("outcome"));
    let mut line = |name: &str, value: String| {
        if value != "-" && !value.is_empty() {
            text.push_str(&format!("  {} {value}\n", paint.dim(&format!("{name:<11}"))));
        }
    };
    line("session", cell("session_id"));
    line("prompt", cell("prompt_id"));
    line("agent", cell("agent"));
    line("model", cell("model"));
    line("repository", cell("repository.url"));
    line("error", cell("error.message"));
    line(
        "tokens",
        format!(
            "{} in ({} cached), {} out ({} reasoning)",
            cell("tokens.input"),
            cell("tokens.cached"),
            cell("tokens.output"),
            cell("tokens.reasoning")
        ),
    );
    line("cost", money(run));
    line("tool calls", cell("tool_calls"));
    line("queued", cell("queued_at"));
    line("started", cell("started_at"));
    line("ended", cell("ended_at"));
    line("events", format!("{} to {}", cell("first_seq"), cell("last_seq")));
    line("user", cell("user_id"));
    line("API key", cell("api_key_id"));
    text
}

fn money(run: &Value) -> String {
    let cost = run.get("cost_micro_usd").and_then(Value::as_i64);
    figures::money(cost.map(protocol::MicroUsd))
}
