//! Starts one jail: from its description to a running program with its limits held. Shared by keepers, one-shot
//! sandboxes and the self check; runs before there is a runtime or a second thread.

use std::{
    io,
    net::TcpListener,
    os::{
        fd::{AsFd, AsRawFd, OwnedFd},
        unix::{net::UnixStream, process::CommandExt},
    },
    path::Path,
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use nix::{
    fcntl::{FcntlArg, FdFlag, OFlag, fcntl, open},
    sys::{signal::Signal, stat::Mode},
    unistd::{Gid, Pid, Uid, fchown, geteuid},
};
use protocol::keeper::{Enforcement, Isolation, IsolationLevel, JailSpec};

use crate::{
    clock,
    limits::{Held, view::View},
    sys,
    wire::{self, InitMessage, InitSpec, VIEW_FDS},
};

/// Longest time from start to a running program.
const START_TIMEOUT: Duration = Duration::from_secs(20);
const NAMESPACES: [&str; 7] = ["user", "pid", "mount", "ipc", "uts", "net", "cgroup"];

/// Why a jail did not start. Nothing of it is left.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub(crate) struct StartError {
    pub cause: String,
    pub retryable: bool,
}

impl StartError {
    fn permanent(cause: impl Into<String>) -> Self {
        Self {
            cause: cause.into(),
            retryable: false,
        }
    }

    fn transient(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: cause.to_string(),
            retryable: true,
        }
    }
}

/// A program running in its jail.
#[derive(Debug)]
pub(crate) struct Launched {
    pub outer: Child,
    /// The jail's first process.
    pub first: OwnedFd,
    pub control: UnixStream,
    pub stdin: Option<ChildStdin>,
    pub stdout: Option<ChildStdout>,
    pub stderr: Option<ChildStderr>,
    /// Proxy, then uplink; empty without a network.
    pub listeners: Vec<TcpListener>,
    /// Taken by the watchdog.
    pub view: Option<View>,
    pub held: Held,
    pub isolation: Isolation,
}

/// Starts `jail`. `name` tells its groups apart from those of other sandboxes; directories made outside `state` are recorded
/// in it first, so that they can be swept if this process is killed.
pub(crate) fn launch(name: &str, jail: &JailSpec, state: Option<&Path>) -> Result<Launched, StartError> {
    check(jail)?;
    hand_over(jail).map_err(StartError::transient)?;
    let (ours, theirs) = UnixStream::pair().map_err(StartError::transient)?;
    fcntl(&theirs, FcntlArg::F_SETFD(FdFlag::empty())).map_err(StartError::transient)?;
    let mut outer = Command::new("/proc/self/exe")
        .arg0("sandbox")
        .arg(crate::INIT)
        .arg(theirs.as_raw_fd().to_string())
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| StartError::transient(format!("start the jail: {error}")))?;
    drop(theirs);

    let mut notes = Vec::new();
    let pid = Pid::from_raw(i32::try_from(outer.id()).unwrap_or(i32::MAX));
    // With our number in it, what an earlier, killed start has left is never in the way.
    let group = format!("{name}-{}", std::process::id());
    let held = Held::arrange(&group, &jail.limits, pid, &mut notes);
    if !matches!(held, Held::Rlimit) {
        notes.clear(); // why a better way to hold limits was not there does not matter: they are held
    }
    if let Some(state) = state {
        let groups: Vec<_> = held.directories();
        let _ = std::fs::write(
            state.join(GROUPS),
            serde_json::to_vec(&groups).unwrap_or_default(),
        );
    }
    match build(&ours, &held, jail) {
        Ok(built) => {
            notes.extend(built.notes);
            let isolation = isolation(jail, &held, built.landlock_abi, notes);
            Ok(Launched {
                first: built.first,
                control: ours,
                stdin: outer.stdin.take(),
                stdout: outer.stdout.take(),
                stderr: outer.stderr.take(),
                outer,
                listeners: built.listeners,
                view: Some(built.view),
                held,
                isolation,
            })
        }
        Err(error) => {
            let _ = outer.kill();
            let _ = outer.wait();
            let _ = remove_soon(&held);
            Err(error)
        }
    }
}

/// File in the state directory that lists what was made elsewhere.
pub(crate) const GROUPS: &str = "groups.json";

struct Built {
    first: OwnedFd,
    listeners: Vec<TcpListener>,
    view: View,
    landlock_abi: u32,
    notes: Vec<String>,
}

fn build(control: &UnixStream, held: &Held, jail: &JailSpec) -> Result<Built, StartError> {
    let spec = InitSpec {
        jail: jail.clone(),
        process_limit: held.process_limit(jail.limits.pids),
        host_name: "sandbox".into(),
    };
    control
        .set_write_timeout(Some(START_TIMEOUT))
        .map_err(StartError::transient)?;
    wire::send(control, &spec, &[])
        .map_err(|error| StartError::transient(format!("describe the jail: {error}")))?;
    drop(spec);
    let deadline = clock::monotonic() + START_TIMEOUT;
    let (mut first, mut ready) = (None, None);
    loop {
        let left = deadline.saturating_duration_since(clock::monotonic());
        if left.is_zero() {
            return Err(StartError::transient("the jail did not start in time"));
        }
        control
            .set_read_timeout(Some(left))
            .map_err(StartError::transient)?;
        let received = wire::receive::<InitMessage>(control);
        match received.map_err(|error| StartError::transient(format!("the jail did not answer: {error}")))? {
            Some((InitMessage::Forked, mut fds)) => first = fds.pop(),
            Some((InitMessage::Ready { landlock_abi, notes }, fds)) => {
                ready = Some((landlock_abi, notes, fds))
            }
            Some((InitMessage::Running, _)) => break,
            Some((InitMessage::Failed { cause }, _)) => return Err(StartError::permanent(cause)),
            Some((InitMessage::Exited { .. }, _)) | None => {
                return Err(StartError::transient("the jail ended while it was being built"));
            }
        }
    }
    control.set_read_timeout(None).map_err(StartError::transient)?;
    let (Some(first), Some((landlock_abi, notes, mut fds))) = (first, ready) else {
        return Err(StartError::permanent("the jail answered out of order"));
    };
    let listeners = fds
        .split_off(VIEW_FDS.min(fds.len()))
        .into_iter()
        .map(TcpListener::from)
        .collect();
    let view = View::new(fds).ok_or_else(|| StartError::permanent("the jail's view is incomplete"))?;
    Ok(Built {
        first,
        listeners,
        view,
        landlock_abi,
        notes,
    })
}

fn check(jail: &JailSpec) -> Result<(), StartError> {
    let root = geteuid().is_root();
    if root && (jail.host_uid == 0 || jail.host_uid == u32::MAX) {
        return Err(StartError::permanent(
            "refused: a sandbox never runs as the host's root user",
        ));
    }
    let limits = &jail.limits;
    if limits.memory_bytes < 4 << 20 || limits.pids == 0 || limits.cpu_milli == 0 || limits.tmp_bytes == 0 {
        return Err(StartError::permanent("the limits leave nothing to run with"));
    }
    Ok(())
}

/// Gives the two top directories to the sandbox's user. What is in them is the sandbox's own business.
fn hand_over(jail: &JailSpec) -> io::Result<()> {
    if !geteuid().is_root() {
        return Ok(());
    }
    for path in [Some(&jail.workspace), jail.home.as_ref()].into_iter().flatten() {
        let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_RDONLY | OFlag::O_CLOEXEC;
        let fd = open(path, flags, Mode::empty())
            .map_err(|error| io::Error::other(format!("open {}: {error}", path.display())))?;
        let stat = nix::sys::stat::fstat(&fd)?;
        if stat.st_uid != jail.host_uid {
            fchown(
                &fd,
                Some(Uid::from_raw(jail.host_uid)),
                Some(Gid::from_raw(jail.host_uid)),
            )?;
        }
    }
    Ok(())
}

fn isolation(jail: &JailSpec, held: &Held, landlock_abi: u32, notes: Vec<String>) -> Isolation {
    let enforced = held.enforced();
    let root = geteuid().is_root();
    let whole =
        landlock_abi > 0 && enforced.memory != Enforcement::None && enforced.pids != Enforcement::None;
    Isolation {
        level: if whole {
            IsolationLevel::Full
        } else {
            IsolationLevel::Reduced
        },
        namespaces: NAMESPACES.iter().map(|&name| name.to_owned()).collect(),
        landlock_abi: Some(landlock_abi).filter(|abi| *abi > 0),
        seccomp: true,
        host_uid: if root { jail.host_uid } else { geteuid().as_raw() },
        limits_backend: enforced.backend.to_owned(),
        limits: jail.limits,
        memory: enforced.memory,
        pids: enforced.pids,
        cpu: enforced.cpu,
        disk: enforced.disk,
        notes,
    }
}

impl Launched {
    /// Kills the sandbox: with its first process everything in it dies.
    pub(crate) fn kill(&self) {
        let _ = sys::pidfd_signal(self.first.as_fd(), Signal::SIGKILL);
    }

    /// Asks the program to end.
    pub(crate) fn terminate(&self) {
        let _ = sys::pidfd_signal(self.first.as_fd(), Signal::SIGTERM);
    }
}

/// Removes groups, trying for a while without a runtime.
fn remove_soon(held: &Held) -> bool {
    for _ in 0..100 {
        if held.remove() {
            return true;
        }
        let _ = nix::poll::poll(&mut [], nix::poll::PollTimeout::from(20_u8));
    }
    false
}
