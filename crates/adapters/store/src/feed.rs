//! The feed of organisations: the port on top of `feed.db`.
//!
//! A number is given in the transaction that stores its event, and whoever listens is told after that transaction is
//! durable. A process that dies in between has told nobody, and its readers, who are gone too, come back with the
//! last number they saw and read.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use ports::{
    EventBus, StoreError,
    event_bus::{BEHIND, Batch, FeedPage, Mark},
};
use protocol::{OrgEvent, OrgEventBody, OrgId, SessionId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use tokio::sync::broadcast;

use crate::{
    codec::{bits, blob, from_json, json, limit as sql_limit, signed, time, unsigned},
    engine::Engine,
    error::Failure,
    schema,
};

/// Organisations whose listeners are remembered before those without one are forgotten.
const CHANNELS: usize = 64;

/// `feed.db`: what happened in each organisation, for a while.
#[derive(Debug, Clone)]
pub struct FeedDatabase(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    engine: Engine,
    live: Mutex<HashMap<OrgId, broadcast::Sender<Arc<OrgEvent>>>>,
    /// One at a time from the first number to the last word, so that events are told in their order.
    publishing: tokio::sync::Mutex<()>,
}

impl FeedDatabase {
    /// Opens (and makes) the file and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is damaged, or was written by a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self(Arc::new(Inner {
            engine: Engine::open(path, schema::FEED)?,
            live: Mutex::default(),
            publishing: tokio::sync::Mutex::new(()),
        })))
    }
}

impl Inner {
    fn live(&self) -> std::sync::MutexGuard<'_, HashMap<OrgId, broadcast::Sender<Arc<OrgEvent>>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Durable when this returns, told to nobody yet.
    async fn commit(&self, batch: Batch) -> Result<Vec<(OrgId, OrgEvent)>, StoreError> {
        self.engine
            .write(move |transaction| append(transaction, batch))
            .await
    }

    fn tell(&self, events: Vec<(OrgId, OrgEvent)>) {
        let live = self.live();
        for (org, event) in events {
            if let Some(sender) = live.get(&org) {
                // No reader is not an error.
                let _ = sender.send(Arc::new(event));
            }
        }
    }
}

fn append(transaction: &Transaction<'_>, batch: Batch) -> Result<Vec<(OrgId, OrgEvent)>, Failure> {
    let mut heads: HashMap<OrgId, u64> = HashMap::new();
    let mut events = Vec::with_capacity(batch.publications.len());
    let mut insert = transaction.prepare_cached(
        "INSERT INTO event (org, seq, at, session, kind, data, key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (key) DO NOTHING",
    )?;
    for new in batch.publications {
        let last = match heads.get(&new.org) {
            Some(last) => *last,
            None => head(transaction, new.org)?,
        };
        let inserted = insert.execute(params![
            blob(new.org.bits()),
            signed(last + 1),
            new.at.as_ms(),
            new.session.map(|id| blob(id.bits())),
            new.body.kind(),
            json(&new.body.data()?)?,
            new.key,
        ])?;
        if inserted > 0 {
            heads.insert(new.org, last + 1);
            let event = OrgEvent {
                seq: last + 1,
                at: new.at,
                session_id: new.session,
                body: new.body,
            };
            events.push((new.org, event));
        }
    }
    let mut set = transaction.prepare_cached(
        "INSERT INTO feed (org, head) VALUES (?1, ?2) ON CONFLICT (org) DO UPDATE SET head = excluded.head",
    )?;
    for (org, head) in heads {
        set.execute(params![blob(org.bits()), signed(head)])?;
    }
    let mut keep = transaction.prepare_cached(
        "INSERT INTO mark (session, position, told) VALUES (?1, ?2, ?3)
         ON CONFLICT (session) DO UPDATE SET position = excluded.position, told = excluded.told",
    )?;
    for mark in batch.marks {
        keep.execute(params![
            blob(mark.session.bits()),
            signed(mark.position),
            mark.told
        ])?;
    }
    Ok(events)
}

fn head(connection: &Connection, org: OrgId) -> Result<u64, Failure> {
    let head = connection
        .prepare_cached("SELECT head FROM feed WHERE org = ?1")?
        .query_row([blob(org.bits())], |row| row.get::<_, i64>(0))
        .optional()?;
    u64::try_from(head.unwrap_or(0)).map_err(|_| Failure::Shape("`head` is negative".into()))
}

fn decode(row: &Row<'_>) -> Result<OrgEvent, Failure> {
    let session: Option<[u8; 16]> = row.get("session")?;
    let kind: String = row.get("kind")?;
    Ok(OrgEvent {
        seq: unsigned(row, "seq")?,
        at: time(row, "at")?,
        session_id: session.map(|bits| SessionId::from_bits(u128::from_be_bytes(bits))),
        body: OrgEventBody::from_parts(&kind, from_json(row, "data")?),
    })
}

fn page(connection: &Connection, org: OrgId, after: u64, limit: usize) -> Result<FeedPage, Failure> {
    let head = head(connection, org)?;
    let oldest = connection
        .prepare_cached("SELECT seq FROM event WHERE org = ?1 ORDER BY seq LIMIT 1")?
        .query_and_then([blob(org.bits())], |row| unsigned(row, "seq"))?
        .next()
        .transpose()?;
    let events = connection
        .prepare_cached(
            "SELECT seq, at, session, kind, data FROM event WHERE org = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
        )?
        .query_and_then(params![blob(org.bits()), signed(after), sql_limit(limit)], decode)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(FeedPage {
        events,
        head,
        oldest: oldest.unwrap_or(head + 1),
    })
}

fn trim(transaction: &Transaction<'_>, before: Timestamp, keep: u64) -> Result<u64, Failure> {
    let orgs = transaction
        .prepare_cached("SELECT org, head FROM feed")?
        .query_and_then([], |row| {
            Ok::<_, Failure>((bits(row, "org")?, unsigned(row, "head")?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let mut dropped = 0;
    for (org, head) in orgs {
        // The first that is young enough stays, and everything behind it, whatever their clocks said.
        let young = transaction
            .prepare_cached("SELECT seq FROM event WHERE org = ?1 AND at >= ?2 ORDER BY seq LIMIT 1")?
            .query_and_then(params![blob(org), before.as_ms()], |row| unsigned(row, "seq"))?
            .next()
            .transpose()?
            .unwrap_or(head + 1);
        let first = young.max(head.saturating_sub(keep) + 1);
        let gone = transaction
            .prepare_cached("DELETE FROM event WHERE org = ?1 AND seq < ?2")?
            .execute(params![blob(org), signed(first)])?;
        dropped += gone as u64;
    }
    Ok(dropped)
}

#[async_trait]
impl EventBus for FeedDatabase {
    async fn publish(&self, batch: Batch) -> Result<usize, StoreError> {
        let inner = Arc::clone(&self.0);
        // On a task of its own: a caller that goes away does not keep what is stored from being told.
        let done = tokio::spawn(async move {
            let _turn = inner.publishing.lock().await;
            let events = inner.commit(batch).await?;
            let count = events.len();
            inner.tell(events);
            Ok(count)
        });
        done.await
            .unwrap_or_else(|error| Err(StoreError::Unknown(error.to_string())))
    }

    async fn marks(&self, sessions: Vec<SessionId>) -> Result<Vec<Mark>, StoreError> {
        let read = move |connection: &Connection| {
            let mut find =
                connection.prepare_cached("SELECT session, position, told FROM mark WHERE session = ?1")?;
            let mut marks = Vec::new();
            for id in sessions {
                let found = find.query_and_then([blob(id.bits())], |row| {
                    Ok::<_, Failure>(Mark {
                        session: id,
                        position: unsigned(row, "position")?,
                        told: row.get("told")?,
                    })
                })?;
                for mark in found {
                    marks.push(mark?);
                }
            }
            Ok(marks)
        };
        self.0.engine.read(read).await
    }

    async fn read(&self, org: OrgId, after: u64, limit: usize) -> Result<FeedPage, StoreError> {
        self.0
            .engine
            .read(move |connection| page(connection, org, after, limit))
            .await
    }

    fn subscribe(&self, org: OrgId) -> broadcast::Receiver<Arc<OrgEvent>> {
        let mut live = self.0.live();
        if live.len() >= CHANNELS && !live.contains_key(&org) {
            live.retain(|_, sender| sender.receiver_count() > 0);
        }
        live.entry(org)
            .or_insert_with(|| broadcast::Sender::new(BEHIND))
            .subscribe()
    }

    async fn forget_session(&self, session: SessionId) -> Result<(), StoreError> {
        let work = move |transaction: &Transaction<'_>| {
            let id = blob(session.bits());
            transaction
                .prepare_cached("UPDATE event SET data = '{}' WHERE session = ?1 AND data <> '{}'")?
                .execute([id])?;
            transaction
                .prepare_cached("DELETE FROM mark WHERE session = ?1")?
                .execute([id])?;
            Ok(())
        };
        self.0.engine.write(work).await
    }

    async fn forget_organisation(&self, org: OrgId) -> Result<(), StoreError> {
        let work = move |transaction: &Transaction<'_>| {
            let id = blob(org.bits());
            transaction
                .prepare_cached("DELETE FROM event WHERE org = ?1")?
                .execute([id])?;
            transaction
                .prepare_cached("DELETE FROM feed WHERE org = ?1")?
                .execute([id])?;
            Ok(())
        };
        self.0.engine.write(work).await
    }

    async fn trim(&self, before: Timestamp, keep: u64) -> Result<u64, StoreError> {
        self.0
            .engine
            .write(move |transaction| trim(transaction, before, keep))
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::{io::BufRead, process::Stdio};

    use ports::event_bus::Publication;
    use protocol::{EnvironmentId, event::EnvironmentChanged};

    use super::*;

    const PLACE: &str = "FEED_CRASH_TEST_FILE";

    fn batch(from: u64, to: u64) -> Batch {
        Batch {
            publications: (from..=to)
                .map(|n| Publication {
                    org: OrgId::from_bits(1),
                    session: None,
                    at: Timestamp::from_ms(n.cast_signed()),
                    body: OrgEventBody::EnvironmentChanged(EnvironmentChanged {
                        environment_id: EnvironmentId::from_bits(u128::from(n)),
                        change: "created".into(),
                    }),
                    key: format!("key {n}"),
                })
                .collect(),
            marks: Vec::new(),
        }
    }

    /// Not a test of its own: the process that dies. It stores the first ten events in earnest, and of the next ten it
    /// dies after the commit and before anybody is told.
    #[tokio::test]
    async fn dies_between_commit_and_tell() {
        let Some(path) = std::env::var_os(PLACE) else {
            return;
        };
        let feed = FeedDatabase::open(Path::new(&path)).unwrap();
        let mut live = feed.subscribe(OrgId::from_bits(1));
        feed.publish(batch(1, 10)).await.unwrap();
        for _ in 1..=10 {
            println!("told {}", live.recv().await.unwrap().seq);
        }
        feed.0.commit(batch(11, 20)).await.unwrap();
        assert!(
            live.try_recv().is_err(),
            "nobody is told before the word is given"
        );
        println!("committed");
        std::process::abort();
    }

    #[tokio::test]
    async fn what_was_stored_and_not_told_is_read_and_never_doubled() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("feed.db");
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "feed::tests::dies_between_commit_and_tell",
                "--nocapture",
            ])
            .env(PLACE, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .output()
            .unwrap();
        assert!(!child.status.success(), "it was to die");
        let said: Vec<String> = child.stdout.lines().map(Result::unwrap).collect();
        assert!(said.iter().any(|line| line.ends_with("committed")), "{said:?}");

        let feed = FeedDatabase::open(&path).unwrap();
        let org = OrgId::from_bits(1);
        let mut live = feed.subscribe(org);
        // The reader saw the first ten, and goes on from there.
        let page = feed.read(org, 10, 100).await.unwrap();
        let seqs: Vec<u64> = page.events.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, (11..=20).collect::<Vec<u64>>());
        // The teller doesn't know what became of it, and publishes again.
        assert_eq!(feed.publish(batch(11, 21)).await.unwrap(), 1);
        assert_eq!(live.recv().await.unwrap().seq, 21);
        let page = feed.read(org, 0, 100).await.unwrap();
        assert_eq!((page.events.len(), page.head), (21, 21));
    }
}
