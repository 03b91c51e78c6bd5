//! A runner as the server meets it: what the program inside a sandbox promises, without disk and agent.
//!
//! It outlives the server. Reports are numbered and kept until acknowledged, sent again by time and on reconnect;
//! commands are carried out once, however often they come.

mod agent;
mod door;
mod uplink;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex},
};

use ports::Clock;
use protocol::{
    CommandId, PromptId, SandboxId, SessionId, Timestamp,
    keeper::EndCause,
    runner::{Delta, RunnerCommand, RunnerReport, RunnerStart},
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    oracle::commit::mark,
    world::{Shared, lock},
};

pub(crate) struct Runner {
    pub(crate) session: SessionId,
    pub(crate) sandbox: SandboxId,
    pub(crate) generation: u64,
    /// When its provider ends it, as that says.
    pub(crate) expires: Option<Timestamp>,
    token: String,
    secret: String,
    inside: Mutex<Inside>,
    /// There is something to send.
    work: Notify,
    /// There is something for the agent.
    news: Notify,
    dead: CancellationToken,
}

/// Which credentials the server may know it by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Standing {
    #[default]
    New,
    HelloSent,
    Welcomed,
}

#[derive(Debug, Default)]
struct Inside {
    standing: Standing,
    // The spool.
    acked: u64,
    last: u64,
    kept: VecDeque<(Option<PromptId>, RunnerReport)>,
    texts: Vec<u64>,
    // The inbox.
    seen: BTreeSet<CommandId>,
    done: BTreeSet<CommandId>,
    queue: VecDeque<(CommandId, RunnerCommand)>,
    claimed: BTreeSet<PromptId>,
    to_confirm: VecDeque<CommandId>,
    deltas: VecDeque<(PromptId, Delta)>,
    // The agent.
    prepared: u64,
    up: bool,
    broken: bool,
    turn: Option<Turn>,
}

#[derive(Debug)]
struct Turn {
    prompt: PromptId,
    steps: u64,
    /// A request that waits for a person.
    asks: Option<String>,
    asked: u64,
    hangs: bool,
}

impl Runner {
    pub(crate) fn new(world: &Shared, start: &RunnerStart) -> Arc<Self> {
        Arc::new(Self {
            expires: world.plan.lifetime.map(|span| world.clock.now().after(span)),
            session: start.session_id,
            sandbox: start.sandbox_id,
            generation: start.generation,
            token: start.token.clone(),
            secret: format!("the secret of generation {}", start.generation),
            inside: Mutex::default(),
            work: Notify::new(),
            news: Notify::new(),
            dead: CancellationToken::new(),
        })
    }

    /// Goes on, in this life of the server.
    pub(crate) fn live(self: &Arc<Self>, world: &Shared) {
        if self.is_dead() {
            return;
        }
        let (runner, at) = (Arc::clone(self), Arc::clone(world));
        tokio::spawn(async move { runner.agent(&at).await });
        let (runner, at) = (Arc::clone(self), Arc::clone(world));
        tokio::spawn(async move { runner.uplink(&at).await });
        if let Some(expires) = self.expires {
            let (runner, world) = (Arc::clone(self), Arc::clone(world));
            tokio::spawn(async move { runner.expire(&world, expires).await });
        }
    }

    /// Its provider keeps its word about the end, whatever it does then.
    async fn expire(&self, world: &Shared, expires: Timestamp) {
        while world.clock.now() < expires {
            let left = expires.since(world.clock.now());
            tokio::select! {
                biased;
                () = self.dead.cancelled() => return,
                () = tokio::time::sleep(left) => {}
            }
        }
        world.count("sandboxes ended by their provider");
        world.note(|| format!("the provider ends the sandbox of generation {}", self.generation));
        world.sandboxes.end(self.sandbox, EndCause::Stopped);
        self.kill();
    }

    pub(crate) fn kill(&self) {
        self.dead.cancel();
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead.is_cancelled()
    }

    /// What it was told is safe, and which of its reports are texts.
    pub(crate) fn memory(&self) -> (u64, Vec<u64>) {
        let inside = lock(&self.inside);
        (inside.acked, inside.texts.clone())
    }

    fn report(&self, prompt: Option<PromptId>, report: RunnerReport) {
        let mut inside = lock(&self.inside);
        inside.last += 1;
        inside.kept.push_back((prompt, report));
        drop(inside);
        self.work.notify_one();
    }

    /// A text that says which report it is.
    fn text(&self, prompt: PromptId) {
        let n = {
            let mut inside = lock(&self.inside);
            let n = inside.last + 1;
            inside.texts.push(n);
            n
        };
        let event = protocol::event::MessageText {
            message_id: "m".into(),
            part_id: n.to_string(),
            text: mark(self.generation, n),
        };
        self.report(Some(prompt), RunnerReport::Event { event: event.into() });
    }

    fn ack(&self, n: u64) {
        let mut inside = lock(&self.inside);
        let n = n.min(inside.last);
        while inside.acked < n {
            inside.acked += 1;
            inside.kept.pop_front();
        }
    }

    fn arrive(&self, id: CommandId, command: RunnerCommand) {
        let mut inside = lock(&self.inside);
        if inside.seen.insert(id) {
            inside.queue.push_back((id, command));
            drop(inside);
            self.news.notify_one();
        } else if inside.done.contains(&id) {
            inside.to_confirm.push_back(id);
            drop(inside);
            self.work.notify_one();
        }
    }

    fn confirm(&self, id: CommandId) {
        let mut inside = lock(&self.inside);
        inside.done.insert(id);
        inside.to_confirm.push_back(id);
        drop(inside);
        self.work.notify_one();
    }
}
