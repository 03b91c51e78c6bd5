//! The errors of a turn that every driver may report, each with the next step for the person.

use protocol::session::TurnError;

pub(crate) fn crashed(how: &str, tail: &str) -> TurnError {
    TurnError {
        code: "agent_crashed".to_owned(),
        message: format!("The agent's process ended in the middle of its work ({how})."),
        next_step:
            "Send the prompt again: the agent is started afresh and goes on with the same conversation. \
                    If it happens again, look at the detail; running out of memory is the usual cause."
                .to_owned(),
        detail: (!tail.trim().is_empty()).then(|| tail.trim().to_owned()),
    }
}

pub(crate) fn empty() -> TurnError {
    TurnError {
        code: "empty_turn".to_owned(),
        message: "The agent ended its turn without any output and without an error.".to_owned(),
        next_step:
            "Send the prompt again. If it happens again, test the model provider: it may be answering with \
                    empty messages."
                .to_owned(),
        detail: None,
    }
}

pub(crate) fn agent(message: String) -> TurnError {
    TurnError {
        code: "agent_error".to_owned(),
        message,
        next_step: "Send the prompt again. If it happens again, start a new session.".to_owned(),
        detail: None,
    }
}

pub(crate) fn model(message: String, next_step: &str, detail: Option<String>) -> TurnError {
    TurnError {
        code: "model_error".to_owned(),
        message,
        next_step: next_step.to_owned(),
        detail,
    }
}
