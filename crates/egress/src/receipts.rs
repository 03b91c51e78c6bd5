//! Sums decisions up, so that a busy sandbox makes a few events instead of a flood.
//!
//! The first decision about a host and port is told at once, repetitions every five seconds at most, and a sandbox
//! that asks for ever new hosts fills one line named `other`.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::{sync::Notify, task::JoinHandle, time::Instant};

use crate::decision::{Decision, DecisionSink};

/// Repetitions are told this often.
const EVERY: Duration = Duration::from_secs(5);
/// Hosts and ports told by name.
const MAX_HOSTS: usize = 512;
const OTHER: &str = "other";

/// Decisions of one kind about one host and port since the last receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub host: String,
    pub port: u16,
    pub allowed: bool,
    /// That of the latest.
    pub reason: String,
    pub count: u64,
}

/// Takes receipts; called with one batch at a time.
#[async_trait]
pub trait ReceiptSink: Send + Sync {
    async fn receipts(&self, receipts: Vec<Receipt>);
}

/// Collects decisions and passes receipts on from a task of its own.
pub struct Receipts {
    shared: Arc<Shared>,
    task: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    news: Notify,
}

#[derive(Default)]
struct State {
    lines: HashMap<(String, u16, bool), Line>,
    /// Something is there that was never told before.
    urgent: bool,
    closed: bool,
}

#[derive(Default)]
struct Line {
    reason: String,
    count: u64,
    told: bool,
}

impl Receipts {
    /// Starts passing receipts on to `sink`; within a tokio runtime.
    #[must_use]
    pub fn start(sink: Arc<dyn ReceiptSink>) -> Arc<Self> {
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(run(Arc::clone(&shared), sink));
        Arc::new(Self {
            shared,
            task: Mutex::new(Some(task)),
        })
    }

    /// Passes on what is left and ends.
    pub async fn close(&self) {
        self.shared.close();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

impl fmt::Debug for Receipts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipts")
    }
}

impl Drop for Receipts {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl DecisionSink for Receipts {
    fn decided(&self, decision: Decision) {
        let mut state = self.shared.lock();
        let mut key = (decision.host, decision.port, decision.allowed);
        if state.lines.len() >= MAX_HOSTS && !state.lines.contains_key(&key) {
            key = (OTHER.to_owned(), 0, decision.allowed);
        }
        let line = state.lines.entry(key).or_default();
        line.count = line.count.saturating_add(1);
        line.reason = decision.reason;
        let news = !line.told && line.count == 1;
        if news {
            state.urgent = true;
            drop(state);
            self.shared.news.notify_one();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.lock().closed = true;
        self.news.notify_one();
    }

    /// What is to be told now, and whether that was the last.
    fn take(&self, all: bool) -> (Vec<Receipt>, bool) {
        let mut state = self.lock();
        let all = all || state.closed;
        let mut receipts = Vec::new();
        if all || state.urgent {
            for ((host, port, allowed), line) in &mut state.lines {
                if line.count > 0 && (all || !line.told) {
                    line.told = true;
                    let (host, reason) = (host.clone(), line.reason.clone());
                    receipts.push(Receipt {
                        host,
                        port: *port,
                        allowed: *allowed,
                        reason,
                        count: line.count,
                    });
                    line.count = 0;
                }
            }
            state.urgent = false;
        }
        receipts.sort_by(|a, b| (&a.host, a.port, a.allowed).cmp(&(&b.host, b.port, b.allowed)));
        (receipts, state.closed)
    }
}

async fn run(shared: Arc<Shared>, sink: Arc<dyn ReceiptSink>) {
    let mut due = Instant::now() + EVERY;
    loop {
        let all = tokio::select! {
            () = shared.news.notified() => false,
            () = tokio::time::sleep_until(due) => true,
        };
        if all {
            due = Instant::now() + EVERY;
        }
        let (receipts, closed) = shared.take(all);
        if !receipts.is_empty() {
            sink.receipts(receipts).await;
        }
        if closed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Kept(Mutex<Vec<Receipt>>);

    #[async_trait]
    impl ReceiptSink for Kept {
        async fn receipts(&self, receipts: Vec<Receipt>) {
            self.0.lock().unwrap().extend(receipts);
        }
    }

    impl Kept {
        fn take(&self) -> Vec<(String, bool, u64)> {
            let kept = std::mem::take(&mut *self.0.lock().unwrap());
            kept.into_iter()
                .map(|receipt| (receipt.host, receipt.allowed, receipt.count))
                .collect()
        }
    }

    fn decide(receipts: &Receipts, host: &str, allowed: bool) {
        receipts.decided(Decision {
            host: host.into(),
            port: 443,
            allowed,
            reason: "r".into(),
        });
    }

    /// Lets the task run as far as it can without time passing.
    async fn settle() {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_is_told_at_once_and_repetitions_are_summed_up() {
        let kept = Arc::new(Kept::default());
        let receipts = Receipts::start(kept.clone());
        decide(&receipts, "a", true);
        settle().await;
        assert_eq!(kept.take(), [("a".into(), true, 1)]);
        for _ in 0..100 {
            decide(&receipts, "a", true);
        }
        decide(&receipts, "a", false);
        settle().await;
        assert_eq!(
            kept.take(),
            [("a".into(), false, 1)],
            "the other decision is news"
        );
        tokio::time::sleep(EVERY).await;
        settle().await;
        assert_eq!(kept.take(), [("a".into(), true, 100)]);
        tokio::time::sleep(EVERY * 3).await;
        assert_eq!(kept.take(), []);
        decide(&receipts, "a", true);
        receipts.close().await;
        assert_eq!(kept.take(), [("a".into(), true, 1)]);
    }

    #[tokio::test(start_paused = true)]
    async fn ever_new_hosts_end_in_one_line() {
        let kept = Arc::new(Kept::default());
        let receipts = Receipts::start(kept.clone());
        for n in 0..10_000 {
            decide(&receipts, &format!("host{n}"), false);
        }
        receipts.close().await;
        let lines = kept.take();
        assert_eq!(lines.len(), MAX_HOSTS + 1);
        assert!(lines.contains(&("other".into(), false, 10_000 - MAX_HOSTS as u64)));
    }
}
