//! The generator's own side: many connections that ask at a pace, sockets that listen, runners that report.
//!
//! It is told by lines on its input: a plan, then a target, `stop`, a target, `stop` ... and answers each `stop` with a report.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, Write as _},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use nix::{
    sched::{CpuSet, sched_getaffinity, sched_setaffinity},
    unistd::Pid,
};
use protocol::runner::RunnerStart;
use tokio::{
    io::AsyncWriteExt as _,
    net::TcpStream,
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};

use super::{
    Report,
    generator::{Plan, Target},
    line::{Line, Told},
    mix::{Kind, Mix},
};
use crate::{
    clock,
    load::{Door, Frames, Runner, upgrade, wire},
};

/// Connections that ask.
const LINES: usize = 96;
/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(15);
/// Who is behind by more does not try to make up for it.
const BEHIND: Duration = Duration::from_secs(1);

/// Plays the generator until its input ends.
pub(crate) fn serve() -> Result<()> {
    pin();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let mut lines = std::io::stdin().lock().lines();
    let plan: Plan = serde_json::from_str(&lines.next().context("no plan")??)?;
    let runners = runtime.block_on(dial(&plan))?;
    say("ready")?;
    let plan = Arc::new(plan);
    while let Some(line) = lines.next() {
        let target = serde_json::from_str(&line?)?;
        let crowd = {
            let _inside = runtime.enter();
            Crowd::start(&plan, target, &runners)
        };
        let stop = lines.next().context("no stop")??;
        if stop.trim() != "stop" {
            bail!("{stop} instead of a stop");
        }
        let report = runtime.block_on(crowd.stop())?;
        say(&serde_json::to_string(&report)?)?;
    }
    Ok(())
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}

/// On the last of the processors that it may use, where there is more than one.
fn pin() {
    let this = Pid::from_raw(0);
    let Ok(may) = sched_getaffinity(this) else { return };
    let usable: Vec<usize> = (0..CpuSet::count())
        .filter(|cpu| may.is_set(*cpu).unwrap_or(false))
        .collect();
    if let ([_, .., last], mut one) = (usable.as_slice(), CpuSet::new())
        && one.set(*last).is_ok()
    {
        let _ = sched_setaffinity(this, &one);
    }
}

/// The loud one's runners, each with a turn that runs.
async fn dial(plan: &Plan) -> Result<Vec<(String, Arc<Runner>)>> {
    let mut runners = Vec::new();
    for start in &plan.starts {
        let start: RunnerStart = start.clone();
        let session = start.session_id.to_string();
        let door = Door::Product {
            socket: plan.relay.clone(),
            start: Box::new(start),
        };
        let runner = Runner::connect(door).await?;
        runner.prompted().await?;
        runner.event().await?;
        runner.settled().await?;
        runners.push((session, Arc::new(runner)));
    }
    Ok(runners)
}

#[derive(Default)]
struct Counts {
    kinds: BTreeMap<&'static str, u64>,
    statuses: BTreeMap<u16, u64>,
    bare_refusals: u64,
}

struct Shared {
    stop: AtomicBool,
    counts: Mutex<Counts>,
    /// Open sockets now, and at most.
    open: AtomicU64,
    most_open: AtomicU64,
    frames: AtomicU64,
}

impl Shared {
    fn note(&self, kind: Kind, told: Option<Told>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.kinds.entry(kind.name()).or_default() += 1;
        *counts
            .statuses
            .entry(told.map_or(0, |told| told.status))
            .or_default() += 1;
        if let Some(told) = told.filter(|told| told.status == 429)
            && (!told.retry_after || (kind.is_own() && !told.rate_limit))
        {
            counts.bare_refusals += 1;
        }
    }
}

/// One flood.
struct Crowd {
    shared: Arc<Shared>,
    tasks: Vec<JoinHandle<()>>,
    floods: Vec<JoinHandle<Result<()>>>,
    runners: Vec<(Arc<Runner>, u64)>,
    began: u64,
}

impl Crowd {
    fn start(plan: &Arc<Plan>, target: Target, runners: &[(String, Arc<Runner>)]) -> Self {
        let shared = Arc::new(Shared {
            stop: AtomicBool::new(false),
            counts: Mutex::default(),
            open: AtomicU64::new(0),
            most_open: AtomicU64::new(0),
            frames: AtomicU64::new(0),
        });
        let address = match target {
            Target::Bare => &plan.bare,
            Target::Server => &plan.server,
        };
        let followed: Vec<String> = runners.iter().map(|(session, _)| session.clone()).collect();
        let began = Instant::now();
        let tasks = (0..LINES)
            .map(|index| {
                let every = Duration::from_secs_f64(LINES as f64 / f64::from(plan.per_s.max(1)));
                let caller = Caller {
                    shared: Arc::clone(&shared),
                    mix: Mix::new(&plan.key, &plan.sessions, clock::now() ^ (index as u64 + 1) << 32),
                    address: address.clone(),
                    key: plan.key.clone(),
                    followed: followed.clone(),
                    most_sockets: plan.sockets as u64,
                    due: began + every.mul_f64(index as f64 / LINES as f64),
                    every,
                };
                tokio::spawn(caller.call())
            })
            .collect();
        let (mut floods, mut marks) = (Vec::new(), Vec::new());
        if target == Target::Server {
            for (_, runner) in runners {
                marks.push((Arc::clone(runner), runner.acked()));
                let (runner, shared) = (Arc::clone(runner), Arc::clone(&shared));
                floods.push(tokio::spawn(async move { runner.flood(&shared.stop).await }));
            }
        }
        Self {
            shared,
            tasks,
            floods,
            runners: marks,
            began: clock::now(),
        }
    }

    async fn stop(self) -> Result<Report> {
        let seconds = clock::seconds(self.began, clock::now());
        self.shared.stop.store(true, Ordering::Relaxed);
        let events = self
            .runners
            .iter()
            .map(|(runner, before)| runner.acked() - before)
            .sum();
        for task in self.tasks {
            let _ = timeout(PATIENCE * 2, task).await;
        }
        for flood in self.floods {
            flood.await??;
        }
        let counts = self.shared.counts.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Report {
            seconds,
            kinds: counts
                .kinds
                .iter()
                .map(|(kind, count)| ((*kind).to_owned(), *count))
                .collect(),
            statuses: counts.statuses.clone(),
            bare_refusals: counts.bare_refusals,
            events,
            frames: self.shared.frames.load(Ordering::Relaxed),
            sockets: self.shared.most_open.load(Ordering::Relaxed),
        })
    }
}

/// One of those who ask.
struct Caller {
    shared: Arc<Shared>,
    mix: Mix,
    address: String,
    key: String,
    followed: Vec<String>,
    most_sockets: u64,
    due: Instant,
    every: Duration,
}

impl Caller {
    async fn call(mut self) {
        let mut line = Line::to(&self.address);
        let mut sockets = Vec::new();
        while !self.shared.stop.load(Ordering::Relaxed) {
            let now = Instant::now();
            if self.due + BEHIND < now {
                self.due = now;
            }
            sleep_until(self.due).await;
            self.due += self.every;
            let kind = self.mix.kind();
            let told = if kind == Kind::Subscribe {
                let subscribed = timeout(PATIENCE, self.subscribe()).await;
                let (told, socket) = subscribed.ok().and_then(Result::ok).unwrap_or((None, None));
                sockets.extend(socket);
                told
            } else {
                let request = self.mix.request(kind);
                let asked = timeout(PATIENCE, line.ask(&request)).await;
                if asked.is_err() {
                    // What is underway on it belongs to nobody any more.
                    line = Line::to(&self.address);
                }
                asked.ok().and_then(Result::ok)
            };
            self.shared.note(kind, told);
        }
        for socket in sockets {
            socket.abort();
        }
    }

    /// Opens a socket on a session whose runner floods, and follows it from its beginning.
    async fn subscribe(&mut self) -> Result<(Option<Told>, Option<JoinHandle<()>>)> {
        let index = usize::try_from(clock::now() / 1000).unwrap_or(0) % self.followed.len().max(1);
        let session = self.followed.get(index).cloned().unwrap_or_default();
        let mut stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let bearer = format!("Bearer {}", self.key);
        let path = format!("/v1/sessions/{session}/ws");
        let frames = match upgrade(&mut stream, &path, &[("Authorization", &bearer)]).await {
            Ok(frames) => frames,
            // The words are those of the one who opens sockets: the status, and what was answered.
            Err(error) => return Ok((refusal(&error.to_string()), None)),
        };
        let mut out = Vec::new();
        wire::put(&mut out, br#"{"type":"subscribe","after":0}"#);
        stream.write_all(&out).await?;
        let told = Told {
            status: 101,
            retry_after: false,
            rate_limit: true,
        };
        if self.shared.open.load(Ordering::Relaxed) >= self.most_sockets {
            return Ok((Some(told), None));
        }
        let open = self.shared.open.fetch_add(1, Ordering::Relaxed) + 1;
        self.shared.most_open.fetch_max(open, Ordering::Relaxed);
        let follow = follow(stream, frames, Arc::clone(&self.shared));
        Ok((Some(told), Some(tokio::spawn(follow))))
    }
}

fn refusal(words: &str) -> Option<Told> {
    let text = words.to_ascii_lowercase();
    let (_, rest) = text.split_once("was answered with ")?;
    Some(Told {
        status: rest.split(':').next()?.trim().parse().ok()?,
        retry_after: text.contains("\r\nretry-after:"),
        rate_limit: text.contains("\r\nratelimit:"),
    })
}

async fn follow(mut stream: TcpStream, mut frames: Frames, shared: Arc<Shared>) {
    while !shared.stop.load(Ordering::Relaxed) {
        match timeout(Duration::from_secs(1), frames.next(&mut stream)).await {
            Ok(Ok(wire::Came::Text(_))) => {
                shared.frames.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Ok(wire::Came::Ping)) => {
                let mut out = Vec::new();
                wire::put_pong(&mut out);
                if stream.write_all(&out).await.is_err() {
                    break;
                }
            }
            Ok(Ok(wire::Came::Closed) | Err(_)) => break,
            Err(_) => {}
        }
    }
    shared.open.fetch_sub(1, Ordering::Relaxed);
}
