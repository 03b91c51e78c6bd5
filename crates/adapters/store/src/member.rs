//! Memberships as rows. That somebody stays who may do everything is decided here, under the writer's lock.

use domain::{
    organisations::{Member, ends_keys, keeps_an_owner},
    tenancy::{Role, User},
};
use ports::{
    Cursor, Page,
    idempotency::Written,
    identity::{MemberChange, Settled, Transfer},
};
use protocol::{OrgId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::{
    codec::{below, blob, limit},
    error::Failure,
    identity::{first, user as decode_user},
};

fn decode(row: &Row<'_>) -> Result<Member, Failure> {
    let user: User = decode_user(row)?;
    let role: String = row.get("role")?;
    Ok(Member {
        user,
        role: role.parse().map_err(Failure::Shape)?,
    })
}

pub(crate) fn list(
    connection: &Connection,
    org: OrgId,
    after: Option<&Cursor>,
    most: usize,
) -> Result<Page<Member>, Failure> {
    let mut items: Vec<Member> = connection
        .prepare_cached(
            "SELECT user.*, membership.role FROM membership JOIN user ON user.id = membership.user
             WHERE membership.org = ?1 AND membership.user < ?2 AND user.kind = 'person'
             ORDER BY membership.user DESC LIMIT ?3",
        )?
        .query_and_then(
            params![blob(org.bits()), below(after), limit(most.saturating_add(1))],
            decode,
        )?
        .collect::<Result<_, Failure>>()?;
    let more = items.len() > most;
    items.truncate(most);
    let next = items
        .last()
        .filter(|_| more)
        .map(|last| Cursor(last.user.id.bits()));
    Ok(Page { items, next })
}

pub(crate) fn find(connection: &Connection, org: OrgId, user: UserId) -> Result<Option<Member>, Failure> {
    first(
        connection,
        "SELECT user.*, membership.role FROM membership JOIN user ON user.id = membership.user
         WHERE membership.org = ?1 AND membership.user = ?2 AND user.kind = 'person'",
        [blob(org.bits()), blob(user.bits())],
        decode,
    )
}

pub(crate) fn role(connection: &Connection, org: OrgId, user: UserId) -> Result<Option<Role>, Failure> {
    let word: Option<String> = connection
        .prepare_cached("SELECT role FROM membership WHERE org = ?1 AND user = ?2")?
        .query_row([blob(org.bits()), blob(user.bits())], |row| row.get(0))
        .optional()?;
    word.map(|word| word.parse().map_err(Failure::Shape)).transpose()
}

/// Adds a member; false when they are one already, or there is no such user or organisation.
pub(crate) fn add(
    transaction: &Transaction<'_>,
    org: OrgId,
    user: UserId,
    role: Role,
) -> Result<bool, Failure> {
    let added = transaction
        .prepare_cached(
            "INSERT INTO membership (org, user, role) SELECT ?1, ?2, ?3
             WHERE EXISTS (SELECT 1 FROM organisation WHERE id = ?1) AND EXISTS (SELECT 1 FROM user WHERE id = ?2)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![blob(org.bits()), blob(user.bits()), role.as_str()])?;
    Ok(added == 1)
}

fn owners(transaction: &Transaction<'_>, org: OrgId) -> Result<usize, Failure> {
    let count: i64 = transaction
        .prepare_cached("SELECT count(*) FROM membership WHERE org = ?1 AND role = ?2")?
        .query_row(params![blob(org.bits()), Role::Owner.as_str()], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Sets or takes away a role, and ends the member's keys where they may do less afterwards.
fn write(
    transaction: &Transaction<'_>,
    (org, user): (OrgId, UserId),
    from: Role,
    to: Option<Role>,
    at: Timestamp,
) -> Result<(), Failure> {
    match to {
        Some(role) => transaction
            .prepare_cached("UPDATE membership SET role = ?3 WHERE org = ?1 AND user = ?2")?
            .execute(params![blob(org.bits()), blob(user.bits()), role.as_str()])?,
        None => transaction
            .prepare_cached("DELETE FROM membership WHERE org = ?1 AND user = ?2")?
            .execute([blob(org.bits()), blob(user.bits())])?,
    };
    if ends_keys(from, to) {
        transaction
            .prepare_cached(
                "UPDATE api_key SET revoked_at = coalesce(revoked_at, ?3) WHERE org = ?1 AND user = ?2",
            )?
            .execute(params![blob(org.bits()), blob(user.bits()), at.as_ms()])?;
    }
    Ok(())
}

pub(crate) fn change(transaction: &Transaction<'_>, change: &MemberChange) -> Result<Settled, Failure> {
    let Some(Member { role: present, .. }) = find(transaction, change.org, change.user)? else {
        return Ok(Settled::Written(Written::Refused));
    };
    let (by, by_role) = change.by;
    if present != change.from || role(transaction, change.org, by)? != Some(by_role) {
        return Ok(Settled::Stale);
    }
    if !keeps_an_owner(owners(transaction, change.org)?, change.from, change.to) {
        return Ok(Settled::LastOwner);
    }
    let who = (change.org, change.user);
    write(transaction, who, change.from, change.to, change.at)?;
    Ok(Settled::Written(Written::Done))
}

pub(crate) fn transfer(transaction: &Transaction<'_>, transfer: &Transfer) -> Result<Settled, Failure> {
    let Some(Member { role: other, .. }) = find(transaction, transfer.org, transfer.to)? else {
        return Ok(Settled::Written(Written::Refused));
    };
    if role(transaction, transfer.org, transfer.from)? != Some(Role::Owner) {
        return Ok(Settled::Stale);
    }
    let both = [
        (transfer.to, other, Role::Owner),
        (transfer.from, Role::Owner, Role::Admin),
    ];
    for (user, from, to) in both {
        write(transaction, (transfer.org, user), from, Some(to), transfer.at)?;
    }
    Ok(Settled::Written(Written::Done))
}
