//! A reader's way through a session: replay and live tail are one path.
//!
//! Subscribe to the hub first, then read the log, then join on `seq`. A reader that falls behind the hub's
//! buffer goes back to reading the log at its own pace: nothing is dropped, nothing is buffered without bound.

use std::{collections::VecDeque, sync::Arc};

use ports::SessionLog;
use protocol::{Event, PromptId, SessionId, runner::Delta};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{SessionError, Sessions, host::to_event, hub::Live, slot::Slot};

/// What a reader gets.
#[derive(Debug, Clone)]
pub enum Outgoing {
    Event(Arc<Event>),
    /// Ephemeral; only while live.
    Delta {
        prompt_id: PromptId,
        delta: Arc<Delta>,
    },
    /// Once: everything that was there at subscription has been given.
    CaughtUp {
        head: u64,
    },
}

/// Events read from the log at a time.
const PAGE: usize = 200;

/// One reader.
pub struct Subscription {
    id: SessionId,
    log: Arc<dyn SessionLog>,
    live: Receiver<Live>,
    /// Keeps the hub alive while its actor sleeps.
    _slot: Arc<Slot>,
    cursor: u64,
    waiting: VecDeque<Arc<Event>>,
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
            if let Some(event) = self.waiting.pop_front() {
                self.cursor = event.seq;
                return Some(Ok(Outgoing::Event(event)));
            }
            if self.reading {
                match self.log.read(self.id, self.cursor, PAGE).await {
                    Ok(Some(entries)) if entries.is_empty() => {
                        self.reading = false;
                        if !self.caught_up {
                            self.caught_up = true;
                            return Some(Ok(Outgoing::CaughtUp { head: self.cursor }));
                        }
                    }
                    Ok(Some(entries)) => {
                        match entries.iter().map(to_event).collect::<Result<VecDeque<_>, _>>() {
                            Ok(events) => self.waiting = events,
                            Err(error) => return Some(Err(error)),
                        }
                    }
                    Ok(None) => return None,
                    Err(error) => return Some(Err(error.into())),
                }
                continue;
            }
            match self.live.recv().await {
                Ok(Live::Event(event)) if event.seq == self.cursor + 1 => self.waiting.push_back(event),
                Ok(Live::Event(event)) if event.seq <= self.cursor => {}
                Ok(Live::Event(_) | Live::Large) | Err(RecvError::Lagged(_)) => self.reading = true,
                Ok(Live::Delta { prompt_id, delta }) => {
                    return Some(Ok(Outgoing::Delta { prompt_id, delta }));
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

impl Sessions {
    /// Everything after event `after`, then live.
    ///
    /// # Errors
    /// When there is no such session, or `after` lies beyond its last event.
    pub async fn subscribe(&self, id: SessionId, after: u64) -> Result<Subscription, SessionError> {
        let slot = self.slot(id);
        let live = slot.hub.subscribe().ok_or(SessionError::NotFound)?;
        let log = self.log();
        let head = log.head(id).await?.ok_or(SessionError::NotFound)?;
        if after > head {
            return Err(SessionError::CursorAhead { head });
        }
        Ok(Subscription {
            id,
            log,
            live,
            _slot: slot,
            cursor: after,
            waiting: VecDeque::new(),
            reading: true,
            caught_up: false,
        })
    }
}
