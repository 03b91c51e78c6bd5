//! Reading all facts by position, private ones too: what a session that is taken elsewhere consists of.

use ports::{
    StoreError,
    session_log::{LogEntry, PAGE_BYTES},
};
use rusqlite::{Connection, params};

use crate::{
    error::{before_commit, signed},
    row, schema,
};

pub(crate) fn facts(connection: &Connection, after: u64, limit: usize) -> Result<Vec<LogEntry>, StoreError> {
    if schema::version(connection)? == 0 {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {} FROM fact WHERE position > ?1 ORDER BY position LIMIT ?2",
        row::COLUMNS
    );
    let mut query = connection.prepare(&sql).map_err(before_commit)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = query
        .query_map(params![signed(after), limit], row::entry)
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
