//! Run records: the port on top of one table.

use async_trait::async_trait;
use ports::{
    Cursor, Page, RunHistory, StoreError,
    run_history::{Figures, RunFilter, Usage},
};
use protocol::{OrgId, RunId, SessionId, Timestamp, run::RunRecord, usage::UsageBy};
use sqlx::{
    Postgres, Row,
    postgres::{PgArguments, PgRow},
};

use crate::{
    PostgresRuns,
    connect::within,
    error::{Doing, store},
    usage,
};

/// One statement for the whole batch: it is written or not, and the way there and back is gone once.
const INSERT: &str = "
    INSERT INTO coordinator_run (id, org, session, user_id, api_key, model, ended_at, record, outcome, input, output,
                                 cached, reasoning, tool_calls, cost, queued_ms, running_ms)
    SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::text[], $7::bigint[],
                         $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
                         $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[])
    ON CONFLICT (id) DO NOTHING";

const LIST: &str = "
    SELECT record FROM coordinator_run
    WHERE org = $1 AND id < $2
      AND ($3::bytea IS NULL OR session = $3)
      AND ($4::bytea IS NULL OR user_id = $4)
      AND ($5::bytea IS NULL OR api_key = $5)
      AND ($6::text IS NULL OR model = $6)
      AND ($7::bigint IS NULL OR ended_at >= $7)
      AND ($8::bigint IS NULL OR ended_at < $8)
    ORDER BY id DESC LIMIT $9";

pub(crate) fn bytes(bits: u128) -> Vec<u8> {
    bits.to_be_bytes().to_vec()
}

/// The database's text has every character but one.
pub(crate) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

type Query<'q> = sqlx::query::Query<'q, Postgres, PgArguments>;

impl PostgresRuns {
    async fn execute(&self, query: Query<'_>) -> Result<(), StoreError> {
        let work = async {
            let mut connection = self.connection().await?;
            let done = query.execute(&mut *connection).await;
            done.map(drop).map_err(|error| store(Doing::Write, &error))
        };
        within(Doing::Write, work).await
    }

    async fn fetch(&self, query: Query<'_>) -> Result<Vec<PgRow>, StoreError> {
        let work = async {
            let mut connection = self.connection().await?;
            let rows = query.fetch_all(&mut *connection).await;
            rows.map_err(|error| store(Doing::Read, &error))
        };
        within(Doing::Read, work).await
    }
}

fn record(row: &PgRow) -> Result<RunRecord, StoreError> {
    let text: &str = row
        .try_get(0)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

#[async_trait]
impl RunHistory for PostgresRuns {
    async fn record(&self, runs: Vec<RunRecord>) -> Result<(), StoreError> {
        if runs.is_empty() {
            return Ok(());
        }
        let records = runs
            .iter()
            .map(serde_json::to_string)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| StoreError::Invalid(error.to_string()))?;
        let figures: Vec<Figures> = runs.iter().map(Figures::of).collect();
        let ids = |of: fn(&RunRecord) -> u128| runs.iter().map(|run| bytes(of(run))).collect::<Vec<_>>();
        let numbers = |of: fn(&Figures) -> i64| figures.iter().map(of).collect::<Vec<_>>();
        let query = sqlx::query(INSERT)
            .bind(ids(|run| run.id.bits()))
            .bind(ids(|run| run.org_id.bits()))
            .bind(ids(|run| run.session_id.bits()))
            .bind(ids(|run| run.user_id.bits()))
            .bind(
                runs.iter()
                    .map(|run| run.api_key_id.map(|id| bytes(id.bits())))
                    .collect::<Vec<_>>(),
            )
            .bind(runs.iter().map(|run| text(&run.model)).collect::<Vec<_>>())
            .bind(runs.iter().map(|run| run.ended_at.as_ms()).collect::<Vec<_>>())
            .bind(records)
            .bind(figures.iter().map(Figures::outcome_word).collect::<Vec<_>>())
            .bind(numbers(|figures| figures.input))
            .bind(numbers(|figures| figures.output))
            .bind(numbers(|figures| figures.cached))
            .bind(numbers(|figures| figures.reasoning))
            .bind(numbers(|figures| figures.tool_calls))
            .bind(figures.iter().map(|figures| figures.cost).collect::<Vec<_>>())
            .bind(numbers(|figures| figures.queued_ms))
            .bind(numbers(|figures| figures.running_ms));
        self.execute(query).await
    }

    async fn lookup(&self, org: OrgId, id: RunId) -> Result<Option<RunRecord>, StoreError> {
        let sql = "SELECT record FROM coordinator_run WHERE id = $1 AND org = $2";
        let query = sqlx::query(sql).bind(bytes(id.bits())).bind(bytes(org.bits()));
        self.fetch(query).await?.first().map(record).transpose()
    }

    async fn list(
        &self,
        org: OrgId,
        filter: RunFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<RunRecord>, StoreError> {
        // Longer than any id when it is the first page.
        let below = after.map_or(vec![0xff; 17], |cursor| bytes(cursor.0));
        let query = sqlx::query(LIST)
            .bind(bytes(org.bits()))
            .bind(below)
            .bind(filter.session.map(|id| bytes(id.bits())))
            .bind(filter.user.map(|id| bytes(id.bits())))
            .bind(filter.api_key.map(|id| bytes(id.bits())))
            .bind(filter.model.as_deref().map(text))
            .bind(filter.from.map(Timestamp::as_ms))
            .bind(filter.until.map(Timestamp::as_ms))
            .bind(i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX));
        let rows = self.fetch(query).await?;
        let mut items = rows.iter().map(record).collect::<Result<Vec<_>, _>>()?;
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        let next = last.map(|run| Cursor(run.id.bits()));
        Ok(Page { items, next })
    }

    async fn usage(
        &self,
        org: OrgId,
        filter: RunFilter,
        by: Vec<UsageBy>,
        limit: usize,
    ) -> Result<Usage, StoreError> {
        usage::sum(self, org, &filter, &by, limit).await
    }

    async fn remove_before(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let query = sqlx::query(
            "WITH gone AS (
                 DELETE FROM coordinator_run WHERE id IN
                     (SELECT id FROM coordinator_run WHERE ended_at < $1 ORDER BY ended_at, id LIMIT $2)
                 RETURNING id)
             SELECT id FROM gone",
        )
        .bind(before.as_ms())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX));
        Ok(self.fetch(query).await?.len())
    }

    async fn remove_session(&self, session: SessionId) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM coordinator_run WHERE session = $1").bind(bytes(session.bits()));
        self.execute(query).await
    }
}
