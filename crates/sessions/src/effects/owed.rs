//! Commands that a runner is owed: sent on each new connection until it confirms them.

use domain::session::{OwedCommand, State};
use protocol::runner::{RunnerCommand, ServerFrame};

use crate::slot::Slot;

/// Gives the runner, if it is there, every command it is owed and has not been sent on this connection.
pub(super) fn send_owed(state: &State, slot: &Slot) {
    let Some(link) = slot.hub.link() else { return };
    for (command_id, owed) in &state.owed {
        if let Some(command) = materialise(state, owed) {
            link.send_once(
                *command_id,
                ServerFrame::Command {
                    command_id: *command_id,
                    command,
                },
            );
        }
    }
}

fn materialise(state: &State, owed: &OwedCommand) -> Option<RunnerCommand> {
    Some(match owed.clone() {
        OwedCommand::Prompt { prompt_id } => {
            let prompt = &state
                .turn
                .as_ref()
                .filter(|turn| turn.prompt.id == prompt_id)?
                .prompt;
            RunnerCommand::Prompt {
                prompt_id,
                text: prompt.text.to_string(),
                attachments: prompt.attachments.as_ref().clone(),
                model: prompt.binding.clone(),
            }
        }
        OwedCommand::Interrupt { prompt_id } => RunnerCommand::Interrupt { prompt_id },
        OwedCommand::Permission {
            permission_id,
            reply,
            message,
        } => RunnerCommand::Permission {
            permission_id,
            reply,
            message,
        },
        OwedCommand::Question {
            question_id,
            answers,
            rejected,
        } => RunnerCommand::Question {
            question_id,
            answers,
            rejected,
        },
    })
}
