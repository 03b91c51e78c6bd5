//! One run as a person reads it.

use anyhow::Result;
use clap::Args;
use protocol::RunId;
use serde_json::Value;

use super::run_path;
use crate::cli::{
    figures,
    list::{self, Common},
    terminal::{Paint, one_line},
};

#[derive(Debug, Args)]
pub(in crate::cli) struct GetArgs {
    #[arg(value_name = "RUN_ID")]
    id: RunId,
    /// Events before this one are left out
    #[arg(long, default_value_t = 0)]
    after: u64,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn get(arguments: GetArgs) -> Result<u8> {
    let GetArgs { id, after, common } = arguments;
    let path = format!("{}?limit=1000&after={after}", run_path(id));
    let answer = common.api()?.get(&path).await?;
    common.show(&answer, |run| fields(run) + &events(run))
}

/// What happened, a line for each event.
fn events(run: &Value) -> String {
    let paint = Paint::detect();
    let mut text = String::new();
    for event in run.get("events").and_then(Value::as_array).into_iter().flatten() {
        text.push_str(&format!(
            "  {} {}\n",
            paint.dim(&format!("{:>6}", list::cell(event, "seq"))),
            one_line(&list::cell(event, "type"), 80)
        ));
    }
    if let Some(next) = run.get("next_after").and_then(Value::as_u64) {
        text.push_str(&paint.dim(&format!("  … and more: --after {next}\n")));
    }
    text
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
