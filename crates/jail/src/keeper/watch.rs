//! The watchdog: measures what no group of the kernel counts, and ends a sandbox that goes past its limits.
//!
//! Memory: like the kernel's own killer it first takes the largest processes, so that a greedy command fails and
//! the agent sees it fail; a sandbox that stays above is ended. Disk: the sandbox is ended.

use std::{
    os::fd::AsFd,
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use nix::sys::signal::Signal;
use protocol::keeper::{EndCause, Enforcement, JailSpec, Limits};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval, sleep},
};

use super::control::SharedUsage;
use crate::{
    limits::{Held, disk, view::View},
    sys,
};

const MEMORY_PERIOD: Duration = Duration::from_millis(250);
const DISK_PERIOD: Duration = Duration::from_secs(1);
const LONGEST_DISK_PERIOD: Duration = Duration::from_secs(10);
/// Looks in a row above the limit, after which killing single processes has not helped.
const MOST_STRIKES: u32 = 4;
/// Room to clean up for a sandbox that starts above its disk limit.
const DISK_HEADROOM: u64 = 64 << 20;

/// What the watchdog needs to know.
#[derive(Debug)]
pub(crate) struct Watch {
    pub view: Arc<View>,
    pub held: Held,
    pub limits: Limits,
    pub directories: Vec<PathBuf>,
    pub usage: SharedUsage,
    /// Set once the watchdog has killed a process for want of memory.
    pub killed: Arc<AtomicBool>,
    pub breach: mpsc::Sender<EndCause>,
}

impl Watch {
    pub(crate) fn directories(jail: &JailSpec) -> Vec<PathBuf> {
        let mut directories: Vec<PathBuf> = jail.home.iter().cloned().collect();
        if !jail.workspace_read_only {
            directories.push(jail.workspace.clone());
        }
        directories
    }

    pub(crate) fn start(self) {
        let shared = Arc::new(self);
        let nameless = Arc::new(AtomicU64::new(0));
        tokio::spawn(shared.clone().memory(nameless.clone()));
        if !shared.directories.is_empty() {
            tokio::spawn(shared.disk(nameless));
        }
    }

    async fn memory(self: Arc<Self>, nameless: Arc<AtomicU64>) {
        let mut ticks = interval(MEMORY_PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let watched = self.held.enforced();
        let limit = self.limits.memory_bytes;
        let mut strikes = 0;
        loop {
            ticks.tick().await;
            if let Some((memory, pids)) = self.held.usage() {
                self.note(|usage| (usage.memory_bytes, usage.pids) = (memory, pids));
                continue;
            }
            let view = self.view.clone();
            let extra = nameless.load(Ordering::Relaxed);
            let Ok(seen) = tokio::task::spawn_blocking(move || view.look(limit.saturating_sub(extra))).await
            else {
                return;
            };
            let memory = seen.memory.saturating_add(extra);
            self.note(|usage| (usage.memory_bytes, usage.pids) = (memory, seen.pids));
            if watched.pids == Enforcement::Watched && seen.pids > self.limits.pids {
                return self.end("pids", self.limits.pids, seen.pids).await;
            }
            if watched.memory != Enforcement::Watched || memory <= limit {
                strikes = 0;
                continue;
            }
            strikes += 1;
            self.killed.store(true, Ordering::Relaxed);
            if strikes >= MOST_STRIKES || !self.relieve(&seen.largest, memory - limit) {
                return self.end("memory", limit, memory).await;
            }
        }
    }

    /// Kills the largest processes until `excess` is given back; false when none could be killed.
    fn relieve(&self, largest: &[(u64, i32)], mut excess: u64) -> bool {
        let mut relieved = false;
        for (bytes, pid) in largest {
            let Some(process) = self.view.pidfd(*pid) else {
                continue;
            };
            relieved |= sys::pidfd_signal(process.as_fd(), Signal::SIGKILL).is_ok();
            excess = excess.saturating_sub(*bytes);
            if excess == 0 {
                break;
            }
        }
        relieved
    }

    async fn disk(self: Arc<Self>, nameless: Arc<AtomicU64>) {
        let most = self.limits.disk_bytes;
        let mut allowed = None;
        loop {
            let began = Instant::now();
            let this = self.clone();
            let measure = move || {
                let paths: Vec<&Path> = this.directories.iter().map(PathBuf::as_path).collect();
                let measured = disk::measure(&paths, most.saturating_mul(2));
                // Where a group counts memory, it counts nameless files in memory too.
                let (on_disk, in_memory) = this.view.nameless(&measured.devices);
                (
                    measured.bytes.saturating_add(on_disk),
                    measured.too_deep,
                    in_memory,
                )
            };
            let Ok((bytes, too_deep, in_memory)) = tokio::task::spawn_blocking(measure).await else {
                return;
            };
            nameless.store(in_memory, Ordering::Relaxed);
            self.note(|usage| usage.disk_bytes = bytes);
            let limit = *allowed.get_or_insert_with(|| starting_allowance(most, bytes));
            if bytes > limit {
                return self.end("disk", most, bytes).await;
            }
            if too_deep {
                let depth = disk::MOST_DEPTH as u64;
                return self.end("directory_depth", depth, depth + 1).await;
            }
            // A large tree is looked at less often, so that looking does not become the load.
            sleep((began.elapsed() * 5).clamp(DISK_PERIOD, LONGEST_DISK_PERIOD)).await;
        }
    }

    fn note(&self, change: impl FnOnce(&mut protocol::keeper::Usage)) {
        change(&mut self.usage.lock().unwrap_or_else(PoisonError::into_inner));
    }

    async fn end(&self, which: &str, limit: u64, seen: u64) {
        let _ = self
            .breach
            .send(EndCause::Limit {
                which: which.to_owned(),
                limit,
                seen,
            })
            .await;
    }
}

/// A sandbox may start above its limit (it was ended for that, or the limit was lowered): then it gets a little
/// room to clean up, unless it is far above.
fn starting_allowance(limit: u64, at_start: u64) -> u64 {
    if at_start <= limit || at_start > limit.saturating_mul(2) {
        limit
    } else {
        at_start.saturating_add(DISK_HEADROOM)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_workspace_can_be_entered_again_to_clean_up() {
        assert_eq!(starting_allowance(100, 50), 100);
        assert_eq!(starting_allowance(100, 150), 150 + DISK_HEADROOM);
        assert_eq!(starting_allowance(100, 1000), 100);
    }
}
