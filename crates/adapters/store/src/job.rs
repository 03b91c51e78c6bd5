//! Writes that share a commit: each is undone alone when it fails, all become durable together.

use ports::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use crate::error::{Failure, at_commit, before_commit};

/// How the commit went that a write was part of.
type Committed<'a> = Result<(), &'a rusqlite::Error>;
/// Tells whoever waits for a write.
type Tell = Box<dyn FnOnce(Committed<'_>) + Send>;
/// Does a write, or without a transaction leaves it undone; true when it is to be kept.
type Work = Box<dyn FnOnce(Option<&Transaction<'_>>) -> (bool, Tell) + Send>;

/// One write.
pub(crate) struct Job(Work);

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Job")
    }
}

impl Job {
    pub(crate) fn new<T, F>(work: F) -> (Self, oneshot::Receiver<Result<T, StoreError>>)
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job = Self(Box::new(move |transaction| {
            let result = transaction.map(work);
            let keep = matches!(result, Some(Ok(_)));
            let tell: Tell = Box::new(move |committed| {
                let outcome = match (result, committed) {
                    (Some(Err(failure)), _) => Err(failure.before_commit()),
                    (Some(Ok(value)), Ok(())) => Ok(value),
                    (Some(Ok(_)), Err(error)) => Err(at_commit(error)),
                    (None, Err(error)) => Err(before_commit(error)),
                    (None, Ok(())) => Err(StoreError::Unavailable("the write was not tried".into())),
                };
                // Nobody may be waiting any more; it is done all the same.
                let _ = sender.send(outcome);
            });
            (keep, tell)
        }));
        (job, receiver)
    }
}

/// Runs the writes in one transaction and tells each what became of it.
pub(crate) fn commit_together(connection: &mut Connection, jobs: Vec<Job>) {
    let mut waiting = jobs.into_iter();
    let mut told = Vec::with_capacity(waiting.len());
    let outcome = attempt(connection, &mut waiting, &mut told);
    // Those that it didn't get to hear why.
    told.extend(waiting.map(|Job(work)| work(None).1));
    for tell in told {
        tell(outcome.as_ref().copied());
    }
}

fn attempt(
    connection: &mut Connection,
    waiting: &mut impl Iterator<Item = Job>,
    told: &mut Vec<Tell>,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for Job(work) in waiting {
        transaction.prepare_cached("SAVEPOINT job")?.execute([])?;
        let (keep, tell) = work(Some(&transaction));
        told.push(tell);
        if transaction.is_autocommit() {
            // A full disk or worse: SQLite has undone everything so far.
            return Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL),
                None,
            ));
        }
        if !keep {
            transaction.prepare_cached("ROLLBACK TO job")?.execute([])?;
        }
        transaction.prepare_cached("RELEASE job")?.execute([])?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(value: i64) -> impl FnOnce(&Transaction<'_>) -> Result<i64, Failure> + Send + 'static {
        move |transaction| {
            transaction.execute("INSERT INTO t VALUES (?1)", [value])?;
            if value < 0 {
                return Err(Failure::Shape("negative".into()));
            }
            Ok(value)
        }
    }

    fn values(connection: &Connection) -> Vec<i64> {
        let mut query = connection.prepare("SELECT x FROM t ORDER BY x").unwrap();
        query
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    #[test]
    fn one_that_fails_is_undone_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (x)").unwrap();
        let (jobs, outcomes): (Vec<_>, Vec<_>) = [1, -2, 3]
            .map(|value| Job::new(insert(value)))
            .into_iter()
            .unzip();
        commit_together(&mut connection, jobs);
        let outcomes: Vec<_> = outcomes
            .into_iter()
            .map(|mut outcome| outcome.try_recv().unwrap().ok())
            .collect();
        assert_eq!(outcomes, [Some(1), None, Some(3)]);
        assert_eq!(values(&connection), [1, 3]);
    }

    #[test]
    fn what_cannot_begin_is_not_done_and_says_so() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE t (x); BEGIN IMMEDIATE")
            .unwrap();
        let (job, mut outcome) = Job::new(insert(1));
        commit_together(&mut connection, vec![job]);
        assert!(matches!(
            outcome.try_recv().unwrap(),
            Err(StoreError::Unavailable(_))
        ));
        connection.execute_batch("ROLLBACK").unwrap();
        assert!(values(&connection).is_empty());
    }
}
