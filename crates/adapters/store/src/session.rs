//! Rows of the catalogue.

use ports::{
    Cursor, Page,
    catalog::{SEARCH_ROWS, SessionFilter, SessionRow, Waiting},
};
use protocol::{MicroUsd, OrgId, SessionId, UserId, session::SessionStatus};
use rusqlite::{Connection, Row, Transaction, params};

use crate::{
    codec::{
        below, bits, blob, from_json, from_json_maybe, from_word, json, json_maybe, signed, time, unsigned,
        word,
    },
    error::Failure,
};

/// Newest first along the index on (org, id); the rest is looked at row by row.
pub(crate) const LIST: &str = "
    SELECT * FROM session
    WHERE org = ?1 AND id < ?2 AND (position > 0 OR ?6)
      AND (?3 IS NULL OR status = ?3)
      AND (?4 IS NULL OR created_by = ?4)
      AND (?5 OR status <> 'archived')
    ORDER BY id DESC";

pub(crate) fn decode(row: &Row<'_>) -> Result<SessionRow, Failure> {
    Ok(SessionRow {
        id: SessionId::from_bits(bits(row, "id")?),
        org: OrgId::from_bits(bits(row, "org")?),
        created_by: UserId::from_bits(bits(row, "created_by")?),
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
        agent: row.get("agent")?,
        model: row.get("model")?,
        title: row.get("title")?,
        repository: from_json_maybe(row, "repository")?,
        status: from_word(row, "status")?,
        tokens: from_json(row, "tokens")?,
        cost_micro_usd: row.get::<_, Option<i64>>("cost")?.map(MicroUsd),
        created_by_name: row.get("created_by_name")?,
        waiting: Waiting {
            permissions: unsigned(row, "pending_permissions")?,
            questions: unsigned(row, "pending_questions")?,
            prompts: unsigned(row, "queued")?,
        },
        cause: row.get("cause")?,
        message: row.get("message")?,
        bytes: unsigned(row, "bytes")?,
        position: unsigned(row, "position")?,
    })
}

fn execute(transaction: &Transaction<'_>, sql: &str, row: &SessionRow) -> Result<bool, Failure> {
    let written = transaction.prepare_cached(sql)?.execute(params![
        blob(row.id.bits()),
        blob(row.org.bits()),
        blob(row.created_by.bits()),
        row.created_at.as_ms(),
        row.updated_at.as_ms(),
        row.agent,
        row.model,
        row.title,
        json_maybe(row.repository.as_ref())?,
        word(&row.status)?,
        json(&row.tokens)?,
        row.cost_micro_usd.map(|cost| cost.0),
        signed(row.position),
        row.created_by_name,
        signed(row.waiting.permissions),
        signed(row.waiting.questions),
        signed(row.waiting.prompts),
        row.cause,
        row.message,
        signed(row.bytes),
    ])?;
    Ok(written == 1)
}

/// Marked awake; false when the id is there already.
pub(crate) fn add(transaction: &Transaction<'_>, row: &SessionRow) -> Result<bool, Failure> {
    let sql = "INSERT INTO session
                   (id, org, created_by, created_at, updated_at, agent, model, title, repository, status, tokens,
                    cost, position, created_by_name, pending_permissions, pending_questions, queued, cause, message, bytes, awake)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, 1) ON CONFLICT DO NOTHING";
    execute(transaction, sql, row)
}

/// Nothing happens when the row is newer, or gone.
pub(crate) fn project(transaction: &Transaction<'_>, row: &SessionRow) -> Result<bool, Failure> {
    let sql = "UPDATE session
               SET org = ?2, created_by = ?3, created_at = ?4, updated_at = ?5, agent = ?6, model = ?7, title = ?8,
                   repository = ?9, status = ?10, tokens = ?11, cost = ?12, position = ?13,
                   created_by_name = ?14, pending_permissions = ?15, pending_questions = ?16, queued = ?17,
                   cause = ?18, message = ?19, bytes = ?20
               WHERE id = ?1 AND position <= ?13";
    execute(transaction, sql, row)
}

pub(crate) fn list(
    connection: &Connection,
    org: OrgId,
    filter: &SessionFilter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Page<SessionRow>, Failure> {
    let archived = filter.include_archived || filter.status == Some(SessionStatus::Archived);
    let mut query = connection.prepare_cached(LIST)?;
    let rows = query.query_and_then(
        params![
            blob(org.bits()),
            below(after),
            filter.status.as_ref().map(word).transpose()?,
            filter.created_by.map(|id| blob(id.bits())),
            archived,
            filter.include_reserved,
        ],
        decode,
    )?;
    let (mut items, mut seen, mut last) = (Vec::new(), 0, None);
    for row in rows {
        let row = row?;
        if items.len() == limit || seen == SEARCH_ROWS {
            return Ok(Page { items, next: last });
        }
        seen += usize::from(filter.search.is_some());
        last = Some(Cursor(row.id.bits()));
        if filter.finds(&row) {
            items.push(row);
        }
    }
    Ok(Page { items, next: None })
}
