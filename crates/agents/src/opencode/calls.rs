//! The calls a running conversation needs, in OpenCode's words.

use std::time::Duration;

use serde::Deserialize as _;
use serde_json::{Value, json};

use super::{
    http::{CallError, Client},
    wire::{Envelope, Listed},
};

/// Most pages that are read back in search of a turn's beginning.
const MOST_PAGES: usize = 50;

pub(super) fn valid_id(id: &str, prefix: &str) -> bool {
    id.len() <= 128
        && id.strip_prefix(prefix).is_some_and(|rest| {
            !rest.is_empty()
                && rest
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
}

/// True while the session works or waits to try again.
pub(super) async fn busy(client: &Client, session: &str) -> Result<bool, CallError> {
    let status = client.get("/session/status").await?;
    Ok(matches!(status[session]["type"].as_str(), Some("busy" | "retry")))
}

/// Messages from the newest back to the first page on which `enough` finds something, oldest first.
pub(super) async fn messages(
    client: &Client,
    session: &str,
    enough: impl Fn(&str) -> bool,
) -> Result<Vec<Listed>, CallError> {
    let mut all: Vec<Listed> = Vec::new();
    let mut before = None;
    for _ in 0..MOST_PAGES {
        let path = match &before {
            Some(cursor) => format!("/session/{session}/message?limit=20&before={cursor}"),
            None => format!("/session/{session}/message?limit=20"),
        };
        let page = client.page(&path).await?;
        let mut listed: Vec<Listed> = match page.body {
            Value::Array(items) => items
                .into_iter()
                .filter_map(|item| Listed::deserialize(item).ok())
                .collect(),
            _ => return Err(CallError::NotJson),
        };
        let found = listed.iter().any(|message| enough(&message.info.id));
        listed.append(&mut all);
        all = listed;
        before = page.before.filter(|cursor| {
            cursor.len() < 1024
                && cursor
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'='))
        });
        if found || before.is_none() {
            break;
        }
    }
    Ok(all)
}

/// What still waits for an answer, as the events that asked.
pub(super) async fn open_requests(client: &Client) -> Vec<Envelope> {
    let mut events = Vec::new();
    for (path, kind) in [
        ("/permission", "permission.asked"),
        ("/question", "question.asked"),
    ] {
        if let Ok(Value::Array(items)) = client.get(path).await {
            events.extend(items.into_iter().map(|properties| Envelope {
                kind: kind.to_owned(),
                properties,
            }));
        }
    }
    events
}

pub(super) async fn abort(client: &Client, session: &str, limit: Duration) -> Result<(), CallError> {
    client
        .post_within(&format!("/session/{session}/abort"), &json!({}), limit)
        .await
        .map(|_| ())
}
