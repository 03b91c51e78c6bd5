//! The dispatcher's loop: gather, write, tell; wait longer each time the history does not answer.

use std::{collections::BTreeSet, time::Duration};

use domain::session::Command;
use futures::future::join_all;
use ports::StoreError;
use protocol::{SessionId, run::RunRecord};

use super::{Runs, book::Due, jittered};
use crate::{Sessions, slot::Envelope};

/// First pause after a failure; doubled up to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(15);
/// A history that has not answered by then does not.
const PATIENCE: Duration = Duration::from_secs(30);
/// Sleeping sessions looked up in one go, and woken at once.
const PAGE: usize = 64;
const AT_ONCE: usize = 8;

/// Runs until the host stops. What is not written by then is named again by the next process.
pub(super) async fn run(sessions: Sessions) {
    let stopping = sessions.0.stopping.clone();
    tokio::select! {
        biased;
        () = stopping.cancelled() => {}
        () = Dispatcher { sessions, unwakeable: BTreeSet::new() }.go() => {}
    }
}

struct Dispatcher {
    sessions: Sessions,
    /// Owing sessions that could not be woken: not tried again until there is another reason to look.
    unwakeable: BTreeSet<SessionId>,
}

impl Dispatcher {
    fn runs(&self) -> &Runs {
        &self.sessions.0.runs
    }

    async fn go(mut self) {
        loop {
            let batch = self.runs().book().take(self.sessions.now());
            if !batch.is_empty() {
                self.deliver(batch).await;
            } else if !self.take_up().await {
                self.rest().await;
            }
        }
    }

    /// Until somebody owes something, or what was put off may be tried again.
    async fn rest(&self) {
        let next = self.runs().book().next_try();
        let put_off = async {
            match next {
                Some(at) => tokio::time::sleep(at.since(self.sessions.now()).max(FIRST)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = self.runs().bell.notified() => {}
            () = put_off => {}
        }
    }

    /// Writes a batch, however long that takes.
    async fn deliver(&self, mut batch: Vec<Due>) {
        let mut pause = FIRST;
        loop {
            match self.write(&mut batch).await {
                Ok(()) => return self.tell(&batch),
                // The history answers and does not want them: which of them it is that it does not want is found
                // out one session at a time.
                Err(StoreError::Invalid(_) | StoreError::Corrupt(_)) if batch.len() > 1 => {
                    for due in batch {
                        Box::pin(self.deliver(vec![due])).await;
                    }
                    return;
                }
                Err(error @ (StoreError::Invalid(_) | StoreError::Corrupt(_))) => {
                    for due in &batch {
                        tracing::error!(session.id = %due.session, %error, "the run history refuses a record; it stays owed");
                        self.runs().book().put_off(due, self.sessions.now());
                    }
                    return;
                }
                Err(error) => self.failed(&error),
            }
            let mut random = [0];
            self.sessions.0.ports.entropy.fill(&mut random);
            tokio::time::sleep(jittered(pause, random[0])).await;
            pause = (pause * 2).min(LONGEST);
        }
    }

    async fn write(&self, batch: &mut Vec<Due>) -> Result<(), StoreError> {
        let _writing = self.runs().writing.lock().await;
        self.runs().book().still_due(batch);
        let records: Vec<RunRecord> = batch
            .iter()
            .flat_map(|due| due.runs.iter().map(|run| RunRecord::clone(run)))
            .collect();
        if records.is_empty() {
            return Ok(());
        }
        let history = &self.sessions.0.ports.run_history;
        match tokio::time::timeout(PATIENCE, history.record(records.clone())).await {
            // Whoever hears of a record can read it.
            Ok(Ok(())) => self.sessions.0.feed.tell_runs(&records).await,
            Ok(Err(error)) => Err(error),
            Err(_) => Err(StoreError::Unknown("no answer".into())),
        }
    }

    fn failed(&self, error: &StoreError) {
        let mut book = self.runs().book();
        if book.failing_since.is_none() {
            book.failing_since = Some(self.sessions.now());
            tracing::warn!(%error, "the run history does not take records; turns go on, records wait in their sessions");
        } else {
            tracing::debug!(%error, "the run history still takes no records");
        }
    }

    /// Tells the sessions what is written. Nobody waits for that: a mailbox may be full.
    fn tell(&self, batch: &[Due]) {
        let now = self.sessions.now();
        {
            let mut book = self.runs().book();
            book.written(batch, now);
            if batch.is_empty() {
                // Nothing was written, so nothing is known.
                return;
            }
            if let Some(since) = book.failing_since.take() {
                let down_s = now.since(since).as_secs();
                tracing::info!(down_s, "the run history takes records again");
            }
        }
        for due in batch {
            let (sessions, id) = (self.sessions.clone(), due.session);
            let run_ids: Vec<_> = due.runs.iter().map(|run| run.id).collect();
            self.sessions.0.tasks.spawn(async move {
                // Close together, so that the actor takes them into one commit.
                for run_id in run_ids {
                    let command = Box::new(Command::RunFlushed { run_id });
                    if let Err(error) = sessions.post(id, Envelope::Outcome { command }).await {
                        tracing::debug!(session.id = %id, %error, "a session was not told that its record is written");
                        return;
                    }
                }
            });
        }
    }

    /// Wakes sessions that fell asleep owing; each then names what it owes by itself. False: there are none.
    async fn take_up(&mut self) -> bool {
        if !self.runs().book().may_have_sleepers() {
            return false;
        }
        // Cleared first: one that falls asleep meanwhile sets it again.
        self.runs().book().no_sleepers();
        // One to try with, while the history takes nothing.
        let failing = self.runs().book().failing_since.is_some();
        let limit = self.unwakeable.len() + if failing { 1 } else { PAGE };
        let found = match self.sessions.0.ports.catalog.owing_runs(limit).await {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "the sessions that owe run records are not known");
                self.runs().book().look_for_sleepers();
                tokio::time::sleep(LONGEST).await;
                return true;
            }
        };
        let ids: Vec<_> = found
            .into_iter()
            .filter(|id| !self.unwakeable.contains(id))
            .collect();
        if ids.is_empty() {
            self.unwakeable.clear();
            return false;
        }
        self.runs().book().look_for_sleepers();
        for some in ids.chunks(AT_ONCE) {
            let woken = some.iter().map(|id| self.sessions.wake_marked(*id));
            for (id, woken) in some.iter().zip(join_all(woken).await) {
                if let Err(error) = woken {
                    tracing::warn!(session.id = %id, %error, "a session that owes run records cannot be woken");
                    self.unwakeable.insert(*id);
                }
            }
        }
        true
    }
}
