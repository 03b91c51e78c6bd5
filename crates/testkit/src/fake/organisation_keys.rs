//! Wrapped keys of organisations, in memory.

use std::{collections::BTreeMap, sync::Mutex};

use async_trait::async_trait;
use domain::sealed::{KeptKey, WrappedKey};
use ports::{OrganisationKeys, StoreError};
use protocol::OrgId;

use super::lock;

/// Keeps everything in a map; `None` = destroyed.
#[derive(Debug, Default)]
pub struct MemoryOrganisationKeys(Mutex<BTreeMap<OrgId, Option<WrappedKey>>>);

impl MemoryOrganisationKeys {
    fn kept(&self, org: OrgId) -> KeptKey {
        match lock(&self.0).get(&org) {
            None => KeptKey::Absent,
            Some(None) => KeptKey::Shredded,
            Some(Some(key)) => KeptKey::Wrapped(key.clone()),
        }
    }

    fn others(&self, key_id: &str) -> Vec<WrappedKey> {
        let keys = lock(&self.0);
        keys.values()
            .flatten()
            .filter(|key| key.key_id != key_id)
            .cloned()
            .collect()
    }
}

#[async_trait]
impl OrganisationKeys for MemoryOrganisationKeys {
    async fn lookup(&self, org: OrgId) -> Result<KeptKey, StoreError> {
        Ok(self.kept(org))
    }

    async fn ensure(&self, key: WrappedKey) -> Result<KeptKey, StoreError> {
        let org = key.org;
        lock(&self.0).entry(org).or_insert(Some(key));
        Ok(self.kept(org))
    }

    async fn replace(&self, old: WrappedKey, new: WrappedKey) -> Result<bool, StoreError> {
        let mut keys = lock(&self.0);
        match keys.get_mut(&old.org) {
            Some(Some(kept)) if *kept == old && new.org == old.org => {
                *kept = new;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn shred(&self, org: OrgId) -> Result<(), StoreError> {
        lock(&self.0).insert(org, None);
        Ok(())
    }

    async fn wrapped_by_others(&self, key_id: &str, most: usize) -> Result<Vec<WrappedKey>, StoreError> {
        let mut others = self.others(key_id);
        others.truncate(most);
        Ok(others)
    }

    async fn count_wrapped_by_others(&self, key_id: &str) -> Result<u64, StoreError> {
        Ok(self.others(key_id).len() as u64)
    }
}
