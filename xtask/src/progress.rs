//! What a person at the terminal sees: numbered steps with their times.

use std::io::Write;

use anyhow::Result;

use crate::clock::{Stopwatch, spoken};

/// One line on standard output. A closed pipe is no reason to fail a build.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// One line on standard error.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Steps of a task, numbered as they come.
#[derive(Debug)]
pub(crate) struct Steps {
    total: usize,
    done: usize,
    whole: Stopwatch,
}

impl Steps {
    pub(crate) fn new(title: &str, total: usize) -> Self {
        say(&format!("agent-coordinator: {title}"));
        Self {
            total,
            done: 0,
            whole: Stopwatch::start(),
        }
    }

    /// Announces a step, does it, and says how long it took and what it came to.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<String>) -> Result<()> {
        self.announce(name);
        let watch = Stopwatch::start();
        let outcome = work()?;
        say(&format!("      {outcome} ({})", spoken(watch.elapsed())));
        Ok(())
    }

    /// Announces a step that doesn't come back.
    pub(crate) fn announce(&mut self, name: &str) {
        self.done += 1;
        say(&format!("[{}/{}] {name}", self.done, self.total));
    }

    /// Counts a step that isn't taken.
    pub(crate) fn skip(&mut self) {
        self.done += 1;
    }

    pub(crate) fn elapsed(&self) -> String {
        spoken(self.whole.elapsed())
    }
}
