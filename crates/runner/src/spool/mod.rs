//! Reports that the server has not acknowledged yet, on disk.
//!
//! Numbers `n` are dense from 1 and given at [`Spool::push`]. Records lie in append-only segment files and are
//! read back when they are sent; a segment goes when all of it is acknowledged. The server is the durable side,
//! so nothing is synced: the spool bounds memory and keeps what is unsent while the server is away. What a
//! crashed runner left is read again by [`Spool::open`]; a torn tail is cut off.
//!
//! Past [`Limits::soft`] bytes, successive `tool_call.updated` of one call are merged before they get a number;
//! past [`Limits::hard`] nothing more is taken and the caller waits, which holds the agent back. Where the disk
//! is full, records stay in memory up to [`Limits::memory`].

mod merge;
mod segment;

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use protocol::{EventBody, PromptId, runner::RunnerReport};
use serde::{Deserialize, Serialize};

use merge::Updates;
use segment::{Place, Segment};

/// How much the spool may hold.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub soft: u64,
    pub hard: u64,
    pub segment: u64,
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            soft: 32 << 20,
            hard: 64 << 20,
            segment: 4 << 20,
            memory: 8 << 20,
        }
    }
}

/// One report as it is stored and sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub prompt_id: Option<PromptId>,
    pub report: RunnerReport,
}

/// Why a report was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Comes back when there is room.
    #[error("the spool is full")]
    Full,
    #[error("the spool cannot be used: {0}")]
    Io(#[from] io::Error),
    #[error("a report cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

enum Body {
    Disk(u64, Place),
    Memory(Bytes),
}

/// See the module.
pub struct Spool {
    dir: PathBuf,
    limits: Limits,
    segments: BTreeMap<u64, Segment>,
    /// Unacknowledged records; the first has number `acked + 1`.
    records: VecDeque<Body>,
    acked: u64,
    disk: u64,
    memory: u64,
    updates: Updates,
}

impl std::fmt::Debug for Spool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spool")
            .field("acked", &self.acked)
            .field("held", &self.records.len())
            .field("disk", &self.disk)
            .finish_non_exhaustive()
    }
}

impl Spool {
    /// Opens the spool of a generation below `root`, and removes those of other generations: their numbers mean
    /// nothing to anyone any more.
    ///
    /// # Errors
    /// When the directory cannot be made or read.
    pub fn open(root: &Path, generation: u64, limits: Limits) -> io::Result<Self> {
        let dir = root.join(generation.to_string());
        std::fs::create_dir_all(&dir)?;
        for entry in std::fs::read_dir(root)?.filter_map(Result::ok) {
            if entry.path() != dir {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
        let mut spool = Self {
            dir,
            limits,
            segments: BTreeMap::new(),
            records: VecDeque::new(),
            acked: 0,
            disk: 0,
            memory: 0,
            updates: Updates::default(),
        };
        spool.recover()?;
        Ok(spool)
    }

    /// Takes up records in their order; a gap or a torn record ends it, and what lies behind is dropped.
    fn recover(&mut self) -> io::Result<()> {
        let mut firsts: Vec<u64> = std::fs::read_dir(&self.dir)?
            .filter_map(|entry| {
                entry
                    .ok()?
                    .file_name()
                    .to_str()?
                    .strip_suffix(".seg")?
                    .parse()
                    .ok()
            })
            .collect();
        firsts.sort_unstable();
        // What comes before the first file was acknowledged.
        self.acked = firsts.first().map_or(0, |first| first.saturating_sub(1));
        let mut whole = true;
        for first in firsts {
            let path = self.path(first);
            if !whole || first != self.last() + 1 {
                std::fs::remove_file(&path)?;
                continue;
            }
            let (segment, places, intact) = Segment::recover(&path, first)?;
            whole = intact;
            self.disk += segment.len();
            self.records
                .extend(places.into_iter().map(|place| Body::Disk(first, place)));
            self.segments.insert(first, segment);
        }
        Ok(())
    }

    fn path(&self, first: u64) -> PathBuf {
        self.dir.join(format!("{first:020}.seg"))
    }

    /// The highest number given out.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.acked + self.records.len() as u64
    }

    #[must_use]
    pub fn acked(&self) -> u64 {
        self.acked
    }

    /// True when everything taken is acknowledged.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        self.records.is_empty() && self.updates.is_empty()
    }

    fn held(&self) -> u64 {
        self.disk + self.memory
    }

    /// Takes a report and gives it the next number (a merged update gets one later).
    ///
    /// # Errors
    /// [`SpoolError::Full`] when there is no room now.
    pub fn push(&mut self, entry: &Entry) -> Result<(), SpoolError> {
        if self.held() >= self.limits.soft
            && let RunnerReport::Event {
                event: EventBody::ToolCallUpdated(update),
            } = &entry.report
        {
            self.updates.add(entry.prompt_id, update);
            return Ok(());
        }
        if self.held() >= self.limits.hard {
            return Err(SpoolError::Full);
        }
        // Order holds: what was merged came first.
        self.release_updates()?;
        self.append(entry)
    }

    fn release_updates(&mut self) -> Result<(), SpoolError> {
        while let Some(entry) = self.updates.first() {
            self.append(&entry)?;
            self.updates.remove_first();
        }
        Ok(())
    }

    fn append(&mut self, entry: &Entry) -> Result<(), SpoolError> {
        let bytes = serde_json::to_vec(entry)?;
        let next = self.last() + 1;
        match self.append_to_disk(next, &bytes) {
            Ok(body) => self.records.push_back(body),
            Err(error) => {
                if self.memory + bytes.len() as u64 > self.limits.memory {
                    return Err(SpoolError::Full);
                }
                tracing::warn!(%error, "the spool's disk takes nothing; the report is held in memory");
                self.memory += bytes.len() as u64;
                self.records.push_back(Body::Memory(bytes.into()));
            }
        }
        Ok(())
    }

    fn append_to_disk(&mut self, n: u64, bytes: &[u8]) -> io::Result<Body> {
        let roomy = self.segments.last_key_value().filter(|(_, segment)| {
            // A record in memory leaves a hole in the numbers of a segment, which recovery must not read over.
            segment.len() < self.limits.segment && !matches!(self.records.back(), Some(Body::Memory(_)))
        });
        let first = match roomy {
            Some((&first, _)) => first,
            None => {
                let segment = Segment::create(&self.path(n))?;
                self.segments.insert(n, segment);
                n
            }
        };
        let segment = self
            .segments
            .get_mut(&first)
            .ok_or_else(|| io::Error::other("segment is gone"))?;
        let before = segment.len();
        let place = segment.append(n, bytes)?;
        self.disk += segment.len() - before;
        Ok(Body::Disk(first, place))
    }

    /// The record of number `n`, as stored, if it is still held.
    ///
    /// # Errors
    /// When it cannot be read back.
    pub fn read(&self, n: u64) -> io::Result<Option<Bytes>> {
        let Some(index) = n
            .checked_sub(self.acked + 1)
            .and_then(|index| usize::try_from(index).ok())
        else {
            return Ok(None);
        };
        match self.records.get(index) {
            None => Ok(None),
            Some(Body::Memory(bytes)) => Ok(Some(bytes.clone())),
            Some(Body::Disk(first, place)) => {
                let segment = self
                    .segments
                    .get(first)
                    .ok_or_else(|| io::Error::other("segment is gone"))?;
                segment.read(*place).map(Some)
            }
        }
    }

    /// Everything up to `n` is safe elsewhere. Returns true when that was news.
    pub fn ack(&mut self, n: u64) -> bool {
        let n = n.min(self.last());
        if n <= self.acked {
            return false;
        }
        for _ in self.acked..n {
            if let Some(Body::Memory(bytes)) = self.records.pop_front() {
                self.memory = self.memory.saturating_sub(bytes.len() as u64);
            }
        }
        self.acked = n;
        // A segment ends where the next begins; the last is kept for the next append unless it is used up.
        while let Some((&first, _)) = self.segments.first_key_value() {
            let next = self.segments.keys().nth(1).copied();
            let finished = match next {
                Some(next) => next <= self.acked + 1,
                None => self.records.is_empty(),
            };
            if !finished {
                break;
            }
            if let Some(segment) = self.segments.remove(&first) {
                self.disk = self.disk.saturating_sub(segment.len());
            }
            let _ = std::fs::remove_file(self.path(first));
        }
        if self.held() < self.limits.soft {
            let _ = self.release_updates();
        }
        true
    }
}

#[cfg(test)]
mod tests;
