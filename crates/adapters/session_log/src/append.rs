//! Appending: epoch, position and density are checked in the transaction that writes.

use ports::{
    StoreError,
    idempotency::KEY_LIFETIME_MS,
    session_log::{Commit, LogEntry},
};
use protocol::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::{
    acquire::ends,
    error::{at_commit, before_commit, signed, unsigned},
};

pub(crate) fn append(
    connection: &mut Connection,
    epoch: u64,
    expected: u64,
    commit: &Commit,
) -> Result<(), StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(before_commit)?;
    let owner: i64 = transaction
        .prepare_cached("SELECT epoch FROM meta WHERE id = 1")
        .and_then(|mut query| query.query_row([], |row| row.get(0)))
        .map_err(before_commit)?;
    let (position, head) = ends(&transaction)?;
    if unsigned(owner)? != epoch || position != expected {
        return Err(StoreError::Fenced);
    }
    if !continues(&commit.entries, position, head) {
        return Err(StoreError::Invalid("the commit does not continue the log".into()));
    }
    write(&transaction, position, commit).map_err(before_commit)?;
    transaction.commit().map_err(at_commit)
}

/// Positions and seqs go on without a gap.
fn continues(entries: &[LogEntry], mut position: u64, mut head: u64) -> bool {
    entries.iter().all(|entry| {
        position += 1;
        head += u64::from(entry.seq.is_some());
        entry.position == position && entry.seq.is_none_or(|seq| seq == head)
    })
}

fn write(transaction: &Transaction<'_>, position: u64, commit: &Commit) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO fact (position, seq, at, prompt_id, kind, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for entry in &commit.entries {
        let prompt = entry.prompt_id.map(|id| id.bits().to_be_bytes());
        insert.execute(params![
            signed(entry.position),
            entry.seq.map(signed),
            entry.at.as_ms(),
            prompt,
            entry.kind,
            entry.body.as_ref(),
        ])?;
    }
    let alarm = commit.alarm.map(Timestamp::as_ms);
    transaction
        .prepare_cached("UPDATE meta SET alarm = ?1 WHERE id = 1 AND alarm IS NOT ?1")?
        .execute([alarm])?;
    if let Some(state) = &commit.snapshot {
        let at = position + commit.entries.len() as u64;
        transaction
            .prepare_cached("UPDATE meta SET snapshot_position = ?1, snapshot = ?2 WHERE id = 1")?
            .execute(params![signed(at), state])?;
    }
    remember(transaction, commit)
}

/// Keys that still live keep their first reply; those past their time make room.
fn remember(transaction: &Transaction<'_>, commit: &Commit) -> rusqlite::Result<()> {
    let Some(now) = commit.idempotency.iter().map(|entry| entry.at).max() else {
        return Ok(());
    };
    transaction
        .prepare_cached("DELETE FROM idempotency WHERE at <= ?1")?
        .execute([now.as_ms().saturating_sub(KEY_LIFETIME_MS)])?;
    for entry in &commit.idempotency {
        transaction
            .prepare_cached(
                "INSERT INTO idempotency (scope, key, fingerprint, reply, at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                entry.scope,
                entry.key,
                entry.fingerprint,
                entry.reply,
                entry.at.as_ms()
            ])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{acquire::acquire, file, place::Place};
    use protocol::SessionId;

    fn fact(position: u64, body: String) -> LogEntry {
        let at = Timestamp::from_ms(1);
        LogEntry {
            position,
            seq: Some(position),
            at,
            prompt_id: None,
            kind: "k".into(),
            body: Arc::from(body),
        }
    }

    #[test]
    fn a_full_disk_keeps_nothing_of_the_commit_and_the_log_goes_on_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let path = Place::open(dir.path())
            .unwrap()
            .make(SessionId::from_bits(1))
            .unwrap();
        let mut connection = file::open_owned(&path).unwrap().unwrap();
        let epoch = acquire(&mut connection).unwrap().epoch;
        connection.execute_batch("PRAGMA max_page_count = 20").unwrap();

        let large = Commit {
            entries: vec![fact(1, "x".repeat(200_000))],
            ..Commit::default()
        };
        assert!(matches!(
            append(&mut connection, epoch, 0, &large),
            Err(StoreError::Full)
        ));
        let small = Commit {
            entries: vec![fact(1, "small".into())],
            ..Commit::default()
        };
        append(&mut connection, epoch, 0, &small).unwrap();
        assert_eq!(ends(&connection).unwrap(), (1, 1));
    }

    #[test]
    fn a_file_from_the_future_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = Place::open(dir.path())
            .unwrap()
            .make(SessionId::from_bits(1))
            .unwrap();
        let connection = file::open_owned(&path).unwrap().unwrap();
        connection.execute_batch("PRAGMA user_version = 99").unwrap();
        drop(connection);
        let error = file::open_owned(&path).unwrap_err();
        assert!(error.to_string().contains("newer version"), "{error}");
    }
}
