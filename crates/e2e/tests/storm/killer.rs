//! `kill -9`, again and again, at moments and of processes that the seed chooses.

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, Instant},
};

use e2e::Server;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

use crate::{Size, random::Random, say};

/// Longest pause between two kills, in milliseconds.
const PAUSE: u64 = 2_500;
/// Looks for a process to kill before that is given up.
const TRIES: usize = 600;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Server,
    Runner,
    Keeper,
}

#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) server_kills: usize,
    pub(crate) runner_kills: usize,
    pub(crate) keeper_kills: usize,
    up: Vec<Duration>,
    took: Duration,
}

impl Figures {
    pub(crate) fn restarts(&self) -> String {
        let mut up = self.up.clone();
        up.sort_unstable();
        let at = |percent: usize| up.get(up.len().saturating_sub(1) * percent / 100);
        format!(
            "restarts until the first answer p50 {:?}, p99 {:?} | storm {:?}",
            at(50).copied().unwrap_or_default(),
            at(99).copied().unwrap_or_default(),
            self.took
        )
    }
}

pub(crate) async fn rage(server: &mut Server, size: &Size, random: &mut Random) -> Figures {
    let mut victims = vec![Victim::Server; size.server_kills];
    victims.extend(vec![Victim::Runner; size.runner_kills]);
    victims.extend(vec![Victim::Keeper; size.keeper_kills]);
    random.shuffle(&mut victims);
    let mut figures = Figures::default();
    let begun = now();
    let all = victims.len();
    // Something to kill first.
    tokio::time::sleep(Duration::from_secs(3)).await;
    for (n, victim) in victims.into_iter().enumerate() {
        tokio::time::sleep(Duration::from_millis(100 + random.below(PAUSE))).await;
        match victim {
            Victim::Server => strike_server(server, size, random, &mut figures).await,
            Victim::Runner => figures.runner_kills += strike(server, random, runner_of).await,
            Victim::Keeper => figures.keeper_kills += strike(server, random, Some).await,
        }
        if (n + 1) % 25 == 0 {
            say(&format!(
                "storm: {} of {all} kills after {:?}",
                n + 1,
                begun.elapsed()
            ));
        }
    }
    while figures.server_kills < size.server_kills {
        tokio::time::sleep(Duration::from_millis(100 + random.below(PAUSE))).await;
        strike_server(server, size, random, &mut figures).await;
    }
    figures.took = begun.elapsed();
    figures
}

/// A clock is what measures here, and nothing is decided by it.
#[expect(clippy::disallowed_methods, reason = "figures of a real run")]
fn now() -> Instant {
    Instant::now()
}

/// Kills the server; now and then the next one again before it is up.
async fn strike_server(server: &mut Server, size: &Size, random: &mut Random, figures: &mut Figures) {
    if figures.server_kills >= size.server_kills {
        return;
    }
    server.crash();
    figures.server_kills += 1;
    if random.percent(10) && figures.server_kills < size.server_kills {
        let moment = Duration::from_millis(1 + random.below(150));
        if tokio::time::timeout(moment, server.run()).await.is_err() {
            server.crash();
            figures.server_kills += 1;
        } else {
            return;
        }
    }
    let begun = now();
    server.run().await;
    figures.up.push(begun.elapsed());
}

/// Kills one of the processes that `choose` makes of a keeper; answers how many were.
async fn strike(server: &Server, random: &mut Random, choose: fn(i32) -> Option<i32>) -> usize {
    for _ in 0..TRIES {
        let keepers = keepers(&server.data_dir());
        if !keepers.is_empty() {
            let at = usize::try_from(random.below(keepers.len() as u64)).unwrap_or(0);
            if let Some(victim) = choose(keepers[at])
                && kill(Pid::from_raw(victim), Signal::SIGKILL).is_ok()
            {
                return 1;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    0
}

/// Keepers of this server that live.
fn keepers(data: &Path) -> Vec<i32> {
    let Ok(directories) = std::fs::read_dir(data.join("keepers")) else {
        return Vec::new();
    };
    let mut found: Vec<i32> = directories
        .filter_map(|entry| {
            let text = std::fs::read(entry.ok()?.path().join("keeper.json")).ok()?;
            let record: Value = serde_json::from_slice(&text).ok()?;
            let pid = i32::try_from(record["keeper_pid"].as_i64()?).ok()?;
            // Its number may have come to mean another process.
            let (_, started) = stat(pid)?;
            (Some(started) == record["keeper_start_ticks"].as_u64()).then_some(pid)
        })
        .collect();
    found.sort_unstable();
    found
}

/// Parent and start time of a process.
fn stat(pid: i32) -> Option<(i32, u64)> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    Some((fields.get(1)?.parse().ok()?, fields.get(19)?.parse().ok()?))
}

/// The runner below a keeper.
fn runner_of(keeper: i32) -> Option<i32> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").ok()?.filter_map(Result::ok) {
        if let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok())
            && let Some((parent, _)) = stat(pid)
        {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut waiting = vec![keeper];
    while let Some(pid) = waiting.pop() {
        let arguments = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let mut words = arguments.split(|byte| *byte == 0);
        let program = words.next().unwrap_or_default();
        if program.ends_with(b"coordinator-runner") && words.next() == Some(b"run") {
            return Some(pid);
        }
        waiting.extend(children.get(&pid).into_iter().flatten());
    }
    None
}
