//! Idempotency keys, read and written in the transaction of their effect.

use ports::idempotency::{IdempotencyEntry, KEY_LIFETIME_MS, Written};
use protocol::SessionId;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{codec::blob, error::Failure};

/// What a key was used for before.
pub(crate) struct Earlier {
    pub(crate) written: Written,
    /// The session it made, if it made one.
    pub(crate) session: Option<SessionId>,
}

pub(crate) fn recall(
    connection: &Connection,
    entry: Option<&IdempotencyEntry>,
) -> Result<Option<Earlier>, Failure> {
    let Some(entry) = entry else { return Ok(None) };
    let known: Option<([u8; 32], String, Option<[u8; 16]>)> = connection
        .prepare_cached(
            "SELECT fingerprint, reply, session FROM idempotency WHERE scope = ?1 AND key = ?2 AND at > ?3",
        )?
        .query_row(params![entry.scope, entry.key, forgotten(entry)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    Ok(known.map(|(fingerprint, reply, session)| Earlier {
        written: if fingerprint == entry.fingerprint {
            Written::Replayed(reply)
        } else {
            Written::Conflict
        },
        session: session.map(|bytes| SessionId::from_bits(u128::from_be_bytes(bytes))),
    }))
}

pub(crate) fn remember(
    transaction: &Transaction<'_>,
    entry: Option<&IdempotencyEntry>,
    session: Option<SessionId>,
) -> Result<(), Failure> {
    let Some(entry) = entry else { return Ok(()) };
    transaction
        .prepare_cached("DELETE FROM idempotency WHERE at <= ?1")?
        .execute([forgotten(entry)])?;
    transaction
        .prepare_cached(
            "INSERT INTO idempotency (scope, key, fingerprint, reply, session, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            entry.scope,
            entry.key,
            entry.fingerprint,
            entry.reply,
            session.map(|id| blob(id.bits())),
            entry.at.as_ms(),
        ])?;
    Ok(())
}

/// One write with its key: an earlier use of the key decides; else `write` says whether it could, and the key is
/// remembered only if it did.
pub(crate) fn once(
    transaction: &Transaction<'_>,
    entry: Option<&IdempotencyEntry>,
    write: impl FnOnce(&Transaction<'_>) -> Result<bool, Failure>,
) -> Result<Written, Failure> {
    if let Some(earlier) = recall(transaction, entry)? {
        return Ok(earlier.written);
    }
    if !write(transaction)? {
        return Ok(Written::Refused);
    }
    remember(transaction, entry, None)?;
    Ok(Written::Done)
}

/// Keys of this time or earlier are past their time.
fn forgotten(entry: &IdempotencyEntry) -> i64 {
    entry.at.as_ms().saturating_sub(KEY_LIFETIME_MS)
}
