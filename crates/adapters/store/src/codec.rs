//! Values as columns: ids as bytes, words as text, lists as JSON.

use protocol::Timestamp;
use rusqlite::Row;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::error::Failure;

/// An id's bits, highest first, so that bytes sort as ids do.
pub(crate) fn blob(bits: u128) -> [u8; 16] {
    bits.to_be_bytes()
}

/// Where a page starts: ids below this. Longer than any id when it is the first page.
pub(crate) fn below(after: Option<&ports::Cursor>) -> Vec<u8> {
    after.map_or(vec![0xff; 17], |cursor| blob(cursor.0).to_vec())
}

pub(crate) fn bits(row: &Row<'_>, column: &str) -> Result<u128, Failure> {
    Ok(u128::from_be_bytes(row.get(column)?))
}

pub(crate) fn time(row: &Row<'_>, column: &str) -> Result<Timestamp, Failure> {
    Ok(Timestamp::from_ms(row.get(column)?))
}

pub(crate) fn time_maybe(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>, Failure> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_ms))
}

pub(crate) fn ms(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_ms)
}

/// Counters are stored signed.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn limit(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn unsigned(row: &Row<'_>, column: &str) -> Result<u64, Failure> {
    u64::try_from(row.get::<_, i64>(column)?).map_err(|_| Failure::Shape(format!("`{column}` is negative")))
}

/// The word of a unit variant.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String, Failure> {
    match serde_json::to_value(value)? {
        Value::String(word) => Ok(word),
        other => Err(Failure::Shape(format!("{other} is not a word"))),
    }
}

pub(crate) fn from_word<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<T, Failure> {
    Ok(serde_json::from_value(Value::String(row.get(column)?))?)
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    Ok(serde_json::to_string(value)?)
}

pub(crate) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<T, Failure> {
    Ok(serde_json::from_str(&row.get::<_, String>(column)?)?)
}

pub(crate) fn json_maybe<T: Serialize>(value: Option<&T>) -> Result<Option<String>, Failure> {
    value.map(json).transpose()
}

pub(crate) fn from_json_maybe<T: DeserializeOwned>(
    row: &Row<'_>,
    column: &str,
) -> Result<Option<T>, Failure> {
    let text: Option<String> = row.get(column)?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}
