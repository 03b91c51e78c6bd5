//! `sessions artifacts`: the files that a session leaves behind.

use std::{io::IsTerminal as _, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use protocol::{ArtifactId, SessionId, media};
use reqwest::Method;
use serde_json::Value;

use super::{
    Usage, figures,
    list::{self, Common},
    sessions_work::{copy, output},
    terminal::{self, Paint, one_line},
};
use crate::client::{escape, rows};

#[derive(Debug, Args)]
pub(super) struct ArtifactsArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What a session has left behind, oldest first
    List {
        /// Id of the session
        #[arg(value_name = "SESSION_ID")]
        session: SessionId,
        #[command(flatten)]
        common: Common,
    },
    /// Download one
    Get {
        /// Id of the session
        #[arg(value_name = "SESSION_ID")]
        session: SessionId,
        /// Id of the artifact
        #[arg(value_name = "ARTIFACT_ID")]
        artifact: ArtifactId,
        /// Where to write; `-` is standard output
        #[arg(long, short)]
        output: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Keep a file with a session
    Put {
        /// Id of the session
        #[arg(value_name = "SESSION_ID")]
        session: SessionId,
        /// The file
        file: PathBuf,
        /// Its name there; that of the file when absent
        #[arg(long)]
        name: Option<String>,
        /// Its media type; by the ending of its name when absent
        #[arg(long = "type", value_name = "TYPE")]
        media_type: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Take one away
    Delete {
        /// Id of the session
        #[arg(value_name = "SESSION_ID")]
        session: SessionId,
        /// Id of the artifact
        #[arg(value_name = "ARTIFACT_ID")]
        artifact: ArtifactId,
        #[command(flatten)]
        common: Common,
    },
}

pub(super) async fn run(arguments: ArtifactsArgs) -> Result<u8> {
    match arguments.command {
        Command::List { session, common } => list(session, &common).await,
        Command::Get {
            session,
            artifact,
            output,
            common,
        } => get(session, artifact, output, &common).await,
        Command::Put {
            session,
            file,
            name,
            media_type,
            common,
        } => {
            let of_file = file.file_name().and_then(|name| name.to_str()).map(str::to_owned);
            let name = name
                .or(of_file)
                .ok_or_else(|| Usage("the file has no name; give one with --name".into()))?;
            let kind = media_type.unwrap_or_else(|| media::type_of(&name).to_owned());
            let path = format!("/v1/sessions/{session}/artifacts?name={}", escape(&name));
            let made = common.api()?.upload_as(&path, &file, &kind).await?;
            common.show(&made, |made| list::cell(made, "id"))?;
            Ok(0)
        }
        Command::Delete {
            session,
            artifact,
            common,
        } => {
            let path = format!("/v1/sessions/{session}/artifacts/{artifact}");
            common.api()?.change(Method::DELETE, &path, None).await?;
            terminal::note(format!("{artifact}: removed"));
            Ok(0)
        }
    }
}

async fn list(session: SessionId, common: &Common) -> Result<u8> {
    let path = format!("/v1/sessions/{session}/artifacts?limit=200");
    let found = common.api()?.get(&path).await?;
    common.show(&found, |found| {
        let rows: Vec<Vec<String>> = rows(found)
            .iter()
            .map(|one| {
                let size = one.get("size_bytes").and_then(Value::as_u64).unwrap_or(0);
                vec![
                    list::cell(one, "id"),
                    figures::bytes(size),
                    one_line(&list::cell(one, "media_type"), 40),
                    one_line(&list::cell(one, "name"), 100),
                ]
            })
            .collect();
        super::table::table(&["id", "size", "type", "name"], &rows, Paint::detect())
    })
}

async fn get(session: SessionId, artifact: ArtifactId, to: PathBuf, common: &Common) -> Result<u8> {
    let api = common.api()?;
    let path = format!("/v1/sessions/{session}/artifacts/{artifact}");
    if to.as_os_str() == "-" {
        if std::io::stdout().is_terminal() {
            terminal::note("shown as text; give --output FILE for the bytes as they are");
        }
        copy(&api, &path, &mut output()).await?;
        return Ok(0);
    }
    let shown = to.display();
    let mut file = std::fs::File::create(&to).with_context(|| format!("{shown}"))?;
    copy(&api, &path, &mut file).await?;
    file.sync_all()?;
    terminal::note(format!("{shown}: {}", figures::bytes(file.metadata()?.len())));
    Ok(0)
}
