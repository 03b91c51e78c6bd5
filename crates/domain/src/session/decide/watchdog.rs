//! Watchdogs: what happens when an alarm is due.

use protocol::{Timestamp, run::RunOutcome, session::TurnError};

use super::{Draft, Refusal, Reply};
use crate::session::{Alarm, Effect, Phase, PrivateFact, Trigger, alarm};

impl Draft<'_> {
    pub(super) fn alarm_due(
        &mut self,
        link_seen: Option<Timestamp>,
        preview_seen: Option<Timestamp>,
    ) -> Result<Reply, Refusal> {
        let now = self.now();
        self.note_preview(preview_seen);
        self.mark(Trigger::Look);
        let mut due: Vec<_> = alarm::armed(&self.state, self.policy)
            .into_iter()
            .filter(|(at, _)| *at <= now)
            .collect();
        due.sort();
        for (_, alarm) in due {
            // One alarm may have disarmed the next.
            if alarm::armed(&self.state, self.policy)
                .iter()
                .any(|(at, armed)| *armed == alarm && *at <= now)
            {
                self.ring(alarm, link_seen);
                self.mark(Trigger::Alarm(alarm));
            }
        }
        Ok(Reply::Done)
    }

    /// A long answer is one committed part at its end; until then its previews are the sign that it goes on.
    fn note_preview(&mut self, preview_seen: Option<Timestamp>) {
        let (Some(turn), Some(seen)) = (&self.state.turn, preview_seen) else {
            return;
        };
        let known = turn.preview_at.or(turn.output_at).unwrap_or(turn.started_at);
        let waits = alarm::armed(&self.state, self.policy)
            .iter()
            .any(|(at, alarm)| matches!(alarm, Alarm::FirstOutput | Alarm::TurnIdle) && *at <= self.now());
        if waits && seen > known {
            let prompt_id = turn.prompt.id;
            self.private(PrivateFact::OutputPreviewed { prompt_id, at: seen });
        }
    }

    fn ring(&mut self, alarm: Alarm, link_seen: Option<Timestamp>) {
        // The only alarm without a sandbox is the breaker's, and the pump does what follows from it.
        let Some(sandbox) = self.state.sandbox.clone() else {
            return;
        };
        let generation = sandbox.generation;
        match alarm {
            Alarm::Connect => self.replace_sandbox(generation, "it made no contact in time"),
            Alarm::Prepare => self.replace_sandbox(generation, "preparing the workspace made no progress"),
            Alarm::Interrupt => {
                self.private(PrivateFact::GateOpened);
                if !sandbox.retiring {
                    self.stop_sandbox("interrupt_unconfirmed");
                }
            }
            Alarm::FirstOutput => {
                let limit = self.policy.first_output.as_secs();
                let message = format!(
                    "Nothing came from the agent within {limit} s: its model is silent, or it hangs."
                );
                self.give_turn_up("no_output", message);
            }
            Alarm::TurnIdle => {
                let limit = self.policy.turn_idle.as_secs();
                let message = format!(
                    "Nothing more came from the agent for {limit} s: its model fell silent, or a command hangs."
                );
                self.give_turn_up("turn_stalled", message);
            }
            Alarm::Hibernate => self.stop_sandbox("idle_timeout"),
            Alarm::Liveness => {
                self.private(PrivateFact::LivenessChecked { generation });
                let silent = link_seen.is_none_or(|seen| self.now().since(seen) >= self.policy.stale);
                if silent {
                    self.effect(Effect::ObserveSandbox {
                        sandbox_id: sandbox.id,
                        generation,
                    });
                }
            }
            Alarm::Expiry if sandbox.phase == Phase::Ready => {
                self.private(PrivateFact::SandboxRetiring { generation });
            }
            // Counted as an attempt: or one would follow the other for ever.
            Alarm::Expiry => self.replace_sandbox(generation, "its time was over before it was ready"),
            Alarm::ExpiryFloor => {
                let message =
                    "The sandbox has to end before the turn did: its provider lets it live no longer.";
                self.give_turn_up("sandbox_expiring", message.into());
            }
            Alarm::Snapshot => self.unsaved("its provider did not answer in time"),
            Alarm::Breaker => {}
            Alarm::Stop => {
                // The stop is asked for again; stamping it anew re-arms the alarm.
                let cause = sandbox.stop_cause.clone().unwrap_or_else(|| "stopped".into());
                self.private(PrivateFact::SandboxStopping { generation, cause });
                self.effect(Effect::StopSandbox {
                    sandbox_id: sandbox.id,
                    generation,
                });
            }
        }
    }

    /// Gives a sandbox up that may still exist: it is lost for us and stopped for real.
    pub(super) fn replace_sandbox(&mut self, generation: u64, cause: &str) {
        let Some(sandbox) = self.state.sandbox_of(generation).cloned() else {
            return;
        };
        debug_assert!(sandbox.phase != Phase::Stopping);
        self.lose_sandbox(generation, cause);
        self.effect(Effect::StopSandbox {
            sandbox_id: sandbox.id,
            generation,
        });
    }

    fn give_turn_up(&mut self, code: &str, message: String) {
        let Some(prompt_id) = self.state.turn.as_ref().map(|turn| turn.prompt.id) else {
            return;
        };
        let error = TurnError {
            code: code.to_owned(),
            message,
            next_step: "Send the prompt again, perhaps with another model; the workspace is kept.".into(),
            detail: None,
        };
        self.end_turn(RunOutcome::Failed, Some(error), None, "", None);
        if let Some(sandbox) = self
            .state
            .sandbox
            .clone()
            .filter(|sandbox| sandbox.phase == Phase::Ready)
        {
            let deadline = self.now().after(self.policy.interrupt);
            self.private(PrivateFact::GateClosed {
                prompt_id,
                generation: sandbox.generation,
                deadline,
            });
            self.issue(crate::session::OwedCommand::Interrupt { prompt_id });
        }
    }
}
