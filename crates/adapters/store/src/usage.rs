//! Sums over run records.

use ports::run_history::{RunFilter, Usage, span_ms};
use protocol::{
    ApiKeyId, MicroUsd, OrgId, SessionId, UserId,
    session::Tokens,
    usage::{UsageBy, UsageRow, UsageSums},
};
use rusqlite::{Connection, Row, params_from_iter, types::Value};

use crate::{
    codec::{blob, ms, time_maybe, unsigned},
    error::Failure,
};

const SUMS: &str = "
    count(*) AS runs,
    count(*) FILTER (WHERE outcome = 'completed') AS completed,
    count(*) FILTER (WHERE outcome = 'failed') AS failed,
    count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled,
    coalesce(sum(input), 0) AS input, coalesce(sum(output), 0) AS output,
    coalesce(sum(cached), 0) AS cached, coalesce(sum(reasoning), 0) AS reasoning,
    coalesce(sum(tool_calls), 0) AS tool_calls, coalesce(sum(cost), 0) AS cost,
    count(*) FILTER (WHERE cost IS NULL) AS unknown_cost,
    coalesce(sum(queued_ms), 0) AS queued_ms, coalesce(sum(running_ms), 0) AS running_ms";

/// Conditions that are there only when asked for, so that the right index is used.
fn conditions(org: OrgId, filter: &RunFilter) -> (String, Vec<Value>) {
    let mut sql = "WHERE org = ?1".to_owned();
    let mut values = vec![Value::Blob(blob(org.bits()).to_vec())];
    let bits = |bits: u128| Value::Blob(blob(bits).to_vec());
    let wanted = [
        ("session =", filter.session.map(|id| bits(id.bits()))),
        ("user =", filter.user.map(|id| bits(id.bits()))),
        ("api_key =", filter.api_key.map(|id| bits(id.bits()))),
        ("model =", filter.model.clone().map(Value::Text)),
        ("ended_at >=", ms(filter.from).map(Value::Integer)),
        ("ended_at <", ms(filter.until).map(Value::Integer)),
    ];
    for (condition, value) in wanted {
        if let Some(value) = value {
            values.push(value);
            sql.push_str(&format!(" AND {condition} ?{}", values.len()));
        }
    }
    (sql, values)
}

pub(crate) fn sum(
    connection: &Connection,
    org: OrgId,
    filter: &RunFilter,
    by: &[UsageBy],
    limit: usize,
) -> Result<Usage, Failure> {
    let (conditions, values) = conditions(org, filter);
    let total = connection
        .prepare_cached(&format!("SELECT {SUMS} FROM run {conditions}"))?
        .query_and_then(params_from_iter(&values), sums)?
        .next()
        .transpose()?
        .unwrap_or_default();
    let mut usage = Usage {
        total,
        ..Usage::default()
    };
    if by.is_empty() {
        return Ok(usage);
    }
    let column = |wanted, name: &'static str| if by.contains(&wanted) { name } else { "NULL" };
    let start = span_ms(by).map_or("NULL".to_owned(), |span| format!("ended_at - ended_at % {span}"));
    let sql = format!(
        "SELECT {start} AS start, {} AS by_user, {} AS by_key, {} AS by_model, {} AS by_session, {SUMS}
         FROM run {conditions} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1 DESC, 2, 3, 4, 5 LIMIT {}",
        column(UsageBy::User, "user"),
        column(UsageBy::ApiKey, "api_key"),
        column(UsageBy::Model, "model"),
        column(UsageBy::Session, "session"),
        limit.saturating_add(1),
    );
    usage.rows = connection
        .prepare_cached(&sql)?
        .query_and_then(params_from_iter(&values), row)?
        .collect::<Result<_, _>>()?;
    usage.truncated = usage.rows.len() > limit;
    usage.rows.truncate(limit);
    Ok(usage)
}

fn row(row: &Row<'_>) -> Result<UsageRow, Failure> {
    let id = |name: &str| -> Result<Option<u128>, Failure> {
        Ok(row.get::<_, Option<[u8; 16]>>(name)?.map(u128::from_be_bytes))
    };
    Ok(UsageRow {
        from: time_maybe(row, "start")?,
        user_id: id("by_user")?.map(UserId::from_bits),
        api_key_id: id("by_key")?.map(ApiKeyId::from_bits),
        model: row.get("by_model")?,
        session_id: id("by_session")?.map(SessionId::from_bits),
        sums: sums(row)?,
    })
}

fn sums(row: &Row<'_>) -> Result<UsageSums, Failure> {
    let known = MicroUsd(row.get("cost")?);
    let unknown = unsigned(row, "unknown_cost")?;
    Ok(UsageSums {
        runs: unsigned(row, "runs")?,
        completed: unsigned(row, "completed")?,
        failed: unsigned(row, "failed")?,
        cancelled: unsigned(row, "cancelled")?,
        tokens: Tokens {
            input: unsigned(row, "input")?,
            output: unsigned(row, "output")?,
            cached: unsigned(row, "cached")?,
            reasoning: unsigned(row, "reasoning")?,
        },
        tool_calls: unsigned(row, "tool_calls")?,
        cost_micro_usd: (unknown == 0).then_some(known),
        known_cost_micro_usd: known,
        unknown_cost_runs: unknown,
        queued_ms: unsigned(row, "queued_ms")?,
        running_ms: unsigned(row, "running_ms")?,
    })
}

#[cfg(test)]
mod tests {
    use ports::RunHistory as _;
    use protocol::run::RunRecord;
    use testkit::sample;

    use super::*;
    use crate::{RunDatabase, schema};

    #[tokio::test]
    async fn records_of_an_older_version_are_summed_as_new_ones() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("runs.db");
        let bare = RunRecord {
            started_at: None,
            cost_micro_usd: Some(MicroUsd(7)),
            ..sample::run(1_234, sample::org_id(1), sample::session_id(1))
        };
        let huge = RunRecord {
            tokens: Tokens {
                input: 1 << 62,
                ..Tokens::default()
            },
            ..sample::run(70_000, sample::org_id(1), sample::session_id(1))
        };
        let runs = vec![
            sample::run(1, sample::org_id(1), sample::session_id(1)),
            bare,
            huge,
        ];
        {
            let mut old = Connection::open(&path).unwrap();
            schema::climb(&mut old, &schema::RUNS[..1]).unwrap();
            for run in &runs {
                old.execute(
                    "INSERT INTO run (id, org, session, user, model, ended_at, record)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    rusqlite::params![
                        blob(run.id.bits()),
                        blob(run.org_id.bits()),
                        blob(run.session_id.bits()),
                        blob(run.user_id.bits()),
                        run.model,
                        run.ended_at.as_ms(),
                        serde_json::to_string(run).unwrap(),
                    ],
                )
                .unwrap();
            }
        }
        let (old, new) = (
            RunDatabase::open(&path).unwrap(),
            RunDatabase::open(&dir.path().join("new.db")).unwrap(),
        );
        new.record(runs).await.unwrap();
        let by = vec![UsageBy::Model];
        let sums = async |history: &RunDatabase| {
            history
                .usage(sample::org_id(1), RunFilter::default(), by.clone(), 9)
                .await
                .unwrap()
        };
        assert_eq!(sums(&old).await, sums(&new).await);
        assert_eq!(sums(&old).await.total.runs, 3);
    }

    #[test]
    fn sums_over_a_span_of_time_run_along_its_index() {
        let dir = tempfile::tempdir().unwrap();
        let database = RunDatabase::open(&dir.path().join("runs.db")).unwrap();
        let filter = RunFilter {
            from: Some(sample::at(0)),
            ..RunFilter::default()
        };
        let (conditions, values) = conditions(sample::org_id(1), &filter);
        let sql = format!("EXPLAIN QUERY PLAN SELECT {SUMS} FROM run {conditions}");
        let writer = database.0.writer();
        let mut query = writer.prepare(&sql).unwrap();
        let plan: String = query
            .query_row(params_from_iter(&values), |row| row.get(3))
            .unwrap();
        assert!(plan.contains("run_org_ended (org=? AND ended_at>?)"), "{plan}");
    }
}
