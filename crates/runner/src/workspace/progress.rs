//! `workspace.progress` events: one at the start and one at the end of each phase, and not too many between.

use std::time::Duration;

use protocol::{event::WorkspaceProgress, runner::RunnerReport};

use crate::{
    clock::Stopwatch,
    tail::{clip, readable},
    uplink::Uplink,
};

const LONGEST_MESSAGE: usize = 2048;
const PAUSE: Duration = Duration::from_secs(1);

/// Reports one phase.
#[derive(Debug)]
pub struct Reporter {
    uplink: Uplink,
    phase: &'static str,
    begun: Stopwatch,
    last: Option<Stopwatch>,
}

impl Reporter {
    /// Reports that the phase begins.
    pub async fn start(uplink: &Uplink, phase: &'static str, message: Option<&str>) -> Self {
        let reporter = Self {
            uplink: uplink.clone(),
            phase,
            begun: Stopwatch::start(),
            last: None,
        };
        reporter.say("started", message, None, false).await;
        reporter
    }

    /// Something moved. At most one event a second; nobody waits for it.
    pub fn running(&mut self, message: Option<&str>, percent: Option<u8>) {
        if self.last.is_some_and(|last| last.elapsed() < PAUSE) {
            return;
        }
        self.last = Some(Stopwatch::start());
        let event = self.event("running", message, percent, true);
        self.uplink.try_report(None, event);
    }

    pub async fn completed(self, message: Option<&str>) {
        self.say("completed", message, None, true).await;
    }

    pub async fn failed(self, message: &str) {
        self.say("failed", Some(message), None, true).await;
    }

    async fn say(&self, state: &str, message: Option<&str>, percent: Option<u8>, timed: bool) {
        self.uplink
            .report(None, self.event(state, message, percent, timed))
            .await;
    }

    fn event(&self, state: &str, message: Option<&str>, percent: Option<u8>, timed: bool) -> RunnerReport {
        let message = message.map(|message| clip(&readable(message), LONGEST_MESSAGE).to_owned());
        RunnerReport::Event {
            event: WorkspaceProgress {
                phase: self.phase.to_owned(),
                state: state.to_owned(),
                message: message.filter(|message| !message.is_empty()),
                elapsed_ms: timed.then(|| self.begun.elapsed_ms()),
                percent,
            }
            .into(),
        }
    }
}
