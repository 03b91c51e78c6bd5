//! Prompts of a session.

mod attachment;
mod cancel;
mod check;
mod enqueue;
mod list;

use std::sync::Arc;

use domain::{session::Prompt, tenancy::Actor};
use protocol::{
    PromptId,
    agent::ModelBinding,
    session::{Attachment, PromptMode},
};

use crate::App;

pub use attachment::AttachmentContent;
pub use check::{MAX_ATTACHMENT_BYTES, MAX_PROMPT_BYTES};
pub(crate) use check::{attachments as check_attachments, check_text};

/// What a prompt is made of.
pub(crate) struct PromptParts {
    pub(crate) text: String,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) model: String,
    pub(crate) binding: ModelBinding,
    pub(crate) mode: PromptMode,
}

/// Bytes that attachments take where they are kept.
pub(crate) fn attached(attachments: &[Attachment]) -> u64 {
    attachments
        .iter()
        .map(|attachment| attachment.data.len() as u64)
        .sum()
}

impl App {
    /// A prompt of this actor, now.
    pub(crate) fn prompt(&self, actor: &Actor, parts: PromptParts) -> Prompt {
        let now = self.now();
        Prompt {
            id: PromptId::new(now.as_ms(), self.bits()),
            text: Arc::from(parts.text),
            attachments: Arc::new(parts.attachments),
            author: actor.author(),
            model: parts.model,
            binding: parts.binding,
            mode: parts.mode,
            queued_at: now,
            queued_seq: 0,
        }
    }
}
