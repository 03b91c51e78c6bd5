//! Organisations as rows: making, renaming, and the way to their end.

use domain::tenancy::{Deletion, Role};
use ports::{
    idempotency::Written,
    identity::{NewOrganisation, Settled},
};
use protocol::{OrgId, Timestamp};
use rusqlite::{Connection, Transaction, params};

use crate::{
    codec::{blob, limit},
    error::Failure,
    identity::lookup_user,
};

pub(crate) fn create(transaction: &Transaction<'_>, new: &NewOrganisation) -> Result<Settled, Failure> {
    if lookup_user(transaction, new.by)?.is_none() {
        return Ok(Settled::Written(Written::Refused));
    }
    let by = blob(new.by.bits());
    let made: i64 = transaction
        .prepare_cached("SELECT count(*) FROM organisation WHERE created_by = ?1")?
        .query_row([by], |row| row.get(0))?;
    if made >= limit(new.most) {
        return Ok(Settled::TooMany);
    }
    let organisation = &new.organisation;
    let added = transaction
        .prepare_cached(
            "INSERT INTO organisation (id, slug, name, created_by, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            blob(organisation.id.bits()),
            organisation.slug,
            organisation.name,
            by,
            organisation.created_at.as_ms(),
        ])?;
    if added == 0 {
        return Ok(Settled::Taken);
    }
    transaction
        .prepare_cached("INSERT INTO membership (org, user, role) VALUES (?1, ?2, ?3)")?
        .execute(params![blob(organisation.id.bits()), by, Role::Owner.as_str()])?;
    Ok(Settled::Written(Written::Done))
}

pub(crate) fn rename(transaction: &Transaction<'_>, org: OrgId, name: &str) -> Result<bool, Failure> {
    let found = transaction
        .prepare_cached("UPDATE organisation SET name = ?2 WHERE id = ?1")?
        .execute(params![blob(org.bits()), name])?;
    Ok(found == 1)
}

/// The first date stays.
pub(crate) fn schedule(
    transaction: &Transaction<'_>,
    org: OrgId,
    deletion: Deletion,
) -> Result<bool, Failure> {
    let found = transaction
        .prepare_cached(
            "UPDATE organisation SET deletion_requested_at = coalesce(deletion_requested_at, ?2),
                                     deletion_at = coalesce(deletion_at, ?3)
             WHERE id = ?1",
        )?
        .execute(params![
            blob(org.bits()),
            deletion.requested_at.as_ms(),
            deletion.effective_at.as_ms(),
        ])?;
    Ok(found == 1)
}

/// False when its erasure has begun.
pub(crate) fn cancel(transaction: &Transaction<'_>, org: OrgId) -> Result<bool, Failure> {
    let found = transaction
        .prepare_cached(
            "UPDATE organisation SET deletion_requested_at = NULL, deletion_at = NULL
             WHERE id = ?1 AND erasing = 0",
        )?
        .execute([blob(org.bits())])?;
    Ok(found == 1)
}

pub(crate) fn due(connection: &Connection, now: Timestamp, most: usize) -> Result<Vec<OrgId>, Failure> {
    // A clock that stepped back does not make what has begun wait.
    connection
        .prepare_cached(
            "SELECT id FROM organisation WHERE deletion_at IS NOT NULL AND (deletion_at <= ?1 OR erasing = 1)
             ORDER BY deletion_at, id LIMIT ?2",
        )?
        .query_and_then(params![now.as_ms(), limit(most)], |row| {
            Ok(OrgId::from_bits(crate::codec::bits(row, "id")?))
        })?
        .collect()
}

pub(crate) fn begin_erasure(
    transaction: &Transaction<'_>,
    org: OrgId,
    now: Timestamp,
) -> Result<bool, Failure> {
    let begun = transaction
        .prepare_cached(
            "UPDATE organisation SET erasing = 1
             WHERE id = ?1 AND deletion_at IS NOT NULL AND (deletion_at <= ?2 OR erasing = 1)",
        )?
        .execute(params![blob(org.bits()), now.as_ms()])?;
    if begun == 0 {
        return Ok(false);
    }
    leave_nobody(transaction, org)?;
    Ok(true)
}

/// Takes away all that lets somebody act in it.
fn leave_nobody(transaction: &Transaction<'_>, org: OrgId) -> Result<(), Failure> {
    for sql in [
        "DELETE FROM invitation WHERE org = ?1",
        "DELETE FROM membership WHERE org = ?1",
        "DELETE FROM api_key WHERE org = ?1",
        "DELETE FROM sign_in_link WHERE org = ?1",
    ] {
        transaction.prepare_cached(sql)?.execute([blob(org.bits())])?;
    }
    Ok(())
}

pub(crate) fn finish_erasure(transaction: &Transaction<'_>, org: OrgId) -> Result<(), Failure> {
    let erasing: bool = transaction
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM organisation WHERE id = ?1 AND erasing = 1)")?
        .query_row([blob(org.bits())], |row| row.get(0))?;
    if !erasing {
        return Ok(());
    }
    // Again: the operator's `bootstrap` may have named it in the meantime.
    leave_nobody(transaction, org)?;
    // Keys of requests begin with the organisation and a slash, and `0` follows the slash in ASCII.
    transaction
        .prepare_cached("DELETE FROM idempotency WHERE scope >= ?1 || '/' AND scope < ?1 || '0'")?
        .execute([org.to_string()])?;
    transaction
        .prepare_cached("UPDATE browser_session SET org = NULL WHERE org = ?1")?
        .execute([blob(org.bits())])?;
    // Its programs are nobody elsewhere.
    transaction
        .prepare_cached("DELETE FROM user WHERE kind = 'service' AND home = ?1")?
        .execute([blob(org.bits())])?;
    transaction
        .prepare_cached("DELETE FROM organisation WHERE id = ?1")?
        .execute([blob(org.bits())])?;
    Ok(())
}
