//! `usage`: what was used, by whom, with which model, and what it cost.

use anyhow::Result;
use clap::Args;
use protocol::{MicroUsd, usage::UsageBy};
use serde_json::Value;

use super::{Which, export};
use crate::cli::{
    figures,
    list::{self, Common},
    sessions_work, table,
    terminal::{Paint, one_line},
};

#[derive(Debug, Args)]
pub(in crate::cli) struct UsageArgs {
    /// Group by day, hour, user, api_key, model or session (repeatable)
    #[arg(long = "by", value_name = "WHAT", default_values_t = [By(UsageBy::Day)])]
    by: Vec<By>,
    #[command(flatten)]
    which: Which,
    /// Most groups to show
    #[arg(long, default_value_t = 200)]
    limit: u64,
    /// Print a table for spreadsheets instead
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Clone, Copy)]
struct By(UsageBy);

impl std::str::FromStr for By {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self)
    }
}

impl std::fmt::Display for By {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.word())
    }
}

pub(in crate::cli) async fn usage(arguments: UsageArgs) -> Result<u8> {
    let words: Vec<&str> = arguments.by.iter().map(|by| by.0.word()).collect();
    let first = format!("group_by={}&limit={}", words.join(","), arguments.limit);
    let path = arguments.which.address("/v1/usage", &first);
    let api = arguments.common.api()?;
    if arguments.csv {
        export::copy(&api, &format!("{path}&format=csv"), &mut sessions_work::output()).await?;
        return Ok(0);
    }
    let answer = api.get(&path).await?;
    arguments
        .common
        .show(&answer, |answer| shown(answer, &arguments.by))
}

fn shown(answer: &Value, by: &[By]) -> String {
    let mut columns = Vec::new();
    for By(by) in by {
        let column = match by {
            UsageBy::Day | UsageBy::Hour => ("from", "from"),
            UsageBy::User => ("user", "user_id"),
            UsageBy::ApiKey => ("API key", "api_key_id"),
            UsageBy::Model => ("model", "model"),
            UsageBy::Session => ("session", "session_id"),
        };
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let mut head: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    head.extend(["runs", "failed", "in", "out", "cost", "time"]);
    let row = |row: &Value, first: Option<&str>| {
        let mut cells: Vec<String> = columns
            .iter()
            .map(|(_, path)| one_line(&list::cell(row, path), 60))
            .collect();
        if let (Some(first), Some(cell)) = (first, cells.first_mut()) {
            *cell = first.to_owned();
        }
        cells.extend(["runs", "failed", "tokens.input", "tokens.output"].map(|path| grouped(row, path)));
        cells.push(cost(row));
        cells.push(figures::seconds(number(row, "running_ms")));
        cells
    };
    let items = answer.get("items").and_then(Value::as_array);
    let mut rows: Vec<Vec<String>> = items.into_iter().flatten().map(|item| row(item, None)).collect();
    let nothing = rows.is_empty();
    if let Some(total) = answer.get("total") {
        rows.push(row(total, Some("total")));
    }
    if nothing {
        return "no runs in this time\n".to_owned();
    }
    let more = if answer.get("truncated") == Some(&Value::Bool(true)) {
        "… and more groups: --limit shows more; the total has all\n"
    } else {
        ""
    };
    table::table(&head, &rows, Paint::detect()) + more
}

/// What is known, and that it is not all where it is not.
fn cost(row: &Value) -> String {
    match row.get("cost_micro_usd").and_then(Value::as_i64) {
        Some(cost) => figures::money(Some(MicroUsd(cost))),
        None => {
            let known = row
                .get("known_cost_micro_usd")
                .and_then(Value::as_i64)
                .unwrap_or(0);
            let unknown = number(row, "unknown_cost_runs");
            format!(
                "{} + {unknown} of unknown price",
                figures::money(Some(MicroUsd(known)))
            )
        }
    }
}

fn number(row: &Value, path: &str) -> u64 {
    let found = path.split('.').try_fold(row, |value, name| value.get(name));
    found.and_then(Value::as_u64).unwrap_or(0)
}

fn grouped(row: &Value, path: &str) -> String {
    figures::grouped(number(row, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_closes_the_table_and_an_unknown_price_is_said() {
        let sums = |runs: u64| {
            serde_json::json!({
                "runs": runs, "failed": 0, "tokens": {"input": 1234, "output": 5}, "cost_micro_usd": null,
                "known_cost_micro_usd": 1_000_000, "unknown_cost_runs": 2, "running_ms": 1500,
            })
        };
        let mut item = sums(3);
        item["model"] = "a/b".into();
        let answer = serde_json::json!({"items": [item], "truncated": true, "total": sums(9)});
        let text = shown(&answer, &[By(UsageBy::Model)]);
        for part in [
            "a/b",
            "1,234",
            "$1.00 + 2 of unknown price",
            "total",
            "1.5 s",
            "--limit",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
