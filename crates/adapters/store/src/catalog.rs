//! The catalogue of sessions: the port on top of the rows.

use async_trait::async_trait;
use ports::{
    Catalog, Cursor, Page, StoreError,
    catalog::{ArchivedSession, OrgUsage, OwedRuns, Reserved, SessionFilter, SessionRow},
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{OrgId, SessionId, Timestamp};
use rusqlite::{Row, params};

use crate::{
    codec::{blob, limit as sql_limit, ms, signed, time_maybe, unsigned},
    database::Database,
    error::Failure,
    idempotency,
    identity::first,
    session,
};

/// Along an index of its own, which has the owing sleepers only.
const OWING: &str =
    "SELECT id FROM session WHERE awake = 0 AND runs_owed > 0 ORDER BY runs_oldest, id LIMIT ?1";
const OWED: &str = "SELECT coalesce(sum(runs_owed), 0) AS runs, min(runs_oldest) AS oldest
    FROM session WHERE awake = 0 AND runs_owed > 0";

fn id(row: &Row<'_>) -> Result<SessionId, Failure> {
    Ok(SessionId::from_bits(u128::from_be_bytes(row.get(0)?)))
}

/// Along an index of its own, which has the archived ones only.
const ARCHIVED: &str = "SELECT id, updated_at FROM session
    WHERE status = 'archived' AND updated_at < ?1 AND (updated_at, id) > (?2, ?3)
    ORDER BY updated_at, id LIMIT ?4";

#[async_trait]
impl Catalog for Database {
    async fn reserve(
        &self,
        row: SessionRow,
        entry: Option<IdempotencyEntry>,
    ) -> Result<Reserved, StoreError> {
        self.0
            .write(move |transaction| {
                if let Some(earlier) = idempotency::recall(transaction, entry.as_ref())? {
                    return Ok(match (earlier.written, earlier.session) {
                        (Written::Replayed(_), Some(session)) => Reserved::Existing(session),
                        _ => Reserved::Conflict,
                    });
                }
                if !session::add(transaction, &row)? {
                    return Ok(Reserved::Existing(row.id));
                }
                idempotency::remember(transaction, entry.as_ref(), Some(row.id))?;
                Ok(Reserved::New)
            })
            .await
    }

    async fn lookup(&self, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
        let sql = "SELECT * FROM session WHERE id = ?1";
        self.0
            .read(move |connection| first(connection, sql, [blob(id.bits())], session::decode))
            .await
    }

    async fn list(
        &self,
        org: OrgId,
        filter: SessionFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<SessionRow>, StoreError> {
        self.0
            .read(move |connection| session::list(connection, org, &filter, after.as_ref(), limit))
            .await
    }

    async fn usage(&self, org: OrgId) -> Result<OrgUsage, StoreError> {
        self.0
            .read(move |connection| crate::keys::usage(connection, org))
            .await
    }

    async fn project(&self, row: SessionRow) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| session::project(transaction, &row).map(drop))
            .await
    }

    async fn mark_awake(&self, id: SessionId) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| {
                transaction
                    .prepare_cached(
                        "UPDATE session SET awake = 1, runs_owed = 0, runs_oldest = NULL WHERE id = ?1",
                    )?
                    .execute([blob(id.bits())])?;
                Ok(())
            })
            .await
    }

    async fn mark_asleep(&self, id: SessionId, alarm: Option<Timestamp>) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| {
                transaction
                    .prepare_cached("UPDATE session SET awake = 0, alarm = ?2 WHERE id = ?1")?
                    .execute(params![blob(id.bits()), ms(alarm)])?;
                Ok(())
            })
            .await
    }

    async fn mark_owing(&self, id: SessionId, owed: OwedRuns) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| {
                transaction
                    .prepare_cached("UPDATE session SET runs_owed = ?2, runs_oldest = ?3 WHERE id = ?1")?
                    .execute(params![blob(id.bits()), signed(owed.runs), ms(owed.oldest)])?;
                Ok(())
            })
            .await
    }

    async fn owing_runs(&self, limit: usize) -> Result<Vec<SessionId>, StoreError> {
        self.0
            .read(move |connection| {
                connection
                    .prepare_cached(OWING)?
                    .query_and_then([sql_limit(limit)], id)?
                    .collect()
            })
            .await
    }

    async fn owed_runs(&self) -> Result<OwedRuns, StoreError> {
        self.0
            .read(|connection| {
                let owed = first(connection, OWED, [], |row| {
                    Ok(OwedRuns {
                        runs: unsigned(row, "runs")?,
                        oldest: time_maybe(row, "oldest")?,
                    })
                })?;
                Ok(owed.unwrap_or_default())
            })
            .await
    }

    async fn awake(&self) -> Result<Vec<SessionId>, StoreError> {
        self.0
            .read(|connection| {
                connection
                    .prepare_cached("SELECT id FROM session WHERE awake = 1 ORDER BY id")?
                    .query_and_then([], id)?
                    .collect()
            })
            .await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<SessionId>, StoreError> {
        self.0
            .read(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT id FROM session WHERE awake = 0 AND alarm IS NOT NULL AND alarm <= ?1
                         ORDER BY alarm, id LIMIT ?2",
                    )?
                    .query_and_then([now.as_ms(), sql_limit(limit)], id)?
                    .collect()
            })
            .await
    }

    async fn next_alarm(&self) -> Result<Option<Timestamp>, StoreError> {
        self.0
            .read(|connection| {
                let alarm: Option<i64> = connection
                    .prepare_cached("SELECT min(alarm) FROM session WHERE awake = 0 AND alarm IS NOT NULL")?
                    .query_row([], |row| row.get(0))?;
                Ok(alarm.map(Timestamp::from_ms))
            })
            .await
    }

    async fn remember(&self, entry: IdempotencyEntry) -> Result<Written, StoreError> {
        self.0
            .write(move |transaction| idempotency::once(transaction, Some(&entry), |_| Ok(true)))
            .await
    }

    async fn recall(&self, entry: IdempotencyEntry) -> Result<Written, StoreError> {
        self.0
            .read(move |connection| {
                let earlier = idempotency::recall(connection, Some(&entry))?;
                Ok(earlier.map_or(Written::Done, |earlier| earlier.written))
            })
            .await
    }

    async fn archived(
        &self,
        before: Timestamp,
        after: Option<ArchivedSession>,
        limit: usize,
    ) -> Result<Vec<ArchivedSession>, StoreError> {
        self.0
            .read(move |connection| {
                let (at, behind) = after.map_or((i64::MIN, Vec::new()), |place| {
                    (place.updated_at.as_ms(), blob(place.id.bits()).to_vec())
                });
                connection
                    .prepare_cached(ARCHIVED)?
                    .query_and_then(params![before.as_ms(), at, behind, sql_limit(limit)], |row| {
                        Ok(ArchivedSession {
                            updated_at: Timestamp::from_ms(row.get(1)?),
                            id: id(row)?,
                        })
                    })?
                    .collect()
            })
            .await
    }

    async fn remove(&self, id: SessionId) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| {
                transaction
                    .prepare_cached("DELETE FROM session WHERE id = ?1")?
                    .execute([blob(id.bits())])?;
                Ok(())
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn rows_of_an_older_version_read_as_zeros() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("coordinator.db");
        {
            let mut old = rusqlite::Connection::open(&path).unwrap();
            crate::schema::climb(&mut old, &crate::schema::COORDINATOR[..1]).unwrap();
            old.execute_batch(
                r#"INSERT INTO session (id, org, created_by, created_at, updated_at, agent, model, status, tokens,
                                        position, awake)
                   VALUES (x'00000000000000000000000000000001', x'00000000000000000000000000000002',
                           x'00000000000000000000000000000003', 1, 1, 'opencode', 'a/b', 'idle',
                           '{"input":1,"output":1}', 5, 0)"#,
            )
            .unwrap();
        }
        let database = Database::open(&path).unwrap();
        let row = database.lookup(SessionId::from_bits(1)).await.unwrap().unwrap();
        assert_eq!(row.waiting, ports::catalog::Waiting::default());
        assert_eq!(
            (row.cause.as_str(), row.message.as_str(), row.created_by_name),
            ("", "", None)
        );
        let page = database
            .list(OrgId::from_bits(2), SessionFilter::default(), None, 5)
            .await
            .unwrap();
        assert_eq!(page.items.len(), 1);
    }

    #[test]
    fn lists_and_alarms_run_along_their_indexes() {
        let dir = tempfile::tempdir().unwrap();
        let database = Database::open(&dir.path().join("coordinator.db")).unwrap();
        let plan = |sql: &str| {
            let writer = database.0.writer();
            let mut query = writer.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let count = query.parameter_count();
            let rows = query
                .query_map(rusqlite::params_from_iter(vec![1; count]), |row| {
                    row.get::<_, String>(3)
                })
                .unwrap();
            rows.collect::<Result<Vec<_>, _>>().unwrap().join("; ")
        };
        let list = plan(session::LIST);
        assert!(
            list.contains("session_org (org=? AND id<?)") && !list.contains("TEMP"),
            "{list}"
        );
        let due = plan(
            "SELECT id FROM session WHERE awake = 0 AND alarm IS NOT NULL AND alarm <= ?1 ORDER BY alarm, id LIMIT ?2",
        );
        assert!(due.contains("session_alarm") && !due.contains("TEMP"), "{due}");
        for owing in [plan(OWING), plan(OWED)] {
            assert!(
                owing.contains("COVERING INDEX session_owing") && !owing.contains("TEMP"),
                "{owing}"
            );
        }
        let archived = plan(ARCHIVED);
        assert!(
            archived.contains("session_archived") && !archived.contains("TEMP"),
            "{archived}"
        );
        let awake = plan("SELECT id FROM session WHERE awake = 1 ORDER BY id");
        assert!(awake.contains("session_awake"), "{awake}");
    }
}
