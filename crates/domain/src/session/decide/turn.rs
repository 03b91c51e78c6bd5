//! Turns begin and end; each end writes a run record into the outbox of the same commit.

use protocol::{
    event::{
        PermissionResolved, PromptCancelled, PromptCompleted, PromptFailed, PromptStarted, QuestionAnswered,
    },
    run::{RunOutcome, RunRecord},
    runner::PermissionReply,
    session::{Author, Tokens, TurnError},
};

use super::Draft;
use crate::session::{Effect, OwedCommand, PrivateFact, Prompt, Turn};

impl Draft<'_> {
    /// Gives the runner a command it keeps being owed until it confirms.
    pub(super) fn issue(&mut self, command: OwedCommand) {
        let command_id = self.moment.command_id();
        self.private(PrivateFact::CommandIssued { command_id, command });
        self.effect(Effect::SendOwed);
    }

    pub(super) fn begin_turn(&mut self, prompt: &Prompt) {
        self.event(
            Some(prompt.id),
            PromptStarted {
                model: prompt.model.clone(),
            },
        );
        self.issue(OwedCommand::Prompt { prompt_id: prompt.id });
    }

    /// Ends the turn in flight. `reported` are the agent's own token counts, used where nothing was metered.
    pub(super) fn end_turn(
        &mut self,
        outcome: RunOutcome,
        error: Option<TurnError>,
        reported: Option<Tokens>,
        cause: &str,
        by: Option<Author>,
    ) {
        let Some(turn) = self.state.turn.clone() else {
            return;
        };
        let prompt_id = Some(turn.prompt.id);
        self.resolve_pending(prompt_id);
        let (tokens, cost) = spent(&turn, reported);
        let duration_ms = u64::try_from(self.now().since(turn.started_at).as_millis()).unwrap_or(u64::MAX);
        match outcome {
            RunOutcome::Completed => {
                self.event(
                    prompt_id,
                    PromptCompleted {
                        tokens,
                        cost_micro_usd: cost,
                        duration_ms,
                    },
                );
            }
            RunOutcome::Failed => {
                let error = error.clone().unwrap_or_else(unknown_error);
                self.event(
                    prompt_id,
                    PromptFailed {
                        error,
                        tokens,
                        cost_micro_usd: cost,
                        duration_ms,
                    },
                );
            }
            RunOutcome::Cancelled => self.event(
                prompt_id,
                PromptCancelled {
                    cause: cause.to_owned(),
                    by,
                },
            ),
        }
        self.owe_run(&turn.prompt, Some(&turn), outcome, error, (tokens, cost));
    }

    /// Ends a prompt that never ran.
    pub(super) fn owe_run_of_waiting(
        &mut self,
        prompt: &Prompt,
        outcome: RunOutcome,
        error: Option<TurnError>,
    ) {
        self.owe_run(
            prompt,
            None,
            outcome,
            error,
            (Tokens::default(), Some(protocol::MicroUsd(0))),
        );
    }

    /// Fails every waiting prompt with the same error.
    pub(super) fn fail_waiting(&mut self, error: &TurnError) {
        for prompt in self.state.queue.clone() {
            self.event(
                Some(prompt.id),
                PromptFailed {
                    error: error.clone(),
                    tokens: Tokens::default(),
                    cost_micro_usd: Some(protocol::MicroUsd(0)),
                    duration_ms: 0,
                },
            );
            self.owe_run_of_waiting(&prompt, RunOutcome::Failed, Some(error.clone()));
        }
    }

    fn resolve_pending(&mut self, prompt_id: Option<protocol::PromptId>) {
        let cause = Some("turn_ended".to_owned());
        for permission_id in self.state.permissions.keys().cloned().collect::<Vec<_>>() {
            self.event(
                prompt_id,
                PermissionResolved {
                    permission_id,
                    reply: PermissionReply::Reject,
                    message: None,
                    by: None,
                    cause: cause.clone(),
                },
            );
        }
        for question_id in self.state.questions.keys().cloned().collect::<Vec<_>>() {
            self.event(
                prompt_id,
                QuestionAnswered {
                    question_id,
                    answers: Vec::new(),
                    rejected: true,
                    by: None,
                    cause: cause.clone(),
                },
            );
        }
    }

    fn owe_run(
        &mut self,
        prompt: &Prompt,
        turn: Option<&Turn>,
        outcome: RunOutcome,
        error: Option<TurnError>,
        (tokens, cost): (Tokens, Option<protocol::MicroUsd>),
    ) {
        let Some(profile) = self.state.profile.clone() else {
            return;
        };
        let run = RunRecord {
            id: self.moment.run_id(self.state.head),
            org_id: profile.org,
            session_id: profile.id,
            prompt_id: prompt.id,
            user_id: prompt.author.user_id,
            api_key_id: prompt.author.api_key_id,
            agent: profile.agent.clone(),
            model: prompt.model.clone(),
            repository: profile.repository.clone(),
            outcome,
            error,
            tokens,
            cost_micro_usd: cost,
            queued_at: prompt.queued_at,
            started_at: turn.map(|turn| turn.started_at),
            ended_at: self.now(),
            tool_calls: turn.map_or(0, |turn| turn.tool_calls),
            first_seq: prompt.queued_seq,
            last_seq: self.state.head,
        };
        self.private(PrivateFact::RunOwed(Box::new(run)));
        self.effect(Effect::FlushRuns);
    }
}

fn spent(turn: &Turn, reported: Option<Tokens>) -> (Tokens, Option<protocol::MicroUsd>) {
    match reported {
        // Calls that did not pass the gateway have no known price.
        Some(tokens) if turn.calls == 0 && tokens != Tokens::default() => (tokens, None),
        _ => (turn.tokens, turn.cost),
    }
}

fn unknown_error() -> TurnError {
    TurnError {
        code: "unknown".into(),
        message: "The turn failed without a stated reason.".into(),
        next_step: "Send the prompt again.".into(),
        detail: None,
    }
}
