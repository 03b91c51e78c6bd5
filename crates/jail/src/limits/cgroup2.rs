//! Limits by one group of the unified hierarchy.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use nix::unistd::Pid;
use protocol::keeper::Limits;

use super::{field, mounts::Mounts, number};

#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub path: PathBuf,
    pub holds_cpu: bool,
}

impl Group {
    pub(crate) fn create(mounts: &Mounts, name: &str, limits: &Limits, process: Pid) -> Result<Self, String> {
        let root = nix::unistd::geteuid().is_root();
        let Some(unified) = &mounts.unified else {
            return Err("not mounted".into());
        };
        if !controllers(unified, "cgroup.controllers")
            .iter()
            .any(|name| name == "memory")
        {
            return Err("no memory controller".into());
        }
        let mut last = String::from("no group that this process may divide");
        for parent in mounts.parents(root) {
            match Self::create_below(unified, &parent, name, limits, process) {
                Ok(group) => return Ok(group),
                Err(error) => last = format!("{}: {error}", parent.display()),
            }
        }
        Err(last)
    }

    fn create_below(
        unified: &Path,
        parent: &Path,
        name: &str,
        limits: &Limits,
        process: Pid,
    ) -> io::Result<Self> {
        if parent == unified.join(super::PARENT) {
            hand_down(unified)?;
            match fs::create_dir(parent) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        hand_down(parent)?;
        let path = parent.join(name);
        fs::create_dir(&path)?;
        let set = || -> io::Result<bool> {
            fs::write(path.join("memory.max"), limits.memory_bytes.to_string())?;
            // Absent without swap; with it, swap would be memory beyond the limit.
            let swap = path.join("memory.swap.max");
            if swap.exists() {
                fs::write(swap, "0")?;
            }
            // Two more than asked for: the processes that hold the sandbox.
            fs::write(path.join("pids.max"), limits.pids.saturating_add(2).to_string())?;
            let quota = format!("{} 100000", limits.cpu_milli.saturating_mul(100).max(1000));
            let holds_cpu = fs::write(path.join("cpu.max"), quota).is_ok();
            fs::write(path.join("cgroup.procs"), process.to_string())?;
            Ok(holds_cpu)
        };
        match set() {
            Ok(holds_cpu) => Ok(Self { path, holds_cpu }),
            Err(error) => {
                let _ = fs::remove_dir(&path);
                Err(error)
            }
        }
    }

    pub(crate) fn usage(&self) -> Option<(u64, u64)> {
        Some((
            number(&self.path.join("memory.current"))?,
            number(&self.path.join("pids.current"))?,
        ))
    }

    pub(crate) fn out_of_memory_kills(&self) -> u64 {
        field(&self.path.join("memory.events"), "oom_kill").unwrap_or(0)
    }
}

fn controllers(group: &Path, file: &str) -> Vec<String> {
    let text = fs::read_to_string(group.join(file)).unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}

/// Makes the controllers available to the groups below `group`.
fn hand_down(group: &Path) -> io::Result<()> {
    let active = controllers(group, "cgroup.subtree_control");
    let missing = |name: &&str| !active.iter().any(|have| have == name);
    for name in ["memory", "pids"].iter().filter(|name| missing(name)) {
        fs::write(group.join("cgroup.subtree_control"), format!("+{name}"))?;
    }
    if missing(&"cpu") {
        // Limits of processor time are worth having but not worth failing for.
        let _ = fs::write(group.join("cgroup.subtree_control"), "+cpu");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plain directories in place of the kernel's: what is written where.
    #[test]
    fn limits_are_written_below_a_parent_that_hands_controllers_down() {
        let base = std::env::temp_dir().join(format!("jail-cgroup2-{}", std::process::id()));
        fs::create_dir_all(&base).unwrap();
        fs::write(base.join("cgroup.controllers"), "cpuset cpu io memory pids\n").unwrap();
        let limits = Limits {
            memory_bytes: 1 << 30,
            pids: 100,
            cpu_milli: 1500,
            disk_bytes: 1,
            tmp_bytes: 1,
        };
        let parent = base.join(super::super::PARENT);
        let group = Group::create_below(&base, &parent, "sbx", &limits, Pid::from_raw(7)).unwrap();
        let read = |name: &str| fs::read_to_string(group.path.join(name)).unwrap();
        assert_eq!(read("memory.max"), "1073741824");
        assert_eq!(read("pids.max"), "102");
        assert_eq!(read("cpu.max"), "150000 100000");
        assert_eq!(read("cgroup.procs"), "7");
        assert!(group.holds_cpu && group.path == parent.join("sbx"));
        fs::remove_dir_all(&base).unwrap();
    }
}
