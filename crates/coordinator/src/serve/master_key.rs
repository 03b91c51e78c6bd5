//! The master key: from the environment, else from a file in the data directory that is made at the first start.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, Result};
use keys::{SealingKey, SystemEntropy, from_environment_value, from_key_file};
use ports::MasterKey as _;
use secrecy::ExposeSecret as _;

use crate::config::Config;

const FILE: &str = "master.key";

/// Opens it; makes the file when there is none.
pub(super) fn open(config: &Config, data_dir: &Path) -> Result<SealingKey> {
    let bytes = match &config.storage.master_key {
        Some(text) => from_environment_value(text.expose_secret()).context("COORDINATOR_MASTER_KEY")?,
        None => from_key_file(&data_dir.join(FILE), &SystemEntropy)?,
    };
    Ok(SealingKey::new(&bytes, Arc::new(SystemEntropy))?)
}

/// Looks whether it can be opened, without making one.
///
/// # Errors
/// When it cannot.
pub(crate) fn check(config: &Config) -> Result<String> {
    let path = config.storage.data_dir.join(FILE);
    if config.storage.master_key.is_none() && !path.exists() {
        return Ok("none yet; the server makes one".to_owned());
    }
    let key = open(config, &config.storage.data_dir)?;
    let place = if config.storage.master_key.is_some() {
        "COORDINATOR_MASTER_KEY".to_owned()
    } else {
        path.display().to_string()
    };
    Ok(format!("{} in {place}", key.key_id()))
}
