//! Answers of people to permission requests and questions: rows that survive a restart; the first answer wins.

use protocol::{
    event::{PermissionResolved, QuestionAnswered},
    runner::PermissionReply,
    session::Author,
};

use super::{Draft, Refusal, Reply};
use crate::session::OwedCommand;

impl Draft<'_> {
    pub(super) fn answer_permission(
        &mut self,
        permission_id: String,
        reply: PermissionReply,
        message: Option<String>,
        by: Author,
    ) -> Result<Reply, Refusal> {
        if !self.state.permissions.contains_key(&permission_id) {
            return Err(self.unanswerable(&permission_id, Refusal::NoPermission));
        }
        let prompt_id = self.state.turn.as_ref().map(|turn| turn.prompt.id);
        self.event(
            prompt_id,
            PermissionResolved {
                permission_id: permission_id.clone(),
                reply,
                message: message.clone(),
                by: Some(by),
                cause: None,
            },
        );
        self.issue(OwedCommand::Permission {
            permission_id,
            reply,
            message,
        });
        Ok(Reply::Done)
    }

    pub(super) fn answer_question(
        &mut self,
        question_id: String,
        answers: Vec<Vec<String>>,
        rejected: bool,
        by: Author,
    ) -> Result<Reply, Refusal> {
        if !self.state.questions.contains_key(&question_id) {
            return Err(self.unanswerable(&question_id, Refusal::NoQuestion));
        }
        if answers.is_empty() && !rejected {
            return Err(Refusal::AnswersMissing);
        }
        let prompt_id = self.state.turn.as_ref().map(|turn| turn.prompt.id);
        self.event(
            prompt_id,
            QuestionAnswered {
                question_id: question_id.clone(),
                answers: answers.clone(),
                rejected,
                by: Some(by),
                cause: None,
            },
        );
        self.issue(OwedCommand::Question {
            question_id,
            answers,
            rejected,
        });
        Ok(Reply::Done)
    }

    fn unanswerable(&self, id: &str, unknown: Refusal) -> Refusal {
        if self.state.answered.contains(id) {
            Refusal::AlreadyAnswered
        } else {
            unknown
        }
    }
}
