//! `bootstrap`: the first owner of an organisation and a key. Asks the running server, or opens the store itself.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use protocol::api::Bootstrapped;

use super::{DataDir, InUse, admin};
use crate::{
    cli::terminal,
    config::{SettingFlags, Sources},
};

#[derive(Debug, Args)]
pub struct BootstrapArgs {
    /// The server's data directory [env: COORDINATOR_DATA_DIR]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Configuration file [env: COORDINATOR_CONFIG]
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
    /// Address of the owner
    #[arg(long)]
    pub email: String,
    /// Short name of the organisation: a-z, 0-9 and -
    #[arg(long, value_name = "SLUG")]
    pub org: String,
    /// Add a link that signs the owner in, once, within a day: the way in for a further user, and for one who
    /// forgot their password
    #[arg(long)]
    pub sign_in_link: bool,
}

/// Runs the command: one JSON line on standard output.
///
/// # Errors
/// When the address or the organisation is not valid, or the store cannot be had.
pub async fn bootstrap(arguments: BootstrapArgs) -> Result<u8> {
    let mut flags = SettingFlags {
        file: arguments.config,
        ..SettingFlags::default()
    };
    if let Some(path) = arguments.data_dir {
        flags.given.insert(
            "storage.data_dir",
            path.to_str().context("--data-dir is not UTF-8")?.to_owned(),
        );
    }
    let config = Sources::gather(flags).read()?;
    // Where a server runs it knows its address better.
    let url = arguments.sign_in_link.then(|| config.url());
    let made = make(
        &config.storage.data_dir,
        &arguments.email,
        &arguments.org,
        url.as_deref(),
    )
    .await?;
    terminal::say(serde_json::to_string(&made)?);
    Ok(0)
}

async fn make(path: &std::path::Path, email: &str, org: &str, url: Option<&str>) -> Result<Bootstrapped> {
    let request = admin::Request::Bootstrap {
        email: email.to_owned(),
        org: org.to_owned(),
        sign_in_link: url.is_some(),
    };
    if let Some(reply) = admin::ask(path, &request).await? {
        return match reply {
            admin::Reply::Bootstrapped(made) => Ok(made),
            admin::Reply::Error(error) => bail!("{error}"),
            _ => bail!("the server answered something else"),
        };
    }
    let data_dir = DataDir::open(path).map_err(|error| match error.downcast_ref::<InUse>() {
        Some(in_use) => anyhow::anyhow!("{in_use}, or wait: it does not answer on its admin socket yet"),
        None => error,
    })?;
    super::compose::bootstrap_offline(&data_dir, email, org, url).await
}
