//! Audit records as a table.

use protocol::audit::{AuditActor, AuditRecord};

use crate::csv::{Cell, Lines};

const HEAD: [&str; 14] = [
    "seq",
    "at",
    "actor",
    "user_id",
    "api_key_id",
    "name",
    "action",
    "target",
    "outcome",
    "address",
    "request_id",
    "details",
    "hash",
    "org_id",
];

pub(super) fn head(lines: &mut Lines) {
    lines.line(HEAD.map(Cell::Text));
}

pub(super) fn line(lines: &mut Lines, record: &AuditRecord) {
    let (kind, user, key, name) = match &record.actor {
        AuditActor::User {
            user_id,
            api_key_id,
            name,
        } => ("user", Some(*user_id), *api_key_id, Some(name)),
        AuditActor::Operator => ("operator", None, None, None),
        AuditActor::System => ("system", None, None, None),
    };
    let details: Vec<String> = record
        .details
        .iter()
        .map(|(name, text)| format!("{name}={text}"))
        .collect();
    lines.line([
        Cell::number(record.seq),
        Cell::maybe(Some(record.at)),
        Cell::Text(kind),
        Cell::maybe(user),
        Cell::maybe(key),
        Cell::maybe(name),
        Cell::Text(&record.action),
        Cell::maybe(record.target.as_ref()),
        Cell::Text(record.outcome.as_str()),
        Cell::maybe(record.address),
        Cell::maybe(record.request_id),
        Cell::Owned(details.join("; ")),
        Cell::maybe(Some(record.hash)),
        Cell::maybe(Some(record.org_id)),
    ]);
}
