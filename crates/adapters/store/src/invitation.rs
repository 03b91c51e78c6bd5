//! Invitations as rows.

use domain::{
    organisations::{INVITATION_KEPT, Invitation, InvitationState, Invited},
    sign_in::TokenHash,
    tenancy::Role,
};
use ports::{
    Cursor, Page,
    idempotency::Written,
    identity::{Acceptance, Settled},
};
use protocol::{InvitationId, OrgId, Timestamp, UserId};
use rusqlite::{Connection, Row, Transaction, params};

use crate::{
    codec::{below, bits, blob, limit, time, time_maybe},
    error::Failure,
    identity::{first, lookup_organisation, lookup_user},
    member,
};

fn decode(row: &Row<'_>) -> Result<Invitation, Failure> {
    let role: String = row.get("role")?;
    let accepted_by: Option<[u8; 16]> = row.get("accepted_by")?;
    let accepted_by = accepted_by.map(|bytes| UserId::from_bits(u128::from_be_bytes(bytes)));
    Ok(Invitation {
        id: InvitationId::from_bits(bits(row, "id")?),
        org: OrgId::from_bits(bits(row, "org")?),
        hash: TokenHash(row.get("hash")?),
        email: row.get("email")?,
        role: role.parse::<Role>().map_err(Failure::Shape)?,
        invited_by: UserId::from_bits(bits(row, "invited_by")?),
        created_at: time(row, "created_at")?,
        expires_at: time(row, "expires_at")?,
        revoked_at: time_maybe(row, "revoked_at")?,
        accepted: time_maybe(row, "accepted_at")?.zip(accepted_by),
    })
}

pub(crate) fn add(
    transaction: &Transaction<'_>,
    invitation: &Invitation,
    most: usize,
) -> Result<Settled, Failure> {
    let (org, now) = (blob(invitation.org.bits()), invitation.created_at.as_ms());
    if lookup_organisation(transaction, invitation.org)?.is_none() {
        return Ok(Settled::Written(Written::Refused));
    }
    let kept = i64::try_from(INVITATION_KEPT.as_millis()).unwrap_or(i64::MAX);
    transaction
        .prepare_cached("DELETE FROM invitation WHERE org = ?1 AND expires_at <= ?2")?
        .execute(params![org, now.saturating_sub(kept)])?;
    let open: i64 = transaction
        .prepare_cached(
            "SELECT count(*) FROM invitation
             WHERE org = ?1 AND expires_at > ?2 AND revoked_at IS NULL AND accepted_at IS NULL",
        )?
        .query_row(params![org, now], |row| row.get(0))?;
    if open >= limit(most) {
        return Ok(Settled::TooMany);
    }
    transaction
        .prepare_cached(
            "INSERT INTO invitation (id, org, hash, email, role, invited_by, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            blob(invitation.id.bits()),
            org,
            invitation.hash.0,
            invitation.email,
            invitation.role.as_str(),
            blob(invitation.invited_by.bits()),
            now,
            invitation.expires_at.as_ms(),
        ])?;
    Ok(Settled::Written(Written::Done))
}

pub(crate) fn list(
    connection: &Connection,
    org: OrgId,
    after: Option<&Cursor>,
    most: usize,
) -> Result<Page<Invitation>, Failure> {
    let mut items: Vec<Invitation> = connection
        .prepare_cached("SELECT * FROM invitation WHERE org = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3")?
        .query_and_then(
            params![blob(org.bits()), below(after), limit(most.saturating_add(1))],
            decode,
        )?
        .collect::<Result<_, Failure>>()?;
    let more = items.len() > most;
    items.truncate(most);
    let next = items.last().filter(|_| more).map(|last| Cursor(last.id.bits()));
    Ok(Page { items, next })
}

/// False when the organisation has no such invitation that was not accepted.
pub(crate) fn revoke(
    transaction: &Transaction<'_>,
    org: OrgId,
    id: InvitationId,
    at: Timestamp,
) -> Result<bool, Failure> {
    let found = transaction
        .prepare_cached(
            "UPDATE invitation SET revoked_at = coalesce(revoked_at, ?3)
             WHERE org = ?1 AND id = ?2 AND accepted_at IS NULL",
        )?
        .execute(params![blob(org.bits()), blob(id.bits()), at.as_ms()])?;
    Ok(found == 1)
}

pub(crate) fn find(connection: &Connection, hash: TokenHash) -> Result<Option<Invited>, Failure> {
    let found = first(
        connection,
        "SELECT * FROM invitation WHERE hash = ?1",
        [hash.0],
        decode,
    )?;
    let Some(invitation) = found else { return Ok(None) };
    let organisation = lookup_organisation(connection, invitation.org)?
        .ok_or_else(|| Failure::Shape("an invitation leads into an organisation that is not there".into()))?;
    Ok(Some(Invited {
        invitation,
        organisation,
    }))
}

/// An invitation that lets this address in now, and where.
pub(crate) fn open_for(
    connection: &Connection,
    hash: TokenHash,
    email: &str,
    at: Timestamp,
) -> Result<Option<Invited>, Failure> {
    Ok(find(connection, hash)?.filter(|found| {
        found.invitation.state(at) == InvitationState::Open
            && found.organisation.deletion.is_none()
            && found.invitation.admits(email)
    }))
}

pub(crate) fn accept(
    transaction: &Transaction<'_>,
    hash: TokenHash,
    user: UserId,
    at: Timestamp,
) -> Result<Acceptance, Failure> {
    let (Some(found), Some(who)) = (find(transaction, hash)?, lookup_user(transaction, user)?) else {
        return Ok(Acceptance::Over);
    };
    let Invited {
        invitation,
        organisation,
    } = found;
    if invitation.state(at) != InvitationState::Open || organisation.deletion.is_some() {
        return Ok(Acceptance::Over);
    }
    if !invitation.admits(&who.email) {
        return Ok(Acceptance::OtherAddress);
    }
    if !member::add(transaction, invitation.org, user, invitation.role)? {
        return Ok(Acceptance::Member);
    }
    transaction
        .prepare_cached("UPDATE invitation SET accepted_at = ?2, accepted_by = ?3 WHERE id = ?1")?
        .execute(params![blob(invitation.id.bits()), at.as_ms(), blob(user.bits())])?;
    Ok(Acceptance::Accepted(organisation, invitation.role))
}
