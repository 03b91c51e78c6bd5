//! Opens every host path that the jail will show, as detached mount trees with their final attributes.
//!
//! This happens while the process still has the rights to reach the paths. Afterwards nothing outside is looked
//! up by name any more, so no name that a sandbox could have changed matters.

use std::{
    fs,
    io::ErrorKind,
    os::fd::{AsFd, OwnedFd},
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use protocol::keeper::JailSpec;

use super::{devices, etc, system};
use crate::sys;

const NOSUID: u64 = libc::MOUNT_ATTR_NOSUID;
const NODEV: u64 = libc::MOUNT_ATTR_NODEV;
const RDONLY: u64 = libc::MOUNT_ATTR_RDONLY;
const NOEXEC: u64 = libc::MOUNT_ATTR_NOEXEC;

/// One detached tree and where it goes.
pub(crate) struct Tree {
    /// Relative to the root of the jail.
    pub inside: PathBuf,
    pub fd: OwnedFd,
    pub directory: bool,
}

/// All that the jail shows of the host.
pub(crate) struct Captured {
    /// Read-only system and operator's paths, shallowest first.
    pub read_only: Vec<Tree>,
    pub devices: Vec<Tree>,
    pub workspace: Tree,
    pub home: Option<Tree>,
    /// Symbolic links of the host's top level, such as `/bin`.
    pub links: Vec<(PathBuf, PathBuf)>,
    /// Small files of `/etc`, written afresh.
    pub etc: Vec<etc::Entry>,
}

pub(crate) fn capture(jail: &JailSpec) -> Result<Captured> {
    let mut read_only = Vec::new();
    let mut links = Vec::new();
    for entry in system::entries() {
        match entry {
            system::Entry::Link { inside, target } => links.push((inside, target)),
            system::Entry::Show { host, inside } => {
                if let Some(tree) = optional(&host, &inside, RDONLY | NOSUID | NODEV)? {
                    read_only.push(tree);
                }
            }
        }
    }
    let etc = etc::entries();
    for (host, inside) in etc::shown() {
        if let Some(tree) = optional(&host, &inside, RDONLY | NOSUID | NODEV)? {
            read_only.push(tree);
        }
    }
    for bind in &jail.read_only {
        let inside = relative(&bind.inside)?;
        let tree = show(&bind.host, &inside, true, RDONLY | NOSUID | NODEV)
            .with_context(|| format!("show {} inside", bind.host.display()))?;
        read_only.push(tree);
    }
    read_only.sort_by_key(|tree| tree.inside.components().count());

    let mut devices = Vec::new();
    for name in devices::NODES {
        let host = Path::new("/dev").join(name);
        devices.push(show(&host, &Path::new("dev").join(name), false, NOSUID | NOEXEC)?);
    }
    let access = if jail.workspace_read_only { RDONLY } else { 0 };
    let workspace = own_directory(&jail.workspace, "workspace", access | NOSUID | NODEV)?;
    let home = match &jail.home {
        Some(home) => Some(own_directory(home, "home/agent", NOSUID | NODEV)?),
        None => None,
    };
    Ok(Captured {
        read_only,
        devices,
        workspace,
        home,
        links,
        etc,
    })
}

/// Places inside that the sandbox itself can write: nothing may be mounted below them, because a link planted
/// there would redirect the mount.
const WRITABLE: [&str; 5] = ["workspace", "home/agent", "tmp", "proc", "dev"];

/// Checks a place inside and makes it relative to the root.
fn relative(inside: &Path) -> Result<PathBuf> {
    let mut parts = inside.components();
    if parts.next() != Some(Component::RootDir) {
        bail!("a place inside must be an absolute path: {}", inside.display());
    }
    let rest: PathBuf = parts.as_path().to_path_buf();
    if rest.as_os_str().is_empty()
        || rest
            .components()
            .any(|part| !matches!(part, Component::Normal(_)))
    {
        bail!("not a plain path: {}", inside.display());
    }
    if WRITABLE
        .iter()
        .any(|writable| rest.starts_with(writable) || Path::new(writable).starts_with(&rest))
    {
        bail!(
            "refused to show a host path below a place the sandbox controls: {}",
            inside.display()
        );
    }
    Ok(rest)
}

fn optional(host: &Path, inside: &Path, attributes: u64) -> Result<Option<Tree>> {
    match fs::metadata(host) {
        Ok(_) => match show(host, inside, true, attributes) {
            Ok(tree) => Ok(Some(tree)),
            // Part of the system that this user may not see: then the sandbox does not see it either.
            Err(error) if is_denied(&error) => Ok(None),
            Err(error) => Err(error),
        },
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("look at {}", host.display())),
    }
}

fn is_denied(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == ErrorKind::PermissionDenied)
}

fn show(host: &Path, inside: &Path, follow: bool, attributes: u64) -> Result<Tree> {
    let fd = sys::open_tree(host, follow)
        .map_err(anyhow::Error::from)
        .with_context(|| format!("open {}", host.display()))?;
    let directory = is_directory(&fd)?;
    sys::restrict_tree(fd.as_fd(), attributes).with_context(|| format!("protect {}", host.display()))?;
    Ok(Tree {
        inside: inside.to_path_buf(),
        fd,
        directory,
    })
}

/// The workspace or home: the last name must be a true directory, never a link.
fn own_directory(host: &Path, inside: &str, attributes: u64) -> Result<Tree> {
    let tree = show(host, Path::new(inside), false, attributes)?;
    if !tree.directory {
        bail!("{} is not a directory", host.display());
    }
    Ok(tree)
}

fn is_directory(fd: &OwnedFd) -> Result<bool> {
    let stat = nix::sys::stat::fstat(fd)?;
    Ok(stat.st_mode & libc::S_IFMT == libc::S_IFDIR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_inside_are_plain_and_out_of_the_sandboxs_reach() {
        assert_eq!(relative(Path::new("/opt/tools")).unwrap(), Path::new("opt/tools"));
        assert_eq!(
            relative(Path::new("/home/me/.cargo/bin")).unwrap(),
            Path::new("home/me/.cargo/bin")
        );
        for bad in [
            "opt",
            "/",
            "/opt/../etc",
            "/home",
            "/workspace/x",
            "/home/agent/.cargo",
            "/tmp/x",
            "/proc/self",
            "/dev/kvm",
        ] {
            assert!(relative(Path::new(bad)).is_err(), "{bad}");
        }
    }
}
