//! What a contract case works with: a way to launch the driver, and a record of what it said.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use protocol::{
    EventBody, PromptId,
    agent::ModelBinding,
    runner::{DeltaKind, TurnOutcome},
    session::{Attachment, PermissionMode},
};
use tokio::sync::mpsc;

use crate::{Agent, AgentDriver, Launch, Ready, Signal, TurnRequest};

/// Longest wait for anything; a real agent on a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(240);

/// A driver and how to launch it. `launch` gives the same workspace and home each time.
pub trait Bench: Send + Sync {
    fn driver(&self) -> Arc<dyn AgentDriver>;
    fn launch(&self, permissions: PermissionMode, resume: Option<String>) -> Launch;
}

/// What was said during one turn.
#[derive(Debug, Default)]
pub struct Record {
    pub events: Vec<EventBody>,
    /// (part, offset, text, kind)
    pub deltas: Vec<(String, u64, String, DeltaKind)>,
    pub outcome: Option<TurnOutcome>,
}

impl Record {
    #[must_use]
    pub fn kinds(&self) -> Vec<&str> {
        self.events.iter().map(EventBody::kind).collect()
    }

    /// All committed text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut all = String::new();
        for event in &self.events {
            if let EventBody::MessageText(text) = event {
                let _ = write!(all, "{}", text.text);
            }
        }
        all
    }

    /// What the pieces of a part add up to.
    ///
    /// # Panics
    /// When an offset does not fit.
    #[must_use]
    pub fn streamed(&self, part: &str) -> String {
        let mut text = String::new();
        for (id, offset, piece, _) in &self.deltas {
            if id == part {
                assert_eq!(
                    *offset,
                    text.len() as u64,
                    "the offset of `{piece}` counts the bytes before it"
                );
                text.push_str(piece);
            }
        }
        text
    }
}

/// A started agent with its ear.
pub struct Stage {
    pub ready: Ready,
    pub agent: Arc<dyn Agent>,
    signals: mpsc::Receiver<Signal>,
    prompts: i64,
    model: ModelBinding,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage")
            .field("ready", &self.ready)
            .finish_non_exhaustive()
    }
}

impl Stage {
    /// # Panics
    /// When the driver does not start.
    pub async fn start(bench: &dyn Bench, permissions: PermissionMode, resume: Option<String>) -> Self {
        let launch = bench.launch(permissions, resume);
        let model = launch.model.clone();
        // Small on purpose: a driver must be able to wait.
        let (sender, signals) = mpsc::channel(4);
        let started = bench.driver().start(launch, sender).await;
        let (ready, agent) = started.unwrap_or_else(|error| panic!("the driver does not start: {error:?}"));
        Self {
            ready,
            agent,
            signals,
            prompts: 0,
            model,
        }
    }

    /// The next signal.
    ///
    /// # Panics
    /// When none comes.
    pub async fn next(&mut self) -> Signal {
        let next = tokio::time::timeout(PATIENCE, self.signals.recv()).await;
        next.unwrap_or_else(|_| panic!("no signal for {PATIENCE:?}"))
            .unwrap_or_else(|| panic!("the signals ended"))
    }

    /// Sends a prompt.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn prompt(&mut self, text: &str) -> PromptId {
        self.prompt_with(text, Vec::new()).await
    }

    /// # Panics
    /// When it is refused.
    pub async fn prompt_with(&mut self, text: &str, attachments: Vec<Attachment>) -> PromptId {
        self.prompts += 1;
        let prompt_id = PromptId::new(self.prompts, 7);
        let turn = TurnRequest {
            prompt_id,
            text: text.to_owned(),
            attachments,
            model: self.model.clone(),
        };
        if let Err(error) = self.agent.prompt(turn).await {
            panic!("the prompt was refused: {error}");
        }
        prompt_id
    }

    /// Listens until the turn has ended or `stop` says so. Every signal must belong to this turn.
    ///
    /// # Panics
    /// When the agent dies, or something of another turn is said.
    pub async fn listen(&mut self, prompt: PromptId, record: &mut Record, stop: impl Fn(&EventBody) -> bool) {
        while record.outcome.is_none() {
            match self.next().await {
                Signal::Event { prompt_id, event } => {
                    assert_eq!(prompt_id, Some(prompt), "events of a turn carry its prompt");
                    let stop = stop(&event);
                    record.events.push(event);
                    if stop {
                        return;
                    }
                }
                Signal::Delta { prompt_id, delta } => {
                    assert_eq!(prompt_id, prompt);
                    record
                        .deltas
                        .push((delta.part_id, delta.offset, delta.text, delta.kind));
                }
                Signal::TurnEnded { prompt_id, outcome } => {
                    assert_eq!(prompt_id, prompt);
                    record.outcome = Some(outcome);
                }
                Signal::Died { error } => panic!("the agent died: {error:?}"),
            }
        }
    }

    /// A whole turn.
    pub async fn turn(&mut self, text: &str) -> Record {
        let prompt = self.prompt(text).await;
        let mut record = Record::default();
        self.listen(prompt, &mut record, |_| false).await;
        record
    }

    /// Stops the agent; nothing may be said after it.
    ///
    /// # Panics
    /// When there is.
    pub async fn stop(mut self) {
        self.agent.stop().await;
        self.agent.stop().await;
        let agent = self.agent;
        drop(agent);
        let rest = tokio::time::timeout(PATIENCE, self.signals.recv()).await;
        let rest = rest.unwrap_or_else(|_| panic!("the signals stay open after the stop"));
        assert_eq!(rest, None, "an agent that was asked to stop says nothing more");
    }
}
