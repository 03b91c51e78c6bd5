//! `models`: what can be used now, and why the rest can not.

use anyhow::Result;
use clap::Args;
use serde_json::Value;

use super::{
    list::{self, Common},
    terminal::{self, Paint, one_line},
};
use crate::client::rows;

#[derive(Debug, Args)]
pub(super) struct ModelsArgs {
    #[command(flatten)]
    common: Common,
}

pub(super) async fn run(arguments: ModelsArgs) -> Result<u8> {
    let answer = arguments.common.api()?.get("/v1/models").await?;
    arguments.common.show(&answer, text)
}

fn text(answer: &Value) -> String {
    let cell = |row: &Value, path: &str| one_line(&list::cell(row, path), 80);
    let models: Vec<Vec<String>> = rows(answer)
        .iter()
        .map(|model| {
            let price = match (
                model.pointer("/price/input").and_then(Value::as_u64),
                model.pointer("/price/output").and_then(Value::as_u64),
            ) {
                (Some(input), Some(output)) => {
                    format!("${} / ${}", dollars(input), dollars(output))
                }
                _ => "unknown".to_owned(),
            };
            let state = if model.get("available").and_then(Value::as_bool).unwrap_or(false) {
                cell(model, "label")
            } else {
                cell(model, "reason")
            };
            vec![cell(model, "id"), cell(model, "context"), price, state]
        })
        .collect();
    let mut text = if models.is_empty() {
        String::new()
    } else {
        super::table::table(
            &["model", "context", "price in / out", "note"],
            &models,
            Paint::detect(),
        )
    };
    for provider in answer
        .get("providers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if provider.get("models").and_then(Value::as_str) == Some("any") {
            let name = cell(provider, "provider");
            let note = cell(provider, "reason");
            let note = if note == "-" {
                String::new()
            } else {
                format!(" ({note})")
            };
            text.push_str(&format!("{name}/<any model of this provider>{note}\n"));
        }
    }
    if text.is_empty() {
        text.push_str(&format!(
            "no models yet; add a provider: {} providers add --help\n",
            terminal::me()
        ));
    }
    text
}

fn dollars(micro: u64) -> String {
    format!("{}.{:02}", micro / 1_000_000, micro % 1_000_000 / 10_000)
}
