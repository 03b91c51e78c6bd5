//! Model providers as rows.

use domain::models::ModelProvider;
use protocol::{ModelProviderId, OrgId, agent::Dialect};
use rusqlite::{Connection, Row, Transaction, params};

use crate::{
    codec::{bits, blob, from_json, json, time},
    error::Failure,
    identity::first,
};

fn decode(row: &Row<'_>) -> Result<ModelProvider, Failure> {
    Ok(ModelProvider {
        id: ModelProviderId::from_bits(bits(row, "id")?),
        org: OrgId::from_bits(bits(row, "org")?),
        slug: row.get("slug")?,
        dialect: row
            .get::<_, String>("dialect")?
            .parse::<Dialect>()
            .map_err(Failure::Shape)?,
        base_url: row.get("base_url")?,
        sealed_key: from_json(row, "sealed_key")?,
        key_hint: row.get("key_hint")?,
        models: from_json(row, "models")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    })
}

/// Runs a statement over all columns: 1 row written, or none because something stood in the way.
fn execute(transaction: &Transaction<'_>, sql: &str, provider: &ModelProvider) -> Result<bool, Failure> {
    let written = transaction.prepare_cached(sql)?.execute(params![
        blob(provider.id.bits()),
        blob(provider.org.bits()),
        provider.slug,
        provider.dialect.as_str(),
        provider.base_url,
        json(&provider.sealed_key)?,
        provider.key_hint,
        json(&provider.models)?,
        provider.created_at.as_ms(),
        provider.updated_at.as_ms(),
    ])?;
    Ok(written == 1)
}

pub(crate) fn add(transaction: &Transaction<'_>, provider: &ModelProvider) -> Result<bool, Failure> {
    let sql = "INSERT INTO model_provider
                   (id, org, slug, dialect, base_url, sealed_key, key_hint, models, created_at, updated_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING";
    execute(transaction, sql, provider)
}

pub(crate) fn update(transaction: &Transaction<'_>, provider: &ModelProvider) -> Result<bool, Failure> {
    let sql = "UPDATE OR IGNORE model_provider
               SET slug = ?3, dialect = ?4, base_url = ?5, sealed_key = ?6, key_hint = ?7, models = ?8,
                   created_at = ?9, updated_at = ?10
               WHERE id = ?1 AND org = ?2";
    execute(transaction, sql, provider)
}

pub(crate) fn lookup(
    connection: &Connection,
    org: OrgId,
    id: ModelProviderId,
) -> Result<Option<ModelProvider>, Failure> {
    let sql = "SELECT * FROM model_provider WHERE org = ?1 AND id = ?2";
    first(connection, sql, [blob(org.bits()), blob(id.bits())], decode)
}

pub(crate) fn find(
    connection: &Connection,
    org: OrgId,
    slug: &str,
) -> Result<Option<ModelProvider>, Failure> {
    let sql = "SELECT * FROM model_provider WHERE org = ?1 AND slug = ?2";
    first(connection, sql, params![blob(org.bits()), slug], decode)
}

pub(crate) fn list(connection: &Connection, org: OrgId) -> Result<Vec<ModelProvider>, Failure> {
    connection
        .prepare_cached("SELECT * FROM model_provider WHERE org = ?1 ORDER BY id DESC")?
        .query_and_then([blob(org.bits())], decode)?
        .collect()
}

pub(crate) fn delete(
    transaction: &Transaction<'_>,
    org: OrgId,
    id: ModelProviderId,
) -> Result<bool, Failure> {
    let gone = transaction
        .prepare_cached("DELETE FROM model_provider WHERE org = ?1 AND id = ?2")?
        .execute([blob(org.bits()), blob(id.bits())])?;
    Ok(gone == 1)
}
