//! The port: data keys of organisations, unwrapped when they are first used and held in memory, and what is sealed
//! under them.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};

use async_trait::async_trait;
use aws_lc_rs::{aead::NONCE_LEN, hkdf::Prk};
use domain::sealed::{Binding, KeptKey, Sealed, WrappedKey};
use ports::{
    Entropy, MasterKey, OrganisationKeys, StoreError,
    master_key::{KeyError, KeyStanding},
};
use protocol::OrgId;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::{
    derive,
    ring::{KeyRing, Master, Masters},
    seal,
};

/// Data keys held unwrapped; past that all are let go and unwrapped again when they are needed.
const MOST_HELD: usize = 4096;

/// Seals and opens with data keys that the master keys wrap.
pub struct SealingKey {
    masters: RwLock<Masters>,
    keys: Arc<dyn OrganisationKeys>,
    entropy: Arc<dyn Entropy>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    keys: HashMap<OrgId, Arc<DataKey>>,
    /// Destroyed in this process: a key that was read just before must not be held after.
    shredded: HashSet<OrgId>,
}

struct DataKey {
    prk: Prk,
    key_id: String,
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKey")
            .field("key_id", &self.masters().current.key_id)
            .finish_non_exhaustive()
    }
}

impl SealingKey {
    /// From the keys that a source gave. Data keys are made with `entropy`, and so are nonces.
    ///
    /// # Errors
    /// When keys cannot be derived, which only a broken crypto library does.
    pub fn new(
        ring: &KeyRing,
        keys: Arc<dyn OrganisationKeys>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            masters: RwLock::new(Masters::new(ring)?),
            keys,
            entropy,
            held: Mutex::default(),
        })
    }

    /// From now on new keys are wrapped under the first of `ring`; the others still open.
    ///
    /// # Errors
    /// As [`SealingKey::new`].
    pub fn turn_to(&self, ring: &KeyRing) -> Result<(), KeyError> {
        let masters = Masters::new(ring)?;
        *self.masters.write().unwrap_or_else(PoisonError::into_inner) = masters;
        Ok(())
    }

    fn masters(&self) -> RwLockReadGuard<'_, Masters> {
        self.masters.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn current(&self) -> Arc<Master> {
        Arc::clone(&self.masters().current)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn nonce(&self) -> [u8; NONCE_LEN] {
        let mut nonce = [0; NONCE_LEN];
        self.entropy.fill(&mut nonce);
        nonce
    }

    fn wrap(&self, master: &Master, org: OrgId, data_key: &[u8; 32]) -> Result<WrappedKey, KeyError> {
        let key = derive::wrapping_key(&master.prk, org)?;
        seal::wrap(&key, &master.key_id, org, self.nonce(), data_key)
    }

    fn unwrap_key(&self, org: OrgId, wrapped: &WrappedKey) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let master = self
            .masters()
            .find(&wrapped.key_id)
            .ok_or(KeyError::DoesNotOpen)?;
        seal::unwrap_key(&derive::wrapping_key(&master.prk, org)?, org, wrapped)
    }

    /// The data key of an organisation, if it has one. `Err(Shredded)` when it was destroyed.
    async fn data_key(&self, org: OrgId) -> Result<Option<Arc<DataKey>>, KeyError> {
        if let Some(known) = self.held_key(org)? {
            return Ok(Some(known));
        }
        match self.keys.lookup(org).await.map_err(unavailable)? {
            KeptKey::Absent => Ok(None),
            KeptKey::Shredded => Err(KeyError::Shredded),
            KeptKey::Wrapped(wrapped) => self.hold(org, &wrapped).map(Some),
        }
    }

    fn held_key(&self, org: OrgId) -> Result<Option<Arc<DataKey>>, KeyError> {
        let held = self.held();
        if held.shredded.contains(&org) {
            return Err(KeyError::Shredded);
        }
        Ok(held.keys.get(&org).cloned())
    }

    fn hold(&self, org: OrgId, wrapped: &WrappedKey) -> Result<Arc<DataKey>, KeyError> {
        let prk = derive::extract_data_key(&*self.unwrap_key(org, wrapped)?);
        let key_id = derive::key_id(&prk)?;
        let key = Arc::new(DataKey { prk, key_id });
        let mut held = self.held();
        if held.shredded.contains(&org) {
            return Err(KeyError::Shredded);
        }
        if held.keys.len() >= MOST_HELD {
            held.keys.clear();
        }
        held.keys.insert(org, Arc::clone(&key));
        Ok(key)
    }

    /// Makes a data key; when another was faster, that one counts.
    async fn make(&self, org: OrgId) -> Result<Arc<DataKey>, KeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        self.entropy.fill(&mut *bytes);
        let wrapped = self.wrap(&self.current(), org, &bytes)?;
        match self.keys.ensure(wrapped).await.map_err(unavailable)? {
            KeptKey::Wrapped(kept) => self.hold(org, &kept),
            KeptKey::Shredded => Err(KeyError::Shredded),
            KeptKey::Absent => Err(KeyError::Unavailable("the key was not kept".into())),
        }
    }
}

fn unavailable(error: StoreError) -> KeyError {
    KeyError::Unavailable(format!("the keys of organisations cannot be had: {error}"))
}

/// For who opens, a destroyed key is one that does not fit.
fn as_closed(error: KeyError) -> KeyError {
    match error {
        KeyError::Shredded => KeyError::DoesNotOpen,
        other => other,
    }
}

#[async_trait]
impl MasterKey for SealingKey {
    async fn seal(&self, binding: &Binding, secret: &SecretString) -> Result<Sealed, KeyError> {
        let data_key = match self.data_key(binding.org).await? {
            Some(key) => key,
            None => self.make(binding.org).await?,
        };
        let key = derive::sealing_key(&data_key.prk, binding)?;
        seal::seal(
            &key,
            &data_key.key_id,
            binding,
            self.nonce(),
            secret.expose_secret(),
        )
    }

    async fn open(&self, binding: &Binding, sealed: &Sealed) -> Result<SecretString, KeyError> {
        // Asked for the old format too: after its key was destroyed an organisation has no secrets.
        let data_key = self.data_key(binding.org).await.map_err(as_closed)?;
        match sealed.version {
            seal::OF_DATA_KEY => {
                let data_key = data_key.ok_or(KeyError::DoesNotOpen)?;
                let key = derive::sealing_key(&data_key.prk, binding)?;
                seal::open(&key, &data_key.key_id, binding, sealed)
            }
            seal::OF_MASTER => {
                let master = self.masters().find(&sealed.key_id).ok_or(KeyError::DoesNotOpen)?;
                let key = derive::sealing_key_of_master(&master.prk, binding)?;
                seal::open(&key, &master.key_id, binding, sealed)
            }
            _ => Err(KeyError::DoesNotOpen),
        }
    }

    async fn shred(&self, org: OrgId) -> Result<(), KeyError> {
        {
            let mut held = self.held();
            held.shredded.insert(org);
            held.keys.remove(&org);
        }
        self.keys.shred(org).await.map_err(unavailable)
    }

    async fn rewrap(&self, most: usize) -> Result<usize, KeyError> {
        let current = self.current();
        let old = self
            .keys
            .wrapped_by_others(&current.key_id, most)
            .await
            .map_err(unavailable)?;
        let found = old.len();
        let mut done = 0;
        for wrapped in old {
            let bytes = match self.unwrap_key(wrapped.org, &wrapped) {
                Ok(bytes) => bytes,
                // One whose master key is not here stays as it is, and is counted.
                Err(KeyError::DoesNotOpen) => continue,
                Err(error) => return Err(error),
            };
            let new = self.wrap(&current, wrapped.org, &bytes)?;
            // Replaced or destroyed meanwhile: that is as good.
            self.keys.replace(wrapped, new).await.map_err(unavailable)?;
            done += 1;
        }
        if found > 0 && done == 0 {
            return Err(KeyError::Unavailable(format!(
                "{found} data keys are wrapped under a master key that is not here"
            )));
        }
        Ok(done)
    }

    async fn standing(&self) -> Result<KeyStanding, KeyError> {
        let (key_id, older) = {
            let masters = self.masters();
            let older = masters.older.iter().map(|master| master.key_id.clone());
            (masters.current.key_id.clone(), older.collect())
        };
        let left = self
            .keys
            .count_wrapped_by_others(&key_id)
            .await
            .map_err(unavailable)?;
        Ok(KeyStanding {
            key_id,
            older,
            data_keys_on_older: left,
        })
    }

    fn key_id(&self) -> String {
        self.current().key_id.clone()
    }
}
