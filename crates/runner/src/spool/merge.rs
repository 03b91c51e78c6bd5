//! `tool_call.updated` events that wait for a number while the spool is nearly full: one for each tool call.

use std::collections::VecDeque;

use protocol::{EventBody, PromptId, event::ToolCallUpdated, runner::RunnerReport};

use super::Entry;
use crate::tail::clip;

/// Calls that wait at once; more than that and the newest update is dropped (its call's end holds the output).
const MOST_CALLS: usize = 64;
/// Output of one call that waits; the rest is in `tool_call.completed` anyway.
const MOST_OUTPUT: usize = 64 * 1024;

#[derive(Debug, Default)]
pub(super) struct Updates(VecDeque<(Option<PromptId>, ToolCallUpdated)>);

impl Updates {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(&mut self, prompt_id: Option<PromptId>, update: &ToolCallUpdated) {
        let room = self.0.len() < MOST_CALLS;
        let waiting = self
            .0
            .iter_mut()
            .find(|(prompt, held)| *prompt == prompt_id && held.tool_call_id == update.tool_call_id);
        match waiting {
            Some((_, held)) => {
                if update.title.is_some() {
                    held.title.clone_from(&update.title);
                }
                if let Some(more) = &update.output_delta {
                    let output = held.output_delta.get_or_insert_default();
                    let room = MOST_OUTPUT.saturating_sub(output.len());
                    output.push_str(clip(more, room));
                }
            }
            None if room => {
                let mut update = update.clone();
                if let Some(output) = &mut update.output_delta {
                    output.truncate(clip(output, MOST_OUTPUT).len());
                }
                self.0.push_back((prompt_id, update));
            }
            None => {}
        }
    }

    pub(super) fn first(&self) -> Option<Entry> {
        self.0.front().map(|(prompt_id, update)| Entry {
            prompt_id: *prompt_id,
            report: RunnerReport::Event {
                event: EventBody::from(update.clone()),
            },
        })
    }

    pub(super) fn remove_first(&mut self) {
        self.0.pop_front();
    }
}
