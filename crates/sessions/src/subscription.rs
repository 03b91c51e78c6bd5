//! A reader's way through a session: replay and live tail are one path.
//!
//! Take a place in the hub first, then read the log, then join on `seq`. A reader that falls behind what the hub
//! keeps goes back to reading the log at its own pace: nothing is dropped, nothing is buffered without bound.

use std::{collections::VecDeque, sync::Arc};

use ports::{SessionLog, StoreError, session_log::PAGE_BYTES};
use protocol::SessionId;

use crate::{
    SessionError, Sessions,
    hub::{Live, Look, Place},
    published::{Preview, Published},
};

/// What a reader gets.
#[derive(Debug, Clone)]
pub enum Outgoing {
    Event(Published),
    /// Ephemeral; only while live.
    Delta(Preview),
    /// Once: everything that was there at subscription has been given.
    CaughtUp {
        head: u64,
    },
}

/// Events read from the log at a time.
const PAGE: usize = 500;
/// Frames that an idle reader keeps room for.
const ROOM: usize = 64;

/// One reader.
pub struct Subscription {
    id: SessionId,
    log: Arc<dyn SessionLog>,
    /// Keeps the hub alive while its actor sleeps.
    place: Place,
    cursor: u64,
    waiting: VecDeque<Live>,
    reading: bool,
    caught_up: bool,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription")
            .field("id", &self.id)
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}

impl Subscription {
    /// The next frame. `None` when the session is gone or the server stops.
    pub async fn next(&mut self) -> Option<Result<Outgoing, SessionError>> {
        loop {
            if let Some(outgoing) = self.pop() {
                return Some(Ok(outgoing));
            }
            if self.reading {
                match self.read().await {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(error) => return Some(Err(error)),
                }
            }
            if !self.caught_up {
                self.caught_up = true;
                self.waiting = VecDeque::new();
                return Some(Ok(Outgoing::CaughtUp { head: self.cursor }));
            }
            // Who only waits holds no room for the history it has read.
            if self.waiting.capacity() > ROOM {
                self.waiting = VecDeque::new();
            }
            match self.place.wait(&mut self.waiting).await {
                Look::Behind => self.reading = true,
                Look::Closed => return None,
                Look::Taken | Look::Nothing => {}
            }
        }
    }

    /// A frame that is there already: what can be written before anything is waited for.
    pub fn ready(&mut self) -> Option<Outgoing> {
        if let Some(outgoing) = self.pop() {
            return Some(outgoing);
        }
        if !self.reading && self.caught_up && self.place.take(&mut self.waiting) == Look::Behind {
            self.reading = true;
        }
        self.pop()
    }

    fn pop(&mut self) -> Option<Outgoing> {
        while let Some(live) = self.waiting.pop_front() {
            match live {
                Live::Event(event) if event.seq() == self.cursor + 1 => {
                    self.cursor = event.seq();
                    return Some(Outgoing::Event(event));
                }
                #[cfg(feature = "planted")]
                Live::Event(event)
                    if event.seq() > self.cursor
                        && domain::planted::is(domain::planted::Planted::HistoryThenSubscribe) =>
                {
                    self.cursor = event.seq();
                    return Some(Outgoing::Event(event));
                }
                Live::Event(event) if event.seq() <= self.cursor => {}
                Live::Event(_) | Live::Large => {
                    // The log has it; what waits behind it will be known by then.
                    self.waiting.clear();
                    self.reading = true;
                }
                Live::Delta(preview) => return Some(Outgoing::Delta(preview)),
            }
        }
        None
    }

    /// One page of the log. False: there is no such log any more.
    async fn read(&mut self) -> Result<bool, SessionError> {
        let Some(entries) = self.log.read(self.id, self.cursor, PAGE).await? else {
            return Ok(false);
        };
        // A page that is not full is the last: what is committed from now on passes through the hub.
        let bytes: usize = entries.iter().map(|entry| entry.body.len()).sum();
        self.reading = entries.len() >= PAGE || bytes >= PAGE_BYTES;
        #[cfg(feature = "planted")]
        if !self.reading && domain::planted::is(domain::planted::Planted::HistoryThenSubscribe) {
            self.place = self.place.anew();
        }
        for entry in &entries {
            let event = Published::of(entry)
                .ok_or_else(|| StoreError::Corrupt(format!("entry {} is private", entry.position)))?;
            self.waiting.push_back(Live::Event(event));
        }
        Ok(true)
    }
}

impl Sessions {
    /// Everything after event `after`, then live.
    ///
    /// # Errors
    /// When there is no such session, or `after` lies beyond its last event.
    pub async fn subscribe(&self, id: SessionId, after: u64) -> Result<Subscription, SessionError> {
        if self.0.stopping.is_cancelled() {
            // Its readers end, too; the session itself is there.
            return Err(SessionError::ShuttingDown);
        }
        let place = Place::new(self.slot(id)).ok_or(SessionError::NotFound)?;
        let log = self.log();
        let head = log.head(id).await?.ok_or(SessionError::NotFound)?;
        if after > head {
            return Err(SessionError::CursorAhead { head });
        }
        Ok(Subscription {
            id,
            log,
            place,
            cursor: after,
            waiting: VecDeque::new(),
            reading: true,
            caught_up: false,
        })
    }
}
