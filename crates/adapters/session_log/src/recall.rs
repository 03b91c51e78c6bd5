//! What an idempotency key of the session stands for.

use ports::{
    StoreError,
    idempotency::{KEY_LIFETIME_MS, Written},
};
use protocol::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{error::before_commit, schema};

pub(crate) fn recall(
    connection: &Connection,
    scope: &str,
    key: &str,
    fingerprint: &[u8; 32],
    now: Timestamp,
) -> Result<Written, StoreError> {
    if schema::version(connection)? == 0 {
        return Ok(Written::Done);
    }
    let known: Option<([u8; 32], String)> = connection
        .prepare_cached(
            "SELECT fingerprint, reply FROM idempotency WHERE scope = ?1 AND key = ?2 AND at > ?3",
        )
        .and_then(|mut query| {
            let alive_since = now.as_ms().saturating_sub(KEY_LIFETIME_MS);
            query
                .query_row(params![scope, key, alive_since], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()
        })
        .map_err(before_commit)?;
    Ok(match known {
        None => Written::Done,
        Some((known, reply)) if known == *fingerprint => Written::Replayed(reply),
        Some(_) => Written::Conflict,
    })
}
