//! Puts the new root together and moves into it.

use std::{
    io::Write,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Component, Path},
};

use anyhow::{Context, Result, bail};
use nix::{
    errno::Errno,
    fcntl::{OFlag, open, openat},
    mount::{MntFlags, MsFlags, mount, umount2},
    sys::stat::{Mode, mkdirat},
    unistd::{chdir, pivot_root, symlinkat},
};
use protocol::keeper::JailSpec;

use super::{
    capture::{Captured, Tree},
    devices, etc,
};
use crate::sys;

/// Bytes for names and small files of the root itself.
const ROOT_BYTES: u64 = 8 * 1024 * 1024;

pub(crate) fn build(jail: &JailSpec, captured: Captured) -> Result<()> {
    let base = ["/tmp", "/run", "/mnt", "/"]
        .into_iter()
        .find(|path| Path::new(path).is_dir())
        .unwrap_or("/");
    memory(base, ROOT_BYTES, 0o755)?;
    chdir(base)?;
    let root = open(
        ".",
        OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC,
        Mode::empty(),
    )?;
    let root = root.as_fd();

    for name in [
        "usr",
        "etc",
        "dev",
        "proc",
        "tmp",
        "run",
        "var",
        "opt",
        "home/agent",
        "workspace",
    ] {
        directory(root, Path::new(name))?;
    }
    for (name, target) in &captured.links {
        symlinkat(target.as_os_str(), root, name.as_os_str())
            .with_context(|| format!("link {}", name.display()))?;
    }
    symlinkat("/tmp", root, "var/tmp")?;
    symlinkat("/run", root, "var/run")?;
    write_etc(root, &captured.etc)?;
    for tree in &captured.read_only {
        attach(root, tree)?;
    }
    for tree in &captured.devices {
        attach(root, tree)?;
    }
    devices::complete(root, jail.limits.tmp_bytes)?;
    memory("tmp", jail.limits.tmp_bytes, 0o1777)?;
    let quiet = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount(Some("proc"), "proc", Some("proc"), quiet, None::<&str>)
        .context("mount /proc (is the host's own /proc partly hidden, as in a container?)")?;
    // What the sandbox can write comes last, so that no other mount is looked up through it.
    attach(root, &captured.workspace)?;
    match &captured.home {
        Some(home) => attach(root, home)?,
        None => memory("home/agent", jail.limits.tmp_bytes, 0o700)?,
    }

    pivot_root(".", ".").context("change the root")?;
    umount2(".", MntFlags::MNT_DETACH).context("let go of the host's root")?;
    chdir("/")?;
    let sealed =
        MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(None::<&str>, "/", None::<&str>, sealed, None::<&str>).context("make the root read-only")
}

/// An in-memory file system of bounded size at `path`.
pub(crate) fn memory(path: &str, bytes: u64, mode: u32) -> Result<()> {
    let inodes = (bytes / 4096).clamp(1024, 1_000_000);
    let options = format!("size={bytes},nr_inodes={inodes},mode={mode:o}");
    mount(
        Some("tmpfs"),
        path,
        Some("tmpfs"),
        MsFlags::MS_NOSUID | MsFlags::MS_NODEV,
        Some(options.as_str()),
    )
    .with_context(|| format!("mount memory at {path}"))
}

/// Makes a directory and its parents below `root`, never through a link.
pub(crate) fn directory(root: BorrowedFd<'_>, path: &Path) -> Result<OwnedFd> {
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let mut current = openat(root, ".", flags, Mode::empty())?;
    for part in path.components() {
        let Component::Normal(name) = part else {
            bail!("not a plain path: {}", path.display())
        };
        match mkdirat(&current, name, Mode::from_bits_truncate(0o755)) {
            Ok(()) | Err(Errno::EEXIST) => {}
            // Below a read-only tree only what is there already can be a place to mount.
            Err(Errno::EROFS) => {}
            Err(error) => return Err(error).with_context(|| format!("make {}", path.display())),
        }
        current = openat(&current, name, flags, Mode::empty())
            .with_context(|| format!("enter {}", path.display()))?;
    }
    Ok(current)
}

fn place(root: BorrowedFd<'_>, tree: &Tree) -> Result<OwnedFd> {
    if tree.directory {
        return directory(root, &tree.inside);
    }
    let parent = directory(root, tree.inside.parent().unwrap_or(Path::new("")))?;
    let Some(name) = tree.inside.file_name() else {
        bail!("no name")
    };
    let create = OFlag::O_CREAT | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC | OFlag::O_WRONLY;
    match openat(&parent, name, create, Mode::from_bits_truncate(0o644)) {
        Ok(_) | Err(Errno::EROFS) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(openat(
        &parent,
        name,
        OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC,
        Mode::empty(),
    )?)
}

fn attach(root: BorrowedFd<'_>, tree: &Tree) -> Result<()> {
    let target = place(root, tree).with_context(|| format!("prepare /{}", tree.inside.display()))?;
    sys::attach_tree(tree.fd.as_fd(), target.as_fd())
        .with_context(|| format!("mount /{}", tree.inside.display()))
}

fn write_etc(root: BorrowedFd<'_>, entries: &[etc::Entry]) -> Result<()> {
    let directory = directory(root, Path::new("etc"))?;
    for entry in entries {
        match entry {
            etc::Entry::File { name, content } => {
                let create = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_WRONLY | OFlag::O_CLOEXEC;
                let fd = openat(&directory, *name, create, Mode::from_bits_truncate(0o644))
                    .with_context(|| format!("write /etc/{name}"))?;
                std::fs::File::from(fd).write_all(content.as_bytes())?;
            }
            etc::Entry::Link { name, target } => {
                symlinkat(target.as_os_str().as_bytes(), &directory, *name)
                    .with_context(|| format!("link /etc/{name}"))?;
            }
        }
    }
    symlinkat("/proc/self/mounts", &directory, "mtab")?;
    Ok(())
}
