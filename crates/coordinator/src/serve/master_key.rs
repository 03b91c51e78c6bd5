//! The master key: from the environment, else from a file in the data directory that is made at the first start.
//!
//! A data directory remembers the public name of its key. With another key nothing in it that is sealed would open,
//! and a lost key file must not be replaced by a new one in silence; so the server does not start then.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result, bail};
use keys::{SealingKey, SystemEntropy, from_environment_value, from_key_file};
use ports::MasterKey as _;
use secrecy::ExposeSecret as _;

use crate::config::Config;

const FILE: &str = "master.key";
/// Holds the key's public name, which reveals nothing of it.
const NAME_FILE: &str = "master.key-id";

/// Opens it; makes the file when there is none.
pub(super) fn open(config: &Config, data_dir: &Path) -> Result<SealingKey> {
    let known = known(data_dir)?;
    if config.storage.master_key.is_none() && known.is_some() && !data_dir.join(FILE).exists() {
        bail!("{}", missing(data_dir));
    }
    let key = read(config, data_dir)?;
    match known {
        Some(known) => compare(data_dir, &known, &key)?,
        None => std::fs::write(data_dir.join(NAME_FILE), format!("{}\n", key.key_id())).context(NAME_FILE)?,
    }
    Ok(key)
}

/// Looks whether it can be opened, without making one.
///
/// # Errors
/// When it cannot, or is not the one of this data directory.
pub(crate) fn check(config: &Config) -> Result<String> {
    let data_dir = &config.storage.data_dir;
    let known = known(data_dir)?;
    let path = data_dir.join(FILE);
    if config.storage.master_key.is_none() && !path.exists() {
        if known.is_some() {
            bail!("{}", missing(data_dir));
        }
        return Ok("none yet; the server makes one".to_owned());
    }
    let key = read(config, data_dir)?;
    if let Some(known) = known {
        compare(data_dir, &known, &key)?;
    }
    let place = match &config.storage.master_key {
        Some(_) => "COORDINATOR_MASTER_KEY".to_owned(),
        None => path.display().to_string(),
    };
    Ok(format!("{} in {place}", key.key_id()))
}

fn read(config: &Config, data_dir: &Path) -> Result<SealingKey> {
    let bytes = match &config.storage.master_key {
        Some(text) => from_environment_value(text.expose_secret()).context("COORDINATOR_MASTER_KEY")?,
        None => from_key_file(&data_dir.join(FILE), &SystemEntropy)?,
    };
    Ok(SealingKey::new(&bytes, Arc::new(SystemEntropy))?)
}

fn known(data_dir: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(data_dir.join(NAME_FILE)) {
        Ok(text) => Ok(Some(text.trim().to_owned()).filter(|name| !name.is_empty())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context(NAME_FILE),
    }
}

fn compare(data_dir: &Path, known: &str, key: &SealingKey) -> Result<()> {
    if key.key_id() == known {
        return Ok(());
    }
    bail!(
        "this is the master key {}, but {} was sealed with {known}; {REMEDY} {}",
        key.key_id(),
        data_dir.display(),
        data_dir.join(NAME_FILE).display()
    )
}

fn missing(data_dir: &Path) -> String {
    format!(
        "the master key file {} is gone; {REMEDY} {}",
        data_dir.join(FILE).display(),
        data_dir.join(NAME_FILE).display()
    )
}

const REMEDY: &str =
    "put the right key back, or, if it is lost for good and model keys may be given anew, remove";
