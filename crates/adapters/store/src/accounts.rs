//! Accounts as rows: browsers of a user, sign-ups that wait, resets, second factors.

use std::net::IpAddr;

use async_trait::async_trait;
use domain::{
    sealed::Sealed,
    sign_in::{
        BrowserSession, Device, MOST_RESETS, MOST_SIGN_UPS, PasswordHash, PendingSignUp, ResetLink,
        SecondFactor, TokenHash,
    },
    tenancy::{Organisation, User},
};
use ports::{
    StoreError,
    idempotency::Written,
    identity::{Acceptance, Accounts, Completed, NewOrganisation, Settled},
};
use protocol::{BrowserId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::{
    codec::{bits, blob, from_json, json, limit, signed, time, time_maybe, unsigned},
    database::Database,
    error::Failure,
    identity::{done, first},
    invitation, organisation, sign_in,
};

/// The columns of a browser session that say from where.
pub(crate) fn device(row: &Row<'_>) -> Result<Device, Failure> {
    let address: Option<String> = row.get("address")?;
    Ok(Device {
        family: row.get("device")?,
        address: address.and_then(|text| text.parse::<IpAddr>().ok()),
    })
}

fn list(connection: &Connection, user: UserId) -> Result<Vec<BrowserSession>, Failure> {
    connection
        .prepare_cached("SELECT * FROM browser_session WHERE user = ?1 ORDER BY last_seen_at DESC, id DESC")?
        .query_and_then([blob(user.bits())], sign_in::decode)?
        .collect()
}

fn end_own(transaction: &Transaction<'_>, user: UserId, id: BrowserId) -> Result<Option<TokenHash>, Failure> {
    let hash: Option<[u8; 32]> = transaction
        .prepare_cached("DELETE FROM browser_session WHERE user = ?1 AND id = ?2 RETURNING hash")?
        .query_row(params![blob(user.bits()), blob(id.bits())], |row| row.get(0))
        .optional()?;
    Ok(hash.map(TokenHash))
}

fn end_all(transaction: &Transaction<'_>, user: UserId, keep: Option<TokenHash>) -> Result<u64, Failure> {
    let ended = transaction
        .prepare_cached("DELETE FROM browser_session WHERE user = ?1 AND hash IS NOT ?2")?
        .execute(params![blob(user.bits()), keep.map(|hash| hash.0)])?;
    Ok(ended as u64)
}

fn decode_sign_up(row: &Row<'_>) -> Result<PendingSignUp, Failure> {
    let invitation: Option<[u8; 32]> = row.get("invitation")?;
    Ok(PendingSignUp {
        hash: TokenHash(row.get("hash")?),
        email: row.get("email")?,
        password: PasswordHash::new(row.get::<_, String>("password")?),
        invitation: invitation.map(TokenHash),
        created_at: time(row, "created_at")?,
        expires_at: time(row, "expires_at")?,
    })
}

fn find_sign_up(connection: &Connection, hash: TokenHash) -> Result<Option<PendingSignUp>, Failure> {
    first(
        connection,
        "SELECT * FROM sign_up WHERE hash = ?1",
        [hash.0],
        decode_sign_up,
    )
}

fn add_sign_up(transaction: &Transaction<'_>, sign_up: &PendingSignUp) -> Result<(), Failure> {
    transaction
        .prepare_cached("DELETE FROM sign_up WHERE expires_at <= ?1")?
        .execute([sign_up.created_at.as_ms()])?;
    transaction
        .prepare_cached(
            "INSERT INTO sign_up (hash, email, password, invitation, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            sign_up.hash.0,
            sign_up.email,
            sign_up.password.as_str(),
            sign_up.invitation.map(|hash| hash.0),
            sign_up.created_at.as_ms(),
            sign_up.expires_at.as_ms(),
        ])?;
    transaction
        .prepare_cached(
            "DELETE FROM sign_up WHERE hash IN (
                 SELECT hash FROM sign_up WHERE email = ?1
                 ORDER BY created_at DESC, hash DESC LIMIT -1 OFFSET ?2)",
        )?
        .execute(params![sign_up.email, limit(MOST_SIGN_UPS)])?;
    Ok(())
}

/// Looks at everything before it writes: what is refused leaves nothing behind.
fn complete_sign_up(
    transaction: &Transaction<'_>,
    hash: TokenHash,
    user: &User,
    organisation: Option<Organisation>,
    at: Timestamp,
) -> Result<Completed, Failure> {
    let Some(sign_up) = find_sign_up(transaction, hash)? else {
        return Ok(Completed::Refused);
    };
    let organisation = organisation.filter(|_| sign_up.invitation.is_none());
    let known = sign_in::find_user(transaction, &user.email)?.is_some();
    let taken = match &organisation {
        Some(organisation) => transaction
            .prepare_cached("SELECT 1 FROM organisation WHERE slug = ?1")?
            .exists([&organisation.slug])?,
        None => false,
    };
    if at >= sign_up.expires_at || sign_up.email != user.email || known || taken {
        return Ok(Completed::Refused);
    }
    if let Some(invited) = sign_up.invitation
        && invitation::open_for(transaction, invited, &user.email, at)?.is_none()
    {
        return Ok(Completed::InvitationOver);
    }
    transaction
        .prepare_cached("INSERT INTO user (id, email, created_at, password) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            blob(user.id.bits()),
            user.email,
            user.created_at.as_ms(),
            sign_up.password.as_str(),
        ])?;
    if let Some(organisation) = organisation {
        let new = NewOrganisation {
            organisation,
            by: user.id,
            most: 1,
        };
        let Settled::Written(Written::Done) = organisation::create(transaction, &new)? else {
            return Err(Failure::Shape(
                "the organisation of a new user cannot be made".into(),
            ));
        };
    }
    if let Some(invited) = sign_up.invitation {
        let accepted = invitation::accept(transaction, invited, user.id, at)?;
        if !matches!(accepted, Acceptance::Accepted(..)) {
            return Err(Failure::Shape("an open invitation lets nobody in".into()));
        }
    }
    transaction
        .prepare_cached("DELETE FROM sign_up WHERE email = ?1")?
        .execute([&user.email])?;
    Ok(Completed::Done)
}

fn decode_reset(row: &Row<'_>) -> Result<ResetLink, Failure> {
    Ok(ResetLink {
        hash: TokenHash(row.get("hash")?),
        user: UserId::from_bits(bits(row, "user")?),
        expires_at: time(row, "expires_at")?,
    })
}

fn find_reset(connection: &Connection, hash: TokenHash) -> Result<Option<ResetLink>, Failure> {
    first(
        connection,
        "SELECT * FROM password_reset WHERE hash = ?1",
        [hash.0],
        decode_reset,
    )
}

fn add_reset(transaction: &Transaction<'_>, reset: &ResetLink) -> Result<(), Failure> {
    let user = blob(reset.user.bits());
    transaction
        .prepare_cached("INSERT INTO password_reset (hash, user, expires_at) VALUES (?1, ?2, ?3)")?
        .execute(params![reset.hash.0, user, reset.expires_at.as_ms()])?;
    transaction
        .prepare_cached(
            "DELETE FROM password_reset WHERE hash IN (
                 SELECT hash FROM password_reset WHERE user = ?1
                 ORDER BY expires_at DESC, hash DESC LIMIT -1 OFFSET ?2)",
        )?
        .execute(params![user, limit(MOST_RESETS)])?;
    Ok(())
}

fn redeem_reset(
    transaction: &Transaction<'_>,
    hash: TokenHash,
    password: &PasswordHash,
    at: Timestamp,
) -> Result<Option<UserId>, Failure> {
    let Some(reset) = find_reset(transaction, hash)?.filter(|reset| at < reset.expires_at) else {
        return Ok(None);
    };
    transaction
        .prepare_cached("DELETE FROM password_reset WHERE user = ?1")?
        .execute([blob(reset.user.bits())])?;
    sign_in::set_password(transaction, reset.user, password, None)?;
    Ok(Some(reset.user))
}

fn second_factor(connection: &Connection, user: UserId) -> Result<Option<SecondFactor>, Failure> {
    let factor = first(
        connection,
        "SELECT * FROM second_factor WHERE user = ?1",
        [blob(user.bits())],
        |row| {
            Ok(SecondFactor {
                user,
                secret: from_json::<Sealed>(row, "secret")?,
                confirmed_at: time_maybe(row, "confirmed_at")?,
                last_step: unsigned(row, "last_step")?,
                recovery: std::collections::BTreeSet::new(),
            })
        },
    )?;
    let Some(mut factor) = factor else { return Ok(None) };
    factor.recovery = connection
        .prepare_cached("SELECT hash FROM recovery_code WHERE user = ?1")?
        .query_and_then([blob(user.bits())], |row| {
            Ok::<_, Failure>(TokenHash(row.get("hash")?))
        })?
        .collect::<Result<_, _>>()?;
    Ok(Some(factor))
}

fn start(transaction: &Transaction<'_>, user: UserId, secret: &Sealed) -> Result<bool, Failure> {
    let written = transaction
        .prepare_cached(
            "INSERT INTO second_factor (user, secret, last_step)
             SELECT id, ?2, 0 FROM user WHERE id = ?1
             ON CONFLICT DO UPDATE SET secret = excluded.secret WHERE confirmed_at IS NULL",
        )?
        .execute(params![blob(user.bits()), json(secret)?])?;
    Ok(written == 1)
}

fn confirm(
    transaction: &Transaction<'_>,
    user: UserId,
    secret: &Sealed,
    step: u64,
    recovery: &[TokenHash],
    at: Timestamp,
) -> Result<bool, Failure> {
    let written = transaction
        .prepare_cached(
            "UPDATE second_factor SET confirmed_at = ?3, last_step = ?4
             WHERE user = ?1 AND secret = ?2 AND confirmed_at IS NULL",
        )?
        .execute(params![
            blob(user.bits()),
            json(secret)?,
            at.as_ms(),
            signed(step)
        ])?;
    if written == 0 {
        return Ok(false);
    }
    let mut insert =
        transaction.prepare_cached("INSERT OR IGNORE INTO recovery_code (user, hash) VALUES (?1, ?2)")?;
    for code in recovery {
        insert.execute(params![blob(user.bits()), code.0])?;
    }
    Ok(true)
}

#[async_trait]
impl Accounts for Database {
    async fn list_browser_sessions(&self, user: UserId) -> Result<Vec<BrowserSession>, StoreError> {
        self.0.read(move |connection| list(connection, user)).await
    }

    async fn end_own_browser_session(
        &self,
        user: UserId,
        id: BrowserId,
    ) -> Result<Option<TokenHash>, StoreError> {
        self.0
            .write(move |transaction| end_own(transaction, user, id))
            .await
    }

    async fn end_browser_sessions(&self, user: UserId, keep: Option<TokenHash>) -> Result<u64, StoreError> {
        self.0
            .write(move |transaction| end_all(transaction, user, keep))
            .await
    }

    async fn add_sign_up(&self, sign_up: PendingSignUp) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| add_sign_up(transaction, &sign_up))
            .await
    }

    async fn find_sign_up(&self, hash: TokenHash) -> Result<Option<PendingSignUp>, StoreError> {
        self.0
            .read(move |connection| find_sign_up(connection, hash))
            .await
    }

    async fn complete_sign_up(
        &self,
        hash: TokenHash,
        user: User,
        organisation: Option<Organisation>,
        at: Timestamp,
    ) -> Result<Completed, StoreError> {
        self.0
            .write(move |transaction| complete_sign_up(transaction, hash, &user, organisation, at))
            .await
    }

    async fn add_reset(&self, reset: ResetLink) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| add_reset(transaction, &reset))
            .await
    }

    async fn find_reset(&self, hash: TokenHash) -> Result<Option<ResetLink>, StoreError> {
        self.0.read(move |connection| find_reset(connection, hash)).await
    }

    async fn redeem_reset(
        &self,
        hash: TokenHash,
        password: PasswordHash,
        at: Timestamp,
    ) -> Result<Option<UserId>, StoreError> {
        self.0
            .write(move |transaction| redeem_reset(transaction, hash, &password, at))
            .await
    }

    async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>, StoreError> {
        self.0
            .read(move |connection| second_factor(connection, user))
            .await
    }

    async fn start_second_factor(&self, user: UserId, secret: Sealed) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| start(transaction, user, &secret).map(done))
            .await
    }

    async fn confirm_second_factor(
        &self,
        user: UserId,
        secret: Sealed,
        step: u64,
        recovery: Vec<TokenHash>,
        at: Timestamp,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| confirm(transaction, user, &secret, step, &recovery, at).map(done))
            .await
    }

    async fn use_step(&self, user: UserId, step: u64) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| {
                let used = transaction
                    .prepare_cached(
                        "UPDATE second_factor SET last_step = ?2 WHERE user = ?1 AND last_step < ?2",
                    )?
                    .execute(params![blob(user.bits()), signed(step)])?;
                Ok(done(used == 1))
            })
            .await
    }

    async fn use_recovery_code(&self, user: UserId, code: TokenHash) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| {
                let used = transaction
                    .prepare_cached("DELETE FROM recovery_code WHERE user = ?1 AND hash = ?2")?
                    .execute(params![blob(user.bits()), code.0])?;
                Ok(done(used == 1))
            })
            .await
    }

    async fn remove_second_factor(&self, user: UserId) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| {
                for sql in [
                    "DELETE FROM recovery_code WHERE user = ?1",
                    "DELETE FROM second_factor WHERE user = ?1",
                ] {
                    transaction.prepare_cached(sql)?.execute([blob(user.bits())])?;
                }
                Ok(())
            })
            .await
    }
}
