//! One side of a comparison: its process, its sessions, and the load on them. Both sides get the same.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::time::{Instant, sleep, sleep_until};

use crate::{
    bare::Relay,
    clock,
    load::{Client, Door, Http, Runner},
    product::{Keepers, Server},
    vitals::{self, Vitals},
};

/// Sessions that are set up at once.
const AT_ONCE: usize = 16;
/// Everything that was sent has arrived within this time, or is lost.
const DRAIN: Duration = Duration::from_secs(120);

/// A session with its runner double and its clients.
pub(crate) struct Lane {
    pub(crate) runner: Arc<Runner>,
    pub(crate) clients: Vec<Client>,
    /// The session's id; for the baseline its number.
    pub(crate) session: String,
}

/// Where clients connect.
#[derive(Debug, Clone)]
pub(crate) enum Side {
    Product { address: String, key: String },
    Bare { address: String },
}

pub(crate) struct Arm {
    pub(crate) side: Side,
    pub(crate) lanes: Vec<Lane>,
    pid: u32,
}

/// What a flood came to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flow {
    /// Events that reached every client, in a second.
    pub(crate) per_s: f64,
    pub(crate) per_commit: f64,
    pub(crate) user_ms_per_1000: f64,
    pub(crate) system_ms_per_1000: f64,
    pub(crate) switches_per_event: f64,
    pub(crate) written_per_event: f64,
}

impl Flow {
    pub(crate) fn cpu_ms_per_1000(&self) -> f64 {
        self.user_ms_per_1000 + self.system_ms_per_1000
    }
}

impl Arm {
    /// Sessions of the product, each with a turn that runs.
    pub(crate) async fn product(server: &Server, keepers: &Keepers, key: &str, count: usize) -> Result<Self> {
        let side = Side::Product {
            address: server.address().to_owned(),
            key: key.to_owned(),
        };
        let lanes = stream::iter(0..count)
            .map(|_| begin(server.address(), key, server.relay(), keepers))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(Self {
            side,
            lanes,
            pid: server.pid(),
        })
    }

    /// As many of the baseline.
    pub(crate) async fn bare(relay: &Relay, count: usize) -> Result<Self> {
        let mut lanes = Vec::new();
        for session in 0..count {
            let door = Door::Bare {
                socket: relay.socket().to_path_buf(),
                session,
            };
            lanes.push(Lane {
                runner: Arc::new(Runner::connect(door).await?),
                clients: Vec::new(),
                session: session.to_string(),
            });
        }
        Ok(Self {
            side: Side::Bare {
                address: relay.address().to_owned(),
            },
            lanes,
            pid: relay.pid(),
        })
    }

    fn is_bare(&self) -> bool {
        matches!(self.side, Side::Bare { .. })
    }

    /// Gives each of the first `sessions` this many clients, and the others none.
    pub(crate) async fn attend(&mut self, sessions: usize, each: usize) -> Result<()> {
        let side = self.side.clone();
        for (index, lane) in self.lanes.iter_mut().enumerate() {
            let wanted = if index < sessions { each } else { 0 };
            lane.clients.truncate(wanted);
            let missing = wanted - lane.clients.len();
            let after = lane.runner.sent();
            let more: Vec<Client> = stream::iter(0..missing)
                .map(|_| open(&side, &lane.session, after))
                .buffered(AT_ONCE)
                .try_collect()
                .await?;
            lane.clients.extend(more);
        }
        Ok(())
    }

    /// Every runner reports as fast as it is acknowledged; measured over `span` after `warm`. How the baseline
    /// batches is told it in `batch`.
    pub(crate) async fn flood(
        &self,
        sessions: usize,
        warm: Duration,
        span: Duration,
        batch: &str,
    ) -> Result<Flow> {
        let lanes = self.lanes.get(..sessions).context("not so many sessions")?;
        let before = Marks::of(lanes);
        let stop = Arc::new(AtomicBool::new(false));
        if self.is_bare() {
            for lane in lanes {
                lane.runner.tell("anew").await?;
                lane.runner.tell(batch).await?;
            }
        }
        let floods: Vec<_> = lanes
            .iter()
            .map(|lane| {
                let (runner, stop) = (Arc::clone(&lane.runner), Arc::clone(&stop));
                tokio::spawn(async move { runner.flood(&stop).await })
            })
            .collect();
        sleep(warm).await;
        let (from, used_from, at_from) = (Totals::of(lanes), vitals::of(self.pid), clock::now());
        sleep(span).await;
        let (to, used_to, at_to) = (Totals::of(lanes), vitals::of(self.pid), clock::now());
        stop.store(true, Ordering::Relaxed);
        for flood in floods {
            flood.await??;
        }
        self.drain(lanes, &before).await?;
        Ok(flow(
            &from,
            &to,
            &used_from,
            &used_to,
            clock::seconds(at_from, at_to),
        ))
    }

    /// One event of each session every `every`; answers from when it was sent until each client had it.
    pub(crate) async fn paced(&self, sessions: usize, every: Duration, span: Duration) -> Result<Vec<u64>> {
        let lanes = self.lanes.get(..sessions).context("not so many sessions")?;
        if self.is_bare() {
            for lane in lanes {
                lane.runner.tell("batch 1").await?;
            }
        }
        let before = Marks::of(lanes);
        time(lanes, true);
        pace(lanes, every, span, |runner| async move { runner.event().await }).await?;
        self.drain(lanes, &before).await?;
        time(lanes, false);
        Ok(times(lanes))
    }

    /// Text in the making, at a pace. A delta may be lost, so nothing is waited for but time.
    pub(crate) async fn deltas(
        &self,
        sessions: usize,
        every: Duration,
        span: Duration,
    ) -> Result<(Vec<u64>, u64)> {
        let lanes = self.lanes.get(..sessions).context("not so many sessions")?;
        time(lanes, true);
        let sent = pace(lanes, every, span, |runner| async move { runner.delta().await }).await?;
        sleep(Duration::from_millis(300)).await;
        time(lanes, false);
        Ok((times(lanes), sent))
    }

    /// Waits until every client has every event, in order.
    async fn drain(&self, lanes: &[Lane], before: &Marks) -> Result<()> {
        if self.is_bare() {
            for lane in lanes {
                lane.runner.tell("flush").await?;
            }
        }
        let began = Instant::now();
        for (lane, mark) in lanes.iter().zip(&before.0) {
            let sent = lane.runner.sent() - mark.sent;
            for (client, had) in lane.clients.iter().zip(&mark.had) {
                let tally = &client.tally;
                while tally.events.load(Ordering::Relaxed) - had < sent {
                    if began.elapsed() > DRAIN || tally.closed.load(Ordering::Relaxed) {
                        let got = tally.events.load(Ordering::Relaxed) - had;
                        bail!("a client of {} has {got} of {sent} events", lane.session);
                    }
                    sleep(Duration::from_millis(2)).await;
                }
                let wrong = tally.out_of_order.load(Ordering::Relaxed);
                if wrong > 0 {
                    bail!("a client of {} saw {wrong} events out of order", lane.session);
                }
            }
            lane.runner.settled().await?;
        }
        Ok(())
    }
}

/// Makes a session with a prompt, and plays its runner up to there.
async fn begin(address: &str, key: &str, relay: PathBuf, keepers: &Keepers) -> Result<Lane> {
    let mut http = Http::open(address, key).await?;
    let body = serde_json::json!({
        "agent": "opencode", "model": "demo/scripted", "title": "bench", "prompt": "Say it."
    });
    let made = http.post("/v1/sessions", &body).await?.json()?;
    let session = made
        .get("id")
        .and_then(|id| id.as_str())
        .context("no id")?
        .to_owned();
    let start = keepers.started(&session).await?;
    let runner = Runner::connect(Door::Product { socket: relay, start }).await?;
    runner.prompted().await?;
    runner.event().await?;
    runner.settled().await?;
    Ok(Lane {
        runner: Arc::new(runner),
        clients: Vec::new(),
        session,
    })
}

async fn open(side: &Side, session: &str, after: u64) -> Result<Client> {
    match side {
        Side::Product { address, key } => Client::of_session(address, key, session).await,
        Side::Bare { address } => Client::of_bare(address, session.parse()?, after).await,
    }
}

/// Calls for each runner at its own moments, spread evenly.
async fn pace<F, O>(lanes: &[Lane], every: Duration, span: Duration, act: F) -> Result<u64>
where
    F: Fn(Arc<Runner>) -> O + Clone + Send + 'static,
    O: Future<Output = Result<()>> + Send,
{
    let began = Instant::now();
    let tasks: Vec<_> = lanes
        .iter()
        .enumerate()
        .map(|(index, lane)| {
            let (runner, act) = (Arc::clone(&lane.runner), act.clone());
            let mut due = began + every.mul_f64(index as f64 / lanes.len() as f64);
            tokio::spawn(async move {
                let mut count = 0;
                while due < began + span {
                    sleep_until(due).await;
                    act(Arc::clone(&runner)).await?;
                    count += 1;
                    due += every;
                }
                Ok::<u64, anyhow::Error>(count)
            })
        })
        .collect();
    let mut sum = 0;
    for task in tasks {
        sum += task.await??;
    }
    Ok(sum)
}

fn time(lanes: &[Lane], on: bool) {
    for client in lanes.iter().flat_map(|lane| &lane.clients) {
        client.tally.timing.store(on, Ordering::Relaxed);
    }
}

fn times(lanes: &[Lane]) -> Vec<u64> {
    lanes
        .iter()
        .flat_map(|lane| &lane.clients)
        .flat_map(|client| client.tally.take_times())
        .collect()
}

/// Where each lane stood.
struct Marks(Vec<Mark>);

struct Mark {
    sent: u64,
    had: Vec<u64>,
}

impl Marks {
    fn of(lanes: &[Lane]) -> Self {
        let mark = |lane: &Lane| Mark {
            sent: lane.runner.sent(),
            had: lane
                .clients
                .iter()
                .map(|client| client.tally.events.load(Ordering::Relaxed))
                .collect(),
        };
        Self(lanes.iter().map(mark).collect())
    }
}

#[derive(Default)]
struct Totals {
    /// Received by all clients together, divided by their number for each session.
    received: f64,
    acked: u64,
    acks: u64,
}

impl Totals {
    fn of(lanes: &[Lane]) -> Self {
        let mut totals = Self::default();
        for lane in lanes {
            let all: u64 = lane
                .clients
                .iter()
                .map(|client| client.tally.events.load(Ordering::Relaxed))
                .sum();
            totals.received += all as f64 / lane.clients.len().max(1) as f64;
            totals.acked += lane.runner.acked();
            totals.acks += lane.runner.acks();
        }
        totals
    }
}

fn flow(from: &Totals, to: &Totals, used: &Vitals, used_then: &Vitals, seconds: f64) -> Flow {
    let events = (to.received - from.received).max(1.0);
    let per_1000 = |from: f64, to: f64| (to - from) * 1e6 / events;
    let each = |from: u64, to: u64| to.saturating_sub(from) as f64 / events;
    Flow {
        per_s: (to.received - from.received) / seconds,
        per_commit: (to.acked - from.acked) as f64 / (to.acks - from.acks).max(1) as f64,
        user_ms_per_1000: per_1000(used.user_s, used_then.user_s),
        system_ms_per_1000: per_1000(used.system_s, used_then.system_s),
        switches_per_event: each(used.switches, used_then.switches),
        written_per_event: each(used.written, used_then.written),
    }
}
