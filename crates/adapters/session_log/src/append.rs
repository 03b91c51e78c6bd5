//! Appending: epoch, position and density are checked in the transaction that writes.

use ports::{
    StoreError,
    idempotency::KEY_LIFETIME_MS,
    session_log::{Commit, LogEntry},
};
use protocol::Timestamp;
use rusqlite::{Transaction, TransactionBehavior, params};

use crate::{
    error::{at_commit, before_commit, signed},
    owned::Owned,
};

/// A stored alarm may be earlier than the real one by this much, milliseconds: an owner that is woken early looks and
/// waits on. So a watchdog that moves with every event isn't written with every event.
const EARLY_MS: i64 = 60_000;

pub(crate) fn append(owned: &mut Owned, expected: u64, commit: &Commit) -> Result<(), StoreError> {
    if owned.position != expected {
        return Err(StoreError::Fenced);
    }
    if !continues(&commit.entries, owned.position, owned.head) {
        return Err(StoreError::Invalid("the commit does not continue the log".into()));
    }
    let position = commit
        .entries
        .last()
        .map_or(owned.position, |entry| entry.position);
    let head = commit.entries.iter().rev().find_map(|entry| entry.seq);
    let alarm = alarm_to_store(owned.alarm, commit.alarm);
    let transaction = owned
        .connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(before_commit)?;
    // The lock on the data directory keeps other processes out; the file itself makes sure of it.
    let stored: i64 = transaction
        .prepare_cached("SELECT epoch FROM meta WHERE id = 1")
        .and_then(|mut query| query.query_row([], |row| row.get(0)))
        .map_err(before_commit)?;
    if stored > signed(owned.epoch) {
        return Err(StoreError::Fenced);
    }
    if !owned.claimed {
        let claimed = transaction
            .prepare_cached("UPDATE meta SET epoch = ?1 WHERE id = 1 AND epoch < ?1")
            .and_then(|mut update| update.execute([signed(owned.epoch)]))
            .map_err(before_commit)?;
        if claimed == 0 {
            return Err(StoreError::Fenced);
        }
    }
    write(&transaction, position, commit).map_err(taken)?;
    if let Some(alarm) = alarm {
        transaction
            .prepare_cached("UPDATE meta SET alarm = ?1 WHERE id = 1")
            .and_then(|mut update| update.execute([alarm]))
            .map_err(before_commit)?;
    }
    transaction.commit().map_err(at_commit)?;
    owned.claimed = true;
    owned.position = position;
    owned.head = head.unwrap_or(owned.head);
    if let Some(alarm) = alarm {
        owned.alarm = alarm;
    }
    Ok(())
}

/// A position that is taken was written by another owner.
fn taken(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ConstraintViolation) => StoreError::Fenced,
        _ => before_commit(error),
    }
}

/// `None`: what is stored still serves.
fn alarm_to_store(stored: Option<i64>, alarm: Option<Timestamp>) -> Option<Option<i64>> {
    let alarm = alarm.map(Timestamp::as_ms);
    match (stored, alarm) {
        (None, None) => None,
        (Some(stored), Some(alarm)) if stored <= alarm && alarm - stored <= EARLY_MS => None,
        _ => Some(alarm),
    }
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
    if let Some(state) = &commit.snapshot {
        transaction
            .prepare_cached("UPDATE meta SET snapshot_position = ?1, snapshot = ?2 WHERE id = 1")?
            .execute(params![signed(position), state])?;
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
    use crate::{
        acquire::{acquire, ends},
        file,
        owned::Owned,
        place::Place,
        template::Template,
    };
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

    fn make(dir: &std::path::Path) -> std::path::PathBuf {
        let template = Template::make(dir).unwrap();
        let place = Place::open(dir).unwrap();
        place.make(SessionId::from_bits(1), &template).unwrap()
    }

    #[test]
    fn a_full_disk_keeps_nothing_of_the_commit_and_the_log_goes_on_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = file::open_owned(&make(dir.path())).unwrap().unwrap();
        let (acquired, alarm) = acquire(&mut connection).unwrap();
        let mut owned = Owned::new(connection, 1, &acquired, alarm);
        owned
            .connection
            .execute_batch("PRAGMA max_page_count = 20")
            .unwrap();

        let large = Commit {
            entries: vec![fact(1, "x".repeat(200_000))],
            ..Commit::default()
        };
        assert!(matches!(append(&mut owned, 0, &large), Err(StoreError::Full)));
        let small = Commit {
            entries: vec![fact(1, "small".into())],
            ..Commit::default()
        };
        append(&mut owned, 0, &small).unwrap();
        assert_eq!(ends(&owned.connection).unwrap(), (1, 1));
    }

    #[test]
    fn a_file_from_the_future_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = make(dir.path());
        let connection = file::open_owned(&path).unwrap().unwrap();
        connection.execute_batch("PRAGMA user_version = 99").unwrap();
        drop(connection);
        let error = file::open_owned(&path).unwrap_err();
        assert!(error.to_string().contains("newer version"), "{error}");
    }

    #[test]
    fn an_alarm_is_written_when_it_comes_earlier_or_has_moved_far() {
        let at = |ms| Some(Timestamp::from_ms(ms));
        assert_eq!(alarm_to_store(None, None), None);
        assert_eq!(alarm_to_store(None, at(5)), Some(Some(5)));
        assert_eq!(alarm_to_store(Some(5), None), Some(None));
        assert_eq!(alarm_to_store(Some(5), at(4)), Some(Some(4)));
        assert_eq!(alarm_to_store(Some(5), at(6)), None);
        assert_eq!(
            alarm_to_store(Some(5), at(6 + EARLY_MS)),
            Some(Some(6 + EARLY_MS))
        );
    }
}
