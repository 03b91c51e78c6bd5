//! What all that takes part shares: stores that survive, the oracle, chance, time, and the current hosts.

use std::{
    fmt::Display,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use ports::Ports;
use protocol::SessionId;
use sessions::{HostSettings, Sessions};
use testkit::{
    fake::{MemoryCatalog, MemoryRunHistory, MemorySessionLog, ScriptedSandboxes, SeededEntropy},
    registry::Fakes,
};
use tokio::sync::Notify;

use crate::{
    clock::WorldClock,
    mutant::Mutant,
    oracle::{Held, Oracle},
    plan::{Plan, Rates},
    rng::Rng,
    runner::Runner,
    stores,
    tally::Tally,
};

/// A run takes some thousand; one that takes this many turns in a circle.
const MOST_STEPS: u64 = 60_000;

pub(crate) type Shared = Arc<World>;

pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) mutant: Option<Mutant>,
    pub(crate) clock: Arc<WorldClock>,
    pub(crate) log: Arc<MemorySessionLog>,
    pub(crate) catalog: Arc<MemoryCatalog>,
    pub(crate) runs: Arc<MemoryRunHistory>,
    pub(crate) sandboxes: Arc<ScriptedSandboxes>,
    fakes: Fakes,
    entropy: Arc<SeededEntropy>,
    rng: Mutex<Rng>,
    oracle: Mutex<Oracle>,
    tally: Mutex<Tally>,
    trace: Option<Mutex<Vec<String>>>,
    pub(crate) sessions: Vec<Place>,
    runners: Mutex<Vec<Arc<Runner>>>,
    /// Hosts of this life; connections go to the last, and now and then to the one before.
    hosts: Mutex<Vec<Sessions>>,
    made: AtomicU64,
    /// Faults are over.
    calm: AtomicBool,
    broken: Mutex<Option<String>>,
    /// Calls of ports until the server dies; 0 = it does not.
    fuse: AtomicU64,
    steps: AtomicU64,
    /// The fuse has burnt down, or a rule did not hold.
    pub(crate) bell: Notify,
}

/// A session as its people know it.
#[derive(Debug, Default)]
pub(crate) struct Place {
    pub(crate) id: Mutex<Option<SessionId>>,
    pub(crate) known: Notify,
}

impl Place {
    /// Waits until somebody was told its id.
    pub(crate) async fn id(&self) -> SessionId {
        loop {
            let news = self.known.notified();
            if let Some(id) = *lock(&self.id) {
                return id;
            }
            news.await;
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub(crate) fn new(seed: u64, mutant: Option<Mutant>, traced: bool) -> Shared {
        let mut rng = Rng::new(seed);
        let plan = Plan::draw(&mut rng);
        let fakes = Fakes::default();
        Arc::new(Self {
            mutant,
            clock: Arc::default(),
            log: Arc::default(),
            catalog: Arc::default(),
            runs: Arc::default(),
            sandboxes: Arc::default(),
            fakes,
            entropy: Arc::new(SeededEntropy::new(rng.next())),
            rng: Mutex::new(rng),
            oracle: Mutex::new(Oracle::new(plan.policy.clone())),
            tally: Mutex::default(),
            trace: traced.then(Mutex::default),
            sessions: (0..plan.sessions).map(|_| Place::default()).collect(),
            runners: Mutex::default(),
            hosts: Mutex::default(),
            made: AtomicU64::new(0),
            calm: AtomicBool::new(false),
            broken: Mutex::default(),
            fuse: AtomicU64::new(0),
            steps: AtomicU64::new(0),
            bell: Notify::new(),
            plan,
        })
    }

    /// A new process on what is stored.
    pub(crate) fn host(self: &Arc<Self>) -> Sessions {
        let number = u32::try_from(self.made.fetch_add(1, Ordering::SeqCst) + 1).unwrap_or(u32::MAX);
        let ports = Ports {
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            session_log: stores::SimLog::new(self, number),
            catalog: stores::SimCatalog::new(self),
            run_history: stores::SimRuns::new(self),
            sandboxes: stores::SimSandboxes::new(self),
            ..self.fakes.ports()
        };
        let settings = HostSettings {
            policy: self.plan.policy.clone(),
            sleep_after: self.plan.sleep_after,
            ..HostSettings::default()
        };
        self.note(|| format!("host {number} begins"));
        let host = Sessions::new(ports, settings);
        lock(&self.hosts).push(host.clone());
        host
    }

    pub(crate) fn forget_hosts(&self) {
        lock(&self.hosts).clear();
    }

    /// The host that a new connection reaches.
    pub(crate) fn reach(&self) -> Option<Sessions> {
        let hosts = lock(&self.hosts).clone();
        let older = hosts.len() > 1 && self.chance(200);
        hosts.iter().rev().nth(usize::from(older)).cloned()
    }

    /// A host whose time is over takes nothing new; connections that it has stay.
    pub(crate) fn runners(&self) -> Vec<Arc<Runner>> {
        lock(&self.runners).clone()
    }

    pub(crate) fn add_runner(&self, runner: Arc<Runner>) {
        lock(&self.runners).push(runner);
    }

    // Chance.

    pub(crate) fn draw<T>(&self, draw: impl FnOnce(&mut Rng) -> T) -> T {
        draw(&mut lock(&self.rng))
    }

    pub(crate) fn chance(&self, per_mille: u32) -> bool {
        self.draw(|rng| rng.chance(per_mille))
    }

    /// Whether a fault strikes now.
    pub(crate) fn strikes(&self, what: &'static str, rate: impl Fn(&Rates) -> u32) -> bool {
        if self.is_calm() || !self.chance(rate(&self.plan.rates)) {
            return false;
        }
        self.count(what);
        self.note(|| format!("FAULT {what}"));
        true
    }

    pub(crate) fn calm_down(&self) {
        self.calm.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_calm(&self) -> bool {
        self.calm.load(Ordering::SeqCst)
    }

    /// Some time passes, or only a turn of the scheduler, or nothing.
    pub(crate) async fn pause(&self, most_ms: u64) {
        match self.draw(|rng| rng.below(4)) {
            0 => {}
            1 | 2 => {
                for _ in 0..self.draw(|rng| rng.between(1, 3)) {
                    tokio::task::yield_now().await;
                }
            }
            _ => self.sleep(1, most_ms).await,
        }
    }

    pub(crate) async fn sleep(&self, low_ms: u64, high_ms: u64) {
        let ms = self.draw(|rng| rng.spread(low_ms.max(1), high_ms.max(1)));
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    // The fuse.

    pub(crate) fn light(&self, calls: u64) {
        self.fuse.store(calls, Ordering::SeqCst);
    }

    /// A port is called: a step, and a chance to die.
    pub(crate) fn step(&self) {
        self.count("steps");
        if self.steps.fetch_add(1, Ordering::Relaxed) == MOST_STEPS {
            self.judge(Err(format!("I8: no rest after {MOST_STEPS} steps")));
        }
        let left = self.fuse.load(Ordering::SeqCst);
        if left > 0 {
            self.fuse.store(left - 1, Ordering::SeqCst);
            if left == 1 {
                self.bell.notify_one();
            }
        }
    }

    // Judgement.

    pub(crate) fn oracle(&self) -> MutexGuard<'_, Oracle> {
        lock(&self.oracle)
    }

    /// Holds the rules to account; the first that broke ends the run.
    pub(crate) fn judge(&self, held: Held) {
        self.count("checks");
        let Err(words) = held else { return };
        self.note(|| format!("BROKEN {words}"));
        let mut broken = lock(&self.broken);
        if broken.is_none() {
            *broken = Some(words);
            self.bell.notify_one();
        }
    }

    pub(crate) fn broken(&self) -> Option<String> {
        lock(&self.broken).clone()
    }

    // The record.

    pub(crate) fn count(&self, what: &'static str) {
        lock(&self.tally).add(what, 1);
    }

    pub(crate) fn note(&self, words: impl FnOnce() -> String) {
        if let Some(trace) = &self.trace {
            let ms = self.clock.elapsed_ms();
            let line = format!("{:>6}.{:03} {}", ms / 1000, ms % 1000, words());
            lock(trace).push(line);
        }
    }

    pub(crate) fn note_error(&self, what: impl Display, error: impl Display) {
        self.note(|| format!("{what}: {error}"));
    }

    pub(crate) fn take_trace(&self) -> Vec<String> {
        self.trace
            .as_ref()
            .map(|trace| std::mem::take(&mut *lock(trace)))
            .unwrap_or_default()
    }

    pub(crate) fn tally(&self) -> Tally {
        lock(&self.tally).clone()
    }
}
