//! Limits by one group in each of the memory, pids and cpu hierarchies of version 1. For root only.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use nix::unistd::Pid;
use protocol::keeper::Limits;

use super::{field, mounts::Mounts, number};

#[derive(Debug, Clone)]
pub(crate) struct Group {
    memory: PathBuf,
    pids: PathBuf,
    cpu: Option<PathBuf>,
}

impl Group {
    pub(crate) fn create(mounts: &Mounts, name: &str, limits: &Limits, process: Pid) -> Result<Self, String> {
        let make = |controller: &str| -> Result<PathBuf, String> {
            let mount = mounts
                .controller(controller)
                .ok_or_else(|| format!("no {controller} controller"))?;
            make(mount, name).map_err(|error| format!("{controller}: {error}"))
        };
        let memory = make("memory")?;
        let pids = make("pids").inspect_err(|_| drop(fs::remove_dir(&memory)))?;
        let group = Self {
            memory,
            pids,
            cpu: make("cpu").ok(),
        };
        match group.set(limits, process) {
            Ok(()) => Ok(group),
            Err(error) => {
                for path in group.paths() {
                    let _ = fs::remove_dir(path);
                }
                Err(error.to_string())
            }
        }
    }

    fn set(&self, limits: &Limits, process: Pid) -> io::Result<()> {
        fs::write(
            self.memory.join("memory.limit_in_bytes"),
            limits.memory_bytes.to_string(),
        )?;
        // Present only where swap is counted; memory and swap together then have the same limit.
        let _ = fs::write(
            self.memory.join("memory.memsw.limit_in_bytes"),
            limits.memory_bytes.to_string(),
        );
        // Two more than asked for: the processes that hold the sandbox.
        fs::write(
            self.pids.join("pids.max"),
            limits.pids.saturating_add(2).to_string(),
        )?;
        if let Some(cpu) = &self.cpu {
            fs::write(cpu.join("cpu.cfs_period_us"), "100000")?;
            let quota = limits.cpu_milli.saturating_mul(100).max(1000);
            fs::write(cpu.join("cpu.cfs_quota_us"), quota.to_string())?;
        }
        for path in self.paths() {
            fs::write(path.join("cgroup.procs"), process.to_string())?;
        }
        Ok(())
    }

    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        [Some(&self.memory), Some(&self.pids), self.cpu.as_ref()]
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }

    pub(crate) fn holds_cpu(&self) -> bool {
        self.cpu.is_some()
    }

    pub(crate) fn usage(&self) -> Option<(u64, u64)> {
        Some((
            number(&self.memory.join("memory.usage_in_bytes"))?,
            number(&self.pids.join("pids.current"))?,
        ))
    }

    pub(crate) fn out_of_memory_kills(&self) -> u64 {
        field(&self.memory.join("memory.oom_control"), "oom_kill").unwrap_or(0)
    }
}

fn make(mount: &Path, name: &str) -> io::Result<PathBuf> {
    let parent = mount.join(super::PARENT);
    match fs::create_dir(&parent) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let path = parent.join(name);
    fs::create_dir(&path)?;
    Ok(path)
}
