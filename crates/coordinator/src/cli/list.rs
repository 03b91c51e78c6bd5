//! What commands that show things have in common.

use anyhow::Result;
use clap::Args;
use keys::SystemClock;
use ports::Clock as _;
use protocol::Timestamp;
use serde_json::Value;

use super::{
    figures,
    terminal::{self, Paint, one_line},
};
use crate::client::{Api, ClientArgs, Endpoint, rows};

/// Rows fetched when nothing else is asked for.
const DEFAULT_LIMIT: usize = 50;

/// Where to connect, and how to print.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// Print the server's JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) client: ClientArgs,
}

impl Common {
    pub(super) fn api(&self) -> Result<Api> {
        Ok(Api::new(Endpoint::find(&self.client)?)?)
    }

    /// Prints an answer: as JSON, or as the text made of it.
    pub(super) fn show(&self, answer: &Value, text: impl FnOnce(&Value) -> String) -> Result<u8> {
        if self.json {
            terminal::say(serde_json::to_string_pretty(answer)?);
        } else {
            terminal::out(&text(answer));
        }
        Ok(0)
    }
}

/// How many rows of a long list.
#[derive(Debug, Args)]
pub(super) struct Paging {
    /// Most rows to show
    #[arg(long, default_value_t = DEFAULT_LIMIT)]
    limit: usize,
}

/// Reads a list over as many pages as needed. `path` may have a query already.
pub(super) async fn all(api: &Api, path: &str, paging: &Paging) -> Result<Value> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    while items.len() < paging.limit {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut address = format!("{path}{separator}limit={}", (paging.limit - items.len()).min(200));
        if let Some(cursor) = &cursor {
            address.push_str(&format!("&cursor={}", crate::client::escape(cursor)));
        }
        let page = api.get(&address).await?;
        items.extend(rows(&page));
        cursor = page.get("next_cursor").and_then(Value::as_str).map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    Ok(serde_json::json!({ "items": items, "next_cursor": cursor }))
}

/// A table of some fields of each row; `empty` when there is none, with the command that makes the first.
pub(super) fn table(answer: &Value, columns: &[(&str, &str)], empty: (&str, &str)) -> String {
    let rows = rows(answer);
    if rows.is_empty() {
        return match empty {
            (nothing, "") => format!("{nothing}\n"),
            (nothing, command) => format!("{nothing}; try: {} {command}\n", terminal::me()),
        };
    }
    let now = SystemClock.now();
    let cells = |row: &Value| {
        columns
            .iter()
            .map(|(_, path)| one_line(&short(row, path, now), 60))
            .collect::<Vec<_>>()
    };
    let head: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
    let more = answer.get("next_cursor").is_some_and(Value::is_string);
    let more = if more {
        "… and older ones: --limit shows more\n"
    } else {
        ""
    };
    super::table::table(&head, &cells, Paint::detect()) + more
}

/// As [`cell`], for a narrow place: times are told by their distance.
fn short(row: &Value, path: &str, now: Timestamp) -> String {
    let text = cell(row, path);
    if !path.ends_with("_at") {
        return text;
    }
    match text.parse::<Timestamp>() {
        Ok(then) if then <= now => format!("{} ago", figures::rough(now.since(then))),
        Ok(then) => format!("in {}", figures::rough(then.since(now))),
        Err(_) => text,
    }
}

/// The text of a field, by its dotted path.
pub(super) fn cell(row: &Value, path: &str) -> String {
    let found = path.split('.').try_fold(row, |value, name| value.get(name));
    match found {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(","),
        Some(other) if path.ends_with("micro_usd") => figures::money(other.as_i64().map(protocol::MicroUsd)),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_reach_into_objects() {
        let row = serde_json::json!({"a": {"b": "x"}, "cost_micro_usd": 5, "none": null});
        assert_eq!(cell(&row, "a.b"), "x");
        assert_eq!(cell(&row, "cost_micro_usd"), "$0.000005");
        assert_eq!(cell(&row, "none"), "-");
        assert_eq!(cell(&row, "missing.deep"), "-");
    }
}
