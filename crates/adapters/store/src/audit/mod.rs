//! The audit log: the port on top of `audit.db`.
//!
//! A record gets its number and its hash in the transaction that stores it, so that there is one chain however many
//! write at once. Records of many requests share a commit, each undone alone when it fails.

mod file;
mod rows;

use std::{collections::HashMap, path::Path};

use async_trait::async_trait;
use domain::audit::{AuditEntry, is_checkpoint_due, sealed};
use ports::{
    AuditLog, Cursor, Page, StoreError,
    audit::{AuditFilter, ByActor, ChainPart, Placed},
};
use protocol::{
    OrgId, Timestamp,
    audit::{AuditCheckpoint, AuditHead, AuditRecord},
};
use rusqlite::{Connection, OptionalExtension, Transaction, named_params, params};

pub use file::{AuditFile, FileError};

use crate::{
    codec::{blob, limit as sql_limit, ms, signed, time, unsigned},
    engine::Engine,
    error::Failure,
    schema,
};

/// `audit.db`: who did what, or tried to.
#[derive(Debug, Clone)]
pub struct AuditDatabase(Engine);

impl AuditDatabase {
    /// Opens (and makes) the file and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or was written by a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Engine::open(path, schema::AUDIT).map(Self)
    }
}

type Last = Option<(u64, Timestamp)>;

fn last_checkpoint(connection: &Connection, org: OrgId) -> Result<Last, Failure> {
    let found = connection
        .prepare_cached("SELECT seq, at FROM checkpoint WHERE org = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([blob(org.bits())], |row| {
            Ok((unsigned(row, "seq"), time(row, "at")))
        })
        .optional()?;
    found.map(|(seq, at)| Ok((seq?, at?))).transpose()
}

fn append(transaction: &Transaction<'_>, entries: Vec<AuditEntry>) -> Result<Vec<Placed>, Failure> {
    let mut ends: HashMap<OrgId, (AuditHead, Last)> = HashMap::new();
    let mut placed = Vec::with_capacity(entries.len());
    for entry in entries {
        let (mut head, last) = match ends.get(&entry.org) {
            Some(end) => *end,
            None => (
                rows::head_of(transaction, entry.org)?,
                last_checkpoint(transaction, entry.org)?,
            ),
        };
        let record = sealed(entry, head.seq + 1, &head.hash);
        rows::insert(transaction, &record)?;
        head.seq = record.seq;
        head.hash = record.hash;
        ends.insert(record.org_id, (head, last));
        placed.push(Placed {
            org: record.org_id,
            seq: record.seq,
            hash: record.hash,
            at: record.at,
            checkpoint_due: is_checkpoint_due(last, record.seq, record.at),
        });
    }
    let mut set = transaction.prepare_cached(
        "INSERT INTO head (org, seq, hash, removed, removed_hash) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (org) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
    )?;
    for (org, (head, _)) in ends {
        set.execute(params![
            blob(org.bits()),
            signed(head.seq),
            head.hash.0,
            signed(head.removed),
            head.removed_hash.0,
        ])?;
    }
    Ok(placed)
}

fn list(
    connection: &Connection,
    org: OrgId,
    filter: &AuditFilter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<AuditRecord>, Failure> {
    let below = after.map_or(i64::MAX, |cursor| i64::try_from(cursor.0).unwrap_or(i64::MAX));
    let (mut kind, mut user, mut key) = (None, None, None);
    match filter.actor {
        None => {}
        Some(ByActor::User(id)) => user = Some(blob(id.bits())),
        Some(ByActor::ApiKey(id)) => key = Some(blob(id.bits())),
        Some(ByActor::Operator) => kind = Some("operator"),
        Some(ByActor::System) => kind = Some("system"),
    }
    let sql = format!(
        "SELECT {} FROM record WHERE org = :org AND seq < :below
            AND (:kind IS NULL OR kind = :kind)
            AND (:user IS NULL OR user = :user)
            AND (:key IS NULL OR api_key = :key)
            AND (:action IS NULL OR substr(action, 1, length(:action)) = :action)
            AND (:target IS NULL OR target = :target)
            AND (:outcome IS NULL OR outcome = :outcome)
            AND (:since IS NULL OR at >= :since)
            AND (:until IS NULL OR at < :until)
         ORDER BY seq DESC LIMIT :limit",
        rows::RECORD
    );
    let mut items = connection
        .prepare_cached(&sql)?
        .query_and_then(
            named_params! {
                ":org": blob(org.bits()),
                ":below": below,
                ":kind": kind,
                ":user": user,
                ":key": key,
                ":action": filter.action,
                ":target": filter.target,
                ":outcome": filter.outcome.map(protocol::audit::AuditOutcome::as_str),
                ":since": ms(filter.since),
                ":until": ms(filter.until),
                ":limit": sql_limit(limit.saturating_add(1)),
            },
            rows::record,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|last| Cursor(last.seq.into()));
    Ok(Page { items, next })
}

fn chain(connection: &Connection, org: OrgId, after: u64, limit: usize) -> Result<ChainPart, Failure> {
    let records = connection
        .prepare_cached(&format!(
            "SELECT {} FROM record WHERE org = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
            rows::RECORD
        ))?
        .query_and_then(
            params![blob(org.bits()), signed(after), sql_limit(limit)],
            rows::record,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    let last = records.last().map_or(after, |record| record.seq);
    let checkpoints = connection
        .prepare_cached(&format!(
            "SELECT {} FROM checkpoint WHERE org = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq",
            rows::CHECKPOINT
        ))?
        .query_and_then(
            params![blob(org.bits()), signed(after), signed(last)],
            rows::checkpoint,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ChainPart { records, checkpoints })
}

/// False when there is no such record.
fn add_checkpoint(transaction: &Transaction<'_>, checkpoint: &AuditCheckpoint) -> Result<bool, Failure> {
    let org = blob(checkpoint.org_id.bits());
    let there: bool = transaction
        .prepare_cached("SELECT count(*) = 1 FROM record WHERE org = ?1 AND seq = ?2 AND hash = ?3")?
        .query_row(params![org, signed(checkpoint.seq), checkpoint.hash.0], |row| {
            row.get(0)
        })?;
    if there {
        transaction
            .prepare_cached(
                "INSERT INTO checkpoint (org, seq, hash, at, key, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (org, seq) DO NOTHING",
            )?
            .execute(params![
                org,
                signed(checkpoint.seq),
                checkpoint.hash.0,
                checkpoint.at.as_ms(),
                checkpoint.key.0,
                checkpoint.signature.0,
            ])?;
    }
    Ok(there)
}

fn forget(transaction: &Transaction<'_>, org: OrgId) -> Result<u64, Failure> {
    // What is deleted is overwritten, and not only given free.
    transaction.execute_batch("PRAGMA secure_delete = ON")?;
    let org = blob(org.bits());
    let gone = transaction.execute("DELETE FROM record WHERE org = ?1", [org])?;
    transaction.execute("DELETE FROM checkpoint WHERE org = ?1", [org])?;
    transaction.execute(
        "UPDATE head SET removed = seq, removed_hash = hash WHERE org = ?1",
        [org],
    )?;
    Ok(gone as u64)
}

/// Writes everything into the file and empties the log of writes, in which earlier pages stand as they were.
fn empty_log(connection: &Connection) -> Result<(), Failure> {
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        // A reader held the log back for too long. The records are out of reach; whoever asked asks again.
        return Err(Failure::Sql(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
            Some("the log of forgotten records could not be emptied yet".into()),
        )));
    }
    Ok(())
}

#[async_trait]
impl AuditLog for AuditDatabase {
    async fn append(&self, entries: Vec<AuditEntry>) -> Result<Vec<Placed>, StoreError> {
        self.0
            .write(move |transaction| append(transaction, entries))
            .await
    }

    async fn list(
        &self,
        org: OrgId,
        filter: AuditFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<AuditRecord>, StoreError> {
        self.0
            .read(move |connection| list(connection, org, &filter, after, limit))
            .await
    }

    async fn head(&self, org: OrgId) -> Result<AuditHead, StoreError> {
        self.0
            .read(move |connection| rows::head_of(connection, org))
            .await
    }

    async fn chain(&self, org: OrgId, after: u64, limit: usize) -> Result<ChainPart, StoreError> {
        self.0
            .read(move |connection| chain(connection, org, after, limit))
            .await
    }

    async fn add_checkpoint(&self, checkpoint: AuditCheckpoint) -> Result<(), StoreError> {
        let there = self
            .0
            .write(move |transaction| add_checkpoint(transaction, &checkpoint))
            .await?;
        there
            .then_some(())
            .ok_or_else(|| StoreError::Invalid("there is no such record".into()))
    }

    async fn forget(&self, org: OrgId) -> Result<u64, StoreError> {
        let gone = self.0.write(move |transaction| forget(transaction, org)).await?;
        self.0.alone(empty_log).await?;
        Ok(gone)
    }
}
