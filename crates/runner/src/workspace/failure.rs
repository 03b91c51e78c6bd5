//! Why a workspace could not be made ready, as the session shows it.

use protocol::session::TurnError;

use crate::{
    repository::RepositoryError,
    tail::{clip, readable},
};

#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    #[error("a set-up command failed with {status}: {command}")]
    SetupFailed {
        command: String,
        status: String,
        tail: String,
    },
    #[error("a set-up command took longer than {limit_s} s and was stopped: {command}")]
    SetupTimeout {
        command: String,
        limit_s: u64,
        tail: String,
    },
    #[error("the server could not give the secrets of this phase")]
    Secrets,
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

impl WorkspaceError {
    #[must_use]
    pub fn turn_error(&self) -> TurnError {
        match self {
            Self::Repository(error) => error.turn_error(),
            Self::SetupFailed {
                command,
                status,
                tail,
            } => TurnError {
                code: "setup_failed".into(),
                message: format!("The set-up command `{}` ended with {status}.", short(command)),
                next_step: "Send the prompt again to run it once more. If the command itself is wrong, correct the \
                            environment and start a new session: this one keeps the commands it began with."
                    .into(),
                detail: detail(tail),
            },
            Self::SetupTimeout {
                command,
                limit_s,
                tail,
            } => TurnError {
                code: "setup_timeout".into(),
                message: format!(
                    "The set-up command `{}` took longer than {limit_s} s and was stopped.",
                    short(command)
                ),
                next_step: "Send the prompt again to run it once more. If the command needs longer, raise \
                            COORDINATOR_SETUP_TIMEOUT; if it waits for something, correct the environment and start \
                            a new session: this one keeps the commands it began with."
                    .into(),
                detail: detail(tail),
            },
            Self::Secrets => secrets_missing("set-up commands"),
            Self::Io(error) => TurnError {
                code: "workspace_failed".into(),
                message: format!("The workspace could not be prepared: {error}."),
                next_step:
                    "Send the prompt again to retry; if it stays, free disk space or start a new session."
                        .into(),
                detail: None,
            },
        }
    }
}

/// A phase does not begin without its secrets.
pub(crate) fn secrets_missing(phase: &str) -> TurnError {
    TurnError {
        code: "secrets_unavailable".into(),
        message: format!("The secrets for the {phase} could not be had, so nothing was started without them."),
        next_step: "Send the prompt again to retry. If it stays, enter the secrets anew; the server's log says which one \
                    does not open."
            .into(),
        detail: None,
    }
}

fn short(command: &str) -> String {
    clip(&readable(command), 200).to_owned()
}

fn detail(tail: &str) -> Option<String> {
    (!tail.is_empty()).then(|| tail.to_owned())
}
