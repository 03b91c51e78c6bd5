//! Environment secrets as rows, and sealed values of an older format.

use async_trait::async_trait;
use domain::{
    sealed::Sealed,
    secret::{EnvironmentSecret, Unfit, check_room},
};
use ports::{
    SecretStore, StoreError,
    idempotency::{IdempotencyEntry, Written},
    secrets::{OldSealed, SecretWritten},
};
use protocol::{EnvironmentId, ModelProviderId, OrgId, SecretId, api::SecretScope};
use rusqlite::{Connection, Row, Transaction, params};

use crate::{
    codec::{bits, blob, from_json, from_word, json, limit, signed, time, unsigned, word},
    database::Database,
    environment,
    error::Failure,
    idempotency::{once, recall},
    identity::first,
};

fn environment_of(scope: SecretScope) -> Option<[u8; 16]> {
    match scope {
        SecretScope::Organisation => None,
        SecretScope::EnvironmentId(id) => Some(blob(id.bits())),
    }
}

fn decode(row: &Row<'_>) -> Result<EnvironmentSecret, Failure> {
    let environment: Option<[u8; 16]> = row.get("environment")?;
    Ok(EnvironmentSecret {
        id: SecretId::from_bits(bits(row, "id")?),
        org: OrgId::from_bits(bits(row, "org")?),
        scope: environment.map_or(SecretScope::Organisation, |bytes| {
            SecretScope::EnvironmentId(EnvironmentId::from_bits(u128::from_be_bytes(bytes)))
        }),
        name: row.get("name")?,
        phase: from_word(row, "phase")?,
        sealed: from_json(row, "sealed")?,
        size: unsigned(row, "size")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    })
}

/// Whether the scope has room beside the row's own earlier self.
fn room(connection: &Connection, row: &EnvironmentSecret) -> Result<Result<(), Unfit>, Failure> {
    let sql = "SELECT count(*) AS others, coalesce(sum(size), 0) AS bytes FROM secret
               WHERE org = ?1 AND coalesce(environment, x'') = coalesce(?2, x'') AND id <> ?3";
    let parameters = params![
        blob(row.org.bits()),
        environment_of(row.scope),
        blob(row.id.bits())
    ];
    let (others, bytes) = first(connection, sql, parameters, |found| {
        Ok((unsigned(found, "others")?, unsigned(found, "bytes")?))
    })?
    .unwrap_or_default();
    Ok(check_room(
        usize::try_from(others).unwrap_or(usize::MAX),
        bytes,
        row.size,
    ))
}

fn add(transaction: &Transaction<'_>, row: &EnvironmentSecret) -> Result<bool, Failure> {
    if let SecretScope::EnvironmentId(id) = row.scope
        && environment::lookup(transaction, row.org, id)?.is_none()
    {
        return Ok(false);
    }
    let sql = "INSERT INTO secret (id, org, environment, name, phase, sealed, size, created_at, updated_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING";
    let written = transaction.prepare_cached(sql)?.execute(params![
        blob(row.id.bits()),
        blob(row.org.bits()),
        environment_of(row.scope),
        row.name,
        word(&row.phase)?,
        json(&row.sealed)?,
        signed(row.size),
        row.created_at.as_ms(),
        row.updated_at.as_ms(),
    ])?;
    Ok(written == 1)
}

fn update(transaction: &Transaction<'_>, row: &EnvironmentSecret) -> Result<bool, Failure> {
    let sql =
        "UPDATE secret SET phase = ?3, sealed = ?4, size = ?5, updated_at = ?6 WHERE id = ?1 AND org = ?2";
    let written = transaction.prepare_cached(sql)?.execute(params![
        blob(row.id.bits()),
        blob(row.org.bits()),
        word(&row.phase)?,
        json(&row.sealed)?,
        signed(row.size),
        row.updated_at.as_ms(),
    ])?;
    Ok(written == 1)
}

/// A write that needs room in the scope, with its key.
fn put(
    transaction: &Transaction<'_>,
    entry: Option<&IdempotencyEntry>,
    row: &EnvironmentSecret,
    write: fn(&Transaction<'_>, &EnvironmentSecret) -> Result<bool, Failure>,
) -> Result<SecretWritten, Failure> {
    if let Some(earlier) = recall(transaction, entry)? {
        return Ok(SecretWritten::Written(earlier.written));
    }
    let room = room(transaction, row)?;
    let mut full = None;
    let written = once(transaction, entry, |transaction| {
        // What must not be there, or must, comes first; without room it is undone by not being kept.
        transaction.execute_batch("SAVEPOINT put")?;
        let mut kept = write(transaction, row)?;
        if kept && let Err(unfit) = room {
            full = Some(unfit);
            kept = false;
            transaction.execute_batch("ROLLBACK TO put")?;
        }
        transaction.execute_batch("RELEASE put")?;
        Ok(kept)
    })?;
    Ok(full.map_or(SecretWritten::Written(written), SecretWritten::Full))
}

fn delete(transaction: &Transaction<'_>, org: OrgId, id: SecretId) -> Result<bool, Failure> {
    let gone = transaction
        .prepare_cached("DELETE FROM secret WHERE org = ?1 AND id = ?2")?
        .execute([blob(org.bits()), blob(id.bits())])?;
    Ok(gone == 1)
}

/// What goes with an environment.
pub(crate) fn delete_of_environment(
    transaction: &Transaction<'_>,
    org: OrgId,
    id: EnvironmentId,
) -> Result<(), Failure> {
    transaction
        .prepare_cached("DELETE FROM secret WHERE environment = ?2 AND org = ?1")?
        .execute([blob(org.bits()), blob(id.bits())])?;
    Ok(())
}

#[async_trait]
impl SecretStore for Database {
    async fn add_secret(
        &self,
        row: EnvironmentSecret,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<SecretWritten, StoreError> {
        self.0
            .write(move |write| put(write, idempotency.as_ref(), &row, add))
            .await
    }

    async fn update_secret(
        &self,
        row: EnvironmentSecret,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<SecretWritten, StoreError> {
        self.0
            .write(move |write| put(write, idempotency.as_ref(), &row, update))
            .await
    }

    async fn delete_secret(
        &self,
        org: OrgId,
        id: SecretId,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |write| once(write, idempotency.as_ref(), |write| delete(write, org, id)))
            .await
    }

    async fn lookup_secret(&self, org: OrgId, id: SecretId) -> Result<Option<EnvironmentSecret>, StoreError> {
        self.0
            .read(move |read| {
                let sql = "SELECT * FROM secret WHERE org = ?1 AND id = ?2";
                first(read, sql, [blob(org.bits()), blob(id.bits())], decode)
            })
            .await
    }

    async fn list_secrets(&self, org: OrgId) -> Result<Vec<EnvironmentSecret>, StoreError> {
        self.0
            .read(move |read| {
                read.prepare_cached("SELECT * FROM secret WHERE org = ?1 ORDER BY id DESC")?
                    .query_and_then([blob(org.bits())], decode)?
                    .collect()
            })
            .await
    }

    async fn old_sealed(&self, most: usize) -> Result<Vec<OldSealed>, StoreError> {
        self.0
            .read(move |read| {
                let sql = "SELECT id, org, sealed_key FROM model_provider
                           WHERE json_extract(sealed_key, '$.version') < 2 ORDER BY id LIMIT ?1";
                let old = |row: &Row<'_>| -> Result<OldSealed, Failure> {
                    Ok(OldSealed {
                        org: OrgId::from_bits(bits(row, "org")?),
                        provider: ModelProviderId::from_bits(bits(row, "id")?),
                        sealed: from_json(row, "sealed_key")?,
                    })
                };
                read.prepare_cached(sql)?
                    .query_and_then([limit(most)], old)?
                    .collect()
            })
            .await
    }

    async fn count_old_sealed(&self) -> Result<u64, StoreError> {
        self.0
            .read(move |read| {
                let sql =
                    "SELECT count(*) AS n FROM model_provider WHERE json_extract(sealed_key, '$.version') < 2";
                first(read, sql, [], |row| unsigned(row, "n")).map(Option::unwrap_or_default)
            })
            .await
    }

    async fn reseal(&self, old: OldSealed, sealed: Sealed) -> Result<bool, StoreError> {
        self.0
            .write(move |write| {
                let sql = "UPDATE model_provider SET sealed_key = ?4 WHERE id = ?1 AND org = ?2 AND sealed_key = ?3";
                let written = write.prepare_cached(sql)?.execute(params![
                    blob(old.provider.bits()),
                    blob(old.org.bits()),
                    json(&old.sealed)?,
                    json(&sealed)?,
                ])?;
                Ok(written == 1)
            })
            .await
    }
}
