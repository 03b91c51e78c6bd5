//! Removes a tree that a sandbox has made, whatever is in it: directories nobody may enter, links to anywhere,
//! nesting beyond any path length. Nothing outside of the tree is ever touched.

use std::{
    io,
    os::fd::{AsFd, OwnedFd},
    path::Path,
};

use nix::{
    dir::{Dir, OwningIter},
    errno::Errno,
    fcntl::{AtFlags, OFlag, open, openat, renameat},
    libc,
    sys::stat::{FchmodatFlags, Mode, fchmodat, fstatat},
    unistd::{UnlinkatFlags, unlinkat},
};

/// Directories deeper than this are moved up before they are emptied, so that descriptors stay few.
const MOST_DEPTH: usize = 32;
const FLAGS: OFlag = OFlag::O_DIRECTORY
    .union(OFlag::O_NOFOLLOW)
    .union(OFlag::O_RDONLY)
    .union(OFlag::O_CLOEXEC);

struct Level {
    fd: OwnedFd,
    entries: OwningIter,
    /// The name in the level above.
    name: std::ffi::CString,
}

impl Level {
    fn enter(parent: impl AsFd + Copy, name: &std::ffi::CStr) -> nix::Result<Self> {
        let fd = match openat(parent, name, FLAGS, Mode::empty()) {
            Err(Errno::EACCES) => {
                open_up(parent, name)?;
                openat(parent, name, FLAGS, Mode::empty())?
            }
            opened => opened?,
        };
        // To remove what is in it, writing and entering are needed too.
        nix::sys::stat::fchmod(&fd, Mode::S_IRWXU)?;
        let copy = fd.try_clone().map_err(|_| Errno::EMFILE)?;
        Ok(Self {
            fd,
            entries: Dir::from_fd(copy)?.into_iter(),
            name: name.to_owned(),
        })
    }
}

/// Lets the owner into a directory. The name is looked at first; nothing runs in the tree any more that could
/// put a link in its place.
fn open_up(parent: impl AsFd + Copy, name: &std::ffi::CStr) -> nix::Result<()> {
    let stat = fstatat(parent, name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
    if stat.st_mode & libc::S_IFMT != libc::S_IFDIR {
        return Err(Errno::ENOTDIR);
    }
    fchmodat(parent, name, Mode::S_IRWXU, FchmodatFlags::FollowSymlink)
}

/// Removes `path` and everything below it. What is not there is fine.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::other("not a path that can be removed"));
    };
    let parent = match open(parent, FLAGS.difference(OFlag::O_NOFOLLOW), Mode::empty()) {
        Err(Errno::ENOENT) => return Ok(()),
        opened => opened?,
    };
    let name = std::ffi::CString::new(name.as_encoded_bytes()).map_err(io::Error::other)?;
    let mut stack = match Level::enter(&parent, &name) {
        Ok(top) => vec![top],
        Err(Errno::ENOENT) => return Ok(()),
        Err(Errno::ENOTDIR | Errno::ELOOP) => {
            return Ok(unlinkat(&parent, name.as_c_str(), UnlinkatFlags::NoRemoveDir)?);
        }
        Err(error) => return Err(error.into()),
    };
    let mut moved = 0_u64;
    while let Some(level) = stack.last_mut() {
        let Some(entry) = level.entries.next() else {
            let Some(done) = stack.pop() else { break };
            let above = stack.last().map_or(parent.as_fd(), |level| level.fd.as_fd());
            match unlinkat(above, done.name.as_c_str(), UnlinkatFlags::RemoveDir) {
                Ok(()) | Err(Errno::ENOENT) => {}
                // Something was moved up into it after it had been read: read it again.
                Err(Errno::ENOTEMPTY) => stack.push(Level::enter(above, &done.name)?),
                Err(error) => return Err(error.into()),
            }
            continue;
        };
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        match unlinkat(&level.fd, name, UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => continue,
            Err(Errno::EISDIR | Errno::EPERM) => {}
            Err(error) => return Err(error.into()),
        }
        let name = name.to_owned();
        let inner = Level::enter(&level.fd, &name)?;
        if stack.len() < MOST_DEPTH {
            stack.push(inner);
            continue;
        }
        let (Some(top), Some(level)) = (stack.first(), stack.last()) else {
            break;
        };
        loop {
            moved += 1;
            let free = format!(".removing-{moved}");
            match renameat(&level.fd, name.as_c_str(), &top.fd, free.as_str()) {
                // A removal that was cut short has left something there, or the sandbox has.
                Err(Errno::EEXIST | Errno::ENOTEMPTY | Errno::ENOTDIR | Errno::EISDIR) => {}
                moved => break moved?,
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt, symlink},
    };

    use super::*;

    #[test]
    fn hostile_trees_go_and_nothing_else_does() {
        let base = tempfile::tempdir().unwrap();
        let kept = base.path().join("kept");
        fs::create_dir(&kept).unwrap();
        fs::write(kept.join("file"), "x").unwrap();

        let tree = base.path().join("tree");
        fs::create_dir_all(tree.join("shut/inner")).unwrap();
        fs::write(tree.join("shut/inner/file"), "x").unwrap();
        fs::set_permissions(tree.join("shut/inner"), fs::Permissions::from_mode(0o000)).unwrap();
        fs::set_permissions(tree.join("shut"), fs::Permissions::from_mode(0o000)).unwrap();
        symlink(&kept, tree.join("link")).unwrap();
        symlink("nowhere", tree.join("dangling")).unwrap();
        fs::write(tree.join(".removing-1"), "in the way").unwrap();
        remove(&tree).unwrap();
        assert!(!tree.exists());
        assert!(kept.join("file").exists());
        remove(&tree).unwrap();
    }

    #[test]
    fn nesting_beyond_any_path_length_goes() {
        let base = tempfile::tempdir().unwrap();
        let top = base.path().join("deep");
        fs::create_dir(&top).unwrap();
        let mut current = open(&top, FLAGS, Mode::empty()).unwrap();
        // As a removal that was cut short leaves it.
        fs::create_dir_all(top.join(".removing-1/left")).unwrap();
        fs::write(top.join(".removing-2"), "in the way").unwrap();
        for _ in 0..600 {
            nix::sys::stat::mkdirat(&current, "directory", Mode::S_IRWXU).unwrap();
            current = openat(&current, "directory", FLAGS, Mode::empty()).unwrap();
        }
        remove(&top).unwrap();
        assert!(!top.exists());
    }
}
