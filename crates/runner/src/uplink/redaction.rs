//! What the runner was given in confidence, and the redactor that keeps it from going back.

use std::{collections::HashMap, sync::Arc};

use protocol::{
    PromptId,
    runner::{Delta, RunnerReport, SecretValue, WorkPhase},
};

use crate::{
    log,
    redact::{Parts, Redactor},
};

#[derive(Default)]
pub(super) struct Redaction {
    /// In memory alone, for as long as the runner lives: an agent that died is started with the same.
    given: HashMap<WorkPhase, Vec<SecretValue>>,
    /// Everything that must not be shown.
    hidden: Vec<String>,
    redactor: Arc<Redactor>,
    parts: Parts,
}

impl std::fmt::Debug for Redaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redaction")
            .field("hidden", &self.hidden.len())
            .finish_non_exhaustive()
    }
}

impl Redaction {
    pub(super) fn given(&self, phase: WorkPhase) -> Option<Vec<SecretValue>> {
        self.given.get(&phase).cloned()
    }

    /// From now on they are hidden in everything.
    pub(super) fn keep(&mut self, phase: WorkPhase, secrets: Vec<SecretValue>) {
        self.hide(secrets.iter().map(|secret| secret.value.expose().to_owned()));
        self.given.insert(phase, secrets);
    }

    pub(super) fn hide(&mut self, secrets: impl IntoIterator<Item = String>) {
        let before = self.hidden.len();
        for secret in secrets {
            if !self.hidden.contains(&secret) {
                self.hidden.push(secret);
            }
        }
        if self.hidden.len() > before {
            self.redactor = Arc::new(Redactor::new(self.hidden.iter().map(String::as_str)));
            log::hide(&self.redactor);
        }
    }

    pub(super) fn redactor(&self) -> Arc<Redactor> {
        Arc::clone(&self.redactor)
    }

    pub(super) fn report(&mut self, report: RunnerReport) -> RunnerReport {
        self.redactor.report(&mut self.parts, report)
    }

    pub(super) fn delta(&mut self, prompt_id: PromptId, delta: Delta) -> Option<(PromptId, Delta)> {
        let delta = self.redactor.delta(&mut self.parts, delta)?;
        Some((prompt_id, delta))
    }
}
