//! What goes on inside: the workspace is prepared, the agent comes up, turns are worked on, people are asked.

use protocol::{
    CommandId, PromptId,
    event::{
        FileChanged, PermissionRequested, QuestionAsked, ToolCallCompleted, ToolCallStarted,
        WorkspaceProgress,
    },
    runner::{Delta, DeltaKind, RunnerCommand, RunnerReport, TurnOutcome},
    session::TurnError,
};

use super::{Runner, Turn};
use crate::world::{Shared, lock};

impl Runner {
    pub(super) async fn agent(&self, world: &Shared) {
        tokio::select! {
            biased;
            () = self.dead.cancelled() => {}
            () = self.work_on(world) => {}
        }
    }

    async fn work_on(&self, world: &Shared) {
        loop {
            while let Some((id, command)) = self.next_command() {
                self.carry_out(world, id, command);
            }
            let busy = {
                let inside = lock(&self.inside);
                let preparing = !inside.up && !inside.broken;
                preparing
                    || inside
                        .turn
                        .as_ref()
                        .is_some_and(|turn| turn.asks.is_none() && !turn.hangs)
            };
            if busy {
                tokio::select! {
                    biased;
                    () = self.news.notified() => continue,
                    () = world.sleep(1, 4_000) => self.advance(world),
                }
            } else {
                self.news.notified().await;
            }
        }
    }

    /// A prompt waits for the agent and for the turn before it; nothing else waits.
    fn next_command(&self) -> Option<(CommandId, RunnerCommand)> {
        let mut inside = lock(&self.inside);
        let ready = inside.broken || (inside.up && inside.turn.is_none());
        let at = inside
            .queue
            .iter()
            .position(|(_, command)| ready || !matches!(command, RunnerCommand::Prompt { .. }))?;
        inside.queue.remove(at)
    }

    fn carry_out(&self, world: &Shared, id: CommandId, command: RunnerCommand) {
        match command {
            RunnerCommand::Prompt { prompt_id, .. } => self.begin(world, prompt_id),
            RunnerCommand::Interrupt { prompt_id } => {
                let mut inside = lock(&self.inside);
                if inside.turn.as_ref().is_some_and(|turn| turn.prompt == prompt_id) {
                    if world.strikes("interrupt ignored", |rates| rates.agent_hangs * 10) {
                        return;
                    }
                    inside.turn = None;
                    drop(inside);
                    self.end(prompt_id, TurnOutcome::Cancelled);
                } else {
                    let queued = |command: &RunnerCommand| matches!(command, RunnerCommand::Prompt { prompt_id: it, .. } if *it == prompt_id);
                    let at = inside.queue.iter().position(|(_, command)| queued(command));
                    let withdrawn = at.and_then(|at| inside.queue.remove(at));
                    let fresh = inside.claimed.insert(prompt_id);
                    drop(inside);
                    if let Some((prompt, _)) = withdrawn {
                        self.confirm(prompt);
                    }
                    if fresh {
                        self.end(prompt_id, TurnOutcome::Cancelled);
                    }
                }
            }
            RunnerCommand::Permission {
                permission_id: request,
                ..
            }
            | RunnerCommand::Question {
                question_id: request, ..
            } => {
                let mut inside = lock(&self.inside);
                if let Some(turn) = inside
                    .turn
                    .as_mut()
                    .filter(|turn| turn.asks.as_ref() == Some(&request))
                {
                    turn.asks = None;
                }
            }
            RunnerCommand::Shutdown => self.kill(),
        }
        self.confirm(id);
    }

    fn begin(&self, world: &Shared, prompt: PromptId) {
        let mut inside = lock(&self.inside);
        if !inside.claimed.insert(prompt) {
            return;
        }
        if inside.broken {
            drop(inside);
            self.end(
                prompt,
                TurnOutcome::Failed {
                    error: error("broken"),
                },
            );
            return;
        }
        let steps = world.draw(|rng| rng.between(1, world.plan.turn_steps));
        inside.turn = Some(Turn {
            prompt,
            steps,
            asks: None,
            asked: 0,
            hangs: false,
        });
        drop(inside);
        world.count("turns begun");
        let held = world.oracle().begun(prompt);
        world.judge(held);
    }

    fn end(&self, prompt: PromptId, outcome: TurnOutcome) {
        self.report(Some(prompt), RunnerReport::TurnEnded { outcome });
    }

    /// One step of whatever it is about.
    fn advance(&self, world: &Shared) {
        let turn = {
            let mut inside = lock(&self.inside);
            match &mut inside.turn {
                None => None,
                Some(turn) => {
                    turn.steps = turn.steps.saturating_sub(1);
                    Some((turn.prompt, turn.steps))
                }
            }
        };
        match turn {
            None => self.prepare(world),
            Some((prompt, 0)) => {
                lock(&self.inside).turn = None;
                let outcome = match world.draw(|rng| rng.below(10)) {
                    0 => TurnOutcome::Failed {
                        error: error("model_error"),
                    },
                    _ => TurnOutcome::Completed { tokens: None },
                };
                self.end(prompt, outcome);
            }
            Some((prompt, _)) => self.produce(world, prompt),
        }
    }

    fn prepare(&self, world: &Shared) {
        let prepared = {
            let mut inside = lock(&self.inside);
            inside.prepared += 1;
            inside.prepared
        };
        if prepared <= 2 {
            let event = WorkspaceProgress {
                phase: "clone".into(),
                state: "running".into(),
                message: Some(prepared.to_string()),
                elapsed_ms: None,
                percent: None,
            };
            return self.report(None, RunnerReport::Event { event: event.into() });
        }
        if world.strikes("agent broken", |rates| rates.agent_breaks) {
            lock(&self.inside).broken = true;
            return self.report(
                None,
                RunnerReport::Broken {
                    error: error("setup_failed"),
                },
            );
        }
        lock(&self.inside).up = true;
        let ready = RunnerReport::Ready {
            agent: "scripted".into(),
            version: "1".into(),
            agent_session_id: "conversation".into(),
            resumed: false,
            elapsed_ms: 1,
        };
        self.report(None, ready);
    }

    fn produce(&self, world: &Shared, prompt: PromptId) {
        let event = |event: protocol::EventBody| RunnerReport::Event { event };
        if world.strikes("agent hangs", |rates| rates.agent_hangs) {
            if let Some(turn) = &mut lock(&self.inside).turn {
                turn.hangs = true;
            }
            return;
        }
        match world.draw(|rng| rng.below(16)) {
            0 | 1 => self.ask(prompt, world.chance(500)),
            2 => {
                let call = ToolCallStarted {
                    tool_call_id: "c".into(),
                    tool: "bash".into(),
                    title: None,
                    input: serde_json::Value::Null,
                };
                self.report(Some(prompt), event(call.into()));
                let call = ToolCallCompleted {
                    tool_call_id: "c".into(),
                    tool: "bash".into(),
                    status: "completed".into(),
                    title: None,
                    input: serde_json::Value::Null,
                    output: "out".into(),
                    truncated: false,
                    exit_code: Some(0),
                    duration_ms: None,
                    diff: None,
                };
                self.report(Some(prompt), event(call.into()));
            }
            3 => self.report(Some(prompt), event(FileChanged { path: "a".into() }.into())),
            4 => {
                let unknown = protocol::EventBody::Unknown {
                    kind: "newer.kind".into(),
                    data: serde_json::json!({"a": 1}),
                };
                self.report(Some(prompt), event(unknown));
            }
            5..8 => {
                let delta = Delta {
                    message_id: "m".into(),
                    part_id: "p".into(),
                    kind: DeltaKind::Text,
                    offset: 0,
                    text: "t".into(),
                };
                lock(&self.inside).deltas.push_back((prompt, delta));
                self.work.notify_one();
            }
            8 => {
                // A burst: more than one reader's buffer.
                for _ in 0..world.draw(|rng| rng.spread(2, 100)) {
                    self.text(prompt);
                }
            }
            _ => self.text(prompt),
        }
    }

    fn ask(&self, prompt: PromptId, permission: bool) {
        let request = {
            let mut inside = lock(&self.inside);
            let Some(turn) = &mut inside.turn else { return };
            turn.asked += 1;
            let request = format!("{}-{prompt}-{}", self.generation, turn.asked);
            turn.asks = Some(request.clone());
            request
        };
        let event = if permission {
            PermissionRequested {
                permission_id: request,
                tool: "bash".into(),
                title: "run it".into(),
                patterns: Vec::new(),
                details: serde_json::Value::Null,
            }
            .into()
        } else {
            QuestionAsked {
                question_id: request,
                questions: Vec::new(),
            }
            .into()
        };
        self.report(Some(prompt), RunnerReport::Event { event });
    }
}

fn error(code: &str) -> TurnError {
    TurnError {
        code: code.into(),
        message: "simulated".into(),
        next_step: "none".into(),
        detail: None,
    }
}
