//! Where a session's readers and its runner are attached while its actor may come and go.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use protocol::{Event, PromptId, Timestamp, runner::Delta};
use tokio::sync::broadcast;

use crate::link::LinkSender;

/// What is published. Events only after they are durable.
#[derive(Debug, Clone)]
pub(crate) enum Live {
    Event(Arc<Event>),
    /// An event too large to be kept here: the log has it.
    Large,
    Delta {
        prompt_id: PromptId,
        delta: Arc<Delta>,
    },
}

/// Published frames kept for readers that are a little behind. One that is further behind reads the log, so
/// this bounds memory and loses nothing.
const BEHIND: usize = 64;

#[derive(Debug)]
pub(crate) struct Hub {
    /// `None` once the session is gone for good: readers end.
    live: Mutex<Option<broadcast::Sender<Live>>>,
    link: Mutex<Option<LinkSender>>,
    /// When the runner was last heard, in milliseconds; 0 = never in this process.
    heard: AtomicI64,
    /// When a preview of output last passed, in milliseconds; 0 = never in this process.
    previewed: AtomicI64,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Self {
            live: Mutex::new(Some(broadcast::channel(BEHIND).0)),
            link: Mutex::new(None),
            heard: AtomicI64::new(0),
            previewed: AtomicI64::new(0),
        }
    }

    pub(crate) fn publish(&self, live: Live) {
        if let Some(sender) = &*self.live.lock().unwrap_or_else(PoisonError::into_inner) {
            // No reader is not an error.
            let _ = sender.send(live);
        }
    }

    pub(crate) fn subscribe(&self) -> Option<broadcast::Receiver<Live>> {
        self.live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(broadcast::Sender::subscribe)
    }

    /// Ends every reader.
    pub(crate) fn close(&self) {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.link.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub(crate) fn set_link(&self, link: Option<LinkSender>) {
        *self.link.lock().unwrap_or_else(PoisonError::into_inner) = link;
    }

    pub(crate) fn link(&self) -> Option<LinkSender> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn hear(&self, now: Timestamp) {
        self.heard.store(now.as_ms(), Ordering::Relaxed);
    }

    pub(crate) fn heard(&self) -> Option<Timestamp> {
        match self.heard.load(Ordering::Relaxed) {
            0 => None,
            ms => Some(Timestamp::from_ms(ms)),
        }
    }

    pub(crate) fn preview(&self, now: Timestamp) {
        self.previewed.store(now.as_ms(), Ordering::Relaxed);
    }

    pub(crate) fn previewed(&self) -> Option<Timestamp> {
        match self.previewed.load(Ordering::Relaxed) {
            0 => None,
            ms => Some(Timestamp::from_ms(ms)),
        }
    }
}
