//! API keys as rows.

use std::collections::BTreeSet;

use domain::tenancy::{ApiKey, Scope};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};
use rusqlite::{Connection, Row, Transaction, params};

use crate::{
    codec::{bits, blob, from_json, json, ms, time, time_maybe},
    error::Failure,
};

/// Uses closer together than this are noted once, milliseconds.
const TOUCH_MS: i64 = 60_000;

/// False when the user or the organisation is missing, or id or hash are taken.
pub(crate) fn add(transaction: &Transaction<'_>, key: &ApiKey) -> Result<bool, Failure> {
    let added = transaction
        .prepare_cached(
            "INSERT INTO api_key (id, org, user, name, hash, hint, scopes, created_at, expires_at, revoked_at, last_used_at,
                                  rate_per_s, replaces, replaced_by)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
             WHERE EXISTS (SELECT 1 FROM organisation WHERE id = ?2) AND EXISTS (SELECT 1 FROM user WHERE id = ?3)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            blob(key.id.bits()),
            blob(key.org.bits()),
            blob(key.user.bits()),
            key.name,
            key.hash,
            key.hint,
            json(&key.scopes)?,
            key.created_at.as_ms(),
            ms(key.expires_at),
            ms(key.revoked_at),
            ms(key.last_used_at),
            key.rate_per_s,
            key.replaces.map(|id| blob(id.bits())),
            key.replaced_by.map(|id| blob(id.bits())),
        ])?;
    Ok(added == 1)
}

pub(crate) fn decode(row: &Row<'_>) -> Result<ApiKey, Failure> {
    Ok(ApiKey {
        id: ApiKeyId::from_bits(bits(row, "id")?),
        org: OrgId::from_bits(bits(row, "org")?),
        user: UserId::from_bits(bits(row, "user")?),
        name: row.get("name")?,
        hash: row.get("hash")?,
        hint: row.get("hint")?,
        scopes: from_json::<BTreeSet<Scope>>(row, "scopes")?,
        created_at: time(row, "created_at")?,
        expires_at: time_maybe(row, "expires_at")?,
        revoked_at: time_maybe(row, "revoked_at")?,
        last_used_at: time_maybe(row, "last_used_at")?,
        rate_per_s: row.get("rate_per_s")?,
        replaces: other(row, "replaces")?,
        replaced_by: other(row, "replaced_by")?,
    })
}

fn other(row: &Row<'_>, column: &str) -> Result<Option<ApiKeyId>, Failure> {
    let bytes: Option<[u8; 16]> = row.get(column)?;
    Ok(bytes.map(|bytes| ApiKeyId::from_bits(u128::from_be_bytes(bytes))))
}

pub(crate) fn list(connection: &Connection, org: OrgId) -> Result<Vec<ApiKey>, Failure> {
    connection
        .prepare_cached("SELECT * FROM api_key WHERE org = ?1 ORDER BY id DESC")?
        .query_and_then([blob(org.bits())], decode)?
        .collect()
}

/// False when the organisation has no such key; a second time changes nothing.
pub(crate) fn revoke(
    transaction: &Transaction<'_>,
    org: OrgId,
    id: ApiKeyId,
    at: Timestamp,
) -> Result<bool, Failure> {
    let found = transaction
        .prepare_cached(
            "UPDATE api_key SET revoked_at = coalesce(revoked_at, ?3) WHERE org = ?1 AND id = ?2",
        )?
        .execute(params![blob(org.bits()), blob(id.bits()), at.as_ms()])?;
    Ok(found == 1)
}

pub(crate) fn touch(transaction: &Transaction<'_>, id: ApiKeyId, at: Timestamp) -> Result<(), Failure> {
    transaction
        .prepare_cached(
            "UPDATE api_key SET last_used_at = ?2
             WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at <= ?2 - ?3)",
        )?
        .execute(params![blob(id.bits()), at.as_ms(), TOUCH_MS])?;
    Ok(())
}
