//! Unix sockets at paths of any length: names longer than the kernel's limit are reached through a descriptor of
//! their directory.

use std::{
    fs::{File, OpenOptions, Permissions},
    io,
    os::{
        fd::AsRawFd,
        unix::fs::{OpenOptionsExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use nix::libc;
use tokio::net::{UnixListener, UnixStream};

/// Longest socket path the kernel takes, without the closing zero byte.
const MOST: usize = 107;

fn reach(path: &Path) -> io::Result<(Option<File>, PathBuf)> {
    if path.as_os_str().len() <= MOST {
        return Ok((None, path.to_path_buf()));
    }
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::other("not a socket path"));
    };
    let directory = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_PATH | libc::O_DIRECTORY)
        .open(parent)?;
    let short = PathBuf::from(format!("/proc/self/fd/{}", directory.as_raw_fd())).join(name);
    Ok((Some(directory), short))
}

/// Listens at `path`, replacing what an earlier server left there; only the own user may connect.
pub(crate) fn listen(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let (_directory, short) = reach(path)?;
    let listener = UnixListener::bind(short)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

pub(crate) async fn connect(path: &Path) -> io::Result<UnixStream> {
    let (_directory, short) = reach(path)?;
    UnixStream::connect(short).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn long_paths_work_and_old_sockets_are_replaced() {
        let base = tempfile::tempdir().unwrap();
        let long = base.path().join("d".repeat(120));
        std::fs::create_dir(&long).unwrap();
        let path = long.join("relay.sock");
        drop(listen(&path).unwrap());
        let listener = listen(&path).unwrap();
        let (client, server) = tokio::join!(connect(&path), listener.accept());
        assert!(client.is_ok() && server.is_ok());
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}
