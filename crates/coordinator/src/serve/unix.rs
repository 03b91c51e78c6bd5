//! Unix sockets at paths of any length: one that is longer than the kernel takes is reached through a descriptor
//! of its directory.

use std::{
    fs::{File, Permissions},
    io,
    os::{fd::AsRawFd as _, unix::fs::PermissionsExt as _},
    path::{Path, PathBuf},
};

use tokio::net::{UnixListener, UnixStream};

/// Longest socket path the kernel takes.
const MOST: usize = 107;

fn reach(path: &Path) -> io::Result<(Option<File>, PathBuf)> {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if path.as_os_str().len() > MOST => {
            let directory = File::open(parent)?;
            let short = PathBuf::from(format!("/proc/self/fd/{}", directory.as_raw_fd())).join(name);
            Ok((Some(directory), short))
        }
        _ => Ok((None, path.to_path_buf())),
    }
}

/// Listens at `path`, which only the own user may connect to; what an earlier server left there is replaced. The
/// caller owns the directory.
pub(super) fn listen(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let (_directory, short) = reach(path)?;
    let listener = UnixListener::bind(short)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

pub(super) async fn connect(path: &Path) -> io::Result<UnixStream> {
    let (_directory, short) = reach(path)?;
    UnixStream::connect(short).await
}
