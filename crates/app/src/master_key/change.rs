//! Brings everything that an older master key still opens under the one in use.

use ports::{MasterKey, TenantStore};
use serde::{Deserialize, Serialize};

use crate::{App, AppError, model_providers::key_binding};

/// What is left on older master keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterKeyReport {
    /// Public name of the key in use.
    pub key_id: String,
    /// Public names of older keys that the server still has.
    pub older: Vec<String>,
    /// Data keys of organisations that are wrapped under another key than the one in use.
    pub data_keys: u64,
    /// Keys of model providers in format 1, which is sealed straight under a master key.
    pub model_keys: u64,
}

impl MasterKeyReport {
    /// Whether everything that can be rewritten is.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.data_keys == 0 && self.model_keys == 0
    }
}

/// How far it has come.
///
/// # Errors
/// When a store does not answer.
pub async fn master_key_report(
    key: &dyn MasterKey,
    tenants: &dyn TenantStore,
) -> Result<MasterKeyReport, AppError> {
    let standing = key.standing().await?;
    Ok(MasterKeyReport {
        key_id: standing.key_id,
        older: standing.older,
        data_keys: standing.data_keys_on_older,
        model_keys: tenants.count_old_sealed().await?,
    })
}

/// Rewrites up to `most` of each kind; answers how many it did. Each row is replaced in one commit, if it still is what
/// was read, so this may be broken off anywhere, run beside everything else, and begun again.
///
/// # Errors
/// When a store does not answer, or what is left is under a master key that is not here.
pub async fn change_step(
    key: &dyn MasterKey,
    tenants: &dyn TenantStore,
    most: usize,
) -> Result<u64, AppError> {
    let mut done = key.rewrap(most).await? as u64;
    let old = tenants.old_sealed(most).await?;
    let (found, mut moved) = (old.len(), 0);
    let mut closed = None;
    for row in old {
        let binding = key_binding(row.org, row.provider);
        match key.open(&binding, &row.sealed).await {
            Ok(secret) => {
                let sealed = key.seal(&binding, &secret).await?;
                // Changed or deleted meanwhile: that is as good.
                tenants.reseal(row, sealed).await?;
                moved += 1;
            }
            // It will not open tomorrow either; its owner is told when it is used. Others go on.
            Err(error @ ports::master_key::KeyError::DoesNotOpen) => closed = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    done += moved;
    match closed {
        Some(error) if found > 0 && done == 0 => Err(AppError::unavailable(format!(
            "{found} keys of model providers do not open with any master key that is here; give the older one along, or \
             have them entered again."
        ))
        .cause(error)),
        _ => Ok(done),
    }
}

impl App {
    /// As [`master_key_report`].
    ///
    /// # Errors
    /// When a store does not answer.
    pub async fn master_key_report(&self) -> Result<MasterKeyReport, AppError> {
        master_key_report(&*self.ports().master_key, &*self.ports().tenants).await
    }

    /// As [`change_step`].
    ///
    /// # Errors
    /// When a store does not answer, or what is left is under a master key that is not here.
    pub async fn change_master_key(&self, most: usize) -> Result<u64, AppError> {
        change_step(&*self.ports().master_key, &*self.ports().tenants, most).await
    }
}
