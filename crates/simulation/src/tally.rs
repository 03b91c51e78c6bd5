//! What was injected and what was seen, counted: a suite in which nothing goes wrong proves nothing.

use std::collections::BTreeMap;

#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub counts: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub(crate) fn add(&mut self, what: &'static str, n: u64) {
        *self.counts.entry(what).or_default() += n;
    }

    pub fn merge(&mut self, other: &Self) {
        for (what, n) in &other.counts {
            self.add(what, *n);
        }
    }

    #[must_use]
    pub fn of(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }
}
