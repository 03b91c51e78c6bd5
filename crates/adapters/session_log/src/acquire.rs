//! Becoming the owner: a higher epoch, durably, and everything the owner starts from.

use ports::{
    StoreError,
    session_log::{Acquired, LogEntry},
};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{
    error::{at_commit, before_commit, signed, unsigned},
    row, schema,
};

pub(crate) fn acquire(connection: &mut Connection) -> Result<Acquired, StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(before_commit)?;
    let acquired = start(
        &transaction,
        "UPDATE meta SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch, snapshot_position, snapshot",
    )?;
    transaction.commit().map_err(at_commit)?;
    Ok(acquired)
}

/// The same without becoming the owner.
pub(crate) fn peek(connection: &mut Connection) -> Result<Acquired, StoreError> {
    if schema::version(connection)? == 0 {
        return Ok(Acquired {
            epoch: 0,
            position: 0,
            head: 0,
            snapshot: None,
            entries: Vec::new(),
        });
    }
    let state = connection.transaction().map_err(before_commit)?;
    start(
        &state,
        "SELECT epoch, snapshot_position, snapshot FROM meta WHERE id = 1",
    )
}

fn start(transaction: &Transaction<'_>, meta: &str) -> Result<Acquired, StoreError> {
    let (epoch, at, state): (i64, Option<i64>, Option<Vec<u8>>) = transaction
        .query_row(meta, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .map_err(before_commit)?;
    let snapshot = match (at, state) {
        (Some(at), Some(state)) => Some((unsigned(at)?, state)),
        _ => None,
    };
    let (position, head) = ends(transaction)?;
    let from = snapshot.as_ref().map_or(0, |(position, _)| *position);
    let entries = entries_after(transaction, from)?;
    check_dense(&entries, from, position)?;
    Ok(Acquired {
        epoch: unsigned(epoch)?,
        position,
        head,
        snapshot,
        entries,
    })
}

/// Last position and last seq.
pub(crate) fn ends(connection: &Connection) -> Result<(u64, u64), StoreError> {
    let (position, head): (i64, i64) = connection
        .prepare_cached(
            "SELECT (SELECT coalesce(max(position), 0) FROM fact),
                    (SELECT coalesce(max(seq), 0) FROM fact WHERE seq IS NOT NULL)",
        )
        .and_then(|mut query| query.query_row([], |row| Ok((row.get(0)?, row.get(1)?))))
        .map_err(before_commit)?;
    Ok((unsigned(position)?, unsigned(head)?))
}

fn entries_after(connection: &Connection, from: u64) -> Result<Vec<LogEntry>, StoreError> {
    let sql = format!(
        "SELECT {} FROM fact WHERE position > ?1 ORDER BY position",
        row::COLUMNS
    );
    let mut query = connection.prepare(&sql).map_err(before_commit)?;
    let rows = query
        .query_map([signed(from)], row::entry)
        .map_err(before_commit)?;
    rows.collect::<Result<_, _>>().map_err(before_commit)
}

/// A hole means damage, and is said before anybody acts on half a history.
fn check_dense(entries: &[LogEntry], from: u64, last: u64) -> Result<(), StoreError> {
    let dense = entries
        .iter()
        .zip(from + 1..)
        .all(|(entry, position)| entry.position == position);
    if !dense || entries.len() as u64 != last.saturating_sub(from) || last < from {
        return Err(StoreError::Corrupt("facts are missing from the log".into()));
    }
    Ok(())
}
