//! A host user of its own for each session, when the server runs as root: no two sessions share one, so that even
//! a sandbox that breaks out finds nothing of another. The session's directory itself remembers which.

use std::{
    collections::HashSet,
    fs, io,
    ops::Range,
    os::unix::fs::{MetadataExt, lchown},
    path::{Path, PathBuf},
    sync::Mutex,
};

use nix::unistd::geteuid;

use super::layout::{self, Layout};
use crate::locks::lock;

#[derive(Debug)]
pub(crate) struct Owners {
    range: Range<u32>,
    /// Read from the directories at the first use; this process is the only one that adds to them.
    taken: Mutex<Option<Taken>>,
    sandboxes: PathBuf,
}

#[derive(Debug)]
struct Taken {
    uids: HashSet<u32>,
    next: u32,
}

impl Owners {
    pub(crate) fn new(layout: &Layout, range: Range<u32>) -> Self {
        let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
        let range = usable(range, &map);
        Self {
            range,
            taken: Mutex::new(None),
            sandboxes: layout.sandboxes(),
        }
    }

    /// The user of the session or scratch directory `top`, which is made if missing, with workspace and home.
    pub(crate) fn ensure(&self, top: &Path) -> io::Result<u32> {
        let uid = if geteuid().is_root() {
            self.ensure_owned(top)?
        } else {
            geteuid().as_raw()
        };
        layout::private(top)?;
        layout::private(&layout::workspace(top))?;
        layout::private(&layout::home(top))?;
        Ok(uid)
    }

    /// Gives the user back once the directory is gone.
    pub(crate) fn release(&self, uid: u32) {
        if let Some(taken) = lock(&self.taken).as_mut() {
            taken.uids.remove(&uid);
        }
    }

    fn ensure_owned(&self, top: &Path) -> io::Result<u32> {
        let mut guard = lock(&self.taken);
        let taken = match guard.as_mut() {
            Some(taken) => taken,
            None => guard.insert(self.scan()?),
        };
        match fs::symlink_metadata(top) {
            // Made, but the server died before it was given away.
            Ok(meta) if meta.is_dir() && meta.uid() == 0 => {}
            Ok(meta) if meta.is_dir() => return Ok(meta.uid()),
            Ok(_) => return Err(io::Error::other("not a directory")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => layout::private(top)?,
            Err(error) => return Err(error),
        }
        let uid = taken
            .choose(&self.range)
            .ok_or_else(|| io::Error::other("no host user id is free"))?;
        lchown(top, Some(uid), Some(uid))?;
        Ok(uid)
    }

    fn scan(&self) -> io::Result<Taken> {
        let mut uids = HashSet::new();
        for entry in fs::read_dir(&self.sandboxes)? {
            uids.insert(entry?.metadata()?.uid());
        }
        // Two servers on one host should not give out the same users: start where the path says.
        let path = self.sandboxes.as_os_str().as_encoded_bytes();
        let hash = path.iter().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
        });
        Ok(Taken {
            uids,
            next: self.range.start + hash % self.range.len().max(1) as u32,
        })
    }
}

impl Taken {
    fn choose(&mut self, range: &Range<u32>) -> Option<u32> {
        for _ in range.clone() {
            let uid = self.next;
            self.next = if uid + 1 >= range.end {
                range.start
            } else {
                uid + 1
            };
            if self.uids.insert(uid) {
                return Some(uid);
            }
        }
        None
    }
}

/// The wanted range if this process may use it; in a container with fewer users, the upper half of what it has.
fn usable(wanted: Range<u32>, uid_map: &str) -> Range<u32> {
    let mut widest = 0..0_u64;
    for line in uid_map.lines() {
        let mut fields = line
            .split_whitespace()
            .map(|field| field.parse::<u64>().unwrap_or(0));
        let (Some(start), Some(_), Some(length)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let range = start..start.saturating_add(length);
        if range.start <= u64::from(wanted.start) && u64::from(wanted.end) <= range.end {
            return wanted;
        }
        if range.end - range.start > widest.end - widest.start {
            widest = range;
        }
    }
    let middle = widest.start + (widest.end - widest.start) / 2;
    let bound = |id: u64| u32::try_from(id).unwrap_or(u32::MAX);
    bound(middle.max(1))..bound(widest.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_unique_and_wrap_around() {
        let mut taken = Taken {
            uids: [11].into(),
            next: 12,
        };
        let given: Vec<_> = std::iter::from_fn(|| taken.choose(&(10..13))).collect();
        assert_eq!(given, [12, 10]);
    }

    #[test]
    fn a_container_with_few_users_gets_some_of_those() {
        assert_eq!(usable(700..800, "0 0 4294967295\n"), 700..800);
        assert_eq!(
            usable(700_000..800_000, "0 1000 1\n1 100000 65536\n"),
            32769..65537
        );
    }
}
