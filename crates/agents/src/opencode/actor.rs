//! The task that owns a running OpenCode: commands in, signals out, one turn at a time.
//!
//! Signals wait in a queue until the receiver takes them; while it is long no event is read, but commands are,
//! so a slow receiver never keeps an interrupt out.

use std::{
    collections::{HashSet, VecDeque},
    future::pending,
    time::Duration,
};

use serde_json::json;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, sleep_until},
};

use super::{
    Limits,
    agent::{Command, OpenCodeAgent},
    calls,
    http::{CallError, Client},
    process::Process,
    prompt,
    sse::{self, Item},
    turn::{Next, Turn},
    wire::Listed,
};
use crate::{DriverError, Launch, Ready, Signal, TurnRequest, errors, processes, redact::Redactor};

/// Signals that may wait before events are left unread.
const LONG_QUEUE: usize = 256;
const FLUSH_EVERY: Duration = Duration::from_millis(250);
/// Between two looks at a session that is idle but whose turn does not look finished.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// Even without any event the state is looked at this often.
const LOOK_ANYWAY: Duration = Duration::from_secs(20);
const MOST_REMEMBERED: usize = 4_000;

/// Oldest version whose message ids do not wrap around.
const OLDEST: (u64, u64, u64) = (1, 18, 18);

/// Finds or makes the conversation and opens the stream. Also returns the messages that are there already.
pub(super) async fn begin(
    client: &Client,
    launch: &Launch,
) -> Result<(Ready, HashSet<String>, mpsc::Receiver<Item>), String> {
    let said = |error: CallError| error.to_string();
    let health = client.get("/global/health").await.map_err(said)?;
    let version = crate::text::clip(health["version"].as_str().unwrap_or_default(), 64).to_owned();
    if !recent(&version) {
        return Err(format!(
            "version `{version}` is too old: 1.18.18 or newer is needed"
        ));
    }
    let wanted = launch.resume.as_deref().filter(|id| calls::valid_id(id, "ses"));
    let found = match wanted {
        Some(id) => match client.get(&format!("/session/{id}")).await {
            Ok(session) => session["id"].as_str() == Some(id),
            Err(CallError::Status {
                status: 400 | 404, ..
            }) => false,
            Err(error) => return Err(error.to_string()),
        },
        None => false,
    };
    let (id, seen) = match wanted.filter(|_| found) {
        Some(id) => {
            let listed = calls::messages(client, id, |_| true).await.map_err(said)?;
            (
                id.to_owned(),
                listed.into_iter().map(|message| message.info.id).collect(),
            )
        }
        None => {
            // With a title of ours no title is asked of the model.
            let made = client
                .post("/session", &json!({ "title": "session" }))
                .await
                .map_err(said)?;
            let id = made["id"]
                .as_str()
                .filter(|id| calls::valid_id(id, "ses"))
                .ok_or("it made no session")?;
            (id.to_owned(), HashSet::new())
        }
    };
    let events = sse::subscribe(client.clone()).await.map_err(said)?;
    // What the first prompt would otherwise wait for is loaded now.
    let _ = client.get("/agent").await;
    // The providers take a second more. A prompt that is there already would wait for them all the same, and one
    // that is still being written need not: so they are asked for, and nobody waits for the answer.
    let warm = client.clone();
    tokio::spawn(async move { warm.get("/config/providers").await });
    Ok((
        Ready {
            version,
            agent_session_id: id,
            resumed: found,
        },
        seen,
        events,
    ))
}

fn recent(version: &str) -> bool {
    let mut numbers = version
        .split(['.', '-', '+'])
        .map(|part| part.parse::<u64>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next()) >= OLDEST
}

struct Actor {
    limits: Limits,
    launch: Launch,
    session: String,
    client: Client,
    process: Process,
    redactor: Redactor,
    signals: mpsc::Sender<Signal>,
    queue: VecDeque<Signal>,
    turn: Option<Turn>,
    /// Messages of earlier turns.
    old: HashSet<String>,
    old_order: VecDeque<String>,
    timers: Timers,
    /// Processes under the agent when the interrupt came; they may lose their parent before they end.
    hunted: Vec<processes::Process>,
}

#[derive(Default)]
struct Timers {
    look: Option<Instant>,
    look_limit: Option<Instant>,
    flush: Option<Instant>,
    retry_limit: Option<Instant>,
    abort_limit: Option<Instant>,
}

impl Timers {
    fn next(&self) -> Option<Instant> {
        [self.look, self.flush, self.retry_limit, self.abort_limit]
            .into_iter()
            .flatten()
            .min()
    }
}

fn due(timer: &mut Option<Instant>) -> bool {
    timer.take_if(|at| *at <= Instant::now()).is_some()
}

/// How the actor's loop ends.
enum End {
    Stopped(Option<oneshot::Sender<()>>),
    Died,
}

/// What the loop has to see to.
enum Woken {
    Command(Option<Command>),
    Exited,
    Sent,
    Deaf,
    Item(Option<Item>),
    Timer,
}

#[expect(
    clippy::too_many_arguments,
    reason = "everything a started agent consists of, handed over once"
)]
pub(super) fn spawn(
    limits: Limits,
    launch: Launch,
    ready: Ready,
    old: HashSet<String>,
    events: mpsc::Receiver<Item>,
    client: Client,
    process: Process,
    redactor: Redactor,
    signals: mpsc::Sender<Signal>,
) -> OpenCodeAgent {
    let (commands, receiver) = mpsc::channel(16);
    let exited = process.exited();
    let actor = Actor {
        limits,
        launch,
        session: ready.agent_session_id,
        client,
        process,
        redactor,
        signals,
        queue: VecDeque::new(),
        turn: None,
        old,
        old_order: VecDeque::new(),
        timers: Timers::default(),
        hunted: Vec::new(),
    };
    tokio::spawn(actor.run(receiver, events, exited));
    OpenCodeAgent { commands }
}

impl Actor {
    async fn run(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        mut events: mpsc::Receiver<Item>,
        mut exited: watch::Receiver<Option<String>>,
    ) {
        let end = loop {
            match self.wait(&mut commands, &mut events, &mut exited).await {
                Woken::Command(Some(Command::Stop(done))) => break End::Stopped(Some(done)),
                Woken::Command(Some(command)) => self.command(command).await,
                // Nobody asks, or nobody listens, any more.
                Woken::Command(None) | Woken::Deaf => break End::Stopped(None),
                Woken::Exited | Woken::Item(None) => break End::Died,
                Woken::Sent => {}
                Woken::Item(Some(Item::Event(event))) => {
                    if let Some(turn) = &mut self.turn {
                        let next = turn.take(&event, &self.old);
                        self.act(next).await;
                    }
                }
                Woken::Item(Some(Item::Reopened)) => self.reopened().await,
                Woken::Timer => {
                    if self.tick().await {
                        break End::Died;
                    }
                }
            }
            self.collect();
        };
        match end {
            End::Stopped(done) => {
                self.shut_down().await;
                commands.close();
                self.deliver(Duration::from_secs(2)).await;
                if let Some(done) = done {
                    let _ = done.send(());
                }
            }
            End::Died => {
                self.died().await;
                commands.close();
                self.deliver(Duration::from_secs(600)).await;
            }
        }
    }

    async fn wait(
        &mut self,
        commands: &mut mpsc::Receiver<Command>,
        events: &mut mpsc::Receiver<Item>,
        exited: &mut watch::Receiver<Option<String>>,
    ) -> Woken {
        let timer = self.timers.next();
        let room = self.queue.len() < LONG_QUEUE;
        let timer = async {
            match timer {
                Some(at) => sleep_until(at).await,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            command = commands.recv() => Woken::Command(command),
            () = async { let _ = exited.wait_for(Option::is_some).await; } => Woken::Exited,
            permit = self.signals.reserve(), if !self.queue.is_empty() => match permit {
                Ok(permit) => {
                    if let Some(signal) = self.queue.pop_front() {
                        permit.send(signal);
                    }
                    Woken::Sent
                }
                Err(_) => Woken::Deaf,
            },
            item = events.recv(), if room => Woken::Item(item),
            () = timer => Woken::Timer,
        }
    }

    /// Moves what the turn has to say into the queue.
    fn collect(&mut self) {
        if let Some(turn) = &mut self.turn {
            if turn.parts.waits() && self.timers.flush.is_none() {
                self.timers.flush = Some(Instant::now() + FLUSH_EVERY);
            }
            if turn.retries == 0 {
                self.timers.retry_limit = None;
            }
            self.queue.extend(turn.parts.signals.drain(..));
        }
    }

    async fn deliver(&mut self, limit: Duration) {
        let queue = std::mem::take(&mut self.queue);
        let signals = self.signals.clone();
        let all = async move {
            for signal in queue {
                if signals.send(signal).await.is_err() {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(limit, all).await;
    }

    async fn command(&mut self, command: Command) {
        match command {
            Command::Prompt(turn, reply) => {
                let taken = self.prompt(turn).await;
                let _ = reply.send(taken);
            }
            Command::Interrupt(reply) => {
                self.interrupt().await;
                let _ = reply.send(Ok(()));
            }
            Command::Answer(path, body, reply) => {
                let answered = match self.client.post(&path, &body).await {
                    Ok(_) => Ok(()),
                    Err(CallError::Status { status: 404, .. }) => Err(DriverError::Refused(
                        "it is not waiting for this answer (any more)".to_owned(),
                    )),
                    Err(error) => Err(DriverError::Refused(error.to_string())),
                };
                let _ = reply.send(answered);
            }
            Command::Stop(_) => {}
        }
    }

    async fn prompt(&mut self, request: TurnRequest) -> Result<(), DriverError> {
        if self.turn.is_some() {
            return Err(DriverError::Refused("a turn is in flight".to_owned()));
        }
        let body = prompt::body(&request, &self.launch.home).await?;
        // Before the call: its first events may come before its answer.
        let turn = Turn::new(
            request.prompt_id,
            &self.session,
            &self.launch.workspace,
            self.redactor.clone(),
        );
        self.turn = Some(turn);
        self.timers = Timers {
            look: Some(Instant::now() + LOOK_ANYWAY),
            ..Timers::default()
        };
        match self
            .client
            .post(&format!("/session/{}/prompt_async", self.session), &body)
            .await
        {
            Ok(_) => Ok(()),
            Err(error) => {
                self.turn = None;
                self.timers = Timers::default();
                // It may have been taken all the same.
                let _ = calls::abort(&self.client, &self.session, Duration::from_secs(2)).await;
                Err(DriverError::Refused(error.to_string()))
            }
        }
    }

    async fn act(&mut self, next: Next) {
        match next {
            Next::Nothing => {}
            Next::Check => self.look().await,
            Next::Retrying => {
                let over = self
                    .turn
                    .as_ref()
                    .is_some_and(|turn| turn.retries > self.limits.retries);
                if over {
                    self.give_up().await;
                } else if self.timers.retry_limit.is_none() {
                    self.timers.retry_limit = Some(Instant::now() + self.limits.retry_time);
                }
            }
            Next::GiveUp => self.abort().await,
        }
    }

    async fn give_up(&mut self) {
        if let Some(turn) = &mut self.turn
            && !turn.cancelled
        {
            turn.give_up_retrying();
            self.abort().await;
        }
    }

    async fn interrupt(&mut self) {
        if let Some(turn) = &mut self.turn {
            turn.cancelled = true;
            self.abort().await;
        }
    }

    async fn abort(&mut self) {
        self.hunted.extend(processes::descendants(self.process.pid));
        self.timers.retry_limit = None;
        self.timers
            .abort_limit
            .get_or_insert_with(|| Instant::now() + self.limits.abort);
        if let Err(error) = calls::abort(&self.client, &self.session, Duration::from_secs(5)).await {
            tracing::warn!(%error, "the agent did not take the abort");
        }
        self.timers.look_limit = None;
        self.timers.look = Some(Instant::now());
    }

    /// Timers that are due. True when the agent had to be killed.
    async fn tick(&mut self) -> bool {
        if due(&mut self.timers.flush)
            && let Some(turn) = &mut self.turn
        {
            turn.parts.flush();
        }
        if due(&mut self.timers.retry_limit) && self.turn.as_ref().is_some_and(|turn| turn.retries > 0) {
            self.give_up().await;
        }
        if due(&mut self.timers.abort_limit) && self.turn.is_some() {
            tracing::warn!("the abort was not confirmed: the agent is killed");
            self.process.kill().await;
            return true;
        }
        if due(&mut self.timers.look) {
            self.look().await;
        }
        false
    }

    /// The stream was lost and is back: whatever happened meanwhile is made up for.
    async fn reopened(&mut self) {
        if let Some(turn) = &mut self.turn {
            turn.parts.gap();
            for event in calls::open_requests(&self.client).await {
                turn.take(&event, &self.old);
            }
            self.look().await;
        }
    }

    async fn list(&self) -> Result<Vec<Listed>, CallError> {
        let known = |id: &str| self.old.contains(id) || self.turn.as_ref().is_some_and(|turn| turn.known(id));
        calls::messages(&self.client, &self.session, known).await
    }

    /// Asks whether the turn is over, and ends it if so. An idle session is not enough: the idle may be that of
    /// the turn before, or the prompt may not have been begun.
    async fn look(&mut self) {
        if self.turn.is_none() {
            return;
        }
        let busy = calls::busy(&self.client, &self.session).await;
        let listed = self.list().await;
        let Some(turn) = &mut self.turn else { return };
        if let Ok(listed) = listed
            && turn.reconcile(listed, &self.old) == Next::GiveUp
        {
            return self.abort().await;
        }
        let now = Instant::now();
        match busy {
            Ok(true) | Err(_) => {
                self.timers.look_limit = None;
                let aborting = self.timers.abort_limit.is_some();
                if aborting && matches!(busy, Ok(true)) {
                    // The prompt was begun after the abort, or the abort takes its time.
                    let _ = calls::abort(&self.client, &self.session, Duration::from_secs(2)).await;
                }
                self.timers.look = Some(now + if aborting { LOOK_AGAIN } else { LOOK_ANYWAY });
            }
            Ok(false) => {
                let aborting = self.timers.abort_limit.is_some();
                let settle = if aborting {
                    self.limits.settle_aborted
                } else {
                    self.limits.settle
                };
                let limit = *self.timers.look_limit.get_or_insert(now + settle);
                if turn.finished() || now >= limit {
                    self.finish().await;
                } else {
                    if aborting {
                        // It may begin only now: the abort before it did not reach it.
                        let _ = calls::abort(&self.client, &self.session, Duration::from_secs(2)).await;
                    }
                    self.timers.look = Some(now + LOOK_AGAIN);
                }
            }
        }
    }

    async fn finish(&mut self) {
        if self.timers.abort_limit.is_some() {
            self.hunt().await;
        }
        let Some(turn) = self.turn.take() else { return };
        self.timers = Timers::default();
        for id in turn.messages() {
            self.old_order.push_back(id.clone());
            self.old.insert(id);
        }
        while self.old_order.len() > MOST_REMEMBERED {
            self.old_order.pop_front().map(|id| self.old.remove(&id));
        }
        let unstarted = (!turn.begun())
            .then(|| errors::agent("The agent took the prompt but never began with it.".to_owned()));
        self.queue.extend(turn.end(unstarted));
    }

    /// Kills what the turn's tools have left running.
    async fn hunt(&mut self) {
        let mut hunted = std::mem::take(&mut self.hunted);
        for _ in 0..20 {
            hunted.extend(processes::descendants(self.process.pid));
            hunted.retain(processes::alive);
            if hunted.is_empty() {
                return;
            }
            processes::kill_with_groups(&hunted, Some(self.process.pid));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn shut_down(&mut self) {
        if let Some(turn) = &mut self.turn {
            turn.cancelled = true;
            let _ = calls::abort(&self.client, &self.session, Duration::from_secs(2)).await;
        }
        self.process.stop().await;
        if let Some(turn) = self.turn.take() {
            self.queue.extend(turn.end(None));
        }
    }

    async fn died(&mut self) {
        let how = self
            .process
            .exited()
            .borrow()
            .clone()
            .unwrap_or_else(|| "no longer answering".to_owned());
        self.process.kill().await;
        let error = errors::crashed(&how, &self.process.tail());
        if let Some(turn) = self.turn.take() {
            self.queue.extend(turn.end(Some(error.clone())));
        }
        self.queue.push_back(Signal::Died { error });
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_with_the_wraparound_are_too_old() {
        assert!(super::recent("1.18.33") && super::recent("1.18.18") && super::recent("2.0.0-beta"));
        assert!(!super::recent("1.18.17") && !super::recent("1.9.99") && !super::recent(""));
    }
}
