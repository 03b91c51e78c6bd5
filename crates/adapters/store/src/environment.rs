//! Environments as rows.

use domain::environment_definition::EnvironmentDefinition;
use protocol::{EnvironmentId, OrgId};
use rusqlite::{Connection, Row, Transaction, params};

use crate::{
    codec::{bits, blob, from_json, from_json_maybe, json, json_maybe, time},
    error::Failure,
    identity::first,
    secret,
};

fn decode(row: &Row<'_>) -> Result<EnvironmentDefinition, Failure> {
    Ok(EnvironmentDefinition {
        id: EnvironmentId::from_bits(bits(row, "id")?),
        org: OrgId::from_bits(bits(row, "org")?),
        name: row.get("name")?,
        repository: from_json_maybe(row, "repository")?,
        setup: from_json(row, "setup")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    })
}

fn execute(transaction: &Transaction<'_>, sql: &str, row: &EnvironmentDefinition) -> Result<bool, Failure> {
    let written = transaction.prepare_cached(sql)?.execute(params![
        blob(row.id.bits()),
        blob(row.org.bits()),
        row.name,
        json_maybe(row.repository.as_ref())?,
        json(&row.setup)?,
        row.created_at.as_ms(),
        row.updated_at.as_ms(),
    ])?;
    Ok(written == 1)
}

pub(crate) fn add(transaction: &Transaction<'_>, row: &EnvironmentDefinition) -> Result<bool, Failure> {
    let sql = "INSERT INTO environment (id, org, name, repository, setup, created_at, updated_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
    execute(transaction, sql, row)
}

pub(crate) fn update(transaction: &Transaction<'_>, row: &EnvironmentDefinition) -> Result<bool, Failure> {
    let sql = "UPDATE environment
               SET name = ?3, repository = ?4, setup = ?5, created_at = ?6, updated_at = ?7
               WHERE id = ?1 AND org = ?2";
    execute(transaction, sql, row)
}

pub(crate) fn lookup(
    connection: &Connection,
    org: OrgId,
    id: EnvironmentId,
) -> Result<Option<EnvironmentDefinition>, Failure> {
    let sql = "SELECT * FROM environment WHERE org = ?1 AND id = ?2";
    first(connection, sql, [blob(org.bits()), blob(id.bits())], decode)
}

pub(crate) fn list(connection: &Connection, org: OrgId) -> Result<Vec<EnvironmentDefinition>, Failure> {
    connection
        .prepare_cached("SELECT * FROM environment WHERE org = ?1 ORDER BY id DESC")?
        .query_and_then([blob(org.bits())], decode)?
        .collect()
}

/// With its secrets.
pub(crate) fn delete(transaction: &Transaction<'_>, org: OrgId, id: EnvironmentId) -> Result<bool, Failure> {
    secret::delete_of_environment(transaction, org, id)?;
    let gone = transaction
        .prepare_cached("DELETE FROM environment WHERE org = ?1 AND id = ?2")?
        .execute([blob(org.bits()), blob(id.bits())])?;
    Ok(gone == 1)
}
