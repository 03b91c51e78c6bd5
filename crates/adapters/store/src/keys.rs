//! API keys and service accounts: the port on top of the rows.

use async_trait::async_trait;
use domain::tenancy::{ApiKey, Role, ServiceAccount};
use ports::{
    StoreError,
    idempotency::{IdempotencyEntry, Written},
    identity::{KeyChange, Keys},
};
use protocol::{ApiKeyId, OrgId, Timestamp, UserId};
use rusqlite::{Connection, Row, Transaction, params};

use crate::{
    api_key,
    codec::{bits, blob, json, time, unsigned},
    database::Database,
    error::Failure,
    idempotency,
    identity::first,
};

fn account(row: &Row<'_>) -> Result<ServiceAccount, Failure> {
    let role: String = row.get("role")?;
    Ok(ServiceAccount {
        id: UserId::from_bits(bits(row, "id")?),
        org: OrgId::from_bits(bits(row, "home")?),
        name: row.get("name")?,
        role: role.parse::<Role>().map_err(Failure::Shape)?,
        created_at: time(row, "created_at")?,
    })
}

/// Those that are members still; the others were removed.
fn accounts(connection: &Connection, org: OrgId) -> Result<Vec<ServiceAccount>, Failure> {
    connection
        .prepare_cached(
            "SELECT user.id, user.home, user.name, user.created_at, membership.role FROM user
             JOIN membership ON membership.org = user.home AND membership.user = user.id
             WHERE user.kind = 'service' AND user.home = ?1 ORDER BY user.id DESC",
        )?
        .query_and_then([blob(org.bits())], account)?
        .collect()
}

fn is_account(connection: &Connection, org: OrgId, id: UserId) -> Result<bool, Failure> {
    let there: i64 = connection
        .prepare_cached(
            "SELECT count(*) FROM user JOIN membership ON membership.org = ?1 AND membership.user = user.id
             WHERE user.id = ?2 AND user.kind = 'service' AND user.home = ?1",
        )?
        .query_row([blob(org.bits()), blob(id.bits())], |row| row.get(0))?;
    Ok(there == 1)
}

fn add_account(transaction: &Transaction<'_>, new: &ServiceAccount, most: u64) -> Result<bool, Failure> {
    if accounts(transaction, new.org)?.len() as u64 >= most {
        return Ok(false);
    }
    let added = transaction
        .prepare_cached(
            "INSERT INTO user (id, email, created_at, kind, home, name)
             SELECT ?1, ?2, ?3, 'service', ?4, ?5 WHERE EXISTS (SELECT 1 FROM organisation WHERE id = ?4)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            blob(new.id.bits()),
            new.address(),
            new.created_at.as_ms(),
            blob(new.org.bits()),
            new.name,
        ])?;
    if added == 0 {
        return Ok(false);
    }
    transaction
        .prepare_cached("INSERT INTO membership (org, user, role) VALUES (?1, ?2, ?3)")?
        .execute(params![
            blob(new.org.bits()),
            blob(new.id.bits()),
            new.role.as_str()
        ])?;
    Ok(true)
}

fn update_account(transaction: &Transaction<'_>, changed: &ServiceAccount) -> Result<bool, Failure> {
    if !is_account(transaction, changed.org, changed.id)? {
        return Ok(false);
    }
    transaction
        .prepare_cached("UPDATE user SET name = ?2 WHERE id = ?1")?
        .execute(params![blob(changed.id.bits()), changed.name])?;
    transaction
        .prepare_cached("UPDATE membership SET role = ?3 WHERE org = ?1 AND user = ?2")?
        .execute(params![
            blob(changed.org.bits()),
            blob(changed.id.bits()),
            changed.role.as_str()
        ])?;
    Ok(true)
}

fn remove_account(
    transaction: &Transaction<'_>,
    org: OrgId,
    id: UserId,
    at: Timestamp,
) -> Result<bool, Failure> {
    if !is_account(transaction, org, id)? {
        return Ok(false);
    }
    transaction
        .prepare_cached("DELETE FROM membership WHERE org = ?1 AND user = ?2")?
        .execute([blob(org.bits()), blob(id.bits())])?;
    transaction
        .prepare_cached(
            "UPDATE api_key SET revoked_at = ?3 WHERE user = ?2 AND org = ?1 AND revoked_at IS NULL",
        )?
        .execute(params![blob(org.bits()), blob(id.bits()), at.as_ms()])?;
    Ok(true)
}

fn update_key(
    transaction: &Transaction<'_>,
    org: OrgId,
    id: ApiKeyId,
    change: &KeyChange,
) -> Result<bool, Failure> {
    let found = transaction
        .prepare_cached(
            "UPDATE api_key SET name = ?3, scopes = ?4, rate_per_s = ?5
             WHERE org = ?1 AND id = ?2 AND revoked_at IS NULL",
        )?
        .execute(params![
            blob(org.bits()),
            blob(id.bits()),
            change.name,
            json(&change.scopes)?,
            change.rate_per_s,
        ])?;
    Ok(found == 1)
}

/// The old key first: it decides whether there is anything to take the place of.
fn rotate(transaction: &Transaction<'_>, new: &ApiKey, old_ends: Timestamp) -> Result<bool, Failure> {
    let Some(old) = new.replaces else { return Ok(false) };
    let found = transaction
        .prepare_cached(
            "UPDATE api_key SET replaced_by = ?4, expires_at = min(coalesce(expires_at, ?5), ?5)
             WHERE org = ?1 AND id = ?2 AND user = ?3 AND replaced_by IS NULL AND revoked_at IS NULL
               AND (expires_at IS NULL OR expires_at > ?6)",
        )?
        .execute(params![
            blob(new.org.bits()),
            blob(old.bits()),
            blob(new.user.bits()),
            blob(new.id.bits()),
            old_ends.as_ms(),
            new.created_at.as_ms(),
        ])?;
    if found == 0 {
        return Ok(false);
    }
    if api_key::add(transaction, new)? {
        Ok(true)
    } else {
        // Ids and texts are random: nothing but a broken source of randomness leads here. The transaction is undone.
        Err(Failure::Shape("the new key's id or hash is taken".into()))
    }
}

#[async_trait]
impl Keys for Database {
    async fn lookup_api_key(&self, org: OrgId, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let sql = "SELECT * FROM api_key WHERE org = ?1 AND id = ?2";
        self.0
            .read(move |connection| {
                first(
                    connection,
                    sql,
                    [blob(org.bits()), blob(id.bits())],
                    api_key::decode,
                )
            })
            .await
    }

    async fn list_api_keys_of(&self, org: OrgId, user: UserId) -> Result<Vec<ApiKey>, StoreError> {
        self.0
            .read(move |connection| {
                connection
                    .prepare_cached("SELECT * FROM api_key WHERE user = ?2 AND org = ?1 ORDER BY id DESC")?
                    .query_and_then([blob(org.bits()), blob(user.bits())], api_key::decode)?
                    .collect()
            })
            .await
    }

    async fn update_api_key(
        &self,
        org: OrgId,
        id: ApiKeyId,
        change: KeyChange,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| {
                idempotency::once(transaction, idempotency.as_ref(), |transaction| {
                    update_key(transaction, org, id, &change)
                })
            })
            .await
    }

    async fn rotate_api_key(
        &self,
        new: ApiKey,
        old_ends: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| {
                idempotency::once(transaction, idempotency.as_ref(), |transaction| {
                    rotate(transaction, &new, old_ends)
                })
            })
            .await
    }

    async fn add_service_account(
        &self,
        account: ServiceAccount,
        most: u64,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| {
                idempotency::once(transaction, idempotency.as_ref(), |transaction| {
                    add_account(transaction, &account, most)
                })
            })
            .await
    }

    async fn list_service_accounts(&self, org: OrgId) -> Result<Vec<ServiceAccount>, StoreError> {
        self.0.read(move |connection| accounts(connection, org)).await
    }

    async fn update_service_account(
        &self,
        account: ServiceAccount,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| {
                idempotency::once(transaction, idempotency.as_ref(), |transaction| {
                    update_account(transaction, &account)
                })
            })
            .await
    }

    async fn remove_service_account(
        &self,
        org: OrgId,
        id: UserId,
        at: Timestamp,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| {
                idempotency::once(transaction, idempotency.as_ref(), |transaction| {
                    remove_account(transaction, org, id, at)
                })
            })
            .await
    }

    async fn count_members(&self, org: OrgId) -> Result<u64, StoreError> {
        self.0
            .read(move |connection| {
                let sql = "SELECT count(*) AS members FROM membership WHERE org = ?1";
                let count = first(connection, sql, [blob(org.bits())], |row| {
                    unsigned(row, "members")
                })?;
                Ok(count.unwrap_or_default())
            })
            .await
    }
}

/// What quotas are counted from.
pub(crate) fn usage(connection: &Connection, org: OrgId) -> Result<ports::catalog::OrgUsage, Failure> {
    let sql = "SELECT
        coalesce((SELECT sessions FROM session_tally WHERE org = ?1), 0) AS sessions,
        coalesce((SELECT bytes FROM session_tally WHERE org = ?1), 0) AS bytes,
        (SELECT count(*) FROM session WHERE org = ?1 AND awake = 1) AS awake,
        (SELECT count(*) FROM session
         WHERE org = ?1 AND status IN ('queued', 'starting', 'running', 'waiting')) AS busy";
    let usage = first(connection, sql, [blob(org.bits())], |row| {
        Ok(ports::catalog::OrgUsage {
            sessions: unsigned(row, "sessions")?,
            awake: unsigned(row, "awake")?,
            busy: unsigned(row, "busy")?,
            bytes: unsigned(row, "bytes")?,
        })
    })?;
    Ok(usage.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_found_by_an_index() {
        let dir = tempfile::tempdir().unwrap();
        let database = Database::open(&dir.path().join("coordinator.db")).unwrap();
        let connection = database.0.writer();
        for sql in [
            "SELECT count(*) FROM session WHERE org = ?1 AND awake = 1",
            "SELECT count(*) FROM session WHERE org = ?1 AND status IN ('queued', 'starting', 'running', 'waiting')",
        ] {
            let plan: String = connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap()
                .query_row([[0_u8; 16]], |row| row.get(3))
                .unwrap();
            assert!(
                plan.contains("session_awake_org") || plan.contains("session_busy"),
                "{plan}"
            );
        }
    }
}
