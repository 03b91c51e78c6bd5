//! What an owner starts from: snapshot, facts after it, where the log ends.

use ports::{
    StoreError,
    session_log::{Acquired, LogEntry},
};
use rusqlite::{Connection, Transaction};

use crate::{
    error::{before_commit, signed, unsigned},
    row, schema,
};

/// The epoch of the last owner that wrote.
pub(crate) fn epoch(connection: &Connection) -> Result<u64, StoreError> {
    let epoch: i64 = connection
        .query_row("SELECT epoch FROM meta WHERE id = 1", [], |row| row.get(0))
        .map_err(before_commit)?;
    unsigned(epoch)
}

/// What an owner starts from, and the alarm that is stored. Writes nothing: the epoch goes in with the first append.
pub(crate) fn acquire(connection: &mut Connection) -> Result<(Acquired, Option<i64>), StoreError> {
    let state = connection.transaction().map_err(before_commit)?;
    start(&state)
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
    start(&state).map(|(acquired, _)| acquired)
}

/// Epoch of the last owner, position and state of the snapshot, alarm.
type Meta = (i64, Option<i64>, Option<Vec<u8>>, Option<i64>);

fn start(transaction: &Transaction<'_>) -> Result<(Acquired, Option<i64>), StoreError> {
    let (epoch, at, state, alarm): Meta = transaction
        .query_row(
            "SELECT epoch, snapshot_position, snapshot, alarm FROM meta WHERE id = 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .map_err(before_commit)?;
    let snapshot = match (at, state) {
        (Some(at), Some(state)) => Some((unsigned(at)?, state)),
        _ => None,
    };
    let (position, head) = ends(transaction)?;
    let from = snapshot.as_ref().map_or(0, |(position, _)| *position);
    let entries = entries_after(transaction, from)?;
    check_dense(&entries, from, position)?;
    let acquired = Acquired {
        epoch: unsigned(epoch)?,
        position,
        head,
        snapshot,
        entries,
    };
    Ok((acquired, alarm))
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
