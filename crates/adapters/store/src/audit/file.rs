//! The audit log looked at from outside, with or without a running server: nothing is made or changed.

use std::{collections::BTreeMap, path::Path};

use domain::audit::{Broken, Fault, Signed, Verified, Verifier};
use protocol::{
    OrgId,
    audit::{AuditCheckpoint, AuditHead, AuditRecord},
};
use rusqlite::{Connection, Row};

use super::rows;
use crate::{error::Failure, look::open_read_only};

/// Why the file as a whole cannot be checked.
#[derive(Debug, thiserror::Error)]
#[error("the file cannot be read: {0}")]
pub struct FileError(String);

impl From<Failure> for FileError {
    fn from(failure: Failure) -> Self {
        Self(failure.to_string())
    }
}

impl From<rusqlite::Error> for FileError {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

/// `audit.db`, read from its first record to its last.
#[derive(Debug)]
pub struct AuditFile(Connection);

impl AuditFile {
    /// # Errors
    /// When there is no such file, or it is none of this kind.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        Ok(Self(open_read_only(path)?))
    }

    /// Where each organisation's chain begins and ends. Cheap.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn heads(&self) -> Result<Vec<AuditHead>, FileError> {
        Ok(self.all("head", rows::HEAD, "org", rows::head)?)
    }

    fn all<T>(
        &self,
        table: &str,
        columns: &str,
        order: &str,
        read: impl FnMut(&Row<'_>) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        self.0
            .prepare(&format!("SELECT {columns} FROM {table} ORDER BY {order}"))?
            .query_and_then([], read)?
            .collect()
    }

    /// Checks every chain; for each organisation what it amounts to, or the first place where it does not hold.
    /// `signed` says what a checkpoint's signature is worth. One walk through the table from its start to its end, and
    /// no search: what is damaged must not hide what follows.
    ///
    /// # Errors
    /// When the file is so damaged that the walk ends without a record to name.
    pub fn verify(
        &self,
        signed: impl Fn(&AuditCheckpoint) -> Signed,
    ) -> Result<BTreeMap<OrgId, Result<Verified, Broken>>, FileError> {
        // One state of the file, also while a server writes.
        self.0.execute_batch("BEGIN")?;
        let mut walk = Walk::new(self.heads()?, signed);
        let checkpoints = self.all("checkpoint", rows::CHECKPOINT, "org, seq", rows::checkpoint)?;
        for checkpoint in checkpoints {
            walk.expect(checkpoint);
        }
        let mut query = self
            .0
            .prepare(&format!("SELECT {} FROM record ORDER BY org, seq", rows::RECORD))?;
        let mut found = query.query([])?;
        loop {
            match found.next() {
                Ok(Some(row)) => match rows::record(row) {
                    Ok(record) => walk.record(&record),
                    Err(failure) => walk.unreadable(row, &failure),
                },
                Ok(None) => break,
                Err(error) => {
                    walk.torn(&error)?;
                    break;
                }
            }
        }
        drop(found);
        drop(query);
        let _ = self.0.execute_batch("COMMIT");
        Ok(walk.end())
    }
}

/// Every organisation's chain at once, as its records come by.
struct Walk<S> {
    chains: BTreeMap<OrgId, Verifier>,
    checkpoints: BTreeMap<(OrgId, u64), AuditCheckpoint>,
    broken: BTreeMap<OrgId, Broken>,
    /// Whose record came last.
    at: Option<OrgId>,
    signed: S,
}

impl<S: Fn(&AuditCheckpoint) -> Signed> Walk<S> {
    fn new(heads: Vec<AuditHead>, signed: S) -> Self {
        let mut walk = Self {
            chains: BTreeMap::new(),
            checkpoints: BTreeMap::new(),
            broken: BTreeMap::new(),
            at: None,
            signed,
        };
        for head in heads {
            match Verifier::begin(head) {
                Ok(verifier) => drop(walk.chains.insert(head.org_id, verifier)),
                Err(broken) => walk.breaks(broken),
            }
        }
        walk
    }

    /// The first break of an organisation counts.
    fn breaks(&mut self, broken: Broken) {
        self.broken.entry(broken.org).or_insert(broken);
    }

    fn expect(&mut self, checkpoint: AuditCheckpoint) {
        let place = (checkpoint.org_id, checkpoint.seq);
        if self.checkpoints.insert(place, checkpoint).is_some() {
            self.breaks(Broken {
                org: place.0,
                seq: place.1,
                fault: Fault::CheckpointWithoutRecord,
            });
        }
    }

    fn record(&mut self, record: &AuditRecord) {
        let org = record.org_id;
        self.at = Some(org);
        if self.broken.contains_key(&org) {
            return;
        }
        let Some(verifier) = self.chains.get_mut(&org) else {
            return self.breaks(Broken {
                org,
                seq: record.seq,
                fault: Fault::NoHead,
            });
        };
        let mut outcome = verifier.record(record);
        if outcome.is_ok()
            && let Some(checkpoint) = self.checkpoints.remove(&(org, record.seq))
        {
            outcome = verifier.checkpoint(&checkpoint, (self.signed)(&checkpoint));
        }
        if let Err(broken) = outcome {
            self.breaks(broken);
        }
    }

    /// The record cannot be read as one. Its place says which it is, if that can be read.
    fn unreadable(&mut self, row: &Row<'_>, failure: &Failure) {
        let org = row
            .get::<_, [u8; 16]>("org")
            .ok()
            .map(|bits| OrgId::from_bits(u128::from_be_bytes(bits)));
        let Some(org) = org
            .filter(|org| self.chains.contains_key(org))
            .or(self.at)
            .or_else(|| self.first_open())
        else {
            return;
        };
        let seq = self.chains.get(&org).map_or(0, Verifier::next);
        self.breaks(Broken {
            org,
            seq,
            fault: Fault::Unreadable(failure.to_string()),
        });
    }

    fn first_open(&self) -> Option<OrgId> {
        self.chains
            .keys()
            .find(|org| !self.broken.contains_key(org))
            .copied()
    }

    /// The walk ends here: the next record of whoever is at hand is the one that cannot be reached.
    fn torn(&mut self, error: &rusqlite::Error) -> Result<(), FileError> {
        let unfinished = |org: &OrgId| {
            self.chains
                .get(org)
                .is_some_and(|verifier| verifier.clone().end().is_err())
        };
        let at = self.at.filter(|org| unfinished(org));
        let next = self
            .chains
            .keys()
            .copied()
            .find(|org| Some(*org) > self.at && unfinished(org));
        let Some(org) = at.or(next) else {
            return Err(FileError(error.to_string()));
        };
        let seq = self.chains.get(&org).map_or(0, Verifier::next);
        self.breaks(Broken {
            org,
            seq,
            fault: Fault::Unreadable(error.to_string()),
        });
        Ok(())
    }

    fn end(mut self) -> BTreeMap<OrgId, Result<Verified, Broken>> {
        let mut outcomes = BTreeMap::new();
        for (org, verifier) in std::mem::take(&mut self.chains) {
            if let Some(broken) = self.broken.remove(&org) {
                outcomes.insert(org, Err(broken));
                continue;
            }
            outcomes.insert(org, verifier.end());
        }
        // Of records that are not there, or of organisations that are not.
        let left = std::mem::take(&mut self.checkpoints);
        for (org, seq) in left.into_keys() {
            let broken = Broken {
                org,
                seq,
                fault: Fault::CheckpointWithoutRecord,
            };
            if outcomes.get(&org).is_none_or(Result::is_ok) {
                outcomes.insert(org, Err(broken));
            }
        }
        for (org, broken) in self.broken {
            outcomes.insert(org, Err(broken));
        }
        outcomes
    }
}
