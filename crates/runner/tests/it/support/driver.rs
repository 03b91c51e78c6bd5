//! A tiny agent: the prompt's first word says what it does.

use std::sync::{Arc, Mutex};

use agents::{Agent, AgentDriver, DriverError, Launch, Ready, Signal, TurnRequest};
use async_trait::async_trait;
use protocol::{
    PromptId,
    event::MessageText,
    runner::{Delta, DeltaKind, PermissionReply, TurnOutcome},
    session::TurnError,
};
use tokio::sync::mpsc;

pub(crate) fn find(name: &str) -> Option<Arc<dyn AgentDriver>> {
    (name == "tiny").then(|| Arc::new(Tiny) as Arc<dyn AgentDriver>)
}

struct Tiny;

struct TinyAgent {
    signals: mpsc::Sender<Signal>,
    turn: Mutex<Option<PromptId>>,
    launch: Launch,
}

#[async_trait]
impl AgentDriver for Tiny {
    fn name(&self) -> &'static str {
        "tiny"
    }

    async fn start(
        &self,
        launch: Launch,
        signals: mpsc::Sender<Signal>,
    ) -> Result<(Ready, Arc<dyn Agent>), DriverError> {
        let ready = Ready {
            version: "1.0".into(),
            agent_session_id: "conversation".into(),
            resumed: launch.resume.is_some(),
        };
        Ok((
            ready,
            Arc::new(TinyAgent {
                signals,
                turn: Mutex::new(None),
                launch,
            }),
        ))
    }
}

impl TinyAgent {
    async fn say(&self, prompt_id: PromptId, text: String) {
        let delta = Delta {
            message_id: "m".into(),
            part_id: "p".into(),
            kind: DeltaKind::Text,
            offset: 0,
            text: text.clone(),
        };
        self.signals
            .send(Signal::Delta { prompt_id, delta })
            .await
            .unwrap();
        let event = MessageText {
            message_id: "m".into(),
            part_id: "p".into(),
            text,
        }
        .into();
        self.signals
            .send(Signal::Event {
                prompt_id: Some(prompt_id),
                event,
            })
            .await
            .unwrap();
    }

    async fn end(&self, outcome: TurnOutcome) {
        let turn = self.turn.lock().unwrap().take();
        if let Some(prompt_id) = turn {
            self.signals
                .send(Signal::TurnEnded { prompt_id, outcome })
                .await
                .unwrap();
        }
    }
}

#[async_trait]
impl Agent for TinyAgent {
    async fn prompt(&self, turn: TurnRequest) -> Result<(), DriverError> {
        if turn.text == "refuse" {
            return Err(DriverError::Refused("no".into()));
        }
        *self.turn.lock().unwrap() = Some(turn.prompt_id);
        match turn.text.as_str() {
            "wait" => {}
            "die" => {
                let error = TurnError {
                    code: "agent_crashed".into(),
                    message: "died".into(),
                    next_step: "again".into(),
                    detail: None,
                };
                self.end(TurnOutcome::Failed { error: error.clone() }).await;
                self.signals.send(Signal::Died { error }).await.unwrap();
            }
            "env" => {
                let mut names: Vec<_> = self
                    .launch
                    .env
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                names.push(format!("endpoint={}", self.launch.model_endpoint));
                names.push(format!("key={}", self.launch.model_key));
                self.say(turn.prompt_id, names.join("\n")).await;
                self.end(TurnOutcome::Completed { tokens: None }).await;
            }
            other => {
                self.say(turn.prompt_id, format!("you said {other}")).await;
                self.end(TurnOutcome::Completed { tokens: None }).await;
            }
        }
        Ok(())
    }

    async fn interrupt(&self) -> Result<(), DriverError> {
        self.end(TurnOutcome::Cancelled).await;
        Ok(())
    }

    async fn answer_permission(
        &self,
        _: &str,
        _: PermissionReply,
        _: Option<&str>,
    ) -> Result<(), DriverError> {
        Ok(())
    }

    async fn answer_question(&self, _: &str, _: &[Vec<String>], _: bool) -> Result<(), DriverError> {
        Ok(())
    }

    async fn stop(&self) {}
}
