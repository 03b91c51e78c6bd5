//! Records, checkpoints and heads as rows. What is read has to be exactly what would be written, so that a row has one
//! spelling and no byte of it can change unnoticed.

use std::collections::BTreeMap;

use domain::audit::GENESIS;
use protocol::{
    ApiKeyId, OrgId, RequestId, UserId,
    audit::{AuditActor, AuditCheckpoint, AuditHead, AuditOutcome, AuditRecord, Hex},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    codec::{bits, blob, json, signed, time, unsigned},
    error::Failure,
};

pub(super) const RECORD: &str =
    "org, seq, at, kind, user, api_key, name, action, target, outcome, address, request, details, hash";
pub(super) const CHECKPOINT: &str = "org, seq, hash, at, key, signature";
pub(super) const HEAD: &str = "org, seq, hash, removed, removed_hash";

fn shape(what: &str) -> Failure {
    Failure::Shape(format!("`{what}` of an audit record is not as it was written"))
}

pub(super) fn word(actor: &AuditActor) -> &'static str {
    match actor {
        AuditActor::User { .. } => "user",
        AuditActor::Operator => "operator",
        AuditActor::System => "system",
    }
}

pub(super) fn insert(connection: &Connection, record: &AuditRecord) -> Result<(), Failure> {
    let (user, key, name) = match &record.actor {
        AuditActor::User {
            user_id,
            api_key_id,
            name,
        } => (Some(*user_id), *api_key_id, Some(name)),
        AuditActor::Operator | AuditActor::System => (None, None, None),
    };
    connection
        .prepare_cached(
            "INSERT INTO record (org, seq, at, kind, user, api_key, name, action, target, outcome, address, request, details, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            blob(record.org_id.bits()),
            signed(record.seq),
            record.at.as_ms(),
            word(&record.actor),
            user.map(|id| blob(id.bits())),
            key.map(|id| blob(id.bits())),
            name,
            record.action,
            record.target,
            record.outcome.as_str(),
            record.address.map(|address| address.to_string()),
            record.request_id.map(|id| blob(id.bits())),
            json(&record.details)?,
            record.hash.0,
        ])?;
    Ok(())
}

fn id(row: &Row<'_>, column: &str) -> Result<Option<u128>, Failure> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(u128::from_be_bytes))
}

fn hex<const N: usize>(row: &Row<'_>, column: &str) -> Result<Hex<N>, Failure> {
    Ok(Hex(row.get::<_, [u8; N]>(column)?))
}

pub(super) fn record(row: &Row<'_>) -> Result<AuditRecord, Failure> {
    let kind: String = row.get("kind")?;
    let (user, key) = (id(row, "user")?, id(row, "api_key")?);
    let name: Option<String> = row.get("name")?;
    let actor = match (kind.as_str(), user, key, name) {
        ("user", Some(user), key, Some(name)) => AuditActor::User {
            user_id: UserId::from_bits(user),
            api_key_id: key.map(ApiKeyId::from_bits),
            name,
        },
        ("operator", None, None, None) => AuditActor::Operator,
        ("system", None, None, None) => AuditActor::System,
        _ => return Err(shape("kind")),
    };
    let outcome: String = row.get("outcome")?;
    let text: Option<String> = row.get("address")?;
    let address = text
        .map(|text| match text.parse::<std::net::IpAddr>() {
            Ok(address) if address.to_string() == text => Ok(address),
            _ => Err(shape("address")),
        })
        .transpose()?;
    let text: String = row.get("details")?;
    let details: BTreeMap<String, String> = serde_json::from_str(&text)?;
    if json(&details)? != text {
        return Err(shape("details"));
    }
    Ok(AuditRecord {
        org_id: OrgId::from_bits(bits(row, "org")?),
        seq: unsigned(row, "seq")?,
        at: time(row, "at")?,
        actor,
        action: row.get("action")?,
        target: row.get("target")?,
        outcome: outcome.parse::<AuditOutcome>().map_err(|_| shape("outcome"))?,
        address,
        request_id: id(row, "request")?.map(RequestId::from_bits),
        details,
        hash: hex(row, "hash")?,
    })
}

pub(super) fn checkpoint(row: &Row<'_>) -> Result<AuditCheckpoint, Failure> {
    Ok(AuditCheckpoint {
        org_id: OrgId::from_bits(bits(row, "org")?),
        seq: unsigned(row, "seq")?,
        hash: hex(row, "hash")?,
        at: time(row, "at")?,
        key: hex(row, "key")?,
        signature: hex(row, "signature")?,
    })
}

pub(super) fn head(row: &Row<'_>) -> Result<AuditHead, Failure> {
    Ok(AuditHead {
        org_id: OrgId::from_bits(bits(row, "org")?),
        seq: unsigned(row, "seq")?,
        hash: hex(row, "hash")?,
        removed: unsigned(row, "removed")?,
        removed_hash: hex(row, "removed_hash")?,
    })
}

/// All zeros when there is none.
pub(super) fn head_of(connection: &Connection, org: OrgId) -> Result<AuditHead, Failure> {
    let found = connection
        .prepare_cached(&format!("SELECT {HEAD} FROM head WHERE org = ?1"))?
        .query_row([blob(org.bits())], |row| Ok(head(row)))
        .optional()?;
    found.unwrap_or(Ok(AuditHead {
        org_id: org,
        seq: 0,
        hash: GENESIS,
        removed: 0,
        removed_hash: GENESIS,
    }))
}
