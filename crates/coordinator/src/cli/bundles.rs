//! `sessions export` and `import`: a whole session as one file.

use std::{
    fs::{File, OpenOptions},
    io::{IsTerminal as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use bundle::{Checked, Limits};
use clap::Args;
use protocol::SessionId;
use serde_json::Value;

use super::{
    Usage, figures,
    list::{self, Common},
    table,
    terminal::{self, Paint, one_line},
};
use crate::client::escape;

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Id of the session
    #[arg(value_name = "SESSION_ID")]
    session: SessionId,
    /// Where to write; `-` is standard output [default: SESSION_ID.bundle.tar]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Log and artifacts alone: the conversation can be read elsewhere, not continued
    #[arg(long)]
    without_workspace: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// The bundle
    #[arg(value_name = "FILE")]
    bundle: PathBuf,
    /// Model for what is to come, where the one of the bundle is not available
    #[arg(long)]
    model: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// A sandbox that the session has is stopped; the file is checked before it gets its name.
pub(super) async fn export(arguments: ExportArgs) -> Result<u8> {
    let api = arguments.common.api()?;
    let path = format!(
        "/v1/sessions/{}/bundle?workspace={}",
        arguments.session, !arguments.without_workspace
    );
    let output = arguments
        .output
        .unwrap_or_else(|| PathBuf::from(format!("{}.bundle.tar", arguments.session)));
    if output.as_os_str() == "-" {
        if std::io::stdout().is_terminal() {
            return Err(Usage("a bundle does not belong on a terminal; give --output FILE".into()).into());
        }
        let mut answer = api.open(&path).await?;
        let mut stdout = std::io::stdout();
        while let Some(chunk) = answer.chunk().await.context("the download broke off")? {
            stdout.write_all(&chunk)?;
        }
        stdout.flush()?;
        return Ok(0);
    }
    let mut answer = api.open(&path).await?;
    let part = Part::beside(&output)?;
    let mut file = &part.file;
    while let Some(chunk) = answer.chunk().await.context("the download broke off")? {
        file.write_all(&chunk)
            .with_context(|| format!("{}", part.path.display()))?;
    }
    let checked = bundle::check(&mut &part.file, &generous()).context("the bundle did not arrive whole")?;
    let size = part.file.metadata()?.len();
    part.keep(&output)?;
    if arguments.common.json {
        terminal::say(serde_json::to_string_pretty(&checked.manifest)?);
    } else {
        terminal::note(format!(
            "{}: {}, verified",
            output.display(),
            figures::bytes(size)
        ));
        terminal::out(&contents(&checked));
    }
    Ok(0)
}

pub(super) async fn import(arguments: ImportArgs) -> Result<u8> {
    let api = arguments.common.api()?;
    let shown = arguments.bundle.display().to_string();
    // Looked at here first: what is damaged need not travel.
    let mut file = File::open(&arguments.bundle).with_context(|| shown.clone())?;
    bundle::check(&mut file, &generous()).with_context(|| shown.clone())?;
    let mut path = "/v1/sessions/import".to_owned();
    if let Some(model) = &arguments.model {
        path.push_str(&format!("?model={}", escape(model)));
    }
    let answer = api.upload(&path, &arguments.bundle).await?;
    arguments.common.show(&answer, imported)
}

fn imported(session: &Value) -> String {
    let cell = |path: &str| one_line(&list::cell(session, path), 200);
    let paint = Paint::detect();
    let mut text = format!(
        "{} {}\n",
        paint.bold(&cell("id")),
        cell("title").trim_start_matches('-')
    );
    text.push_str(&format!(
        "  {} {} of {}\n",
        paint.dim("from       "),
        cell("imported_from.session_id"),
        cell("imported_from.installation")
    ));
    text.push_str(&format!("  {} {}\n", paint.dim("status     "), cell("status")));
    text.push_str(&format!("  {} {}\n", paint.dim("events     "), cell("head")));
    text
}

/// What a command line takes: the server has its own, tighter limits.
pub(super) fn generous() -> Limits {
    Limits {
        log: 4 << 30,
        files: 64 << 30,
        artifact: 8 << 30,
        artifacts: 100_000,
    }
}

fn contents(checked: &Checked) -> String {
    let rows: Vec<Vec<String>> = checked
        .manifest
        .members
        .iter()
        .map(|member| {
            vec![
                one_line(
                    member
                        .artifact
                        .as_ref()
                        .map_or(&member.name, |artifact| &artifact.name),
                    60,
                ),
                figures::bytes(member.size),
                figures::bytes(member.content_size),
                member.sha256.chars().take(16).collect(),
            ]
        })
        .collect();
    table::table(&["member", "size", "unpacked", "sha256"], &rows, Paint::detect())
}

/// A file on its way to its name. Removed unless it is kept.
struct Part {
    path: PathBuf,
    file: File,
}

impl Part {
    fn beside(output: &Path) -> Result<Self> {
        let mut name = output.as_os_str().to_owned();
        name.push(".part");
        let path = PathBuf::from(name);
        if output.is_dir() {
            bail!("{} is a directory; name a file", output.display());
        }
        // Somebody's work is in it: nobody else is to read it.
        let file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("{}", path.display()))?;
        Ok(Self { path, file })
    }

    fn keep(self, output: &Path) -> Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.path, output).with_context(|| format!("{}", output.display()))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Gone already when it was kept.
        let _ = std::fs::remove_file(&self.path);
    }
}
