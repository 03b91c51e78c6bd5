//! Run records: the port on top of `runs.db`.

use async_trait::async_trait;
use ports::{
    Cursor, Page, RunHistory, StoreError,
    run_history::{Figures, RunFilter, Usage},
};
use protocol::{OrgId, RunId, SessionId, Timestamp, run::RunRecord, usage::UsageBy};
use rusqlite::{Connection, Row, params};

use crate::{
    codec::{below, blob, from_json, json, limit as sql_limit, ms},
    database::RunDatabase,
    error::Failure,
    identity::first,
    usage,
};

/// Newest first along the index on (org, id); the rest is looked at row by row.
const LIST: &str = "
    SELECT record FROM run
    WHERE org = ?1 AND id < ?2
      AND (?3 IS NULL OR session = ?3)
      AND (?4 IS NULL OR user = ?4)
      AND (?5 IS NULL OR api_key = ?5)
      AND (?6 IS NULL OR model = ?6)
      AND (?7 IS NULL OR ended_at >= ?7)
      AND (?8 IS NULL OR ended_at < ?8)
    ORDER BY id DESC LIMIT ?9";

const INSERT: &str = "
    INSERT INTO run (id, org, session, user, api_key, model, ended_at, record, outcome, input, output, cached,
                     reasoning, tool_calls, cost, queued_ms, running_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
    ON CONFLICT DO NOTHING";

fn decode(row: &Row<'_>) -> Result<RunRecord, Failure> {
    from_json(row, "record")
}

fn list(
    connection: &Connection,
    org: OrgId,
    filter: &RunFilter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Page<RunRecord>, Failure> {
    let mut items: Vec<RunRecord> = connection
        .prepare_cached(LIST)?
        .query_and_then(
            params![
                blob(org.bits()),
                below(after),
                filter.session.map(|id| blob(id.bits())),
                filter.user.map(|id| blob(id.bits())),
                filter.api_key.map(|id| blob(id.bits())),
                filter.model,
                ms(filter.from),
                ms(filter.until),
                sql_limit(limit.saturating_add(1)),
            ],
            decode,
        )?
        .collect::<Result<_, _>>()?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more {
        items.last().map(|run| Cursor(run.id.bits()))
    } else {
        None
    };
    Ok(Page { items, next })
}

#[async_trait]
impl RunHistory for RunDatabase {
    async fn record(&self, runs: Vec<RunRecord>) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| {
                let mut insert = transaction.prepare_cached(INSERT)?;
                for run in &runs {
                    let figures = Figures::of(run);
                    insert.execute(params![
                        blob(run.id.bits()),
                        blob(run.org_id.bits()),
                        blob(run.session_id.bits()),
                        blob(run.user_id.bits()),
                        run.api_key_id.map(|id| blob(id.bits())),
                        run.model,
                        run.ended_at.as_ms(),
                        json(run)?,
                        figures.outcome_word(),
                        figures.input,
                        figures.output,
                        figures.cached,
                        figures.reasoning,
                        figures.tool_calls,
                        figures.cost,
                        figures.queued_ms,
                        figures.running_ms,
                    ])?;
                }
                Ok(())
            })
            .await
    }

    async fn lookup(&self, org: OrgId, id: RunId) -> Result<Option<RunRecord>, StoreError> {
        let sql = "SELECT record FROM run WHERE id = ?1 AND org = ?2";
        self.0
            .read(move |connection| first(connection, sql, [blob(id.bits()), blob(org.bits())], decode))
            .await
    }

    async fn list(
        &self,
        org: OrgId,
        filter: RunFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<RunRecord>, StoreError> {
        self.0
            .read(move |connection| list(connection, org, &filter, after.as_ref(), limit))
            .await
    }

    async fn usage(
        &self,
        org: OrgId,
        filter: RunFilter,
        by: Vec<UsageBy>,
        limit: usize,
    ) -> Result<Usage, StoreError> {
        self.0
            .read(move |connection| usage::sum(connection, org, &filter, &by, limit))
            .await
    }

    async fn remove_before(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.0
            .write(move |transaction| {
                let removed = transaction
                    .prepare_cached(
                        "DELETE FROM run WHERE id IN
                             (SELECT id FROM run WHERE ended_at < ?1 ORDER BY ended_at, id LIMIT ?2)",
                    )?
                    .execute(params![before.as_ms(), sql_limit(limit)])?;
                Ok(removed)
            })
            .await
    }

    async fn remove_session(&self, session: SessionId) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| {
                transaction
                    .prepare_cached("DELETE FROM run WHERE session = ?1")?
                    .execute([blob(session.bits())])?;
                Ok(())
            })
            .await
    }
}
