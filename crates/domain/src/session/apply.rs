//! The fold: how each fact changes the state.

use std::sync::Arc;

use protocol::{EventBody, MicroUsd, PromptId, Timestamp};

use super::{
    Fact, Life, OwedCommand, Phase, PrivateFact, Profile, Prompt, Sandbox, State, Turn, state::Gate,
};

impl State {
    /// Folds one fact in. The same facts always add up to the same state; nothing is refused here, because a
    /// fact has already happened.
    pub fn apply(&mut self, at: Timestamp, fact: &Fact) {
        self.position += 1;
        self.updated_at = self.updated_at.max(at);
        match fact {
            Fact::Event { prompt_id, body } => {
                self.head += 1;
                self.apply_event(at, *prompt_id, body);
            }
            Fact::Private(fact) => self.apply_private(at, fact),
        }
    }

    fn apply_event(&mut self, at: Timestamp, prompt_id: Option<PromptId>, body: &EventBody) {
        match body {
            EventBody::SessionRenamed(data) => self.retitle(&data.title),
            EventBody::SessionArchived(_) => self.life = Life::Archived,
            EventBody::SessionDeleted(_) => self.life = Life::Deleted,
            EventBody::PromptQueued(data) => {
                let seq = self.head;
                if let Some(prompt) = self
                    .queue
                    .iter_mut()
                    .rev()
                    .find(|prompt| Some(prompt.id) == prompt_id)
                {
                    prompt.text = data.text.as_str().into();
                    prompt.author = data.author.clone();
                    prompt.queued_seq = seq;
                }
            }
            EventBody::PromptStarted(_) => self.begin_turn(at, prompt_id),
            EventBody::PromptCompleted(_) => {
                self.failures = 0;
                self.failed = None;
                self.end_prompt(at, prompt_id);
            }
            EventBody::PromptFailed(_) | EventBody::PromptCancelled(_) => self.end_prompt(at, prompt_id),
            EventBody::SandboxConnected(data) => {
                if let Some(sandbox) = self.sandbox.as_mut().filter(|s| s.generation == data.generation) {
                    sandbox.phase = Phase::Preparing;
                    sandbox.progress_at = at;
                    sandbox.checked_at = at;
                }
            }
            EventBody::SandboxLost(data) => self.drop_sandbox(at, data.generation),
            EventBody::SandboxFailed(data) => self.drop_sandbox(at, data.generation),
            EventBody::SandboxStopped(data) => self.drop_sandbox(at, data.generation),
            EventBody::AgentReady(data) => {
                self.agent_session_id = Some(data.agent_session_id.clone());
                self.failures = 0;
                self.failed = None;
                self.breaker.failures = 0;
                self.idle_since = at;
                if let Some(sandbox) = self.sandbox.as_mut().filter(|s| s.phase == Phase::Preparing) {
                    sandbox.phase = Phase::Ready;
                }
            }
            EventBody::PermissionRequested(data) => {
                self.permissions.insert(data.permission_id.clone(), self.head);
                self.note_output(at, prompt_id);
            }
            EventBody::PermissionResolved(data) => {
                self.permissions.remove(&data.permission_id);
                self.answered.insert(data.permission_id.clone());
                self.note_output(at, prompt_id);
            }
            EventBody::QuestionAsked(data) => {
                self.questions.insert(data.question_id.clone(), self.head);
                self.note_output(at, prompt_id);
            }
            EventBody::QuestionAnswered(data) => {
                self.questions.remove(&data.question_id);
                self.answered.insert(data.question_id.clone());
                self.note_output(at, prompt_id);
            }
            EventBody::UsageRecorded(data) => self.add_usage(prompt_id, data),
            EventBody::ToolCallStarted(_) => {
                if let Some(turn) = self.turn_of(prompt_id) {
                    turn.tool_calls += 1;
                }
                self.note_output(at, prompt_id);
            }
            EventBody::ArtifactCreated(data) => {
                self.keep_artifact(at, prompt_id, data);
                self.note_output(at, prompt_id);
            }
            EventBody::ArtifactRemoved(data) => self.forget_artifact(data.artifact_id),
            EventBody::WorkspaceProgress(data) => {
                if let Some(sandbox) = &mut self.sandbox {
                    sandbox.progress_at = at;
                    if sandbox.step.as_ref() != Some(&data.phase) {
                        sandbox.step = Some(data.phase.clone());
                    }
                }
            }
            _ => self.note_output(at, prompt_id),
        }
    }

    fn apply_private(&mut self, at: Timestamp, fact: &PrivateFact) {
        match fact {
            PrivateFact::Profiled(profile) => {
                self.idle_since = at;
                self.profile = Some(Arc::new(Profile::clone(profile)));
            }
            PrivateFact::PromptAccepted {
                prompt_id,
                model,
                binding,
                attachments,
                mode,
                position,
            } => {
                let Some(profile) = &self.profile else { return };
                if self.queue.is_empty() && self.sandbox.is_none() {
                    // A person tries again: earlier failures do not count against it.
                    self.failures = 0;
                }
                let end = self.queue.len();
                let place = position.map_or(end, |place| end.min(place as usize));
                let prompt = Prompt {
                    id: *prompt_id,
                    text: "".into(),
                    attachments: Arc::new(attachments.clone()),
                    author: profile.created_by.clone(),
                    model: model.clone(),
                    binding: binding.clone(),
                    mode: *mode,
                    queued_at: at,
                    queued_seq: 0,
                };
                self.queue.insert(place, prompt);
            }
            PrivateFact::GenerationOpened {
                sandbox_id,
                generation,
                token_hash,
            } => {
                self.generation = *generation;
                self.owed.clear();
                self.gate = None;
                self.wake_wanted = false;
                self.sandbox = Some(Sandbox {
                    id: *sandbox_id,
                    generation: *generation,
                    phase: Phase::Starting,
                    requested_at: at,
                    progress_at: at,
                    step: None,
                    checked_at: at,
                    token_hash: *token_hash,
                    secret_hash: None,
                    acked: 0,
                    isolation: None,
                    expiry: None,
                    retiring: false,
                    stop_cause: None,
                });
            }
            PrivateFact::RunnerLinked {
                generation,
                secret_hash,
            } => {
                if let Some(sandbox) = self.sandbox.as_mut().filter(|s| s.generation == *generation) {
                    sandbox.secret_hash = Some(*secret_hash);
                }
            }
            PrivateFact::IsolationKnown {
                generation,
                isolation,
            } => {
                if let Some(sandbox) = self.sandbox.as_mut().filter(|s| s.generation == *generation) {
                    sandbox.isolation = Some(isolation.clone());
                }
            }
            PrivateFact::RunnerAdvanced { generation, n } => {
                if let Some(sandbox) = self.sandbox.as_mut().filter(|s| s.generation == *generation) {
                    sandbox.acked = *n;
                }
            }
            PrivateFact::CommandIssued { command_id, command } => {
                self.owed.push((*command_id, command.clone()))
            }
            PrivateFact::CommandDone { command_id } => self.owed.retain(|(id, _)| id != command_id),
            PrivateFact::GateClosed {
                prompt_id,
                generation,
                deadline,
            } => {
                self.gate = Some(Gate {
                    prompt_id: *prompt_id,
                    generation: *generation,
                    deadline: *deadline,
                });
            }
            PrivateFact::GateOpened => self.gate = None,
            PrivateFact::SandboxStopping { generation, cause } => {
                if let Some(sandbox) = self.sandbox.as_mut().filter(|s| s.generation == *generation) {
                    sandbox.phase = Phase::Stopping;
                    sandbox.progress_at = at;
                    sandbox.stop_cause = Some(cause.clone());
                }
            }
            PrivateFact::LivenessChecked { generation } => {
                if let Some(sandbox) = self.sandbox.as_mut().filter(|s| s.generation == *generation) {
                    sandbox.checked_at = at;
                }
            }
            PrivateFact::OutputPreviewed { prompt_id, at } => {
                if let Some(turn) = self.turn_of(Some(*prompt_id)) {
                    turn.preview_at = Some(*at);
                }
            }
            PrivateFact::Imported(from) => self.imported = Some(from.clone()),
            PrivateFact::RunOwed(run) => {
                Arc::make_mut(&mut self.outbox).push(Arc::new(protocol::run::RunRecord::clone(run)))
            }
            PrivateFact::RunFlushed { run_id } => {
                Arc::make_mut(&mut self.outbox).retain(|run| run.id != *run_id)
            }
            PrivateFact::AttemptFailed { error, hopeless, .. } => {
                self.failures += 1;
                self.failed = Some(error.clone());
                if *hopeless {
                    self.breaker.failures += 1;
                    self.breaker.last_at = at;
                }
            }
            PrivateFact::ExpiryKnown { generation, expiry } => {
                if let Some(sandbox) = self.sandbox.as_mut().filter(|s| s.generation == *generation) {
                    sandbox.expiry = Some(*expiry);
                }
            }
            PrivateFact::SandboxRetiring { generation } => {
                if let Some(sandbox) = self.sandbox.as_mut().filter(|s| s.generation == *generation) {
                    sandbox.retiring = true;
                }
            }
            PrivateFact::SandboxSaving { generation } => {
                if let Some(sandbox) = self.sandbox.as_mut().filter(|s| s.generation == *generation) {
                    sandbox.phase = Phase::Saving;
                    sandbox.progress_at = at;
                }
            }
            PrivateFact::WakeWanted { wanted } => self.wake_wanted = *wanted,
        }
    }

    fn retitle(&mut self, title: &str) {
        if let Some(profile) = &mut self.profile {
            Arc::make_mut(profile).title = Some(title.to_owned());
        }
    }

    fn begin_turn(&mut self, at: Timestamp, prompt_id: Option<PromptId>) {
        let Some(index) = self.queue.iter().position(|prompt| Some(prompt.id) == prompt_id) else {
            return;
        };
        self.answered.clear();
        let Some(prompt) = self.queue.remove(index) else {
            return;
        };
        self.turn = Some(Turn {
            prompt,
            started_at: at,
            output_at: None,
            preview_at: None,
            tool_calls: 0,
            tokens: protocol::session::Tokens::default(),
            cost: Some(MicroUsd(0)),
            calls: 0,
        });
    }

    fn end_prompt(&mut self, at: Timestamp, prompt_id: Option<PromptId>) {
        self.queue.retain(|prompt| Some(prompt.id) != prompt_id);
        if self
            .turn
            .as_ref()
            .is_some_and(|turn| Some(turn.prompt.id) == prompt_id)
        {
            self.turn = None;
            self.permissions.clear();
            self.questions.clear();
            // What the runner has not taken yet of an ended turn must not begin afterwards.
            self.owed
                .retain(|(_, command)| matches!(command, OwedCommand::Interrupt { .. }));
        }
        self.idle_since = at;
    }

    fn drop_sandbox(&mut self, at: Timestamp, generation: u64) {
        if self.sandbox_of(generation).is_some() {
            self.sandbox = None;
            self.owed.clear();
            self.gate = None;
            self.hibernated = true;
            self.idle_since = at;
        }
    }

    fn turn_of(&mut self, prompt_id: Option<PromptId>) -> Option<&mut Turn> {
        self.turn
            .as_mut()
            .filter(|turn| Some(turn.prompt.id) == prompt_id)
    }

    fn note_output(&mut self, at: Timestamp, prompt_id: Option<PromptId>) {
        if let Some(turn) = self.turn_of(prompt_id) {
            turn.output_at = Some(at);
        }
    }

    fn add_usage(&mut self, prompt_id: Option<PromptId>, data: &protocol::event::UsageRecorded) {
        self.tokens = self.tokens + data.tokens;
        match data.cost_micro_usd {
            Some(cost) => self.cost = Some(self.cost.unwrap_or_default() + cost),
            None => self.cost_unknown = true,
        }
        if let Some(turn) = self.turn_of(prompt_id) {
            turn.calls += 1;
            turn.tokens = turn.tokens + data.tokens;
            turn.cost = match (turn.cost, data.cost_micro_usd) {
                (Some(sum), Some(cost)) => Some(sum + cost),
                _ => None,
            };
        }
    }
}
