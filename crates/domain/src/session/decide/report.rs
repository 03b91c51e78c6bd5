//! Reports of the runner: fenced by generation, deduped by number, then taken.

use protocol::{
    EventBody, PromptId,
    event::{AgentReady, ErrorRaised},
    run::RunOutcome,
    runner::{RunnerReport, TurnOutcome},
    session::TurnError,
};

use super::{Draft, Refusal, Reply};
use crate::session::{Effect, Phase, PrivateFact};

impl Draft<'_> {
    pub(super) fn report(
        &mut self,
        generation: u64,
        n: u64,
        prompt_id: Option<PromptId>,
        report: RunnerReport,
    ) -> Result<Reply, Refusal> {
        let Some(sandbox) = self.state.sandbox_of(generation) else {
            return Err(Refusal::Fenced { generation });
        };
        let phase = sandbox.phase;
        if sandbox.secret_hash.is_none() {
            // Nobody has shown that it is this sandbox that speaks.
            return Err(Refusal::BadCredential);
        }
        let known = n <= sandbox.acked;
        #[cfg(feature = "planted")]
        let known = known && !crate::planted::is(crate::planted::Planted::NoDedupe);
        if known {
            return Ok(Reply::Acked { n: sandbox.acked });
        }
        if n > sandbox.acked + 1 {
            return Err(Refusal::Gap {
                expected: sandbox.acked + 1,
            });
        }
        self.private(PrivateFact::RunnerAdvanced { generation, n });
        let prompt_id = prompt_id.filter(|id| self.concerns(*id));
        match report {
            RunnerReport::Event { event } => self.runner_event(prompt_id, event),
            RunnerReport::Listing { listing } => self.effect(Effect::Detect(Box::new(listing))),
            // Too late: it must not make up for what the sandbox is being stopped for.
            RunnerReport::Ready { .. } if is_going(phase) => {}
            RunnerReport::Ready {
                agent,
                version,
                agent_session_id,
                resumed,
                elapsed_ms,
            } => {
                let mut agent_session_id = agent_session_id;
                agent_session_id
                    .truncate(agent_session_id.floor_char_boundary(MOST_ID.min(agent_session_id.len())));
                self.event(
                    None,
                    AgentReady {
                        agent,
                        version,
                        agent_session_id,
                        resumed,
                        elapsed_ms,
                    },
                );
            }
            // What breaks while it is being stopped is told, but nothing that waits fails for it.
            RunnerReport::Broken { error } if is_going(phase) => {
                let error = bounded(error);
                self.event(None, ErrorRaised { error });
            }
            RunnerReport::Broken { error } => self.broken(bounded(error)),
            RunnerReport::TurnEnded { outcome } => self.turn_ended(prompt_id, outcome),
        }
        Ok(Reply::Acked { n })
    }

    /// A runner may speak of the turn in flight and of the one just interrupted.
    fn concerns(&self, prompt_id: PromptId) -> bool {
        self.state
            .turn
            .as_ref()
            .is_some_and(|turn| turn.prompt.id == prompt_id)
            || self
                .state
                .gate
                .as_ref()
                .is_some_and(|gate| gate.prompt_id == prompt_id)
    }

    fn runner_event(&mut self, prompt_id: Option<PromptId>, event: EventBody) {
        if !may_come_from_runner(&event) {
            self.event(
                prompt_id,
                ErrorRaised {
                    error: TurnError {
                        code: "event_refused".into(),
                        message: format!(
                            "The sandbox sent an event that is not its to send: {}.",
                            event.kind()
                        ),
                        next_step: "Nothing to do; if it happens again, look at what the repository runs."
                            .into(),
                        detail: None,
                    },
                },
            );
            return;
        }
        let live = self.state.turn.as_ref().map(|turn| turn.prompt.id) == prompt_id && prompt_id.is_some();
        if let Some(id) = asks(&event)
            && (id.len() > MOST_ID || self.state.permissions.len() + self.state.questions.len() >= MOST_ASKED)
        {
            // Each is kept in the state until it is answered.
            self.event(
                prompt_id,
                ErrorRaised {
                    error: TurnError {
                        code: "request_refused".into(),
                        message: format!(
                            "The agent asks for more than can be kept: at most {MOST_ASKED} requests wait for an answer."
                        ),
                        next_step: "Answer those that wait, or interrupt the turn.".into(),
                        detail: None,
                    },
                },
            );
            return;
        }
        if !live
            && matches!(
                event,
                EventBody::PermissionRequested(_) | EventBody::QuestionAsked(_)
            )
        {
            // Its turn is over: nobody is asked any more.
            return;
        }
        self.event(prompt_id, event);
    }

    fn turn_ended(&mut self, prompt_id: Option<PromptId>, outcome: TurnOutcome) {
        if self
            .state
            .gate
            .as_ref()
            .is_some_and(|gate| Some(gate.prompt_id) == prompt_id)
        {
            // The interrupted turn is really over now; its outcome was settled when it was interrupted.
            self.private(PrivateFact::GateOpened);
            return;
        }
        if self
            .state
            .turn
            .as_ref()
            .is_none_or(|turn| Some(turn.prompt.id) != prompt_id)
        {
            return;
        }
        match outcome {
            TurnOutcome::Completed { tokens } => self.end_turn(RunOutcome::Completed, None, tokens, "", None),
            TurnOutcome::Failed { error } => {
                self.end_turn(RunOutcome::Failed, Some(bounded(error)), None, "", None);
            }
            TurnOutcome::Cancelled => {
                self.end_turn(RunOutcome::Cancelled, None, None, "agent_cancelled", None)
            }
        }
    }

    /// Workspace or agent cannot be made ready: trying again by itself would meet the same, so everything that
    /// waits fails with the reason. A new prompt tries again.
    fn broken(&mut self, error: TurnError) {
        self.event(None, ErrorRaised { error: error.clone() });
        self.end_turn(RunOutcome::Failed, Some(error.clone()), None, "", None);
        self.private(PrivateFact::AttemptFailed {
            error: error.clone(),
            permanent: true,
            hopeless: true,
        });
        self.fail_waiting(&error);
        self.stop_sandbox("broken");
    }
}

fn is_going(phase: Phase) -> bool {
    matches!(phase, Phase::Saving | Phase::Stopping)
}

/// Requests to people that may wait at the same time.
const MOST_ASKED: usize = 64;
/// Bytes of an id that the agent chose.
const MOST_ID: usize = 512;
/// Bytes of each part of an error that is kept in the state.
const MOST_WORDS: usize = 16 * 1024;

/// The id of a request to a person.
fn asks(event: &EventBody) -> Option<&str> {
    match event {
        EventBody::PermissionRequested(asked) => Some(&asked.permission_id),
        EventBody::QuestionAsked(asked) => Some(&asked.question_id),
        _ => None,
    }
}

/// An error as a sandbox tells it is kept and repeated for every prompt that it fails.
fn bounded(mut error: TurnError) -> TurnError {
    let cut = |text: &mut String| text.truncate(text.floor_char_boundary(MOST_WORDS.min(text.len())));
    cut(&mut error.code);
    cut(&mut error.message);
    cut(&mut error.next_step);
    if let Some(detail) = &mut error.detail {
        cut(detail);
    }
    error
}

/// What a sandbox is believed about: its own work, nothing about sessions, money or other sandboxes.
fn may_come_from_runner(event: &EventBody) -> bool {
    match event {
        EventBody::WorkspaceProgress(_)
        | EventBody::ModelRetrying(_)
        | EventBody::MessageText(_)
        | EventBody::MessageReasoning(_)
        | EventBody::ToolCallStarted(_)
        | EventBody::ToolCallUpdated(_)
        | EventBody::ToolCallCompleted(_)
        | EventBody::PlanUpdated(_)
        | EventBody::PermissionRequested(_)
        | EventBody::QuestionAsked(_)
        | EventBody::FileChanged(_)
        | EventBody::GitPushed(_)
        | EventBody::ErrorRaised(_) => true,
        EventBody::Unknown { kind, .. } => !protocol::event::EVENT_TYPES.contains(&kind.as_str()),
        _ => false,
    }
}
