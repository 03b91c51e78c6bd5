//! `/dev`: a handful of harmless nodes, terminals of its own, and shared memory of bounded size.

use std::{os::fd::BorrowedFd, path::Path};

use anyhow::{Context, Result};
use nix::mount::{MsFlags, mount};

use super::tree;

/// Device nodes taken from the host one by one.
pub(crate) const NODES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];

/// Adds terminals, shared memory and the usual links; the current directory is the new root.
pub(crate) fn complete(root: BorrowedFd<'_>, shared_memory: u64) -> Result<()> {
    tree::directory(root, Path::new("dev/pts"))?;
    tree::directory(root, Path::new("dev/shm"))?;
    let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC;
    mount(
        Some("devpts"),
        "dev/pts",
        Some("devpts"),
        quiet,
        Some("newinstance,ptmxmode=0666,mode=0600"),
    )
    .context("mount terminals")?;
    tree::memory("dev/shm", shared_memory, 0o1777)?;
    for (target, name) in [
        ("pts/ptmx", "dev/ptmx"),
        ("/proc/self/fd", "dev/fd"),
        ("/proc/self/fd/0", "dev/stdin"),
        ("/proc/self/fd/1", "dev/stdout"),
        ("/proc/self/fd/2", "dev/stderr"),
    ] {
        nix::unistd::symlinkat(target, root, name).with_context(|| format!("link /{name}"))?;
    }
    Ok(())
}
