//! Beginning, sleep and end of a session.

use protocol::{
    RunId,
    environment::EnvironmentPlan,
    event::{
        EnvironmentDetected, PromptCancelled, SessionArchived, SessionCreated, SessionDeleted, SessionRenamed,
    },
    run::RunOutcome,
    session::{Author, TurnError},
};

use super::{Draft, Refusal, Reply};
use crate::session::{Effect, Life, Observed, Phase, PrivateFact, Profile, Prompt, title_of};

impl Draft<'_> {
    pub(super) fn create(&mut self, profile: Profile, prompt: Option<Prompt>) -> Result<Reply, Refusal> {
        if self.state.profile.is_some() {
            // The same creation again after a crash between reservation and reply.
            return Ok(Reply::Done);
        }
        let mut profile = profile;
        if let (None, Some(prompt)) = (&profile.title, &prompt) {
            profile.title = title_of(&prompt.text);
        }
        let created = SessionCreated {
            title: profile.title.clone(),
            agent: profile.agent.clone(),
            model: profile.model.clone(),
            permissions: profile.permissions,
            repository: profile.repository.clone(),
            environment_id: profile.environment_id,
            created_by: profile.created_by.clone(),
        };
        let prepare = profile.repository.is_some();
        self.private(PrivateFact::Profiled(Box::new(profile)));
        self.event(None, created);
        if prepare {
            // A repository takes time to clone and look at: begin before the first prompt is written.
            self.request_sandbox("created");
        }
        prompt.map_or(Ok(Reply::Done), |prompt| self.enqueue(prompt))
    }

    pub(super) fn rename(&mut self, title: String, by: Author) -> Result<Reply, Refusal> {
        self.event(None, SessionRenamed { title, by: Some(by) });
        Ok(Reply::Done)
    }

    pub(super) fn hibernate(&mut self) -> Result<Reply, Refusal> {
        if self.state.life != Life::Active {
            return Err(Refusal::Archived);
        }
        if self.state.turn.is_some() || !self.state.queue.is_empty() {
            return Err(Refusal::Busy);
        }
        if self.state.wake_wanted {
            self.private(PrivateFact::WakeWanted { wanted: false });
        }
        self.stop_sandbox("hibernated");
        Ok(Reply::Done)
    }

    pub(super) fn wake(&mut self) -> Result<Reply, Refusal> {
        if self.state.life != Life::Active {
            return Err(Refusal::Archived);
        }
        match &self.state.sandbox {
            None => self.request_sandbox("woken"),
            // A sandbox that goes can't be kept: the next one is started once it is gone.
            Some(sandbox) if matches!(sandbox.phase, Phase::Saving | Phase::Stopping) => {
                if !self.state.wake_wanted {
                    self.private(PrivateFact::WakeWanted { wanted: true });
                }
            }
            Some(_) => {}
        }
        Ok(Reply::Done)
    }

    pub(super) fn archive(&mut self, by: Author) -> Result<Reply, Refusal> {
        if self.state.life != Life::Active {
            return Ok(Reply::Done);
        }
        if self.state.turn.is_some() || !self.state.queue.is_empty() {
            return Err(Refusal::StillRunning);
        }
        self.stop_sandbox("archived");
        self.event(None, SessionArchived { by: Some(by) });
        Ok(Reply::Done)
    }

    pub(super) fn delete(&mut self, by: Option<Author>) -> Result<Reply, Refusal> {
        if self.state.life == Life::Deleted {
            return Ok(Reply::Done);
        }
        self.end_turn(RunOutcome::Cancelled, None, None, "deleted", by.clone());
        for prompt in self.state.queue.clone() {
            self.event(
                Some(prompt.id),
                PromptCancelled {
                    cause: "deleted".into(),
                    by: by.clone(),
                },
            );
        }
        let cause = by.is_none().then(|| "retention".to_owned());
        self.event(None, SessionDeleted { by, cause });
        self.stop_sandbox("deleted");
        self.purge_when_stopped();
        Ok(Reply::Done)
    }

    /// Work is kept, so a turn that is cut off can simply be sent again; what waits goes on at the next start.
    pub(super) fn quiesce(&mut self) -> Result<Reply, Refusal> {
        let error = TurnError {
            code: "server_stopped".into(),
            message: "The server was stopped while the agent worked.".into(),
            next_step: "Send the prompt again: workspace and conversation are kept.".into(),
            detail: None,
        };
        self.end_turn(RunOutcome::Failed, Some(error), None, "", None);
        self.stop_sandbox("server_stopped");
        Ok(Reply::Done)
    }

    /// A deleted session goes away once nothing of it runs any more.
    pub(super) fn purge_when_stopped(&mut self) {
        if self.state.life == Life::Deleted && self.state.sandbox.is_none() {
            self.effect(Effect::Purge);
        }
    }

    pub(super) fn stop_sandbox(&mut self, cause: &str) {
        let Some(sandbox) = self.state.sandbox.clone() else {
            return;
        };
        if sandbox.phase != Phase::Stopping {
            self.private(PrivateFact::SandboxStopping {
                generation: sandbox.generation,
                cause: cause.to_owned(),
            });
        }
        self.effect(Effect::StopSandbox {
            sandbox_id: sandbox.id,
            generation: sandbox.generation,
        });
    }

    pub(super) fn run_flushed(&mut self, run_id: RunId) -> Result<Reply, Refusal> {
        if self.state.outbox.iter().any(|run| run.id == run_id) {
            self.private(PrivateFact::RunFlushed { run_id });
        }
        Ok(Reply::Done)
    }

    pub(super) fn detected(&mut self, plan: EnvironmentPlan) -> Result<Reply, Refusal> {
        self.event(None, EnvironmentDetected { plan });
        Ok(Reply::Done)
    }

    /// Names again what is owed. After a crash the one-time token is gone, so a sandbox that was only asked for
    /// is looked for first: if its provider does not know it, a new generation takes its place.
    pub(super) fn recover(&mut self) -> Result<Reply, Refusal> {
        #[cfg(feature = "planted")]
        if crate::planted::is(crate::planted::Planted::NothingRecovered) {
            return Ok(Reply::Done);
        }
        if !self.state.outbox.is_empty() {
            self.effect(Effect::FlushRuns);
        }
        if let Some(sandbox) = self.state.sandbox.clone() {
            let (sandbox_id, generation) = (sandbox.id, sandbox.generation);
            self.effect(match sandbox.phase {
                Phase::Stopping => Effect::StopSandbox {
                    sandbox_id,
                    generation,
                },
                Phase::Saving => Effect::SnapshotSandbox {
                    sandbox_id,
                    generation,
                },
                Phase::Starting | Phase::Preparing | Phase::Ready => Effect::ObserveSandbox {
                    sandbox_id,
                    generation,
                },
            });
        }
        self.purge_when_stopped();
        Ok(Reply::Done)
    }

    pub(super) fn is_gone(observed: &Observed) -> bool {
        !matches!(observed, Observed::Running(_))
    }
}
