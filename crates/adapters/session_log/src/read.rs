//! Reading public events by cursor.

use ports::{
    StoreError,
    session_log::{LogEntry, PAGE_BYTES},
};
use protocol::PromptId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    acquire::ends,
    error::{before_commit, signed},
    row, schema,
};

pub(crate) fn read(connection: &Connection, after: u64, limit: usize) -> Result<Vec<LogEntry>, StoreError> {
    if schema::version(connection)? == 0 {
        // Made, but a crash came before its tables: nothing was ever written.
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {} FROM fact WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        row::COLUMNS
    );
    let mut query = connection.prepare_cached(&sql).map_err(before_commit)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = query
        .query_map([signed(after), limit], row::entry)
        .map_err(before_commit)?;
    let (mut entries, mut bytes) = (Vec::new(), 0);
    for entry in rows {
        let entry = entry.map_err(before_commit)?;
        bytes += entry.body.len();
        entries.push(entry);
        if bytes >= PAGE_BYTES {
            break;
        }
    }
    Ok(entries)
}

/// The private fact right before the first event of this type and prompt.
pub(crate) fn private_before(
    connection: &Connection,
    prompt_id: PromptId,
    kind: &str,
) -> Result<Option<LogEntry>, StoreError> {
    if schema::version(connection)? == 0 {
        return Ok(None);
    }
    let sql = format!(
        "SELECT {} FROM fact WHERE seq IS NULL AND position = (
             SELECT position - 1 FROM fact WHERE seq IS NOT NULL AND prompt_id = ?1 AND kind = ?2
             ORDER BY position LIMIT 1)",
        row::COLUMNS
    );
    connection
        .query_row(&sql, params![prompt_id.bits().to_be_bytes(), kind], row::entry)
        .optional()
        .map_err(before_commit)
}

/// `seq` of the last public event.
pub(crate) fn head(connection: &Connection) -> Result<u64, StoreError> {
    if schema::version(connection)? == 0 {
        return Ok(0);
    }
    ends(connection).map(|(_, head)| head)
}
