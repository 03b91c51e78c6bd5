//! Identities at providers as rows.

use async_trait::async_trait;
use domain::{
    sign_in::{BrowserSession, LinkedIdentity, ProviderId},
    tenancy::User,
};
use ports::{
    StoreError,
    idempotency::Written,
    identity::{
        Acceptance, Completed, Identities, Linked, NewOrganisation, NewPlace, Said, Settled, Unlinked,
    },
};
use protocol::{IdentityId, UserId};
use rusqlite::{Connection, Row, Transaction, params};

use crate::{
    codec::{bits, blob, time, time_maybe},
    database::Database,
    error::Failure,
    identity::{done, first, lookup_user},
    invitation, organisation, sign_in,
};

fn decode(row: &Row<'_>) -> Result<LinkedIdentity, Failure> {
    let provider: String = row.get("provider")?;
    Ok(LinkedIdentity {
        id: IdentityId::from_bits(bits(row, "id")?),
        user: UserId::from_bits(bits(row, "user")?),
        provider: provider
            .parse::<ProviderId>()
            .map_err(|error| Failure::Shape(error.to_string()))?,
        issuer: row.get("issuer")?,
        subject: row.get("subject")?,
        email: row.get("email")?,
        name: row.get("name")?,
        linked_at: time(row, "linked_at")?,
        last_used_at: time_maybe(row, "last_used_at")?,
    })
}

fn find(connection: &Connection, issuer: &str, subject: &str) -> Result<Option<LinkedIdentity>, Failure> {
    first(
        connection,
        "SELECT * FROM identity WHERE issuer = ?1 AND subject = ?2",
        [issuer, subject],
        decode,
    )
}

fn list(connection: &Connection, user: UserId) -> Result<Vec<LinkedIdentity>, Failure> {
    connection
        .prepare_cached("SELECT * FROM identity WHERE user = ?1 ORDER BY linked_at, id")?
        .query_and_then([blob(user.bits())], decode)?
        .collect()
}

fn insert(transaction: &Transaction<'_>, identity: &LinkedIdentity) -> Result<(), Failure> {
    transaction
        .prepare_cached(
            "INSERT INTO identity (id, user, provider, issuer, subject, email, name, linked_at, last_used_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            blob(identity.id.bits()),
            blob(identity.user.bits()),
            identity.provider.as_str(),
            identity.issuer,
            identity.subject,
            identity.email,
            identity.name,
            identity.linked_at.as_ms(),
            identity.last_used_at.map(protocol::Timestamp::as_ms),
        ])?;
    Ok(())
}

fn link(transaction: &Transaction<'_>, identity: &LinkedIdentity, most: usize) -> Result<Linked, Failure> {
    if lookup_user(transaction, identity.user)?.is_none() {
        return Ok(Linked::NoUser);
    }
    if find(transaction, &identity.issuer, &identity.subject)?.is_some() {
        return Ok(Linked::Taken);
    }
    if list(transaction, identity.user)?.len() >= most {
        return Ok(Linked::TooMany);
    }
    insert(transaction, identity)?;
    Ok(Linked::Done)
}

fn unlink(transaction: &Transaction<'_>, user: UserId, id: IdentityId) -> Result<Unlinked, Failure> {
    let own = list(transaction, user)?;
    if !own.iter().any(|known| known.id == id) {
        return Ok(Unlinked::Missing);
    }
    if own.len() == 1 && sign_in::password_of(transaction, user)?.is_none() {
        return Ok(Unlinked::LastWayIn);
    }
    transaction
        .prepare_cached("DELETE FROM identity WHERE user = ?1 AND id = ?2")?
        .execute(params![blob(user.bits()), blob(id.bits())])?;
    Ok(Unlinked::Done)
}

/// Looks at everything before it writes: what is refused leaves nothing behind.
fn add_user(
    transaction: &Transaction<'_>,
    user: &User,
    identity: &LinkedIdentity,
    place: NewPlace,
) -> Result<Completed, Failure> {
    let known = transaction
        .prepare_cached("SELECT 1 FROM user WHERE id = ?1 OR email = ?2")?
        .exists(params![blob(user.id.bits()), user.email])?;
    let taken = match &place {
        NewPlace::Own(organisation) => transaction
            .prepare_cached("SELECT 1 FROM organisation WHERE slug = ?1")?
            .exists([&organisation.slug])?,
        NewPlace::Invited(_) => false,
    };
    if known || taken || find(transaction, &identity.issuer, &identity.subject)?.is_some() {
        return Ok(Completed::Refused);
    }
    if let NewPlace::Invited(invited) = place
        && invitation::open_for(transaction, invited, &user.email, user.created_at)?.is_none()
    {
        return Ok(Completed::InvitationOver);
    }
    transaction
        .prepare_cached("INSERT INTO user (id, email, created_at) VALUES (?1, ?2, ?3)")?
        .execute(params![blob(user.id.bits()), user.email, user.created_at.as_ms()])?;
    insert(transaction, identity)?;
    match place {
        NewPlace::Own(organisation) => {
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
        NewPlace::Invited(invited) => {
            let accepted = invitation::accept(transaction, invited, user.id, user.created_at)?;
            if !matches!(accepted, Acceptance::Accepted(..)) {
                return Err(Failure::Shape("an open invitation lets nobody in".into()));
            }
        }
    }
    transaction
        .prepare_cached("DELETE FROM sign_up WHERE email = ?1")?
        .execute([&user.email])?;
    Ok(Completed::Done)
}

fn open(
    transaction: &Transaction<'_>,
    session: &BrowserSession,
    identity: IdentityId,
    said: &Said,
) -> Result<bool, Failure> {
    let known = transaction
        .prepare_cached(
            "UPDATE identity SET email = ?3, name = ?4, last_used_at = ?5 WHERE user = ?1 AND id = ?2",
        )?
        .execute(params![
            blob(session.user.bits()),
            blob(identity.bits()),
            said.email,
            said.name,
            session.created_at.as_ms(),
        ])?;
    if known == 0 {
        return Ok(false);
    }
    sign_in::insert(transaction, session)?;
    Ok(true)
}

#[async_trait]
impl Identities for Database {
    async fn find_identity(&self, issuer: &str, subject: &str) -> Result<Option<LinkedIdentity>, StoreError> {
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        self.0
            .read(move |connection| find(connection, &issuer, &subject))
            .await
    }

    async fn list_identities(&self, user: UserId) -> Result<Vec<LinkedIdentity>, StoreError> {
        self.0.read(move |connection| list(connection, user)).await
    }

    async fn link_identity(&self, identity: LinkedIdentity, most: usize) -> Result<Linked, StoreError> {
        self.0
            .write(move |transaction| link(transaction, &identity, most))
            .await
    }

    async fn unlink_identity(&self, user: UserId, id: IdentityId) -> Result<Unlinked, StoreError> {
        self.0
            .write(move |transaction| unlink(transaction, user, id))
            .await
    }

    async fn add_federated_user(
        &self,
        user: User,
        identity: LinkedIdentity,
        place: NewPlace,
    ) -> Result<Completed, StoreError> {
        self.0
            .write(move |transaction| add_user(transaction, &user, &identity, place))
            .await
    }

    async fn open_federated_session(
        &self,
        session: BrowserSession,
        identity: IdentityId,
        said: Said,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| open(transaction, &session, identity, &said).map(done))
            .await
    }
}
