//! Where the keys come from.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use keys::{
    COMMAND_LIMIT, KeyRing, SystemEntropy, from_command, from_environment_value, from_key_file, master_key_id,
};
use secrecy::ExposeSecret as _;

use super::names;
use crate::config::{Config, Storage};

const FILE: &str = "master.key";

pub(super) fn key_file(data_dir: &Path) -> PathBuf {
    data_dir.join(FILE)
}

/// Whether the keys are in a file of ours, which can be written anew.
pub(super) fn is_file(storage: &Storage) -> bool {
    storage.master_key.is_none() && storage.master_key_command.is_none()
}

/// All keys that are here; makes the file when there is no other source and no file.
pub(super) fn read(storage: &Storage, data_dir: &Path) -> Result<KeyRing> {
    let mut ring = match (&storage.master_key, &storage.master_key_command) {
        (Some(text), _) => from_environment_value(text.expose_secret())
            .context("COORDINATOR_MASTER_KEY")?
            .into(),
        (None, Some(command)) => {
            from_command(command, COMMAND_LIMIT).context("COORDINATOR_MASTER_KEY_COMMAND")?
        }
        (None, None) => from_key_file(&key_file(data_dir), &SystemEntropy)?,
    };
    if let Some(text) = &storage.master_key_previous {
        let previous =
            from_environment_value(text.expose_secret()).context("COORDINATOR_MASTER_KEY_PREVIOUS")?;
        ring.older.push(previous);
    }
    Ok(ring)
}

/// The public names of the keys, the one in use first.
pub(super) fn names_of(ring: &KeyRing) -> Result<Vec<String>> {
    std::iter::once(&ring.current)
        .chain(&ring.older)
        .map(|key| Ok(master_key_id(key)?))
        .collect()
}

/// Public names of the keys that are here, the one in use first; none before the first start. Makes nothing.
///
/// # Errors
/// When they cannot be read.
pub(crate) fn names_here(config: &Config) -> Result<Vec<String>> {
    let (storage, data_dir) = (&config.storage, &config.storage.data_dir);
    if is_file(storage) && !key_file(data_dir).exists() {
        return Ok(Vec::new());
    }
    names_of(&read(storage, data_dir)?)
}

pub(super) fn missing(data_dir: &Path) -> String {
    format!(
        "the master key file {} is gone; {} {}",
        key_file(data_dir).display(),
        names::REMEDY,
        names::file(data_dir).display()
    )
}

/// Looks whether it can be opened, without making one.
///
/// # Errors
/// When it cannot, or is not the one of this data directory.
pub(crate) fn check(config: &Config) -> Result<String> {
    let (storage, data_dir) = (&config.storage, &config.storage.data_dir);
    let known = names::known(data_dir)?;
    if is_file(storage) && !key_file(data_dir).exists() {
        if !known.is_empty() {
            bail!("{}", missing(data_dir));
        }
        return Ok("none yet; the server makes one".to_owned());
    }
    let here = names_of(&read(storage, data_dir)?)?;
    names::compare(data_dir, &known, &here)?;
    let place = match (&storage.master_key, &storage.master_key_command) {
        (Some(_), _) => "COORDINATOR_MASTER_KEY".to_owned(),
        (None, Some(_)) => "COORDINATOR_MASTER_KEY_COMMAND".to_owned(),
        (None, None) => key_file(data_dir).display().to_string(),
    };
    let (current, older) = here.split_first().context("no key")?;
    let mut detail = format!("{current} in {place}");
    if !older.is_empty() {
        detail.push_str(&format!(
            "; older keys are kept along: {}; `coordinator master-key status` says what still needs them",
            older.join(", ")
        ));
    }
    Ok(detail)
}
