//! The keys of a data directory, opened by whoever owns it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context as _, Result, bail};
use app::{App, MasterKeyReport};
use keys::{
    AuditKey, KeyRing, MOST_OLDER, SealingKey, SystemEntropy, from_key_file, new_key, write_key_file,
};
use ports::OrganisationKeys;
use tokio::sync::Notify;

use super::{
    names,
    source::{is_file, key_file, missing, names_of, read},
};
use crate::{
    config::Storage,
    serve::{admin, compose::plain},
};

/// Opens the keys, and changes them.
pub(in crate::serve) struct Keeper {
    storage: Storage,
    data_dir: PathBuf,
    key: Arc<SealingKey>,
    audit: Arc<AuditKey>,
    /// One change of the files at a time.
    files: Mutex<()>,
    /// Rung when there may be something to rewrite.
    pub(super) begun: Notify,
}

impl Keeper {
    /// Opens them; makes the key file when there is none and nothing was ever sealed.
    pub(in crate::serve) fn open(
        storage: &Storage,
        data_dir: &Path,
        keys: Arc<dyn OrganisationKeys>,
    ) -> Result<Self> {
        let mut known = names::known(data_dir)?;
        if is_file(storage) && !known.is_empty() && !key_file(data_dir).exists() {
            bail!("{}", missing(data_dir));
        }
        let ring = read(storage, data_dir)?;
        let here = names_of(&ring)?;
        names::compare(data_dir, &known, &here)?;
        // Before anything is sealed under it.
        let current = here.first().context("no key")?;
        if known.insert(current.clone()) {
            names::remember(data_dir, &known)?;
        }
        Ok(Self {
            audit: Arc::new(AuditKey::new(&ring.current)?),
            key: Arc::new(SealingKey::new(&ring, keys, Arc::new(SystemEntropy))?),
            storage: storage.clone(),
            data_dir: data_dir.to_owned(),
            files: Mutex::default(),
            begun: Notify::new(),
        })
    }

    pub(in crate::serve) fn key(&self) -> Arc<SealingKey> {
        Arc::clone(&self.key)
    }

    /// What the audit log is signed with: it belongs to the master key in use.
    pub(in crate::serve) fn audit(&self) -> Arc<AuditKey> {
        Arc::clone(&self.audit)
    }

    /// Turns to a new key, from `source` or made here. From then on everything new goes under it; the older one stays
    /// in the file and still opens.
    pub(in crate::serve) fn rotate(&self, source: Option<&Path>) -> Result<()> {
        let _one = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        self.own_file()?;
        let path = key_file(&self.data_dir);
        let old = from_key_file(&path, &SystemEntropy)?;
        if old.older.len() >= MOST_OLDER {
            bail!("there are {MOST_OLDER} older keys already; `coordinator master-key retire` first");
        }
        let new = match source {
            Some(source) => {
                // Without this a misspelt path would become a key file with a new key.
                if !source.is_file() {
                    bail!("{} is not a file", source.display());
                }
                from_key_file(source, &SystemEntropy)?.current
            }
            None => new_key(&SystemEntropy),
        };
        let mut older = vec![old.current];
        older.extend(old.older);
        let ring = KeyRing { current: new, older };
        let here = names_of(&ring)?;
        if here.iter().skip(1).any(|name| *name == here[0]) {
            bail!("the new key is one that is here already");
        }
        // The file first: from here on both keys are there, whenever a crash comes.
        write_key_file(&path, &ring, &SystemEntropy)?;
        let mut known = names::known(&self.data_dir)?;
        known.insert(here[0].clone());
        names::remember(&self.data_dir, &known)?;
        self.key.turn_to(&ring)?;
        self.audit.turn_to(&ring.current)?;
        self.begun.notify_one();
        Ok(())
    }

    /// Nothing in the data directory needs an older key any more, but for tokens in the logs of sessions.
    pub(super) fn settle(&self, report: &MasterKeyReport) -> Result<()> {
        let _one = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let done = BTreeSet::from([report.key_id.clone()]);
        if report.is_done() && names::known(&self.data_dir)? != done {
            names::remember(&self.data_dir, &done)?;
        }
        Ok(())
    }

    /// Takes the older keys out of the file.
    pub(in crate::serve) fn retire(&self, report: &MasterKeyReport) -> Result<()> {
        if !report.is_done() {
            bail!(
                "not everything is under the new key yet; `coordinator master-key status` says how far it is"
            );
        }
        self.own_file()?;
        self.settle(report)?;
        let _one = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let path = key_file(&self.data_dir);
        let mut ring = from_key_file(&path, &SystemEntropy)?;
        if names_of(&ring)?.first() != Some(&report.key_id) {
            bail!("the key file was changed meanwhile; ask again");
        }
        ring.older.clear();
        write_key_file(&path, &ring, &SystemEntropy)?;
        self.key.turn_to(&ring)?;
        Ok(())
    }

    /// Does what was asked at the admin socket, and says how things stand then.
    pub(in crate::serve) async fn answer(
        &self,
        app: &App,
        act: impl FnOnce(&Self, &MasterKeyReport) -> Result<()>,
    ) -> admin::Reply {
        let work = async {
            let report = app.master_key_report().await.map_err(plain)?;
            act(self, &report)?;
            app.master_key_report().await.map_err(plain)
        };
        match work.await {
            Ok(report) => admin::Reply::MasterKey(report),
            Err(error) => admin::Reply::Error(format!("{error:#}")),
        }
    }

    fn own_file(&self) -> Result<()> {
        if is_file(&self.storage) && self.storage.master_key_previous.is_none() {
            return Ok(());
        }
        bail!(
            "the master key comes from the environment or a command, so it is changed there: give the new key as \
             COORDINATOR_MASTER_KEY (or let the command print it in its first line), the one of before as \
             COORDINATOR_MASTER_KEY_PREVIOUS (or in its second line), and restart; the server does the rest while it \
             serves, and `coordinator master-key status` says when the old one may go"
        )
    }
}
