//! The quiet organisation: a handful of sessions, used as people use them.

use std::{
    sync::{
        Arc as Shared,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};

use crate::{
    arm::{self, Lane},
    clock,
    figure::Samples,
    load::{Http, Runner},
    product::{Keepers, Server},
};

/// What is measured, with the rows that it has in the table.
pub(super) const WHAT: [(&str, &str); 3] = [
    ("T1", "session made"),
    ("T2", "prompt to runner"),
    ("T3", "event of a runner to a client"),
];
/// Sessions with a turn that runs, whose events are followed; sessions that are given prompts; connections that make sessions.
const STREAMS: usize = 5;
const PROMPTED: usize = 5;
const MAKERS: usize = 2;
/// In a second, of each of them: 100 events, 20 prompts, 20 sessions in all.
const EVENTS_PER_S: f64 = 20.0;
const PROMPTS_PER_S: f64 = 4.0;
const SESSIONS_PER_S: f64 = 10.0;
/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(20);
const PROMPT: &[u8] =
    br#"{"type":"prompt","text":"Look at the failing test in the parser and say what is wrong with it."}"#;

/// What came out, of one arm over all rounds.
#[derive(Debug, Default)]
pub(super) struct Arm {
    pub(super) samples: [Samples; 3],
    rounds: Vec<[f64; 3]>,
    pub(super) refused: u64,
}

impl Arm {
    pub(super) fn add(&mut self, measured: Measured) {
        let Measured { times, refused } = measured;
        let mut p99 = [f64::NAN; 3];
        for ((all, times), p99) in self.samples.iter_mut().zip(times).zip(&mut p99) {
            *p99 = Samples::new(times.clone()).p99();
            all.add(times);
        }
        self.rounds.push(p99);
        self.refused += refused;
    }

    pub(super) fn rounds_p99(&self, what: usize) -> serde_json::Value {
        self.rounds
            .iter()
            .filter_map(|round| round.get(what).copied())
            .collect::<Vec<f64>>()
            .into()
    }
}

/// Of one span.
pub(super) struct Measured {
    /// Nanoseconds, in the order of [`WHAT`].
    times: [Vec<u64>; 3],
    refused: u64,
}

/// The sessions, their runner doubles and clients.
pub(super) struct Neighbour {
    address: String,
    key: String,
    streams: Vec<Shared<Lane>>,
    prompted: Vec<Shared<Lane>>,
}

impl Neighbour {
    pub(super) async fn new(server: &Server, keepers: &Keepers, key: &str) -> Result<Self> {
        let mut arm = arm::Arm::product(server, keepers, key, STREAMS + PROMPTED).await?;
        arm.attend(STREAMS + PROMPTED, 1).await?;
        let mut lanes: Vec<Shared<Lane>> = arm.lanes.into_iter().map(Shared::new).collect();
        let prompted = lanes.split_off(STREAMS);
        for lane in &prompted {
            lane.runner.end_turn().await?;
        }
        Ok(Self {
            address: server.address().to_owned(),
            key: key.to_owned(),
            streams: lanes,
            prompted,
        })
    }

    /// Uses everything at its pace for so long.
    pub(super) async fn measure(&self, span: Duration) -> Result<Measured> {
        let began = Instant::now();
        let refused = Shared::new(AtomicU64::new(0));
        let before = self.marks();
        let timing = |on: bool| {
            for client in self.streams.iter().flat_map(|lane| &lane.clients) {
                client.tally.timing.store(on, Ordering::Relaxed);
            }
        };
        timing(true);
        let (mut events, mut prompts, mut sessions) = (Vec::new(), Vec::new(), Vec::new());
        for (index, lane) in self.streams.iter().enumerate() {
            let pace = Pace::new(began, span, EVENTS_PER_S, index, STREAMS);
            events.push(tokio::spawn(report(Shared::clone(lane), pace)));
        }
        for (index, lane) in self.prompted.iter().enumerate() {
            let pace = Pace::new(began, span, PROMPTS_PER_S, index, PROMPTED);
            prompts.push(tokio::spawn(prompt(
                Shared::clone(lane),
                pace,
                Shared::clone(&refused),
            )));
        }
        for index in 0..MAKERS {
            let pace = Pace::new(began, span, SESSIONS_PER_S, index, MAKERS);
            let http = Http::open(&self.address, &self.key).await?;
            sessions.push(tokio::spawn(make(http, pace, Shared::clone(&refused))));
        }
        let made = gather(sessions).await?;
        let given = gather(prompts).await?;
        gather(events).await?;
        let lost = self.drained(&before).await;
        timing(false);
        let followed = self
            .streams
            .iter()
            .flat_map(|lane| &lane.clients)
            .flat_map(|client| client.tally.take_times())
            .collect();
        Ok(Measured {
            times: [made, given, followed],
            refused: refused.load(Ordering::Relaxed) + lost,
        })
    }

    /// Reports that each stream's runner has sent, and events that its client has had.
    fn marks(&self) -> Vec<(u64, u64)> {
        self.streams
            .iter()
            .map(|lane| {
                let had = lane
                    .clients
                    .first()
                    .map_or(0, |client| client.tally.events.load(Ordering::Relaxed));
                (lane.runner.sent(), had)
            })
            .collect()
    }

    /// Waits for what is still on its way; answers how much of it never came.
    async fn drained(&self, before: &[(u64, u64)]) -> u64 {
        let missing = || {
            let now = self.marks();
            now.iter()
                .zip(before)
                .map(|(now, then)| (now.0 - then.0).saturating_sub(now.1 - then.1))
                .sum::<u64>()
        };
        let end = Instant::now() + PATIENCE;
        while missing() > 0 && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        missing()
    }
}

/// Moments at which something is due, spread evenly over those who do the same.
struct Pace {
    due: Instant,
    every: Duration,
    end: Instant,
}

impl Pace {
    fn new(began: Instant, span: Duration, per_s: f64, index: usize, of: usize) -> Self {
        let every = Duration::from_secs_f64(1.0 / per_s);
        Self {
            due: began + every.mul_f64(index as f64 / of as f64),
            every,
            end: began + span,
        }
    }

    /// False when it is over. What was late is not made up for: a person does not, either.
    async fn next(&mut self) -> bool {
        let now = Instant::now();
        if self.due < now {
            self.due = now;
        }
        if self.due >= self.end {
            return false;
        }
        sleep_until(self.due).await;
        self.due += self.every;
        true
    }
}

async fn gather(tasks: Vec<JoinHandle<Result<Vec<u64>>>>) -> Result<Vec<u64>> {
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await??);
    }
    Ok(all)
}

/// An event each time; the client takes the times.
async fn report(lane: Shared<Lane>, mut pace: Pace) -> Result<Vec<u64>> {
    while pace.next().await {
        lane.runner.event().await?;
    }
    timeout(PATIENCE, lane.runner.settled())
        .await
        .context("the quiet one's events are not taken")??;
    Ok(Vec::new())
}

/// A prompt each time, and the end of its turn.
async fn prompt(lane: Shared<Lane>, mut pace: Pace, refused: Shared<AtomicU64>) -> Result<Vec<u64>> {
    let client = lane.clients.first().context("no client")?;
    let runner: &Runner = &lane.runner;
    let mut times = Vec::new();
    while pace.next().await {
        let sent = clock::now();
        client.send(PROMPT).await?;
        match timeout(PATIENCE, runner.prompted()).await {
            Ok(came) => {
                times.push(came?.saturating_sub(sent));
                runner.end_turn().await?;
            }
            Err(_) => {
                refused.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    Ok(times)
}

/// A session each time, without a prompt.
async fn make(mut http: Http, mut pace: Pace, refused: Shared<AtomicU64>) -> Result<Vec<u64>> {
    let body =
        serde_json::json!({"agent": "opencode", "model": "demo/scripted", "title": "Look at the parser"});
    let mut times = Vec::new();
    while pace.next().await {
        let sent = clock::now();
        let answer = http.post("/v1/sessions", &body).await?;
        if (200..300).contains(&answer.status) {
            times.push(clock::now().saturating_sub(sent));
        } else {
            refused.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok(times)
}
