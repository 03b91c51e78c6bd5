//! Measures how much of the disk the sandbox's directories take.
//!
//! The tree is hostile: it is walked by descriptors, never through a link and never across a file system; a tree
//! that is too deep to walk counts as a breach of its own. Every entry counts at least one block, so that a flood
//! of empty files is seen too.

use std::{collections::HashSet, os::fd::OwnedFd, path::Path};

use nix::{
    dir::{Dir, OwningIter},
    fcntl::{AtFlags, OFlag, open, openat},
    sys::stat::{FileStat, Mode, fstat, fstatat},
};

/// Deepest nesting of directories.
pub(crate) const MOST_DEPTH: usize = 200;
const BLOCK: u64 = 4096;
/// Files with several names are counted once, as long as that many can be remembered.
const MOST_REMEMBERED: usize = 500_000;

/// What was found.
#[derive(Debug, Default, Clone)]
pub(crate) struct Measured {
    pub bytes: u64,
    pub too_deep: bool,
    /// Devices the trees live on.
    pub devices: HashSet<u64>,
}

/// Measures trees together; stops early once `enough` bytes are found.
pub(crate) fn measure(paths: &[&Path], enough: u64) -> Measured {
    let mut walk = Walk {
        measured: Measured::default(),
        linked: HashSet::new(),
        enough,
    };
    for path in paths {
        if let Ok(top) = open(*path, FLAGS, Mode::empty())
            && let Ok(stat) = fstat(&top)
        {
            walk.measured.devices.insert(stat.st_dev);
            walk.tree(top, stat.st_dev);
        }
    }
    walk.measured
}

const FLAGS: OFlag = OFlag::O_DIRECTORY
    .union(OFlag::O_NOFOLLOW)
    .union(OFlag::O_RDONLY)
    .union(OFlag::O_CLOEXEC);

/// One directory on the way down.
struct Level {
    fd: OwnedFd,
    entries: OwningIter,
}

impl Level {
    fn new(fd: OwnedFd) -> Option<Self> {
        let entries = Dir::from_fd(fd.try_clone().ok()?).ok()?.into_iter();
        Some(Self { fd, entries })
    }
}

struct Walk {
    measured: Measured,
    linked: HashSet<u64>,
    enough: u64,
}

impl Walk {
    fn tree(&mut self, top: OwnedFd, device: u64) {
        let mut stack: Vec<Level> = Level::new(top).into_iter().collect();
        while let Some(level) = stack.last_mut() {
            if self.measured.bytes > self.enough {
                return;
            }
            let Some(entry) = level.entries.next() else {
                stack.pop();
                continue;
            };
            let Ok(entry) = entry else { continue };
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let Ok(stat) = fstatat(&level.fd, name, AtFlags::AT_SYMLINK_NOFOLLOW) else {
                continue;
            };
            self.count(&stat);
            if stat.st_mode & libc::S_IFMT != libc::S_IFDIR || stat.st_dev != device {
                continue;
            }
            let inner = openat(&level.fd, name, FLAGS, Mode::empty())
                .ok()
                .and_then(Level::new);
            if stack.len() >= MOST_DEPTH {
                self.measured.too_deep = true;
                return;
            }
            stack.extend(inner);
        }
    }

    fn count(&mut self, stat: &FileStat) {
        let regular = stat.st_mode & libc::S_IFMT == libc::S_IFREG;
        if regular
            && stat.st_nlink > 1
            && self.linked.len() < MOST_REMEMBERED
            && !self.linked.insert(stat.st_ino)
        {
            return;
        }
        let bytes = u64::try_from(stat.st_blocks).unwrap_or(0).saturating_mul(512);
        self.measured.bytes = self.measured.bytes.saturating_add(bytes.max(BLOCK));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn names_count_once_and_links_lead_nowhere() {
        let base = std::env::temp_dir().join(format!("jail-disk-{}", std::process::id()));
        fs::create_dir_all(base.join("a/b")).unwrap();
        fs::write(base.join("a/b/file"), vec![1; 100_000]).unwrap();
        fs::hard_link(base.join("a/b/file"), base.join("a/again")).unwrap();
        std::os::unix::fs::symlink("/usr", base.join("usr")).unwrap();
        let measured = measure(&[&base], u64::MAX);
        fs::remove_dir_all(&base).unwrap();
        assert!((100_000..200_000).contains(&measured.bytes), "{}", measured.bytes);
        assert!(!measured.too_deep);
    }

    #[test]
    fn a_bottomless_tree_is_noticed() {
        let base = std::env::temp_dir().join(format!("jail-deep-{}", std::process::id()));
        fs::create_dir_all(&base).unwrap();
        let deep: std::path::PathBuf = std::iter::repeat_n("d", MOST_DEPTH + 5).collect();
        fs::create_dir_all(base.join(deep)).unwrap();
        let measured = measure(&[&base], u64::MAX);
        fs::remove_dir_all(&base).unwrap();
        assert!(measured.too_deep);
    }
}
