//! `master-key`: how far a change of the master key is, and the change itself. Asks the running server, or does it alone.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use app::{MasterKeyReport, change_step, master_key_report};
use clap::{Args, Subcommand};
use session_log::{OldTokens, old_tokens};
use store::{Database, KeyDatabase};

use super::{Keeper, change::STEP};
use crate::{
    cli::terminal,
    config::{Config, SettingFlags, Sources},
    serve::{DataDir, InUse, admin, compose::plain},
};

/// Session files that are looked into for tokens of an earlier version: some seconds of reading.
pub(crate) const MOST_SESSION_FILES: u64 = 50_000;

#[derive(Debug, Subcommand)]
pub enum MasterKeyCommand {
    /// Which key is in use, and what an older one still wraps
    Status(Place),
    /// Turn to a new key: made here, or read from a file; the server goes on meanwhile
    #[command(
        after_long_help = "Examples:\n  coordinator master-key rotate --data-dir /var/lib/coordinator\n  coordinator master-key rotate --new-key-file /run/keys/new\n\nThe older key stays in the key file and still opens; `master-key retire` takes it out. Where the key comes from the environment or a command, set COORDINATOR_MASTER_KEY_PREVIOUS and restart instead. Broken off at any point, it goes on at the next start."
    )]
    Rotate {
        /// File that holds the new key, readable by its owner alone
        #[arg(long, value_name = "FILE")]
        new_key_file: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Take older keys out of the key file, once nothing needs them
    #[command(
        after_long_help = "Git tokens of sessions that an earlier version made (sealed in format 1, in the session's own log) open with the older key alone: `master-key status` counts them, and while there are any the key is not retired unless `--abandon-tokens` is given."
    )]
    Retire {
        /// Also when repository tokens of sessions need an older key: they can't be used any more then
        #[arg(long)]
        abandon_tokens: bool,
        #[command(flatten)]
        place: Place,
    },
}

/// Which server.
#[derive(Debug, Args)]
pub struct Place {
    /// The server's data directory [env: COORDINATOR_DATA_DIR]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Configuration file [env: COORDINATOR_CONFIG]
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// When the key cannot be changed or the data directory cannot be had.
pub async fn master_key(command: MasterKeyCommand) -> Result<u8> {
    let (place, wish) = match command {
        MasterKeyCommand::Status(place) => (place, Wish::Status),
        MasterKeyCommand::Rotate { new_key_file, place } => {
            let file =
                new_key_file.map(|file| file.canonicalize().with_context(|| file.display().to_string()));
            (place, Wish::Rotate(file.transpose()?))
        }
        MasterKeyCommand::Retire {
            abandon_tokens,
            place,
        } => (place, Wish::Retire { abandon_tokens }),
    };
    let config = config(&place)?;
    let data_dir = &config.storage.data_dir;
    let tokens = old_tokens(data_dir, MOST_SESSION_FILES)?;
    if matches!(
        wish,
        Wish::Retire {
            abandon_tokens: false
        }
    ) {
        keep_for(&tokens, &config)?;
    }
    let mut report = match admin::ask(data_dir, &wish.request()).await? {
        Some(reply) => of_reply(reply)?,
        None => return alone(&config, &wish, &tokens, place.json).await,
    };
    if matches!(wish, Wish::Rotate(_)) {
        // The server works; what is asked here is only how far it is.
        let mut last = None;
        while !report.is_done() {
            let left = report.data_keys + report.model_keys;
            if last.replace(left) != Some(left) {
                terminal::note(format!("{left} left"));
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            let reply = admin::ask(data_dir, &admin::Request::MasterKeyStatus).await?;
            report = of_reply(reply.context("the server is gone; it goes on at its next start")?)?;
        }
    }
    say(&report, &tokens, place.json)
}

enum Wish {
    Status,
    Rotate(Option<PathBuf>),
    Retire { abandon_tokens: bool },
}

impl Wish {
    fn request(&self) -> admin::Request {
        match self {
            Self::Status => admin::Request::MasterKeyStatus,
            Self::Rotate(file) => admin::Request::MasterKeyRotate {
                new_key_file: file.clone(),
            },
            Self::Retire { .. } => admin::Request::MasterKeyRetire,
        }
    }
}

/// Refuses while a session's token opens with an older key alone.
fn keep_for(tokens: &OldTokens, config: &Config) -> Result<()> {
    let here = super::names_here(config)?;
    let older: u64 = tokens
        .by_key
        .iter()
        .filter(|(key, _)| here.iter().skip(1).any(|name| name == *key))
        .map(|(_, sessions)| sessions)
        .sum();
    if older > 0 {
        bail!(
            "repository tokens of {older} sessions open with an older key alone; delete those sessions first, or give \
             --abandon-tokens: they work on without their tokens then"
        );
    }
    if tokens.more {
        terminal::note(format!("only the first {} sessions were looked at", tokens.files));
    }
    Ok(())
}

fn of_reply(reply: admin::Reply) -> Result<MasterKeyReport> {
    match reply {
        admin::Reply::MasterKey(report) => Ok(report),
        admin::Reply::Error(error) => bail!("{error}"),
        _ => bail!("the server answered something else"),
    }
}

fn config(place: &Place) -> Result<Config> {
    let mut flags = SettingFlags {
        file: place.config.clone(),
        ..SettingFlags::default()
    };
    if let Some(path) = &place.data_dir {
        let path = path.to_str().context("--data-dir is not UTF-8")?;
        flags.given.insert("storage.data_dir", path.to_owned());
    }
    Ok(Sources::gather(flags).read()?)
}

fn open(path: &Path, config: &Config) -> Result<(Keeper, Database)> {
    let keys = std::sync::Arc::new(KeyDatabase::open(&path.join("keys.db"))?);
    Ok((
        Keeper::open(&config.storage, path, keys)?,
        Database::open(&path.join("coordinator.db"))?,
    ))
}

/// Without a server.
async fn alone(config: &Config, wish: &Wish, tokens: &OldTokens, json: bool) -> Result<u8> {
    let data_dir =
        DataDir::open(&config.storage.data_dir).map_err(|error| match error.downcast_ref::<InUse>() {
            Some(in_use) => anyhow::anyhow!("{in_use}, or wait: it does not answer on its admin socket yet"),
            None => error,
        })?;
    let (keeper, database) = open(data_dir.path(), config)?;
    let key = keeper.key();
    if let Wish::Rotate(file) = wish {
        keeper.rotate(file.as_deref())?;
        let mut all = 0;
        loop {
            let done = change_step(&*key, &database, STEP).await.map_err(plain)?;
            if done == 0 {
                break;
            }
            all += done;
            terminal::note(format!("{all} done"));
        }
    }
    let report = master_key_report(&*key, &database).await.map_err(plain)?;
    match wish {
        Wish::Rotate(_) => keeper.settle(&report)?,
        Wish::Retire { .. } => keeper.retire(&report)?,
        Wish::Status => {}
    }
    let report = master_key_report(&*key, &database).await.map_err(plain)?;
    say(&report, tokens, json)
}

/// The report, and what the logs of sessions hold.
#[derive(serde::Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    report: &'a MasterKeyReport,
    /// Sessions whose repository token is in format 1, by the key that opens it.
    repository_tokens: &'a std::collections::BTreeMap<String, u64>,
}

fn say(report: &MasterKeyReport, tokens: &OldTokens, json: bool) -> Result<u8> {
    if json {
        let shown = Shown {
            report,
            repository_tokens: &tokens.by_key,
        };
        terminal::say(serde_json::to_string(&shown)?);
        return Ok(0);
    }
    terminal::say(format!("master key in use    {}", report.key_id));
    let older = if report.older.is_empty() {
        "none".to_owned()
    } else {
        report.older.join(", ")
    };
    terminal::say(format!("older keys kept      {older}"));
    terminal::say(format!("data keys left       {}", report.data_keys));
    terminal::say(format!("model keys left      {}", report.model_keys));
    for (key, sessions) in &tokens.by_key {
        terminal::say(format!(
            "session tokens of an earlier version under {key}: {sessions}"
        ));
    }
    let needed = report.older.iter().any(|key| tokens.by_key.contains_key(key));
    if report.is_done() && !report.older.is_empty() && !needed {
        terminal::say("Nothing needs an older key: `coordinator master-key retire` takes it away.");
    }
    Ok(0)
}
