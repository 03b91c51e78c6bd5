//! Unix sockets at paths of any length: a long one is reached through a descriptor of its directory.

use std::{
    fs::{File, OpenOptions},
    io,
    os::{fd::AsRawFd as _, unix::fs::OpenOptionsExt as _},
    path::{Path, PathBuf},
};

const MOST: usize = 107;

/// A name that the kernel takes, and what has to stay open for as long as it is used.
pub(crate) fn reach(path: &Path) -> io::Result<(Option<File>, PathBuf)> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::other("not a socket path"));
    };
    if path.as_os_str().len() <= MOST {
        return Ok((None, path.to_path_buf()));
    }
    let directory = OpenOptions::new()
        .read(true)
        .custom_flags(nix::libc::O_PATH | nix::libc::O_DIRECTORY)
        .open(parent)?;
    let short = PathBuf::from(format!("/proc/self/fd/{}", directory.as_raw_fd())).join(name);
    Ok((Some(directory), short))
}
