//! The schema of a session's file, as a ladder of steps: forward only, one transaction each.

use ports::StoreError;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::{at_commit, before_commit};

/// Step *n* brings a file from version *n* to *n* + 1. Steps are never edited, only added.
const STEPS: &[&str] = &["
    CREATE TABLE fact (
        position  INTEGER PRIMARY KEY,
        seq       INTEGER,
        at        INTEGER NOT NULL,
        prompt_id BLOB,
        kind      TEXT NOT NULL,
        body      TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX fact_seq ON fact (seq) WHERE seq IS NOT NULL;

    CREATE TABLE meta (
        id                INTEGER PRIMARY KEY CHECK (id = 1),
        epoch             INTEGER NOT NULL,
        alarm             INTEGER,
        snapshot_position INTEGER,
        snapshot          BLOB
    ) STRICT;
    INSERT INTO meta (id, epoch) VALUES (1, 0);

    CREATE TABLE idempotency (
        scope       TEXT NOT NULL,
        key         TEXT NOT NULL,
        fingerprint BLOB NOT NULL,
        reply       TEXT NOT NULL,
        at          INTEGER NOT NULL,
        PRIMARY KEY (scope, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX idempotency_at ON idempotency (at);
"];

/// Which version a file has; one from the future is refused.
pub(crate) fn version(connection: &Connection) -> Result<usize, StoreError> {
    let version: i64 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(before_commit)?;
    usize::try_from(version)
        .ok()
        .filter(|version| *version <= STEPS.len())
        .ok_or_else(|| {
            StoreError::Corrupt(format!(
                "the file has format {version}, this build knows up to {}: it was written by a newer version",
                STEPS.len()
            ))
        })
}

/// Takes the steps that a file has not taken yet.
pub(crate) fn climb(connection: &mut Connection) -> Result<(), StoreError> {
    while version(connection)? < STEPS.len() {
        let step = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(before_commit)?;
        // Read again under the lock: another connection may have taken the step meanwhile.
        let from = version(&step)?;
        if let Some(sql) = STEPS.get(from) {
            step.execute_batch(sql).map_err(before_commit)?;
            step.execute_batch(&format!("PRAGMA user_version = {}", from + 1))
                .map_err(before_commit)?;
            step.commit().map_err(at_commit)?;
        }
    }
    Ok(())
}
