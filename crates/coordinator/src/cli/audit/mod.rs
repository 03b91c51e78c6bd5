//! `audit`: who did what, or tried to, and whether the log is as it was written.

mod verify;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use protocol::Timestamp;

use super::{
    figures,
    list::{self, Common, Paging},
    runs::export::copy,
    sessions_work, terminal,
};
use crate::{
    client::{Api, ClientArgs, Endpoint, escape},
    config::{Config, SettingFlags, Sources},
    serve,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Newest first
    #[command(after_long_help = "Example:\n  coordinator audit list --action api_key. --outcome denied")]
    List {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        paging: Paging,
        #[command(flatten)]
        common: Common,
    },
    /// The whole chain with its signed checkpoints (NDJSON), or records as a table (CSV)
    #[command(
        after_long_help = "Examples:\n  coordinator audit export --output audit.ndjson\n  coordinator audit export --format csv --since 2026-01-01T00:00:00Z --output audit.csv\n\nOnly the NDJSON can be verified. It has no filters."
    )]
    Export(Box<ExportArgs>),
    /// Check every record, hash and signature; works with and without a running server, and on an exported file
    #[command(
        after_long_help = "Examples:\n  coordinator audit verify --data-dir /var/lib/coordinator\n  coordinator audit verify --file audit.ndjson --public-key HEX\n\nNames the organisation and the record where something was changed. Exit code 1 then."
    )]
    Verify(verify::VerifyArgs),
    /// Print the public key that checkpoints are checked with: keep a copy elsewhere
    Key(Place),
}

/// Which data directory.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// The server's data directory [env: COORDINATOR_DATA_DIR]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Configuration file [env: COORDINATOR_CONFIG]
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
}

impl Place {
    fn read(&self) -> Result<Config> {
        let mut flags = SettingFlags {
            file: self.config.clone(),
            ..SettingFlags::default()
        };
        if let Some(path) = &self.data_dir {
            let path = path.to_str().context("--data-dir is not UTF-8")?.to_owned();
            flags.given.insert("storage.data_dir", path);
        }
        Ok(Sources::gather(flags).read()?)
    }
}

/// Which records.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Id of a user or of an API key, `operator` or `system`
    #[arg(long)]
    actor: Option<String>,
    /// What the action begins with
    #[arg(long)]
    action: Option<String>,
    /// Id of what it was done to
    #[arg(long)]
    target: Option<String>,
    /// allowed, denied or failed
    #[arg(long)]
    outcome: Option<String>,
    /// Made at or after, for example 2026-01-31T12:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Made before
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
}

impl Which {
    fn address(&self, format: &str) -> String {
        let mut query = vec![format!("format={format}")];
        let mut add = |name: &str, value: Option<String>| {
            query.extend(value.map(|value| format!("{name}={}", escape(&value))));
        };
        add("actor", self.actor.clone());
        add("action", self.action.clone());
        add("target", self.target.clone());
        add("outcome", self.outcome.clone());
        add("since", self.since.map(|at| at.to_string()));
        add("until", self.until.map(|at| at.to_string()));
        format!("/v1/audit?{}", query.join("&"))
    }
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Ndjson,
    Csv,
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    which: Which,
    #[arg(long, value_enum, default_value = "ndjson")]
    format: Format,
    /// File to write; `-` is standard output
    #[arg(long, short, default_value = "-")]
    output: PathBuf,
    #[command(flatten)]
    client: ClientArgs,
}

pub(super) async fn run(command: Command) -> Result<u8> {
    match command {
        Command::List {
            which,
            paging,
            common,
        } => {
            let answer = list::all(&common.api()?, &which.address("json"), &paging).await?;
            common.show(&answer, |answer| {
                let columns = [
                    ("seq", "seq"),
                    ("when", "at"),
                    ("who", "actor.name"),
                    ("as", "actor.type"),
                    ("action", "action"),
                    ("outcome", "outcome"),
                    ("target", "target"),
                    ("address", "address"),
                ];
                list::table(answer, &columns, ("nothing was noted", ""))
            })
        }
        Command::Export(arguments) => export(*arguments).await,
        Command::Verify(arguments) => verify::verify(&arguments),
        Command::Key(place) => {
            let config = place.read()?;
            let keys = serve::audit_public_keys(&config)?;
            let key = keys.first().with_context(|| {
                format!(
                    "{} has no master key yet; the server makes one",
                    config.storage.data_dir.display()
                )
            })?;
            terminal::say(key.to_string());
            Ok(0)
        }
    }
}

async fn export(arguments: ExportArgs) -> Result<u8> {
    let api = Api::new(Endpoint::find(&arguments.client)?)?;
    let path = arguments.which.address(match arguments.format {
        Format::Ndjson => "ndjson",
        Format::Csv => "csv",
    });
    if arguments.output.as_os_str() == "-" {
        copy(&api, &path, &mut sessions_work::output()).await?;
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
