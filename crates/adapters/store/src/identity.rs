//! Users, organisations, memberships and keys.

use async_trait::async_trait;
use domain::{
    sign_in::{BrowserIdentity, BrowserSession, Membership, PasswordHash, SignInLink, TokenHash},
    tenancy::{ApiKey, Deletion, Identity, Organisation, Role, User},
};
use ports::{
    IdentityStore, StoreError,
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    api_key,
    codec::{bits, blob, time, time_maybe},
    database::Database,
    error::Failure,
    idempotency, sign_in,
};

pub(crate) fn user(row: &Row<'_>) -> Result<User, Failure> {
    Ok(User {
        id: UserId::from_bits(bits(row, "id")?),
        email: row.get("email")?,
        created_at: time(row, "created_at")?,
    })
}

pub(crate) fn organisation(row: &Row<'_>) -> Result<Organisation, Failure> {
    let requested_at = time_maybe(row, "deletion_requested_at")?;
    let effective_at = time_maybe(row, "deletion_at")?;
    Ok(Organisation {
        id: OrgId::from_bits(bits(row, "id")?),
        slug: row.get("slug")?,
        name: row.get("name")?,
        created_at: time(row, "created_at")?,
        deletion: requested_at
            .zip(effective_at)
            .map(|(requested_at, effective_at)| Deletion {
                requested_at,
                effective_at,
            }),
    })
}

/// The first row, decoded.
pub(crate) fn first<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    decode: impl FnOnce(&Row<'_>) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let mut query = connection.prepare_cached(sql)?;
    let mut rows = query.query(parameters)?;
    rows.next()?.map(decode).transpose()
}

pub(crate) fn lookup_user(connection: &Connection, id: UserId) -> Result<Option<User>, Failure> {
    first(
        connection,
        "SELECT * FROM user WHERE id = ?1",
        [blob(id.bits())],
        user,
    )
}

pub(crate) fn lookup_organisation(
    connection: &Connection,
    id: OrgId,
) -> Result<Option<Organisation>, Failure> {
    first(
        connection,
        "SELECT * FROM organisation WHERE id = ?1",
        [blob(id.bits())],
        organisation,
    )
}

fn find_identity(connection: &Connection, hash: &[u8; 32]) -> Result<Option<Identity>, Failure> {
    let Some(key) = first(
        connection,
        "SELECT * FROM api_key WHERE hash = ?1",
        [hash],
        api_key::decode,
    )?
    else {
        return Ok(None);
    };
    let missing = |what: &str| Failure::Shape(format!("an API key stands for {what} that is not there"));
    let user = lookup_user(connection, key.user)?.ok_or_else(|| missing("a user"))?;
    let organisation = lookup_organisation(connection, key.org)?.ok_or_else(|| missing("an organisation"))?;
    let role: Option<String> = connection
        .prepare_cached("SELECT role FROM membership WHERE org = ?1 AND user = ?2")?
        .query_row([blob(key.org.bits()), blob(key.user.bits())], |row| row.get(0))
        .optional()?;
    let role = role
        .map(|word| word.parse::<Role>())
        .transpose()
        .map_err(Failure::Shape)?;
    let service = connection
        .prepare_cached("SELECT name FROM user WHERE id = ?1 AND kind = 'service'")?
        .query_row([blob(key.user.bits())], |row| row.get(0))
        .optional()?;
    Ok(Some(Identity {
        service,
        key,
        user,
        organisation,
        role,
    }))
}

#[async_trait]
impl IdentityStore for Database {
    async fn ensure_owner(
        &self,
        new_user: User,
        new_organisation: Organisation,
    ) -> Result<(User, Organisation), StoreError> {
        let made = self
            .0
            .write(move |transaction| {
                let erased: bool = transaction
                    .prepare_cached("SELECT EXISTS (SELECT 1 FROM organisation WHERE slug = ?1 AND erasing = 1)")?
                    .query_row([&new_organisation.slug], |row| row.get(0))?;
                if erased {
                    return Ok(None);
                }
                transaction
                    .prepare_cached(
                        "INSERT INTO user (id, email, created_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![blob(new_user.id.bits()), new_user.email, new_user.created_at.as_ms()])?;
                transaction
                    .prepare_cached(
                        "INSERT INTO organisation (id, slug, name, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![
                        blob(new_organisation.id.bits()),
                        new_organisation.slug,
                        new_organisation.name,
                        new_organisation.created_at.as_ms(),
                    ])?;
                let taken = |what: &str| Failure::Shape(format!("the new id of {what} is taken"));
                let owner = first(transaction, "SELECT * FROM user WHERE email = ?1", [&new_user.email], user)?
                    .ok_or_else(|| taken("the user"))?;
                let owned = first(
                    transaction,
                    "SELECT * FROM organisation WHERE slug = ?1",
                    [&new_organisation.slug],
                    organisation,
                )?
                .ok_or_else(|| taken("the organisation"))?;
                transaction
                    .prepare_cached(
                        "INSERT INTO membership (org, user, role) VALUES (?1, ?2, ?3)
                         ON CONFLICT DO UPDATE SET role = excluded.role",
                    )?
                    .execute(params![blob(owned.id.bits()), blob(owner.id.bits()), Role::Owner.as_str()])?;
                Ok(Some((owner, owned)))
            })
            .await?;
        made.ok_or_else(|| StoreError::Invalid("the organisation is being erased".into()))
    }

    async fn lookup_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.0.read(move |connection| lookup_user(connection, id)).await
    }

    async fn lookup_organisation(&self, id: OrgId) -> Result<Option<Organisation>, StoreError> {
        self.0
            .read(move |connection| lookup_organisation(connection, id))
            .await
    }

    async fn add_api_key(
        &self,
        key: ApiKey,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| {
                idempotency::once(transaction, idempotency.as_ref(), |transaction| {
                    api_key::add(transaction, &key)
                })
            })
            .await
    }

    async fn find_api_key(&self, hash: &[u8; 32]) -> Result<Option<Identity>, StoreError> {
        let hash = *hash;
        self.0
            .read(move |connection| find_identity(connection, &hash))
            .await
    }

    async fn list_api_keys(&self, org: OrgId) -> Result<Vec<ApiKey>, StoreError> {
        self.0
            .read(move |connection| api_key::list(connection, org))
            .await
    }

    async fn revoke_api_key(
        &self,
        org: OrgId,
        id: ApiKeyId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| {
                idempotency::once(transaction, idempotency.as_ref(), |transaction| {
                    api_key::revoke(transaction, org, id, at)
                })
            })
            .await
    }

    async fn touch_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| api_key::touch(transaction, id, at))
            .await
    }

    async fn find_user(&self, email: &str) -> Result<Option<(User, Option<PasswordHash>)>, StoreError> {
        let email = email.to_owned();
        self.0
            .read(move |connection| sign_in::find_user(connection, &email))
            .await
    }

    async fn password_of(&self, user: UserId) -> Result<Option<PasswordHash>, StoreError> {
        self.0
            .read(move |connection| sign_in::password_of(connection, user))
            .await
    }

    async fn set_password(
        &self,
        user: UserId,
        password: PasswordHash,
        keep: Option<TokenHash>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| sign_in::set_password(transaction, user, &password, keep).map(done))
            .await
    }

    async fn list_memberships(&self, user: UserId) -> Result<Vec<Membership>, StoreError> {
        self.0
            .read(move |connection| sign_in::memberships(connection, user))
            .await
    }

    async fn open_browser_session(
        &self,
        session: BrowserSession,
        verified: PasswordHash,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| sign_in::open(transaction, &session, &verified).map(done))
            .await
    }

    async fn add_sign_in_link(&self, link: SignInLink) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| sign_in::add_link(transaction, &link))
            .await
    }

    async fn redeem_sign_in_link(
        &self,
        link: TokenHash,
        session: BrowserSession,
    ) -> Result<Option<BrowserSession>, StoreError> {
        self.0
            .write(move |transaction| sign_in::redeem(transaction, link, session))
            .await
    }

    async fn find_browser_session(&self, hash: TokenHash) -> Result<Option<BrowserIdentity>, StoreError> {
        self.0
            .read(move |connection| sign_in::find(connection, hash))
            .await
    }

    async fn end_browser_session(&self, hash: TokenHash) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| sign_in::end(transaction, hash))
            .await
    }

    async fn touch_browser_session(&self, hash: TokenHash, at: Timestamp) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| sign_in::touch(transaction, hash, at))
            .await
    }
}

/// A write that was done, or that found nothing to be done to.
pub(crate) fn done(done: bool) -> Written {
    if done { Written::Done } else { Written::Refused }
}
