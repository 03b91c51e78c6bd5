//! Prompts come in, are cancelled, are interrupted.

use protocol::{
    PromptId,
    event::{PromptCancelled, PromptQueued, SessionRenamed},
    run::RunOutcome,
    session::{AttachmentMeta, Author, PromptMode},
};

use super::{Draft, Refusal, Reply};
use crate::session::{Life, OwedCommand, Phase, PrivateFact, Prompt, title_of};

impl Draft<'_> {
    pub(super) fn enqueue(&mut self, prompt: Prompt) -> Result<Reply, Refusal> {
        if self.state.life != Life::Active {
            return Err(Refusal::Archived);
        }
        if self.state.queue.len() >= self.policy.max_queued {
            return Err(Refusal::QueueFull {
                limit: self.policy.max_queued,
            });
        }
        if prompt.mode == PromptMode::Interrupt {
            // As an interrupt by the same person would.
            self.cut_turn("interrupted", Some(prompt.author.clone()));
        }
        let position = u32::try_from(self.place(prompt.mode)).unwrap_or(u32::MAX);
        let prompt_id = prompt.id;
        let untitled = self
            .state
            .profile
            .as_ref()
            .is_some_and(|profile| profile.title.is_none());
        let title = if untitled { title_of(&prompt.text) } else { None };
        let profile_model = self.state.profile.as_ref().map(|profile| profile.model.clone());
        let attachments: Vec<AttachmentMeta> = prompt
            .attachments
            .iter()
            .map(|attachment| AttachmentMeta {
                name: attachment.name.clone(),
                media_type: attachment.media_type.clone(),
                size_bytes: decoded_size(&attachment.data),
            })
            .collect();
        self.private(PrivateFact::PromptAccepted {
            prompt_id,
            model: prompt.model.clone(),
            binding: prompt.binding,
            attachments: prompt.attachments.as_ref().clone(),
            mode: prompt.mode,
            position: (!prompt.mode.is_queue()).then_some(position),
        });
        let mode = (!prompt.mode.is_queue()).then_some(prompt.mode);
        let model = (Some(&prompt.model) != profile_model.as_ref()).then_some(prompt.model);
        self.event(
            Some(prompt_id),
            PromptQueued {
                text: prompt.text.to_string(),
                author: prompt.author,
                model,
                attachments,
                position,
                mode,
            },
        );
        if let Some(title) = title {
            self.event(None, SessionRenamed { title, by: None });
        }
        Ok(Reply::Queued { prompt_id, position })
    }

    /// Where a prompt goes among those that wait. What is steered stays in the order in which it was said.
    fn place(&self, mode: PromptMode) -> usize {
        let queue = &self.state.queue;
        match mode {
            PromptMode::Queue => queue.len(),
            PromptMode::Steer => queue.iter().take_while(|prompt| !prompt.mode.is_queue()).count(),
            PromptMode::Interrupt => 0,
        }
    }

    pub(super) fn cancel(&mut self, prompt_id: PromptId, by: Author) -> Result<Reply, Refusal> {
        let Some(prompt) = self
            .state
            .queue
            .iter()
            .find(|prompt| prompt.id == prompt_id)
            .cloned()
        else {
            let running = self
                .state
                .turn
                .as_ref()
                .is_some_and(|turn| turn.prompt.id == prompt_id);
            return Err(if running {
                Refusal::NotQueued
            } else {
                Refusal::NoPrompt
            });
        };
        self.event(
            Some(prompt_id),
            PromptCancelled {
                cause: "cancelled".into(),
                by: Some(by),
            },
        );
        self.owe_run_of_waiting(&prompt, RunOutcome::Cancelled, None);
        Ok(Reply::Done)
    }

    pub(super) fn interrupt(&mut self, by: Author) -> Result<Reply, Refusal> {
        if self.state.turn.is_none() {
            return Err(Refusal::NothingRunning);
        }
        self.cut_turn("interrupted", Some(by));
        Ok(Reply::Done)
    }

    /// Ends the turn at once for everyone who watches; the runner is told, and nothing is dispatched until it
    /// confirms or its deadline passes.
    pub(super) fn cut_turn(&mut self, cause: &str, by: Option<Author>) {
        let Some(turn) = self.state.turn.clone() else {
            return;
        };
        let prompt_id = turn.prompt.id;
        self.end_turn(RunOutcome::Cancelled, None, None, cause, by);
        let reachable = self
            .state
            .sandbox
            .as_ref()
            .filter(|sandbox| sandbox.phase == Phase::Ready);
        if let Some(generation) = reachable.map(|sandbox| sandbox.generation) {
            let deadline = self.now().after(self.policy.interrupt);
            self.private(PrivateFact::GateClosed {
                prompt_id,
                generation,
                deadline,
            });
            self.issue(OwedCommand::Interrupt { prompt_id });
        }
    }
}

/// Bytes behind a base64 text: three for four characters, less the padding.
fn decoded_size(base64: &str) -> u64 {
    let text = base64.trim_end_matches('=');
    (text.len() as u64) * 3 / 4
}
