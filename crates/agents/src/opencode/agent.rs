//! The handle on a running OpenCode: passes requests to the task that owns it.

use async_trait::async_trait;
use protocol::runner::PermissionReply;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use super::calls;
use crate::{Agent, DriverError, TurnRequest};

type Reply = oneshot::Sender<Result<(), DriverError>>;

/// What the owning task can be asked for.
pub(super) enum Command {
    Prompt(TurnRequest, Reply),
    Interrupt(Reply),
    /// A call that answers a permission or a question.
    Answer(String, Value, Reply),
    Stop(oneshot::Sender<()>),
}

pub(super) struct OpenCodeAgent {
    pub(super) commands: mpsc::Sender<Command>,
}

impl OpenCodeAgent {
    async fn ask(&self, command: impl FnOnce(Reply) -> Command) -> Result<(), DriverError> {
        let (reply, answer) = oneshot::channel();
        self.commands
            .send(command(reply))
            .await
            .map_err(|_| DriverError::Gone)?;
        answer.await.map_err(|_| DriverError::Gone)?
    }
}

#[async_trait]
impl Agent for OpenCodeAgent {
    async fn prompt(&self, turn: TurnRequest) -> Result<(), DriverError> {
        self.ask(|reply| Command::Prompt(turn, reply)).await
    }

    async fn interrupt(&self) -> Result<(), DriverError> {
        self.ask(Command::Interrupt).await
    }

    async fn answer_permission(
        &self,
        permission_id: &str,
        reply: PermissionReply,
        message: Option<&str>,
    ) -> Result<(), DriverError> {
        if !calls::valid_id(permission_id, "per") {
            return Err(DriverError::Refused("no such permission request".to_owned()));
        }
        let mut body = json!({ "reply": reply });
        if let Some(message) = message {
            body["message"] = message.into();
        }
        self.ask(|done| Command::Answer(format!("/permission/{permission_id}/reply"), body, done))
            .await
    }

    async fn answer_question(
        &self,
        question_id: &str,
        answers: &[Vec<String>],
        rejected: bool,
    ) -> Result<(), DriverError> {
        if !calls::valid_id(question_id, "que") {
            return Err(DriverError::Refused("no such question".to_owned()));
        }
        let (path, body) = if rejected {
            (format!("/question/{question_id}/reject"), json!({}))
        } else {
            (
                format!("/question/{question_id}/reply"),
                json!({ "answers": answers }),
            )
        };
        self.ask(|done| Command::Answer(path, body, done)).await
    }

    async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.commands.send(Command::Stop(done)).await.is_ok() {
            let _ = stopped.await;
        }
        // The task may have been ending by itself: its end closes the channel.
        self.commands.closed().await;
    }
}
