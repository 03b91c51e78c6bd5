//! Finds and kills what an agent has started: its descendants, and whatever else carries its mark.
//!
//! Agents start each tool in a session of its own, so killing the agent's process group is not enough. A tool
//! may also detach from its parent; such a process still has the agent's environment, in which a random mark is
//! set for this purpose.

use std::{collections::HashSet, path::Path};

use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::{Pid, getpgrp},
};

/// A process as `/proc` shows it. `start` tells it from a later process with the same pid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Process {
    pub(crate) pid: i32,
    pub(crate) parent: i32,
    pub(crate) group: i32,
    pub(crate) start: u64,
    zombie: bool,
}

/// Name of the environment variable that marks an agent and everything it starts.
pub(crate) const MARK: &str = "COORDINATOR_AGENT_MARK";

fn read(pid: i32) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, also spaces and parentheses.
    let rest = stat.get(stat.rfind(')')? + 2..)?;
    let fields: Vec<&str> = rest.split(' ').collect();
    Some(Process {
        pid,
        parent: fields.get(1)?.parse().ok()?,
        group: fields.get(2)?.parse().ok()?,
        start: fields.get(19)?.parse().ok()?,
        zombie: fields.first() == Some(&"Z"),
    })
}

fn all() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| read(entry.file_name().to_str()?.parse().ok()?))
        .collect()
}

/// Everything below `root`, without `root` itself.
pub(crate) fn descendants(root: i32) -> Vec<Process> {
    let all = all();
    let mut found: Vec<Process> = Vec::new();
    let mut parents = HashSet::from([root]);
    loop {
        let next: Vec<Process> = all
            .iter()
            .filter(|process| parents.contains(&process.parent) && !parents.contains(&process.pid))
            .copied()
            .collect();
        if next.is_empty() {
            return found;
        }
        parents.extend(next.iter().map(|process| process.pid));
        found.extend(next);
    }
}

/// Everything whose environment carries `mark`.
pub(crate) fn marked(mark: &str) -> Vec<Process> {
    let needle = format!("{MARK}={mark}");
    all()
        .into_iter()
        .filter(|process| !process.zombie && carries(process.pid, needle.as_bytes()))
        .collect()
}

fn carries(pid: i32, needle: &[u8]) -> bool {
    std::fs::read(Path::new("/proc").join(pid.to_string()).join("environ"))
        .is_ok_and(|environ| environ.split(|byte| *byte == 0).any(|entry| entry == needle))
}

/// The process with this pid, unless it has ended.
pub(crate) fn find_alive(pid: i32) -> Option<Process> {
    read(pid).filter(|process| !process.zombie)
}

/// True while exactly this process runs.
pub(crate) fn alive(process: &Process) -> bool {
    read(process.pid).is_some_and(|now| now.start == process.start && !now.zombie)
}

/// Kills these processes and their groups, except group `spared` and our own.
pub(crate) fn kill_with_groups(processes: &[Process], spared: Option<i32>) {
    let own = getpgrp().as_raw();
    let mut groups = HashSet::new();
    for process in processes {
        if !alive(process) || process.pid <= 1 {
            continue;
        }
        let group = process.group;
        if group > 1 && group != own && Some(group) != spared && groups.insert(group) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = kill(Pid::from_raw(process.pid), Signal::SIGKILL);
    }
}

/// Kills everything that carries `mark`, until nothing does (a process may be forking while it is hunted).
pub(crate) async fn kill_marked(mark: &str) -> bool {
    for _ in 0..50 {
        let left = marked(mark);
        if left.is_empty() {
            return true;
        }
        kill_with_groups(&left, None);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    false
}

/// Sends `signal` to a process group; `false` when there is none any more.
pub(crate) fn signal_group(group: i32, signal: Signal) -> bool {
    group > 1 && killpg(Pid::from_raw(group), signal).is_ok()
}
