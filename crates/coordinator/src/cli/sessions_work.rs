//! Getting things out of a session: events, the patch, files, the workspace as an archive.

use std::{io::IsTerminal as _, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use protocol::{Event, SessionId};
use serde_json::Value;

use super::{
    Usage, figures,
    list::{self, Common},
    sessions::One,
    terminal::{self, Paint, one_line},
};
use crate::{
    client::{Api, escape},
    run::Transcript,
};

#[derive(Debug, Args)]
pub(super) struct EventsArgs {
    /// Id of the session
    #[arg(value_name = "SESSION_ID")]
    session: SessionId,
    /// Start after this event
    #[arg(long, default_value_t = 0)]
    after: u64,
    /// Most events to print
    #[arg(long)]
    limit: Option<usize>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(super) struct FilesArgs {
    /// Id of the session
    #[arg(value_name = "SESSION_ID")]
    session: SessionId,
    /// Path in the workspace
    #[arg(default_value = "")]
    path: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(super) struct ArchiveArgs {
    /// Id of the session
    #[arg(value_name = "SESSION_ID")]
    session: SessionId,
    /// Where to write; `-` is standard output
    #[arg(long, short)]
    output: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// As text like `run` shows it, or with `--json` one event a line.
pub(super) async fn events(arguments: EventsArgs) -> Result<u8> {
    let api = arguments.common.api()?;
    let mut transcript = Transcript::history(Paint::detect());
    let mut after = arguments.after;
    let mut left = arguments.limit.unwrap_or(usize::MAX);
    while left > 0 {
        let path = format!(
            "/v1/sessions/{}/events?after={after}&limit={}",
            arguments.session,
            left.min(1000)
        );
        let page = api.get(&path).await?;
        let events = page
            .get("events")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        if events.is_empty() {
            break;
        }
        left = left.saturating_sub(events.len());
        for value in events {
            let event: Event = serde_json::from_value(value.clone()).context("an event of the server")?;
            after = after.max(event.seq);
            if arguments.common.json {
                terminal::say(value);
            } else {
                terminal::out(&transcript.event(&event));
            }
        }
        if page
            .get("head")
            .and_then(Value::as_u64)
            .is_some_and(|head| head <= after)
        {
            break;
        }
    }
    Ok(0)
}

pub(super) async fn diff(one: One) -> Result<u8> {
    let api = one.common.api()?;
    let answer = api.open(&format!("/v1/sessions/{}/diff", one.session)).await?;
    if stream(answer, &mut output()).await? == 0 {
        terminal::note("no changes");
    }
    Ok(0)
}

pub(super) async fn files(arguments: FilesArgs) -> Result<u8> {
    let api = arguments.common.api()?;
    let path = format!(
        "/v1/sessions/{}/files?path={}",
        arguments.session,
        escape(&arguments.path)
    );
    let answer = api.open(&path).await?;
    let is_listing = answer
        .headers()
        .get(reqwest::header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    if !is_listing {
        stream(answer, &mut output()).await?;
        return Ok(0);
    }
    let listing: Value = serde_json::from_slice(&answer.bytes().await.context("the listing")?)?;
    arguments.common.show(&listing, |listing| {
        let entries = listing
            .as_array()
            .cloned()
            .or_else(|| Some(crate::client::rows(listing)))
            .unwrap_or_default();
        let rows: Vec<Vec<String>> = entries
            .iter()
            .map(|entry| {
                let size = entry.get("size_bytes").and_then(Value::as_u64).unwrap_or(0);
                vec![
                    one_line(&list::cell(entry, "kind"), 12),
                    figures::bytes(size),
                    one_line(&list::cell(entry, "name"), 200),
                ]
            })
            .collect();
        super::table::table(&["kind", "size", "name"], &rows, Paint::detect())
    })
}

pub(super) async fn archive(arguments: ArchiveArgs) -> Result<u8> {
    let api = arguments.common.api()?;
    let path = format!("/v1/sessions/{}/archive", arguments.session);
    if arguments.output.as_os_str() == "-" {
        if std::io::stdout().is_terminal() {
            return Err(Usage("a tar file does not belong on a terminal; give --output FILE".into()).into());
        }
        copy(&api, &path, &mut output()).await?;
        return Ok(0);
    }
    let shown = arguments.output.display();
    let mut file = std::fs::File::create(&arguments.output).with_context(|| format!("{shown}"))?;
    copy(&api, &path, &mut file).await?;
    file.sync_all()?;
    let size = file.metadata()?.len();
    terminal::note(format!("{shown}: {}", figures::bytes(size)));
    Ok(0)
}

/// Standard output. On a terminal, what a repository says must not drive it.
pub(super) fn output() -> Box<dyn std::io::Write> {
    if std::io::stdout().is_terminal() {
        Box::new(Harmless)
    } else {
        Box::new(std::io::stdout())
    }
}

struct Harmless;

impl std::io::Write for Harmless {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        terminal::out(&terminal::harmless(&String::from_utf8_lossy(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(super) async fn copy(api: &Api, path: &str, to: &mut dyn std::io::Write) -> Result<()> {
    stream(api.open(path).await?, to).await?;
    Ok(())
}

/// Answers the number of bytes.
async fn stream(mut answer: reqwest::Response, to: &mut dyn std::io::Write) -> Result<usize> {
    let mut size = 0;
    while let Some(chunk) = answer.chunk().await.context("the download broke off")? {
        size += chunk.len();
        to.write_all(&chunk)?;
    }
    to.flush()?;
    Ok(size)
}
