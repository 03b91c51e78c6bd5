//! One turn of the scripted agent: step after step, until the script or an interrupt ends it.

use std::{path::Component, sync::Arc};

use protocol::{
    EventBody, PromptId,
    event::{
        FileChanged, MessageReasoning, MessageText, PermissionRequested, PlanItem, PlanUpdated, Question,
        QuestionAsked, QuestionOption, ToolCallCompleted, ToolCallStarted, ToolCallUpdated,
    },
    runner::{Delta, DeltaKind, PermissionReply, TurnOutcome},
    session::{PermissionMode, Tokens},
};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{Ending, Reply, Shared, shell};
use crate::{
    Signal, errors,
    script::{self, Step, words},
    text::{first_line, head_and_tail},
};

const OUTPUT: usize = 256 * 1024;

/// Why a turn ends before its script does.
enum Stop {
    Cancelled,
    /// A person said no and gave no reason.
    Refused,
    Failed(protocol::session::TurnError),
    Crashed,
}

pub(super) struct Performance {
    shared: Arc<Shared>,
    signals: mpsc::Sender<Signal>,
    prompt: PromptId,
    earlier: u64,
    cancel: CancellationToken,
    /// Counts parts and tool calls, so that ids differ within a conversation.
    count: u64,
    tokens: Tokens,
}

impl Performance {
    pub(super) fn new(
        shared: Arc<Shared>,
        signals: mpsc::Sender<Signal>,
        prompt: PromptId,
        earlier: u64,
        cancel: CancellationToken,
    ) -> Self {
        Self {
            shared,
            signals,
            prompt,
            earlier,
            cancel,
            count: 0,
            tokens: Tokens::default(),
        }
    }

    pub(super) async fn run(mut self, prompt: &str) -> Ending {
        match self.steps(prompt).await {
            Ok(()) | Err(Stop::Refused) => (
                TurnOutcome::Completed {
                    tokens: Some(self.tokens),
                },
                None,
            ),
            Err(Stop::Cancelled) => (TurnOutcome::Cancelled, None),
            Err(Stop::Failed(error)) => (TurnOutcome::Failed { error }, None),
            Err(Stop::Crashed) => {
                let error = errors::crashed("as the script says", "");
                (TurnOutcome::Failed { error: error.clone() }, Some(error))
            }
        }
    }

    async fn steps(&mut self, prompt: &str) -> Result<(), Stop> {
        self.tokens.input = words(prompt).count() as u64;
        let steps = script::parse(prompt);
        let spoken = steps
            .iter()
            .rposition(|step| matches!(step, Step::Say(_) | Step::Recall));
        let mut last_output = None;
        for (at, step) in steps.into_iter().enumerate() {
            let output = self.step(step).await?;
            if output.is_some() && spoken.is_none_or(|spoken| spoken < at) {
                last_output = output;
            }
        }
        if let Some(output) = last_output {
            self.say(&format!("The result was: {output}"), DeltaKind::Text)
                .await?;
        }
        Ok(())
    }

    /// Does one step; a tool returns what came out.
    async fn step(&mut self, step: Step) -> Result<Option<String>, Stop> {
        match step {
            Step::Say(text) => self.say(&text, DeltaKind::Text).await.map(|()| None),
            Step::Think(text) => self.say(&text, DeltaKind::Reasoning).await.map(|()| None),
            Step::Recall => {
                let text = format!("Prompts before this one: {}", self.earlier);
                self.say(&text, DeltaKind::Text).await.map(|()| None)
            }
            Step::Run(command) => self.command(&command).await.map(Some),
            Step::Edit { path, content } => self.edit(&path, &content).await.map(Some),
            Step::Ask(what) => {
                let denied = self.permission("ask", &what).await?;
                Ok(Some(denied.unwrap_or_else(|| "allowed".to_owned())))
            }
            Step::Question(question, options) => self.question(question, options).await.map(Some),
            Step::Plan(items) => {
                let item = |content| PlanItem {
                    content,
                    status: "pending".to_owned(),
                    priority: None,
                };
                let items = items.into_iter().map(item).collect();
                self.event(PlanUpdated { items }).await.map(|()| None)
            }
            Step::Burst(count, bytes) => self.burst(count, bytes).await.map(|()| None),
            Step::Event(kind, data) => self
                .event(EventBody::from_parts(&kind, data))
                .await
                .map(|()| None),
            Step::Fail(message) => Err(Stop::Failed(errors::agent(message))),
            Step::Fault(how) => {
                let next = "This is what the script asked for; send another prompt.";
                Err(Stop::Failed(errors::model(
                    format!("scripted fault: {how}"),
                    next,
                    None,
                )))
            }
            Step::Crash => Err(Stop::Crashed),
            Step::Hang => {
                self.cancel.cancelled().await;
                Err(Stop::Cancelled)
            }
        }
    }

    async fn send(&self, signal: Signal) -> Result<(), Stop> {
        self.signals.send(signal).await.map_err(|_| Stop::Cancelled)
    }

    async fn event(&self, event: impl Into<EventBody>) -> Result<(), Stop> {
        self.send(Signal::Event {
            prompt_id: Some(self.prompt),
            event: event.into(),
        })
        .await
    }

    fn id(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("{kind}_{}_{}", self.earlier + 1, self.count)
    }

    async fn say(&mut self, text: &str, kind: DeltaKind) -> Result<(), Stop> {
        let message_id = format!("msg_{}", self.earlier + 1);
        let part_id = self.id("part");
        let mut offset = 0;
        for word in words(text) {
            if self.cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let (message_id, part_id, text) = (message_id.clone(), part_id.clone(), word.to_owned());
            let delta = Delta {
                message_id,
                part_id,
                kind,
                offset,
                text,
            };
            self.send(Signal::Delta {
                prompt_id: self.prompt,
                delta,
            })
            .await?;
            offset += word.len() as u64;
            self.tokens.output += 1;
        }
        let text = text.to_owned();
        match kind {
            DeltaKind::Reasoning => {
                self.event(MessageReasoning {
                    message_id,
                    part_id,
                    text,
                })
                .await
            }
            _ => {
                self.event(MessageText {
                    message_id,
                    part_id,
                    text,
                })
                .await
            }
        }
    }

    /// Texts without a preview: what a reader, a log and a spool are tried with.
    async fn burst(&mut self, count: u64, bytes: usize) -> Result<(), Stop> {
        for n in 1..=count {
            if self.cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let text = MessageText {
                message_id: format!("msg_{}", self.earlier + 1),
                part_id: self.id("part"),
                text: format!("{:.<bytes$}", format!("burst {n} of {count}")),
            };
            self.event(text).await?;
        }
        Ok(())
    }

    /// Begins a tool call; in a session that asks, a person decides first. `Err(text)` within: denied.
    async fn begin(
        &mut self,
        tool: &str,
        title: &str,
        input: &Value,
    ) -> Result<(String, Option<String>), Stop> {
        let id = self.id("call");
        let (tool, title) = (tool.to_owned(), first_line(title, 200));
        let started = ToolCallStarted {
            tool_call_id: id.clone(),
            tool: tool.clone(),
            title: Some(title.clone()),
            input: input.clone(),
        };
        self.event(started).await?;
        if self.shared.launch.permissions == PermissionMode::Allow {
            return Ok((id, None));
        }
        match self.permission(&tool, &title).await {
            Ok(denied) => Ok((id, denied)),
            Err(stop) => {
                let why = if matches!(stop, Stop::Refused) {
                    "permission refused"
                } else {
                    "interrupted"
                };
                self.event(done(&id, &tool, input, "failed", why)).await?;
                Err(stop)
            }
        }
    }

    async fn command(&mut self, command: &str) -> Result<String, Stop> {
        let input = json!({ "command": command });
        let (id, denied) = self.begin("bash", command, &input).await?;
        if let Some(reason) = denied {
            self.event(done(&id, "bash", &input, "failed", &reason)).await?;
            return Ok(reason);
        }
        let (pieces, mut output) = mpsc::channel::<String>(16);
        let shared = Arc::clone(&self.shared);
        let cancel = self.cancel.clone();
        let running = shell::run(&shared, command, &cancel, pieces);
        tokio::pin!(running);
        let mut ended = None;
        loop {
            tokio::select! {
                result = &mut running, if ended.is_none() => ended = Some(result),
                piece = output.recv() => match piece {
                    Some(piece) => {
                        let (tool_call_id, output_delta) = (id.clone(), Some(piece));
                        self.event(ToolCallUpdated { tool_call_id, title: None, output_delta }).await?;
                    }
                    None => break,
                },
            }
        }
        let result = match ended {
            Some(result) => result,
            None => running.await,
        };
        let ended = match result {
            Ok(ended) => ended,
            Err(error) => {
                self.event(done(&id, "bash", &input, "failed", &error.to_string()))
                    .await?;
                return Ok(error.to_string());
            }
        };
        let status = if ended.interrupted { "failed" } else { "completed" };
        let mut completed = done(&id, "bash", &input, status, &ended.output);
        completed.exit_code = ended.exit_code;
        completed.duration_ms = Some(ended.duration_ms);
        self.event(completed).await?;
        if ended.interrupted {
            Err(Stop::Cancelled)
        } else {
            Ok(ended.output)
        }
    }

    async fn edit(&mut self, path: &str, content: &str) -> Result<String, Stop> {
        let input = json!({ "filePath": path, "content": content });
        let (id, denied) = self.begin("edit", path, &input).await?;
        let inside = std::path::Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let failure = match denied {
            Some(reason) => Some(reason),
            None if !inside => Some("the path is not within the workspace".to_owned()),
            None => {
                let target = self.shared.launch.workspace.join(path);
                let made = target.parent().map_or(Ok(()), std::fs::create_dir_all);
                made.and_then(|()| std::fs::write(&target, content))
                    .err()
                    .map(|error| error.to_string())
            }
        };
        match failure {
            Some(reason) => {
                self.event(done(&id, "edit", &input, "failed", &reason)).await?;
                Ok(reason)
            }
            None => {
                self.event(FileChanged {
                    path: path.to_owned(),
                })
                .await?;
                let mut completed = done(&id, "edit", &input, "completed", "written");
                completed.diff = Some(format!(
                    "--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+{content}\n"
                ));
                self.event(completed).await?;
                Ok("written".to_owned())
            }
        }
    }

    /// Waits for an answer; an interrupt ends the wait.
    async fn wait(&self, id: &str, answer: oneshot::Receiver<Reply>) -> Result<Reply, Stop> {
        tokio::select! {
            reply = answer => reply.map_err(|_| Stop::Cancelled),
            () = self.cancel.cancelled() => {
                self.shared.waiting.lock().await.remove(id);
                Err(Stop::Cancelled)
            }
        }
    }

    /// `None`: allowed. `Some`: no, and why.
    async fn permission(&mut self, tool: &str, what: &str) -> Result<Option<String>, Stop> {
        let id = self.id("per");
        let (reply, answer) = oneshot::channel();
        self.shared.waiting.lock().await.insert(id.clone(), reply);
        let requested = PermissionRequested {
            permission_id: id.clone(),
            tool: tool.to_owned(),
            title: format!("{tool}: {what}"),
            patterns: vec![what.to_owned()],
            details: Value::Null,
        };
        self.event(requested).await?;
        match self.wait(&id, answer).await? {
            Reply::Permission(PermissionReply::Reject, None) => Err(Stop::Refused),
            Reply::Permission(PermissionReply::Reject, Some(reason)) => Ok(Some(reason)),
            _ => Ok(None),
        }
    }

    async fn question(&mut self, question: String, options: Vec<String>) -> Result<String, Stop> {
        let id = self.id("que");
        let (reply, answer) = oneshot::channel();
        self.shared.waiting.lock().await.insert(id.clone(), reply);
        let option = |label: String| QuestionOption {
            description: label.clone(),
            label,
        };
        let options = options.into_iter().map(option).collect();
        let question = Question {
            header: "Question".to_owned(),
            question,
            options,
            multiple: false,
        };
        self.event(QuestionAsked {
            question_id: id.clone(),
            questions: vec![question],
        })
        .await?;
        match self.wait(&id, answer).await? {
            Reply::Question(answers, false) => Ok(answers.concat().join(", ")),
            _ => Err(Stop::Refused),
        }
    }
}

fn done(id: &str, tool: &str, input: &Value, status: &str, output: &str) -> ToolCallCompleted {
    let (output, truncated) = head_and_tail(output, OUTPUT);
    ToolCallCompleted {
        tool_call_id: id.to_owned(),
        tool: tool.to_owned(),
        status: status.to_owned(),
        title: None,
        input: input.clone(),
        output,
        truncated,
        exit_code: None,
        duration_ms: None,
        diff: None,
    }
}
