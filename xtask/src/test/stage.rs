//! Stages of a test run: each says its name, its time and what it came to; none stops the others.

use anyhow::Result;

use crate::clock::{Stopwatch, spoken};
use crate::counts::Counts;
use crate::progress::{Steps, say};

#[derive(Debug)]
pub(super) struct Stages {
    steps: Steps,
    /// Only stages with this in their names.
    only: Option<String>,
    total: Counts,
    failures: Vec<String>,
}

impl Stages {
    pub(super) fn new(steps: Steps, only: Option<&str>) -> Self {
        Self {
            steps,
            only: only.map(str::to_lowercase),
            total: Counts::default(),
            failures: Vec::new(),
        }
    }

    fn begins(&mut self, name: &str) -> bool {
        let wanted = self.wants(name);
        if wanted {
            self.steps.announce(name);
        } else {
            self.steps.skip();
        }
        wanted
    }

    fn wants(&self, name: &str) -> bool {
        self.only
            .as_ref()
            .is_none_or(|word| name.to_lowercase().contains(word.as_str()))
    }

    /// A stage that either holds or doesn't.
    pub(super) fn check(&mut self, name: &str, work: impl FnOnce() -> Result<String>) {
        if !self.begins(name) {
            return;
        }
        self.settle(name, work);
    }

    /// A check that runs only where its tool is; it isn't numbered.
    pub(super) fn extra(&mut self, name: &str, work: impl FnOnce() -> Result<String>) {
        if !self.wants(name) {
            return;
        }
        say(&format!("[+] {name}"));
        self.settle(name, work);
    }

    fn settle(&mut self, name: &str, work: impl FnOnce() -> Result<String>) {
        let watch = Stopwatch::start();
        match work() {
            Ok(words) => {
                self.total.passed += 1;
                say(&format!("      {words} ({})", spoken(watch.elapsed())));
            }
            Err(error) => self.fail(name, &error, watch),
        }
    }

    /// A stage of many tests.
    pub(super) fn counted(&mut self, name: &str, work: impl FnOnce() -> Result<Counts>) {
        if !self.begins(name) {
            return;
        }
        let watch = Stopwatch::start();
        match work() {
            Ok(counts) => {
                self.total = self.total + counts;
                if counts.failed > 0 {
                    self.failures.push(name.to_owned());
                }
                say(&format!(
                    "      {}, {} skipped ({})",
                    counts.line(),
                    counts.skipped,
                    spoken(watch.elapsed())
                ));
            }
            Err(error) => self.fail(name, &error, watch),
        }
    }

    fn fail(&mut self, name: &str, error: &anyhow::Error, watch: Stopwatch) {
        self.total.failed += 1;
        self.failures.push(name.to_owned());
        say(&format!("      FAILED ({}): {error:#}", spoken(watch.elapsed())));
    }

    pub(super) fn close(self) -> (Counts, String) {
        say("");
        for name in &self.failures {
            say(&format!("failed: {name}"));
        }
        (self.total, self.steps.elapsed())
    }
}
