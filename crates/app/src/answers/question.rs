//! Answers a question.

use domain::{
    policy::{Action, authorise},
    session::Command,
    tenancy::Actor,
};
use protocol::api::QuestionAnswer;

use crate::{
    App, AppError, IdempotencyKey, Outcome,
    sessions::{OwnSession, outcome},
};

/// All answers together, bytes.
const MAX_ANSWER: usize = 64 * 1024;

impl App {
    /// # Errors
    /// When policy does not allow it, or the question does not wait for an answer (any more).
    pub async fn answer_question(
        &self,
        actor: &Actor,
        own: &OwnSession,
        question_id: String,
        body: QuestionAnswer,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        authorise(actor, Action::DriveSession)?;
        if body.rejected != body.answers.is_empty() {
            return Err(AppError::invalid(
                "answers",
                "Give `answers`, or decline with `rejected: true` and none.",
            ));
        }
        if body.answers.iter().flatten().map(String::len).sum::<usize>() > MAX_ANSWER {
            return Err(AppError::invalid(
                "answers",
                format!("The answers may have at most {MAX_ANSWER} bytes together."),
            )
            .limit(MAX_ANSWER as u64));
        }
        let command = Command::AnswerQuestion {
            question_id,
            answers: body.answers,
            rejected: body.rejected,
            by: actor.author(),
        };
        outcome(self.command(actor, own, command, key).await?, |_| Some(()))
    }
}
