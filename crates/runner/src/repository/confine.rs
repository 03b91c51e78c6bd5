//! Opens paths of a workspace without leaving it: no `..`, no absolute path, no symbolic link to the outside.

use std::{
    fs::File,
    io,
    os::{
        fd::OwnedFd,
        unix::fs::{MetadataExt, OpenOptionsExt},
    },
    path::{Component, Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{OFlag, OpenHow, ResolveFlag, openat2},
};

const LONGEST: usize = 4096;

/// Why a path is not opened.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    #[error("the path must be relative, without `..`, and stay within the workspace")]
    Invalid,
    #[error("there is no such file")]
    NotFound,
    #[error("{0}")]
    Io(io::Error),
}

/// A relative path without tricks; empty or `.` is the workspace itself.
///
/// # Errors
/// [`PathError::Invalid`] for any other form.
pub fn resolve(path: &str) -> Result<PathBuf, PathError> {
    if path.len() > LONGEST || path.contains('\0') {
        return Err(PathError::Invalid);
    }
    let mut clean = PathBuf::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => clean.push(name),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(PathError::Invalid);
            }
        }
    }
    if clean.as_os_str().is_empty() {
        clean.push(".");
    }
    Ok(clean)
}

/// Opens for reading, never waiting (a FIFO would) and never outside of `root`.
///
/// # Errors
/// See [`PathError`].
pub fn open(root: &Path, path: &Path) -> Result<File, PathError> {
    let dir = File::open(root).map_err(PathError::Io)?;
    let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
    let how = OpenHow::new()
        .flags(flags)
        .resolve(ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_MAGICLINKS);
    let opened: Result<OwnedFd, Errno> = openat2(&dir, path, how);
    match opened {
        Ok(fd) => Ok(fd.into()),
        Err(Errno::ENOENT | Errno::ENOTDIR) => Err(PathError::NotFound),
        Err(Errno::EXDEV | Errno::ELOOP | Errno::ENAMETOOLONG) => Err(PathError::Invalid),
        // A kernel or a seccomp filter without the call: the same by looking first.
        Err(Errno::ENOSYS | Errno::EPERM) => open_checked(root, path, flags),
        Err(error) => Err(PathError::Io(error.into())),
    }
}

fn open_checked(root: &Path, path: &Path, flags: OFlag) -> Result<File, PathError> {
    let missing = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => PathError::NotFound,
        _ => PathError::Io(error),
    };
    let root = root.canonicalize().map_err(PathError::Io)?;
    let real = root.join(path).canonicalize().map_err(missing)?;
    if !real.starts_with(&root) {
        return Err(PathError::Invalid);
    }
    let looked = std::fs::symlink_metadata(&real).map_err(missing)?;
    let mut options = std::fs::OpenOptions::new();
    let file = options
        .read(true)
        .custom_flags(flags.bits() | OFlag::O_NOFOLLOW.bits())
        .open(&real)
        .map_err(missing)?;
    let found = file.metadata().map_err(PathError::Io)?;
    // The same file as the one looked at: nobody has swapped a link in between.
    if (looked.dev(), looked.ino()) == (found.dev(), found.ino()) {
        Ok(file)
    } else {
        Err(PathError::Invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    type Open = fn(&Path, &Path) -> Result<File, PathError>;

    #[test]
    fn nothing_outside_is_opened() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret"), "s").unwrap();
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("d")).unwrap();
        std::fs::write(root.path().join("d/f"), "f").unwrap();
        symlink(outside.path().join("secret"), root.path().join("abs")).unwrap();
        symlink("../../../../../../etc/passwd", root.path().join("d/up")).unwrap();
        symlink(outside.path(), root.path().join("dirlink")).unwrap();
        symlink("d/f", root.path().join("inside")).unwrap();
        symlink("loop", root.path().join("loop")).unwrap();
        let checked: Open = |root, path| open_checked(root, path, OFlag::O_CLOEXEC | OFlag::O_NONBLOCK);
        for (name, open) in [("openat2", open as Open), ("checked", checked)] {
            assert!(open(root.path(), Path::new("d/f")).is_ok(), "{name}");
            assert!(open(root.path(), Path::new("inside")).is_ok(), "{name}");
            for bad in ["abs", "d/up", "dirlink/secret", "loop"] {
                assert!(open(root.path(), Path::new(bad)).is_err(), "{name} {bad}");
            }
            assert!(
                matches!(open(root.path(), Path::new("none")), Err(PathError::NotFound)),
                "{name}"
            );
        }
    }

    #[test]
    fn paths_are_relative_and_plain() {
        assert_eq!(resolve("./a//b").unwrap(), Path::new("a/b"));
        assert_eq!(resolve("").unwrap(), Path::new("."));
        for bad in ["/etc", "../x", "a/../b", "a\0b"] {
            assert!(resolve(bad).is_err(), "{bad}");
        }
    }
}
