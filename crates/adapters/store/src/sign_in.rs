//! Passwords, browser sessions and sign-in links as rows.

use domain::{
    sign_in::{
        BrowserIdentity, BrowserSession, MOST_SESSIONS, Membership, PasswordHash, SESSION_IDLE, SESSION_LIFE,
        SignInLink, TokenHash,
    },
    tenancy::{Role, User},
};
use protocol::{BrowserId, OrgId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::{
    accounts,
    codec::{bits, blob, limit, time},
    error::Failure,
    identity::{first, lookup_user, user as decode_user},
};

pub(crate) fn find_user(
    connection: &Connection,
    email: &str,
) -> Result<Option<(User, Option<PasswordHash>)>, Failure> {
    first(
        connection,
        "SELECT * FROM user WHERE email = ?1 AND kind = 'person'",
        [email],
        |row| {
            let password: Option<String> = row.get("password")?;
            Ok((decode_user(row)?, password.map(PasswordHash::new)))
        },
    )
}

pub(crate) fn password_of(connection: &Connection, user: UserId) -> Result<Option<PasswordHash>, Failure> {
    let password: Option<Option<String>> = connection
        .prepare_cached("SELECT password FROM user WHERE id = ?1")?
        .query_row([blob(user.bits())], |row| row.get(0))
        .optional()?;
    Ok(password.flatten().map(PasswordHash::new))
}

/// False when there is no such user.
pub(crate) fn set_password(
    transaction: &Transaction<'_>,
    user: UserId,
    password: &PasswordHash,
    keep: Option<TokenHash>,
) -> Result<bool, Failure> {
    let found = transaction
        .prepare_cached("UPDATE user SET password = ?2 WHERE id = ?1")?
        .execute(params![blob(user.bits()), password.as_str()])?;
    transaction
        .prepare_cached("DELETE FROM browser_session WHERE user = ?1 AND hash IS NOT ?2")?
        .execute(params![blob(user.bits()), keep.map(|hash| hash.0)])?;
    Ok(found == 1)
}

pub(crate) fn memberships(connection: &Connection, user: UserId) -> Result<Vec<Membership>, Failure> {
    let decode = |row: &Row<'_>| -> Result<Membership, Failure> {
        let role: String = row.get("role")?;
        Ok(Membership {
            organisation: crate::identity::organisation(row)?,
            role: role.parse::<Role>().map_err(Failure::Shape)?,
        })
    };
    connection
        .prepare_cached(
            "SELECT organisation.*, membership.role FROM membership
             JOIN organisation ON organisation.id = membership.org
             WHERE membership.user = ?1 ORDER BY organisation.id",
        )?
        .query_and_then([blob(user.bits())], decode)?
        .collect()
}

pub(crate) fn decode(row: &Row<'_>) -> Result<BrowserSession, Failure> {
    let org: Option<[u8; 16]> = row.get("org")?;
    Ok(BrowserSession {
        hash: TokenHash(row.get("hash")?),
        id: BrowserId::from_bits(bits(row, "id")?),
        user: UserId::from_bits(bits(row, "user")?),
        org: org.map(|bytes| OrgId::from_bits(u128::from_be_bytes(bytes))),
        by_link: row.get("by_link")?,
        device: accounts::device(row)?,
        created_at: time(row, "created_at")?,
        last_seen_at: time(row, "last_seen_at")?,
    })
}

/// Makes room, then adds the row.
pub(crate) fn insert(transaction: &Transaction<'_>, session: &BrowserSession) -> Result<(), Failure> {
    let now = session.created_at.as_ms();
    let before =
        |span: std::time::Duration| now.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX));
    transaction
        .prepare_cached("DELETE FROM browser_session WHERE created_at <= ?1 OR last_seen_at <= ?2")?
        .execute([before(SESSION_LIFE), before(SESSION_IDLE)])?;
    transaction
        .prepare_cached(
            "INSERT INTO browser_session (hash, id, user, org, by_link, device, address, created_at, last_seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            session.hash.0,
            blob(session.id.bits()),
            blob(session.user.bits()),
            session.org.map(|org| blob(org.bits())),
            session.by_link,
            session.device.family,
            session.device.address.map(|address| address.to_string()),
            now,
            session.last_seen_at.as_ms(),
        ])?;
    transaction
        .prepare_cached(
            "DELETE FROM browser_session WHERE hash IN (
                 SELECT hash FROM browser_session WHERE user = ?1
                 ORDER BY last_seen_at DESC, hash DESC LIMIT -1 OFFSET ?2)",
        )?
        .execute(params![blob(session.user.bits()), limit(MOST_SESSIONS)])?;
    Ok(())
}

/// False when the password is another one by now.
pub(crate) fn open(
    transaction: &Transaction<'_>,
    session: &BrowserSession,
    verified: &PasswordHash,
) -> Result<bool, Failure> {
    if password_of(transaction, session.user)?.as_ref() != Some(verified) {
        return Ok(false);
    }
    insert(transaction, session)?;
    Ok(true)
}

pub(crate) fn add_link(transaction: &Transaction<'_>, link: &SignInLink) -> Result<(), Failure> {
    transaction
        .prepare_cached("INSERT INTO sign_in_link (hash, user, org, expires_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            link.hash.0,
            blob(link.user.bits()),
            blob(link.org.bits()),
            link.expires_at.as_ms(),
        ])?;
    Ok(())
}

pub(crate) fn redeem(
    transaction: &Transaction<'_>,
    link: TokenHash,
    session: BrowserSession,
) -> Result<Option<BrowserSession>, Failure> {
    let now = session.created_at.as_ms();
    transaction
        .prepare_cached("DELETE FROM sign_in_link WHERE expires_at <= ?1")?
        .execute([now])?;
    let known: Option<([u8; 16], [u8; 16])> = transaction
        .prepare_cached("DELETE FROM sign_in_link WHERE hash = ?1 RETURNING user, org")?
        .query_row([link.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((user, org)) = known else { return Ok(None) };
    let session = BrowserSession {
        user: UserId::from_bits(u128::from_be_bytes(user)),
        org: Some(OrgId::from_bits(u128::from_be_bytes(org))),
        ..session
    };
    insert(transaction, &session)?;
    Ok(Some(session))
}

pub(crate) fn find(connection: &Connection, hash: TokenHash) -> Result<Option<BrowserIdentity>, Failure> {
    let session = first(
        connection,
        "SELECT * FROM browser_session WHERE hash = ?1",
        [hash.0],
        decode,
    )?;
    let Some(session) = session else { return Ok(None) };
    let user = lookup_user(connection, session.user)?
        .ok_or_else(|| Failure::Shape("a browser session stands for a user that is not there".into()))?;
    Ok(Some(BrowserIdentity {
        memberships: memberships(connection, user.id)?,
        session,
        user,
    }))
}

pub(crate) fn end(transaction: &Transaction<'_>, hash: TokenHash) -> Result<(), Failure> {
    transaction
        .prepare_cached("DELETE FROM browser_session WHERE hash = ?1")?
        .execute([hash.0])?;
    Ok(())
}

pub(crate) fn touch(transaction: &Transaction<'_>, hash: TokenHash, at: Timestamp) -> Result<(), Failure> {
    transaction
        .prepare_cached("UPDATE browser_session SET last_seen_at = ?2 WHERE hash = ?1 AND last_seen_at < ?2")?
        .execute(params![hash.0, at.as_ms()])?;
    Ok(())
}
