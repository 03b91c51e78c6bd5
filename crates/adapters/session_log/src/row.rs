//! A fact as a row.

use std::sync::Arc;

use ports::session_log::LogEntry;
use protocol::{PromptId, Timestamp};
use rusqlite::{Row, types::Type};

/// Columns in the order [`entry`] reads them.
pub(crate) const COLUMNS: &str = "position, seq, at, prompt_id, kind, body";

/// Reads one row of [`COLUMNS`].
pub(crate) fn entry(row: &Row<'_>) -> rusqlite::Result<LogEntry> {
    let prompt: Option<[u8; 16]> = row.get(3)?;
    let body: String = row.get(5)?;
    Ok(LogEntry {
        position: counter(row, 0)?,
        seq: row
            .get::<_, Option<i64>>(1)?
            .map(|seq| unsigned(1, seq))
            .transpose()?,
        at: Timestamp::from_ms(row.get(2)?),
        prompt_id: prompt.map(|bytes| PromptId::from_bits(u128::from_be_bytes(bytes))),
        kind: row.get(4)?,
        body: Arc::from(body),
    })
}

fn counter(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    unsigned(column, row.get(column)?)
}

fn unsigned(column: usize, value: i64) -> rusqlite::Result<u64> {
    u64::try_from(value)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(error)))
}
