//! Effects: what is done outside, after the commit that called for it. Each outcome comes back as a command.

mod owed;
mod row;
mod start;
mod worker;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::session::{Command, Effect, State};
use ports::{catalog::SessionRow, lane};
use protocol::SessionId;
use tokio::sync::mpsc;

use crate::{
    Sessions,
    slot::{Envelope, Slot},
};
use owed::send_owed;
pub(crate) use row::row;
use worker::Worker;

/// Longest wait between two tries to remove a session.
const RETRY_CAP: Duration = Duration::from_secs(60);

/// One session's effects. Those on its sandbox run one after another, in the order of their commits.
pub(crate) struct Workshop {
    sessions: Sessions,
    id: SessionId,
    inbox: mpsc::Sender<Envelope>,
    in_flight: Arc<AtomicUsize>,
    /// The list row could not be written.
    row_is_old: Arc<AtomicBool>,
    lane: mpsc::UnboundedSender<Job>,
}

struct Job {
    effect: Effect,
    state: Arc<State>,
    slot: Arc<Slot>,
    _guard: Guard,
}

/// Counts as in flight until dropped.
struct Guard(Arc<AtomicUsize>);

impl Guard {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Workshop {
    pub(crate) fn new(sessions: &Sessions, id: SessionId, inbox: mpsc::Sender<Envelope>) -> Self {
        let (lane, mut jobs) = mpsc::unbounded_channel::<Job>();
        let worker = Worker {
            sessions: sessions.clone(),
            id,
            inbox: inbox.clone(),
            since: sessions.now(),
        };
        let stopping = sessions.0.stopping.clone();
        let work = async move {
            while let Some(job) = jobs.recv().await {
                if let Some(profile) = &job.state.profile {
                    lane::go_on_for(profile.org);
                }
                tokio::select! {
                    biased;
                    // Whatever is left undone is known from the log and named again by the next owner.
                    () = stopping.cancelled() => break,
                    () = worker.carry_out(&job) => {}
                }
            }
        };
        sessions.0.tasks.spawn(lane::within(None, work));
        Self {
            sessions: sessions.clone(),
            id,
            inbox,
            in_flight: Arc::default(),
            row_is_old: Arc::default(),
            lane,
        }
    }

    /// Whether nothing of this session is being done outside its mailbox.
    pub(crate) fn is_quiet(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) == 0
    }

    pub(crate) fn run(&self, effect: Effect, state: &Arc<State>, slot: &Arc<Slot>) {
        match effect {
            Effect::SendOwed => send_owed(state, slot),
            Effect::FlushRuns => self.sessions.note_runs(self.id, state),
            Effect::Detect(listing) => {
                let plan = domain::environment::detect(&listing);
                self.tell(Command::Detected { plan });
            }
            effect => {
                let guard = Guard::new(&self.in_flight);
                let job = Job {
                    effect,
                    state: Arc::clone(state),
                    slot: Arc::clone(slot),
                    _guard: guard,
                };
                // The lane ends only with this workshop.
                let _ = self.lane.send(job);
            }
        }
    }

    /// Projections overtake each other harmlessly: an older one never overwrites a newer one.
    /// With `tells`, the feed hears of it, too, and the session stays awake until it has.
    pub(crate) fn project(&self, row: SessionRow, tells: bool) {
        let guard = Guard::new(&self.in_flight);
        if tells {
            self.sessions
                .0
                .feed
                .tell_row(row.clone(), Guard::new(&self.in_flight));
        }
        let catalog = Arc::clone(&self.sessions.0.ports.catalog);
        let old = Arc::clone(&self.row_is_old);
        let whose = Some(row.org);
        let work = async move {
            let id = row.id;
            if let Err(error) = catalog.project(row).await {
                tracing::warn!(session.id = %id, %error, "the list row could not be brought up to date");
                old.store(true, Ordering::SeqCst);
            }
            drop(guard);
        };
        self.sessions.0.tasks.spawn(lane::within(whose, work));
    }

    /// Whether the list row could not be written since this was last asked.
    pub(crate) fn row_is_old(&self) -> bool {
        self.row_is_old.swap(false, Ordering::SeqCst)
    }

    fn tell(&self, command: Command) {
        let inbox = self.inbox.clone();
        let guard = Guard::new(&self.in_flight);
        self.sessions.0.tasks.spawn(async move {
            let _ = inbox
                .send(Envelope::Outcome {
                    command: Box::new(command),
                })
                .await;
            drop(guard);
        });
    }
}
