//! What becomes of a sandbox: started, not started, gone, stopped.

use protocol::{
    Timestamp,
    event::{SandboxFailed, SandboxLost, SandboxStopped},
    keeper::{EndCause, Isolation},
    run::RunOutcome,
    session::TurnError,
};

use super::{Draft, Refusal, Reply};
use crate::session::{Effect, Expiry, Observed, Phase, PrivateFact};

impl Draft<'_> {
    pub(super) fn sandbox_started(
        &mut self,
        generation: u64,
        isolation: Isolation,
        expiry: Option<Expiry>,
    ) -> Result<Reply, Refusal> {
        let Some(sandbox) = self.state.sandbox_of(generation) else {
            return Err(Refusal::Fenced { generation });
        };
        if sandbox.isolation.as_ref() != Some(&isolation) {
            self.private(PrivateFact::IsolationKnown {
                generation,
                isolation,
            });
        }
        self.note_expiry(generation, expiry);
        Ok(Reply::Done)
    }

    fn note_expiry(&mut self, generation: u64, expiry: Option<Expiry>) {
        let known = self
            .state
            .sandbox_of(generation)
            .and_then(|sandbox| sandbox.expiry);
        if let Some(expiry) = expiry.filter(|told| known != Some(*told)) {
            self.private(PrivateFact::ExpiryKnown { generation, expiry });
        }
    }

    pub(super) fn sandbox_start_failed(
        &mut self,
        generation: u64,
        cause: String,
        retryable: bool,
    ) -> Result<Reply, Refusal> {
        let Some(sandbox) = self.state.sandbox_of(generation).cloned() else {
            return Err(Refusal::Fenced { generation });
        };
        if sandbox.phase != Phase::Starting {
            // The runner made contact while the provider still thought about it: it is there.
            return Ok(Reply::Done);
        }
        let last = !retryable || self.state.failures + 1 >= self.policy.attempts;
        let next_step = if last {
            "Run `coordinator doctor` on the server, mend what it names, then send the prompt again."
        } else {
            "It is tried again by itself."
        };
        self.event(
            None,
            SandboxFailed {
                sandbox_id: sandbox.id,
                generation,
                cause: cause.clone(),
                retryable: !last,
                next_step: next_step.into(),
            },
        );
        // Perhaps it was started and only the answer was lost.
        self.effect(Effect::StopSandbox {
            sandbox_id: sandbox.id,
            generation,
        });
        self.attempt_failed(
            TurnError {
                code: "sandbox_unavailable".into(),
                message: format!("No sandbox could be started: {cause}."),
                next_step: next_step.into(),
                detail: None,
            },
            last,
            !retryable,
        );
        Ok(Reply::Done)
    }

    pub(super) fn sandbox_observed(
        &mut self,
        generation: u64,
        observed: Observed,
        link_seen: Option<Timestamp>,
    ) -> Result<Reply, Refusal> {
        let Some(sandbox) = self.state.sandbox_of(generation).cloned() else {
            return Err(Refusal::Fenced { generation });
        };
        if sandbox.phase == Phase::Stopping {
            return Ok(Reply::Done);
        }
        if Self::is_gone(&observed) {
            self.lose_sandbox(generation, &end_in_words(&observed));
            return Ok(Reply::Done);
        }
        if let Observed::Running(expiry) = observed {
            self.note_expiry(generation, expiry);
        }
        let heard = link_seen
            .unwrap_or(sandbox.requested_at)
            .max(sandbox.requested_at);
        if matches!(sandbox.phase, Phase::Preparing | Phase::Ready)
            && self.now().since(heard) >= self.policy.unreachable
        {
            self.replace_sandbox(generation, "it runs, but its runner has not been heard of");
        }
        Ok(Reply::Done)
    }

    /// The sandbox is gone without having been asked to. A turn in flight ends with the reason; what waits goes
    /// on in a new sandbox.
    pub(super) fn lose_sandbox(&mut self, generation: u64, cause: &str) {
        let Some(sandbox) = self.state.sandbox_of(generation).cloned() else {
            return;
        };
        let was_ready = matches!(sandbox.phase, Phase::Ready | Phase::Saving);
        let error = TurnError {
            code: "sandbox_lost".into(),
            message: format!("The sandbox ended: {cause}."),
            next_step:
                "Send the prompt again: workspace and conversation are kept and a new sandbox takes over."
                    .into(),
            detail: None,
        };
        self.end_turn(RunOutcome::Failed, Some(error.clone()), None, "", None);
        self.event(
            None,
            SandboxLost {
                sandbox_id: sandbox.id,
                generation,
                cause: cause.to_owned(),
            },
        );
        if was_ready {
            return;
        }
        let last = self.state.failures + 1 >= self.policy.attempts;
        self.attempt_failed(error, last, false);
    }

    /// Counts a failed attempt. While attempts are left, the pump asks for the next sandbox by itself.
    fn attempt_failed(&mut self, error: TurnError, last: bool, hopeless: bool) {
        self.private(PrivateFact::AttemptFailed {
            error: error.clone(),
            permanent: last,
            hopeless,
        });
        if last {
            self.fail_waiting(&error);
        }
        self.purge_when_stopped();
    }

    pub(super) fn sandbox_stopped(&mut self, generation: u64) -> Result<Reply, Refusal> {
        let Some(sandbox) = self.state.sandbox_of(generation).cloned() else {
            return Err(Refusal::Fenced { generation });
        };
        if sandbox.phase != Phase::Stopping {
            return Err(Refusal::Fenced { generation });
        }
        let cause = sandbox.stop_cause.unwrap_or_else(|| "stopped".into());
        self.event(
            None,
            SandboxStopped {
                sandbox_id: sandbox.id,
                generation,
                cause,
            },
        );
        self.purge_when_stopped();
        Ok(Reply::Done)
    }
}

fn end_in_words(observed: &Observed) -> String {
    match observed {
        Observed::Running(_) => "it runs".into(),
        Observed::Unknown => "its provider does not know it any more".into(),
        Observed::Ended(EndCause::Stopped) => "it was stopped".into(),
        Observed::Ended(EndCause::Abandoned) => "no server claimed it for too long".into(),
        Observed::Ended(EndCause::Limit { which, limit, seen }) => {
            format!("its {which} limit was passed ({seen} of {limit})")
        }
        Observed::Ended(EndCause::Exited { code, signal, .. }) => match (code, signal) {
            (_, Some(signal)) => format!("its runner was killed by signal {signal}"),
            (Some(code), None) => format!("its runner exited with code {code}"),
            // Nobody was there to see how it ended.
            (None, None) => "its keeper was killed, or the machine was restarted".into(),
        },
    }
}
