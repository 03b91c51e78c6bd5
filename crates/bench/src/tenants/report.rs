//! What the generator says of a flood when it is over: one line of JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Counts of one flood, or of several.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(super) seconds: f64,
    /// Requests by kind.
    pub(super) kinds: BTreeMap<String, u64>,
    /// Answers by status; 0 for a connection that broke.
    pub(super) statuses: BTreeMap<u16, u64>,
    /// 429 that did not say when to come again; or, to the organisation's own key, not how much there is.
    pub(super) bare_refusals: u64,
    /// Events that its runners were told are taken.
    pub(super) events: u64,
    /// Frames that came out of its sockets.
    pub(super) frames: u64,
    /// Most sockets that were open.
    pub(super) sockets: u64,
}

impl Report {
    pub(super) fn add(&mut self, more: &Self) {
        self.seconds += more.seconds;
        for (kind, count) in &more.kinds {
            *self.kinds.entry(kind.clone()).or_default() += count;
        }
        for (status, count) in &more.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        self.bare_refusals += more.bare_refusals;
        self.events += more.events;
        self.frames += more.frames;
        self.sockets = self.sockets.max(more.sockets);
    }

    pub(super) fn of_status(&self, status: u16) -> u64 {
        self.statuses.get(&status).copied().unwrap_or(0)
    }

    fn rate(&self, count: u64) -> f64 {
        count as f64 / self.seconds.max(f64::MIN_POSITIVE)
    }

    pub(super) fn per_s(&self) -> f64 {
        self.rate(self.kinds.values().sum())
    }

    /// Neither refused for the rate nor for a wrong key, nor broken.
    pub(super) fn served_per_s(&self) -> f64 {
        let served = self
            .statuses
            .iter()
            .filter(|(status, _)| !matches!(status, 0 | 401 | 429));
        self.rate(served.map(|(_, count)| count).sum())
    }

    pub(super) fn events_per_s(&self) -> f64 {
        self.rate(self.events)
    }

    pub(super) fn frames_per_s(&self) -> f64 {
        self.rate(self.frames)
    }

    pub(super) fn kinds(&self) -> Value {
        serde_json::to_value(&self.kinds).unwrap_or_default()
    }

    pub(super) fn statuses(&self) -> Value {
        serde_json::to_value(&self.statuses).unwrap_or_default()
    }
}
