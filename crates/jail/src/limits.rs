//! How a sandbox's limits are held: by a cgroup of version 2, else of version 1, else by per-process limits and a
//! watchdog. Which one is found out by trying, because hosts differ in what they really let a process do.

mod cgroup1;
mod cgroup2;
pub(crate) mod disk;
mod mounts;
pub(crate) mod view;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use nix::{sys::signal::Signal, unistd::Pid};
use protocol::keeper::{Enforcement, Limits};

use crate::sys;

/// Directory of all sandboxes' groups, where a group of our own can be made.
const PARENT: &str = "agent-coordinator";

/// The group of one sandbox, or the lack of one.
#[derive(Debug, Clone)]
pub(crate) enum Held {
    Cgroup2(cgroup2::Group),
    Cgroup1(cgroup1::Group),
    Rlimit,
}

/// What of the limits is held, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Enforced {
    pub backend: &'static str,
    pub memory: Enforcement,
    pub pids: Enforcement,
    pub cpu: Enforcement,
    pub disk: Enforcement,
}

impl Held {
    /// Makes the best group this host allows, sets its limits and moves `process` into it. `name` is unique.
    pub(crate) fn arrange(name: &str, limits: &Limits, process: Pid, notes: &mut Vec<String>) -> Self {
        let mounts = mounts::Mounts::read();
        match cgroup2::Group::create(&mounts, name, limits, process) {
            Ok(group) => return Self::Cgroup2(group),
            Err(cause) => notes.push(format!("cgroup2: {cause}")),
        }
        match cgroup1::Group::create(&mounts, name, limits, process) {
            Ok(group) => return Self::Cgroup1(group),
            Err(cause) => notes.push(format!("cgroup1: {cause}")),
        }
        Self::Rlimit
    }

    pub(crate) fn enforced(&self) -> Enforced {
        let when = |held: bool| {
            if held {
                Enforcement::Hard
            } else {
                Enforcement::None
            }
        };
        let (backend, memory, pids, cpu) = match self {
            Self::Cgroup2(group) => (
                "cgroup2",
                Enforcement::Hard,
                Enforcement::Hard,
                when(group.holds_cpu),
            ),
            Self::Cgroup1(group) => (
                "cgroup1",
                Enforcement::Hard,
                Enforcement::Hard,
                when(group.holds_cpu()),
            ),
            Self::Rlimit => {
                let pids = if self.process_limit(1).is_some() {
                    Enforcement::Hard
                } else {
                    Enforcement::Watched
                };
                ("rlimit", Enforcement::Watched, pids, Enforcement::None)
            }
        };
        Enforced {
            backend,
            memory,
            pids,
            cpu,
            disk: Enforcement::Watched,
        }
    }

    /// The per-user limit of processes to set inside, where a group does not hold it. Kernels before 5.14 count
    /// it across namespaces, so that it would hit the user's other processes: there the watchdog counts.
    pub(crate) fn process_limit(&self, pids: u64) -> Option<u64> {
        match self {
            Self::Rlimit if counts_by_namespace() => Some(pids),
            _ => None,
        }
    }

    /// Memory and processes as the group counts them.
    pub(crate) fn usage(&self) -> Option<(u64, u64)> {
        match self {
            Self::Cgroup2(group) => group.usage(),
            Self::Cgroup1(group) => group.usage(),
            Self::Rlimit => None,
        }
    }

    /// How often the kernel has killed a process of this sandbox for want of memory.
    pub(crate) fn out_of_memory_kills(&self) -> u64 {
        match self {
            Self::Cgroup2(group) => group.out_of_memory_kills(),
            Self::Cgroup1(group) => group.out_of_memory_kills(),
            Self::Rlimit => 0,
        }
    }

    /// Kills what is left in the group; answers whether the group is gone. Called again until it is.
    pub(crate) fn remove(&self) -> bool {
        self.directories()
            .iter()
            .filter(|path| !remove_group(path))
            .count()
            == 0
    }

    /// Directories made for this sandbox, for a record that outlives the keeper.
    pub(crate) fn directories(&self) -> Vec<PathBuf> {
        match self {
            Self::Cgroup2(group) => vec![group.path.clone()],
            Self::Cgroup1(group) => group.paths(),
            Self::Rlimit => Vec::new(),
        }
    }
}

fn counts_by_namespace() -> bool {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    mounts::kernel_version(&release) >= (5, 14)
}

/// Kills the members of a group and removes its directory; true when it is gone.
pub(crate) fn remove_group(path: &Path) -> bool {
    if fs::write(path.join("cgroup.kill"), "1").is_err() {
        for pid in members(path) {
            // The number may have been given to another process meanwhile: look again once it cannot change.
            if let Ok(pidfd) = sys::pidfd_open(pid)
                && members(path).contains(&pid)
            {
                let _ = sys::pidfd_signal(std::os::fd::AsFd::as_fd(&pidfd), Signal::SIGKILL);
            }
        }
    }
    match fs::remove_dir(path) {
        Ok(()) => true,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

fn members(path: &Path) -> Vec<Pid> {
    let text = fs::read_to_string(path.join("cgroup.procs")).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.parse().ok())
        .filter(|pid| *pid > 0)
        .map(Pid::from_raw)
        .collect()
}

fn number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The value of `key` in a file of `key value` lines.
fn field(path: &Path, key: &str) -> Option<u64> {
    let text = fs::read_to_string(path).ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(' '))?;
    line.trim().parse().ok()
}
