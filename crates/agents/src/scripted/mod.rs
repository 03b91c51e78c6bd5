//! An agent without a model: it does what the lines of its prompt say, in the same order each time. For tests
//! and for trying the coordinator out.

mod memory;
mod perform;
mod shell;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use protocol::runner::{PermissionReply, TurnOutcome};
use tokio::{
    sync::{Mutex, mpsc, oneshot},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{Agent, AgentDriver, DriverError, Launch, Ready, Signal, TurnRequest, processes, random};
use memory::Memory;
use perform::Performance;

/// Driver of the scripted agent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scripted;

impl Scripted {
    pub(crate) const NAME: &'static str = "scripted";
}

#[async_trait]
impl AgentDriver for Scripted {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn start(
        &self,
        launch: Launch,
        signals: mpsc::Sender<Signal>,
    ) -> Result<(Ready, Arc<dyn Agent>), DriverError> {
        let failed = |error: std::io::Error| DriverError::Start {
            message: error.to_string(),
            stderr_tail: String::new(),
        };
        let (memory, resumed) = Memory::open(&launch.home, launch.resume.as_deref()).map_err(failed)?;
        let mark = random::word().map_err(failed)?;
        let ready = Ready {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            agent_session_id: memory.id(),
            resumed,
        };
        let agent = ScriptedAgent {
            shared: Arc::new(Shared {
                launch,
                mark,
                waiting: Mutex::default(),
            }),
            memory: Arc::new(Mutex::new(memory)),
            state: Mutex::new(State {
                signals: Some(signals),
                turn: None,
            }),
        };
        Ok((ready, Arc::new(agent)))
    }
}

/// An answer from a person.
pub(super) enum Reply {
    Permission(PermissionReply, Option<String>),
    Question(Vec<Vec<String>>, bool),
}

/// What the turn and the handle both see.
pub(super) struct Shared {
    pub(super) launch: Launch,
    pub(super) mark: String,
    pub(super) waiting: Mutex<HashMap<String, oneshot::Sender<Reply>>>,
}

struct State {
    /// Gone once the agent is.
    signals: Option<mpsc::Sender<Signal>>,
    turn: Option<(CancellationToken, JoinHandle<bool>)>,
}

struct ScriptedAgent {
    shared: Arc<Shared>,
    memory: Arc<Mutex<Memory>>,
    state: Mutex<State>,
}

impl ScriptedAgent {
    async fn answer(&self, id: &str, reply: Reply) -> Result<(), DriverError> {
        let waiting = self.shared.waiting.lock().await.remove(id);
        let refused = || DriverError::Refused("it is not waiting for this answer (any more)".to_owned());
        waiting.ok_or_else(refused)?.send(reply).map_err(|_| refused())
    }
}

#[async_trait]
impl Agent for ScriptedAgent {
    async fn prompt(&self, turn: TurnRequest) -> Result<(), DriverError> {
        let mut state = self.state.lock().await;
        if state.turn.as_ref().is_some_and(|(_, task)| !task.is_finished()) {
            return Err(DriverError::Refused("a turn is in flight".to_owned()));
        }
        // The turn before may have ended in a crash.
        let crashed = match state.turn.take() {
            Some((_, task)) => task.await.unwrap_or(true),
            None => false,
        };
        if crashed {
            state.signals = None;
        }
        let signals = state.signals.clone().ok_or(DriverError::Gone)?;
        let earlier = {
            let mut memory = self.memory.lock().await;
            memory
                .add(&turn.text)
                .map_err(|error| DriverError::Refused(error.to_string()))?
        };
        let cancel = CancellationToken::new();
        let performance = Performance::new(
            Arc::clone(&self.shared),
            signals.clone(),
            turn.prompt_id,
            earlier,
            cancel.clone(),
        );
        let task = tokio::spawn(async move {
            let prompt_id = turn.prompt_id;
            let (outcome, death) = performance.run(&turn.text).await;
            let _ = signals.send(Signal::TurnEnded { prompt_id, outcome }).await;
            let died = death.is_some();
            if let Some(error) = death {
                let _ = signals.send(Signal::Died { error }).await;
            }
            died
        });
        state.turn = Some((cancel, task));
        Ok(())
    }

    async fn interrupt(&self) -> Result<(), DriverError> {
        if let Some((cancel, _)) = &self.state.lock().await.turn {
            cancel.cancel();
        }
        Ok(())
    }

    async fn answer_permission(
        &self,
        permission_id: &str,
        reply: PermissionReply,
        message: Option<&str>,
    ) -> Result<(), DriverError> {
        self.answer(
            permission_id,
            Reply::Permission(reply, message.map(str::to_owned)),
        )
        .await
    }

    async fn answer_question(
        &self,
        question_id: &str,
        answers: &[Vec<String>],
        rejected: bool,
    ) -> Result<(), DriverError> {
        self.answer(question_id, Reply::Question(answers.to_vec(), rejected))
            .await
    }

    async fn stop(&self) {
        let mut state = self.state.lock().await;
        if let Some((cancel, mut task)) = state.turn.take() {
            cancel.cancel();
            // A receiver that no longer listens must not hold the stop up.
            if tokio::time::timeout(std::time::Duration::from_secs(3), &mut task)
                .await
                .is_err()
            {
                task.abort();
            }
        }
        state.signals = None;
        processes::kill_marked(&self.shared.mark).await;
    }
}

/// How a turn ends, and why the agent dies with it if it does.
pub(super) type Ending = (TurnOutcome, Option<protocol::session::TurnError>);
