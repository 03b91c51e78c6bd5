//! Measures a sandbox from outside through descriptors its first process handed out: its own `/proc`, its two
//! in-memory file systems and its shared memory segments. Used where no group counts for us.
//!
//! Everything is counted that a process inside can make the kernel keep: private pages, shared pages, files in
//! memory, and files that have no name any more but are still held open.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::Read,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::fs::FileExt,
    },
};

use nix::{
    dir::Dir,
    fcntl::{AtFlags, OFlag, openat},
    sys::{
        stat::{FileStat, Mode, fstatat},
        statfs::fstatfs,
    },
};

/// Longest text read of one process.
const MOST_TEXT: u64 = 64 * 1024;

#[derive(Debug)]
pub(crate) struct View {
    proc: OwnedFd,
    in_memory: [OwnedFd; 2],
    segments: File,
}

/// One look at the processes.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub memory: u64,
    pub pids: u64,
    /// Processes by their number inside with their private memory, the largest first; never process 1.
    pub largest: Vec<(u64, i32)>,
}

impl View {
    pub(crate) fn new(mut fds: Vec<OwnedFd>) -> Option<Self> {
        let segments = File::from(fds.pop()?);
        let shared = fds.pop()?;
        let temporary = fds.pop()?;
        Some(Self {
            proc: fds.pop()?,
            in_memory: [temporary, shared],
            segments,
        })
    }

    /// Sums up. A first, cheap sum counts pages that processes share once for each of them; only when that sum is
    /// above `limit` is the exact share of each process asked for.
    pub(crate) fn look(&self, limit: u64) -> Seen {
        let processes = self.processes();
        let (mut private, mut shared, mut threads) = (0_u64, 0_u64, 0_u64);
        let mut largest = Vec::new();
        for pid in &processes {
            let Some(status) = self.read(&format!("{pid}/status")) else {
                continue;
            };
            let anonymous = kib(&status, "RssAnon:");
            private = private
                .saturating_add(anonymous)
                .saturating_add(kib(&status, "VmPTE:"));
            shared = shared.saturating_add(kib(&status, "RssShmem:"));
            threads = threads.saturating_add(word(&status, "Threads:"));
            if *pid != 1 {
                largest.push((anonymous, *pid));
            }
        }
        let files = self.files_in_memory().saturating_add(self.segment_bytes());
        let mut memory = private.saturating_add(shared).saturating_add(files);
        if memory > limit {
            let (mut exact_private, mut exact_shared) = (0_u64, 0_u64);
            for pid in &processes {
                let Some(rollup) = self.read(&format!("{pid}/smaps_rollup")) else {
                    continue;
                };
                exact_private = exact_private.saturating_add(kib(&rollup, "Pss_Anon:"));
                exact_shared = exact_shared.saturating_add(kib(&rollup, "Pss_Shmem:"));
            }
            if exact_private > 0 {
                // Files in memory that are also mapped would count twice: take the larger sum.
                memory = exact_private.saturating_add(exact_shared.max(files));
            }
        }
        largest.sort_unstable_by(|a, b| b.cmp(a));
        Seen {
            memory,
            pids: threads,
            largest,
        }
    }

    /// Bytes of files without a name that are still open, by whether they live on `disk` or in memory.
    pub(crate) fn nameless(&self, disk: &HashSet<u64>) -> (u64, u64) {
        let mut seen = HashMap::new();
        for pid in self.processes() {
            let Ok(fds) = self.open_directory(&format!("{pid}/fd")) else {
                continue;
            };
            for name in names(fds) {
                let Ok(stat) = fstatat(&self.proc, format!("{pid}/fd/{name}").as_str(), AtFlags::empty())
                else {
                    continue;
                };
                if stat.st_mode & libc::S_IFMT == libc::S_IFREG && stat.st_nlink == 0 {
                    seen.insert((stat.st_dev, stat.st_ino), blocks(&stat));
                }
            }
        }
        let sum = |on_disk: bool| {
            seen.iter()
                .filter(|((device, _), _)| disk.contains(device) == on_disk)
                .map(|(_, bytes)| *bytes)
                .sum()
        };
        (sum(true), sum(false))
    }

    /// The number outside of a process inside, through a descriptor that cannot come to mean another process.
    pub(crate) fn pidfd(&self, inside: i32) -> Option<OwnedFd> {
        // The directory of a process in any `/proc` is as good as a pidfd for sending a signal.
        let flags = OFlag::O_DIRECTORY | OFlag::O_RDONLY | OFlag::O_CLOEXEC;
        openat(&self.proc, inside.to_string().as_str(), flags, Mode::empty()).ok()
    }

    fn processes(&self) -> Vec<i32> {
        let Ok(directory) = self.open_directory(".") else {
            return Vec::new();
        };
        names(directory)
            .into_iter()
            .filter_map(|name| name.parse().ok())
            .collect()
    }

    fn open_directory(&self, path: &str) -> nix::Result<Dir> {
        Dir::openat(
            &self.proc,
            path,
            OFlag::O_DIRECTORY | OFlag::O_RDONLY | OFlag::O_CLOEXEC,
            Mode::empty(),
        )
    }

    fn read(&self, path: &str) -> Option<String> {
        let fd = openat(
            &self.proc,
            path,
            OFlag::O_RDONLY | OFlag::O_CLOEXEC,
            Mode::empty(),
        )
        .ok()?;
        let mut text = Vec::new();
        File::from(fd).take(MOST_TEXT).read_to_end(&mut text).ok()?;
        Some(String::from_utf8_lossy(&text).into_owned())
    }

    fn files_in_memory(&self) -> u64 {
        self.in_memory.iter().map(|fd| used(fd.as_fd())).sum()
    }

    fn segment_bytes(&self) -> u64 {
        let mut text = vec![0; MOST_TEXT as usize];
        let length = self.segments.read_at(&mut text, 0).unwrap_or(0);
        let text = String::from_utf8_lossy(text.get(..length).unwrap_or_default()).into_owned();
        resident_segments(&text)
    }
}

fn names(mut directory: Dir) -> Vec<String> {
    const MOST: usize = 100_000;
    directory
        .iter()
        .take(MOST)
        .flatten()
        .filter_map(|entry| entry.file_name().to_str().ok().map(str::to_owned))
        .filter(|name| name.starts_with(|c: char| c.is_ascii_digit()))
        .collect()
}

/// Bytes in use on the file system of `fd`.
fn used(fd: BorrowedFd<'_>) -> u64 {
    let Ok(stat) = fstatfs(fd) else { return 0 };
    let block = u64::try_from(stat.block_size()).unwrap_or(4096);
    stat.blocks()
        .saturating_sub(stat.blocks_free())
        .saturating_mul(block)
}

fn blocks(stat: &FileStat) -> u64 {
    u64::try_from(stat.st_blocks).unwrap_or(0).saturating_mul(512)
}

/// Sum of the resident bytes in the kernel's table of segments, whose first line names the columns.
fn resident_segments(table: &str) -> u64 {
    let mut lines = table.lines();
    let Some(column) = lines
        .next()
        .and_then(|head| head.split_whitespace().position(|name| name == "rss"))
    else {
        return 0;
    };
    lines
        .filter_map(|line| line.split_whitespace().nth(column)?.parse::<u64>().ok())
        .sum()
}

fn word(text: &str, key: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

fn kib(text: &str, key: &str) -> u64 {
    word(text, key).saturating_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernel_texts_are_read() {
        assert_eq!(kib("Name:\tx\nRssAnon:\t     120 kB\n", "RssAnon:"), 120 * 1024);
        assert_eq!(kib("Name:\tx\n", "RssAnon:"), 0);
        let table =
            "       key      shmid perms                  size  rss\n 0 1 1600 4096 8192\n 0 2 1600 1 4096\n";
        assert_eq!(resident_segments(table), 12288);
    }
}
