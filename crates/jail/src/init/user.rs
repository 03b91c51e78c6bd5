//! Who the process is: credentials, namespaces, resource limits, privileges.

use std::os::fd::AsFd;

use anyhow::{Context, Result, bail};
use nix::{
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
    sys::{prctl, resource, signal::Signal, stat::fstat},
    unistd::{Gid, Uid, fchown, getegid, geteuid, getppid, setgroups, setresgid, setresuid},
};

use crate::{sys, wire::InitSpec};

/// User and group inside.
pub(crate) const INSIDE_ID: u32 = 1000;

/// Dies when the parent does.
pub(crate) fn die_with_parent() -> Result<()> {
    let parent = getppid();
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    if getppid() != parent {
        bail!("the parent is gone");
    }
    Ok(())
}

/// When the host runs out of memory, sandboxes go before the server does.
pub(crate) fn expendable() {
    // Not being able to is no reason not to start.
    let _ = std::fs::write("/proc/self/oom_score_adj", "500");
}

/// A mount namespace of our own while still root, so that opening host trees leaves no trace outside.
pub(crate) fn own_mounts() -> Result<()> {
    unshare(CloneFlags::CLONE_NEWNS)?;
    private_mounts()
}

/// Nothing mounted here shows up outside, or the other way round.
pub(crate) fn private_mounts() -> Result<()> {
    mount(
        None::<&str>,
        "/",
        None::<&str>,
        MsFlags::MS_REC | MsFlags::MS_PRIVATE,
        None::<&str>,
    )
    .context("make mounts private")
}

/// Gives the standard streams to the sandbox's user, so that programs can open them again by name.
pub(crate) fn give_streams(host_uid: u32) -> Result<()> {
    let streams = [
        std::io::stdin().as_fd().try_clone_to_owned()?,
        std::io::stdout().as_fd().try_clone_to_owned()?,
    ];
    for stream in streams
        .iter()
        .chain(&[std::io::stderr().as_fd().try_clone_to_owned()?])
    {
        let stat = fstat(stream)?;
        if stat.st_mode & libc::S_IFMT == libc::S_IFIFO {
            fchown(
                stream,
                Some(Uid::from_raw(host_uid)),
                Some(Gid::from_raw(host_uid)),
            )?;
        }
    }
    Ok(())
}

/// From root to the sandbox's own ordinary user, for good.
pub(crate) fn become_user(host_uid: u32) -> Result<()> {
    if host_uid == 0 || host_uid == u32::MAX {
        bail!("refused: a sandbox never runs as the host's root user");
    }
    let (uid, gid) = (Uid::from_raw(host_uid), Gid::from_raw(host_uid));
    setgroups(&[]).context("drop supplementary groups")?;
    setresgid(gid, gid, gid).context("change group")?;
    setresuid(uid, uid, uid).with_context(|| format!("change to user {host_uid}"))?;
    if Uid::current().is_root() || setresuid(Uid::from_raw(0), Uid::from_raw(0), Uid::from_raw(0)).is_ok() {
        bail!("refused: root could be taken back");
    }
    // Changing user clears both of these; writing the own user mapping needs the first.
    prctl::set_dumpable(true)?;
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    Ok(())
}

/// Enters all namespaces and maps the one user. The process namespace takes effect for the next child.
pub(crate) fn unshare_all() -> Result<()> {
    let (uid, gid) = (geteuid(), getegid());
    if uid.is_root() {
        bail!("refused: a user namespace made by root would give its users root's rights on host files");
    }
    unshare(
        CloneFlags::CLONE_NEWUSER
            | CloneFlags::CLONE_NEWNS
            | CloneFlags::CLONE_NEWPID
            | CloneFlags::CLONE_NEWIPC
            | CloneFlags::CLONE_NEWUTS
            | CloneFlags::CLONE_NEWNET
            | CloneFlags::CLONE_NEWCGROUP,
    )
    .context("enter namespaces (are unprivileged user namespaces allowed on this host?)")?;
    std::fs::write("/proc/self/setgroups", "deny").context("deny setgroups")?;
    std::fs::write("/proc/self/uid_map", format!("{INSIDE_ID} {uid} 1")).context("map the user")?;
    std::fs::write("/proc/self/gid_map", format!("{INSIDE_ID} {gid} 1")).context("map the group")?;
    // From here on the process answers to nobody of the same user: no tracing, no peeking at its descriptors.
    prctl::set_dumpable(false)?;
    Ok(())
}

/// Limits that the kernel holds for each process. No limit of address space: agents reserve far more than they use.
pub(crate) fn limit_resources(spec: &InitSpec) -> Result<()> {
    const MOST_FILES: u64 = 65_536;
    lower(resource::Resource::RLIMIT_CORE, 0)?;
    lower(
        resource::Resource::RLIMIT_FSIZE,
        spec.jail.limits.disk_bytes.max(1),
    )?;
    lower(resource::Resource::RLIMIT_NOFILE, MOST_FILES)?;
    if let Some(limit) = spec.process_limit {
        // Counted per user namespace: the outer half and process 1 are in it too.
        lower(resource::Resource::RLIMIT_NPROC, limit.saturating_add(2))?;
    }
    Ok(())
}

fn lower(resource: resource::Resource, to: u64) -> Result<()> {
    let (_, hard) = resource::getrlimit(resource)?;
    let value = hard.min(to);
    resource::setrlimit(resource, value, value).with_context(|| format!("limit {resource:?}"))
}

/// No capability left, none to be gained.
pub(crate) fn give_up_privileges() -> Result<()> {
    sys::drop_capabilities().context("drop capabilities")?;
    prctl::set_no_new_privs()?;
    Ok(())
}
