//! `/proc`: what is hidden in it, and the descriptors through which the keeper measures the sandbox.

use std::{
    fs::OpenOptions,
    os::{
        fd::{AsFd, OwnedFd},
        unix::fs::OpenOptionsExt,
    },
    path::Path,
};

use nix::{
    fcntl::{OFlag, open},
    mount::{MsFlags, mount},
    sys::stat::Mode,
};

use crate::sys;

/// Files that tell about, or change, the host as a whole.
const HIDDEN_FILES: [&str; 9] = [
    "kcore",
    "keys",
    "key-users",
    "kmsg",
    "latency_stats",
    "sched_debug",
    "sysrq-trigger",
    "timer_list",
    "kallsyms",
];
const HIDDEN_DIRECTORIES: [&str; 4] = ["acpi", "asound", "scsi", "driver"];
const READ_ONLY: [&str; 4] = ["bus", "fs", "irq", "sys"];

/// Hides what it can. The kernel refuses most of this to an unprivileged user anyway, so a part that cannot be
/// hidden is a note, not a failure.
pub(crate) fn mask(notes: &mut Vec<String>) {
    for name in HIDDEN_FILES {
        let path = Path::new("/proc").join(name);
        if path.exists() && cover(Path::new("/dev/null"), &path, 0).is_err() {
            notes.push(format!("/proc/{name} could not be hidden"));
        }
    }
    for name in HIDDEN_DIRECTORIES {
        let path = Path::new("/proc").join(name);
        let flags = MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
        if path.exists()
            && mount(
                Some("tmpfs"),
                &path,
                Some("tmpfs"),
                flags,
                Some("size=4k,mode=0555"),
            )
            .is_err()
        {
            notes.push(format!("/proc/{name} could not be hidden"));
        }
    }
    for name in READ_ONLY {
        let path = Path::new("/proc").join(name);
        if path.exists() && cover(&path, &path, libc::MOUNT_ATTR_RDONLY).is_err() {
            notes.push(format!("/proc/{name} could not be made read-only"));
        }
    }
}

fn cover(from: &Path, at: &Path, attributes: u64) -> std::io::Result<()> {
    let tree = sys::open_tree(from, false)?;
    sys::restrict_tree(tree.as_fd(), attributes)?;
    let target = open(at, OFlag::O_PATH | OFlag::O_CLOEXEC, Mode::empty())?;
    sys::attach_tree(tree.as_fd(), target.as_fd())
}

/// `/proc`, `/tmp`, `/dev/shm` and the shared memory segments, as seen from in here.
pub(crate) fn view() -> std::io::Result<Vec<OwnedFd>> {
    let directory = |path: &str| {
        let flags = libc::O_DIRECTORY | libc::O_CLOEXEC;
        OpenOptions::new()
            .read(true)
            .custom_flags(flags)
            .open(path)
            .map(OwnedFd::from)
    };
    Ok(vec![
        directory("/proc")?,
        directory("/tmp")?,
        directory("/dev/shm")?,
        // Absent without System V shared memory in the kernel: then anything readable and empty will do.
        std::fs::File::open("/proc/sysvipc/shm")
            .or_else(|_| std::fs::File::open("/dev/null"))?
            .into(),
    ])
}
