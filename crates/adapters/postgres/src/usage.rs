//! Sums over run records.

use ports::{
    StoreError,
    run_history::{RunFilter, Usage, span_ms},
};
use protocol::{
    ApiKeyId, MicroUsd, OrgId, SessionId, Timestamp, UserId,
    session::Tokens,
    usage::{UsageBy, UsageRow, UsageSums},
};
use sqlx::{Connection, PgConnection, QueryBuilder, Row, postgres::PgRow};

use crate::{
    PostgresRuns,
    connect::within,
    error::{Doing, store},
    run_history::{bytes, text},
};

const SUMS: &str = "
    count(*) AS runs,
    count(*) FILTER (WHERE outcome = 'completed') AS completed,
    count(*) FILTER (WHERE outcome = 'failed') AS failed,
    count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled,
    coalesce(sum(input), 0)::bigint AS input, coalesce(sum(output), 0)::bigint AS output,
    coalesce(sum(cached), 0)::bigint AS cached, coalesce(sum(reasoning), 0)::bigint AS reasoning,
    coalesce(sum(tool_calls), 0)::bigint AS tool_calls, coalesce(sum(cost), 0)::bigint AS cost,
    count(*) FILTER (WHERE cost IS NULL) AS unknown_cost,
    coalesce(sum(queued_ms), 0)::bigint AS queued_ms, coalesce(sum(running_ms), 0)::bigint AS running_ms";

type Sql = QueryBuilder<sqlx::Postgres>;

/// Conditions that are there only when asked for, so that the right index is used.
fn from_where(sql: &mut Sql, org: OrgId, filter: &RunFilter) {
    sql.push(" FROM coordinator_run WHERE org = ")
        .push_bind(bytes(org.bits()));
    let ids = [
        (" AND session = ", filter.session.map(|id| id.bits())),
        (" AND user_id = ", filter.user.map(|id| id.bits())),
        (" AND api_key = ", filter.api_key.map(|id| id.bits())),
    ];
    for (condition, id) in ids {
        if let Some(id) = id {
            sql.push(condition).push_bind(bytes(id));
        }
    }
    if let Some(model) = &filter.model {
        sql.push(" AND model = ").push_bind(text(model));
    }
    let times = [
        (" AND ended_at >= ", filter.from),
        (" AND ended_at < ", filter.until),
    ];
    for (condition, time) in times {
        if let Some(time) = time {
            sql.push(condition).push_bind(time.as_ms());
        }
    }
}

pub(crate) async fn sum(
    runs: &PostgresRuns,
    org: OrgId,
    filter: &RunFilter,
    by: &[UsageBy],
    limit: usize,
) -> Result<Usage, StoreError> {
    let mut totals = Sql::new("SELECT ");
    totals.push(SUMS);
    from_where(&mut totals, org, filter);

    let mut groups = Sql::new("SELECT ");
    let column = |wanted, name: &'static str, nothing: &'static str| {
        if by.contains(&wanted) { name } else { nothing }
    };
    let start = span_ms(by).map_or("NULL::bigint".to_owned(), |span| {
        format!("ended_at - ended_at % {span}")
    });
    groups.push(start);
    for (name, expression) in [
        ("by_user", column(UsageBy::User, "user_id", "NULL::bytea")),
        ("by_key", column(UsageBy::ApiKey, "api_key", "NULL::bytea")),
        ("by_model", column(UsageBy::Model, "model", "NULL::text")),
        ("by_session", column(UsageBy::Session, "session", "NULL::bytea")),
    ] {
        groups.push(", ").push(expression).push(" AS ").push(name);
    }
    groups.push(", ").push(SUMS);
    from_where(&mut groups, org, filter);
    groups
        .push(" GROUP BY 1, 2, 3, 4, 5 ORDER BY 1 DESC, 2, 3 NULLS FIRST, 4, 5 LIMIT ")
        .push_bind(i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX));

    let work = async {
        let mut connection = runs.connection().await?;
        let read = both(&mut connection, totals, (!by.is_empty()).then_some(groups)).await;
        read.map_err(|error| store(Doing::Read, &error))
    };
    let (total, mut rows) = within(Doing::Read, work).await?;
    let truncated = rows.len() > limit;
    rows.truncate(limit);
    Ok(Usage {
        rows,
        truncated,
        total,
    })
}

/// Both see the same runs.
async fn both(
    connection: &mut PgConnection,
    mut totals: Sql,
    groups: Option<Sql>,
) -> Result<(UsageSums, Vec<UsageRow>), sqlx::Error> {
    let mut reading = connection.begin().await?;
    sqlx::raw_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .execute(&mut *reading)
        .await?;
    let total = totals.build().fetch_one(&mut *reading).await?;
    let rows = match groups {
        Some(mut groups) => groups.build().fetch_all(&mut *reading).await?,
        None => Vec::new(),
    };
    reading.commit().await?;
    Ok((
        sums(&total)?,
        rows.iter().map(row).collect::<Result<Vec<_>, _>>()?,
    ))
}

fn row(row: &PgRow) -> Result<UsageRow, sqlx::Error> {
    let id = |name: &str| -> Result<Option<u128>, sqlx::Error> {
        let bytes: Option<Vec<u8>> = row.try_get(name)?;
        bytes
            .map(|bytes| <[u8; 16]>::try_from(bytes.as_slice()).map(u128::from_be_bytes))
            .transpose()
            .map_err(|error| sqlx::Error::Decode(error.into()))
    };
    Ok(UsageRow {
        from: row.try_get::<Option<i64>, _>(0)?.map(Timestamp::from_ms),
        user_id: id("by_user")?.map(UserId::from_bits),
        api_key_id: id("by_key")?.map(ApiKeyId::from_bits),
        model: row.try_get("by_model")?,
        session_id: id("by_session")?.map(SessionId::from_bits),
        sums: sums(row)?,
    })
}

fn sums(row: &PgRow) -> Result<UsageSums, sqlx::Error> {
    let number = |name: &str| -> Result<u64, sqlx::Error> {
        let number: i64 = row.try_get(name)?;
        u64::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()))
    };
    let known = MicroUsd(row.try_get("cost")?);
    let unknown = number("unknown_cost")?;
    Ok(UsageSums {
        runs: number("runs")?,
        completed: number("completed")?,
        failed: number("failed")?,
        cancelled: number("cancelled")?,
        tokens: Tokens {
            input: number("input")?,
            output: number("output")?,
            cached: number("cached")?,
            reasoning: number("reasoning")?,
        },
        tool_calls: number("tool_calls")?,
        cost_micro_usd: (unknown == 0).then_some(known),
        known_cost_micro_usd: known,
        unknown_cost_runs: unknown,
        queued_ms: number("queued_ms")?,
        running_ms: number("running_ms")?,
    })
}
