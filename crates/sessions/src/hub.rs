//! Where a session's readers and its runner are attached while its actor may come and go.
//!
//! What is published is kept for a moment in one short tail that all readers share. A reader that is further behind
//! than the tail reaches reads the log at its own pace: memory is bounded and nothing is lost. Without readers, and
//! while the session sleeps, the tail is empty.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use protocol::Timestamp;
use tokio::sync::Notify;

use crate::{
    link::LinkSender,
    published::{Preview, Published},
};

/// What is published. Events only after they are durable.
#[derive(Debug, Clone)]
pub(crate) enum Live {
    Event(Published),
    /// An event too large to be kept here: the log has it.
    Large,
    Delta(Preview),
}

impl Live {
    fn size(&self) -> usize {
        match self {
            Self::Event(event) => event.size(),
            Self::Large => 0,
            Self::Delta(preview) => preview.size(),
        }
    }
}

/// Frames kept for readers that are a little behind.
const BEHIND: usize = 512;
/// Their size together, bytes.
const BEHIND_BYTES: usize = 1 << 20;
/// Frames a reader takes at a time; held by it until they are written.
const TAKE: usize = 32;

#[derive(Debug, Default)]
struct Tail {
    frames: VecDeque<Live>,
    bytes: usize,
    /// Number of the first frame in `frames`; frames are numbered as they are published.
    first: u64,
    readers: usize,
    /// The session is gone for good: readers end.
    closed: bool,
}

impl Tail {
    fn end(&self) -> u64 {
        self.first + self.frames.len() as u64
    }

    fn push(&mut self, live: Live) {
        if self.readers == 0 {
            self.first += 1;
            return;
        }
        self.bytes += live.size();
        self.frames.push_back(live);
        while self.frames.len() > BEHIND || self.bytes > BEHIND_BYTES {
            let Some(oldest) = self.frames.pop_front() else {
                break;
            };
            self.bytes -= oldest.size();
            self.first += 1;
        }
    }

    fn forget(&mut self) {
        self.first = self.end();
        self.frames = VecDeque::new();
        self.bytes = 0;
    }
}

#[derive(Debug, Default)]
pub(crate) struct Hub {
    tail: Mutex<Tail>,
    news: Notify,
    link: Mutex<Option<LinkSender>>,
    /// When the runner was last heard, in milliseconds; 0 = never in this process.
    heard: AtomicI64,
    /// When a preview of output last passed, in milliseconds; 0 = never in this process.
    previewed: AtomicI64,
}

impl Hub {
    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For everybody who reads, at once.
    pub(crate) fn publish(&self, frames: impl IntoIterator<Item = Live>) {
        let mut tail = self.tail();
        for live in frames {
            tail.push(live);
        }
        let anybody = tail.readers > 0;
        drop(tail);
        if anybody {
            self.news.notify_waiters();
        }
    }

    /// Frees what is kept: a reader that has not taken it yet finds it in the log.
    pub(crate) fn forget(&self) {
        self.tail().forget();
        self.news.notify_waiters();
    }

    /// Ends every reader.
    pub(crate) fn close(&self) {
        self.tail().closed = true;
        self.news.notify_waiters();
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

/// What a look at the tail gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Taken,
    Nothing,
    /// The tail does not reach back to where this reader is.
    Behind,
    Closed,
}

/// One reader's place in the tail. From its making on nothing published is missed without [`Look::Behind`] saying so.
#[derive(Debug)]
pub(crate) struct Place {
    slot: Arc<crate::slot::Slot>,
    next: u64,
}

impl Place {
    /// `None` when the session is gone.
    pub(crate) fn new(slot: Arc<crate::slot::Slot>) -> Option<Self> {
        let mut tail = slot.hub.tail();
        if tail.closed {
            return None;
        }
        tail.readers += 1;
        let next = tail.end();
        drop(tail);
        Some(Self { slot, next })
    }

    /// The place of somebody who comes only now: a planted fault.
    #[cfg(feature = "planted")]
    pub(crate) fn anew(&self) -> Self {
        let slot = Arc::clone(&self.slot);
        let next = {
            let mut tail = slot.hub.tail();
            tail.readers += 1;
            tail.end()
        };
        Self { slot, next }
    }

    /// Moves what is next, a handful at most, to the end of `frames`.
    pub(crate) fn take(&mut self, frames: &mut VecDeque<Live>) -> Look {
        let tail = self.slot.hub.tail();
        if self.next < tail.first {
            self.next = tail.end();
            return Look::Behind;
        }
        let from = usize::try_from(self.next - tail.first).unwrap_or(usize::MAX);
        let until = tail.frames.len().min(from.saturating_add(TAKE));
        if from >= until {
            // What was published before the end is still given.
            return if tail.closed { Look::Closed } else { Look::Nothing };
        }
        frames.extend(tail.frames.range(from..until).cloned());
        self.next += (until - from) as u64;
        Look::Taken
    }

    /// As [`Self::take`], and waits while there is nothing.
    pub(crate) async fn wait(&mut self, frames: &mut VecDeque<Live>) -> Look {
        loop {
            let slot = Arc::clone(&self.slot);
            let news = slot.hub.news.notified();
            let mut news = std::pin::pin!(news);
            // From here on news are noticed, so none can slip in between the look and the wait.
            news.as_mut().enable();
            match self.take(frames) {
                Look::Nothing => news.await,
                look => return look,
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut tail = self.slot.hub.tail();
        tail.readers = tail.readers.saturating_sub(1);
        if tail.readers == 0 {
            tail.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slot::Slot;

    fn large(count: usize) -> Vec<Live> {
        vec![Live::Large; count]
    }

    #[test]
    fn nothing_is_kept_without_readers() {
        let slot = Arc::new(Slot::new());
        slot.hub.publish(large(3));
        assert_eq!(slot.hub.tail().frames.len(), 0);
        let mut place = Place::new(Arc::clone(&slot)).unwrap();
        slot.hub.publish(large(3));
        let mut frames = VecDeque::new();
        assert_eq!((place.take(&mut frames), frames.len()), (Look::Taken, 3));
        assert_eq!(place.take(&mut frames), Look::Nothing);
        drop(place);
        assert_eq!(slot.hub.tail().frames.len(), 0);
    }

    #[test]
    fn a_reader_that_is_too_far_behind_is_told() {
        let slot = Arc::new(Slot::new());
        let mut place = Place::new(Arc::clone(&slot)).unwrap();
        slot.hub.publish(large(BEHIND + 1));
        let mut frames = VecDeque::new();
        assert_eq!(place.take(&mut frames), Look::Behind);
        assert_eq!(place.take(&mut frames), Look::Nothing);
        slot.hub.publish(large(1));
        assert_eq!((place.take(&mut frames), frames.len()), (Look::Taken, 1));
        slot.hub.publish(large(1));
        slot.hub.forget();
        assert_eq!(place.take(&mut frames), Look::Behind);
        slot.hub.publish(large(1));
        slot.hub.close();
        // The last words are heard: that it was deleted, for one.
        assert_eq!((place.take(&mut frames), frames.len()), (Look::Taken, 2));
        assert_eq!(place.take(&mut frames), Look::Closed);
        assert!(Place::new(slot).is_none());
    }

    #[tokio::test]
    async fn a_waiting_reader_is_woken() {
        let slot = Arc::new(Slot::new());
        let mut place = Place::new(Arc::clone(&slot)).unwrap();
        let reader = tokio::spawn(async move {
            let mut frames = VecDeque::new();
            (place.wait(&mut frames).await, frames.len())
        });
        tokio::task::yield_now().await;
        slot.hub.publish(large(2));
        assert_eq!(reader.await.unwrap(), (Look::Taken, 2));
    }
}
