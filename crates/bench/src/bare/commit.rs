//! Bare commits, timed in this process: what the disk and SQLite take for one.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use tokio::{
    sync::Semaphore,
    time::{Duration, Instant, sleep_until},
};

use super::{Files, Row, files::File};
use crate::clock;

/// Files that are open, and the threads that may be in them at once.
pub(crate) struct Commits {
    files: Vec<Arc<Mutex<File>>>,
    room: Arc<Semaphore>,
}

impl Commits {
    pub(crate) fn open(files: &Files, sessions: usize, threads: usize) -> Result<Self> {
        let open = |session| Ok(Arc::new(Mutex::new(files.open(session)?)));
        Ok(Self {
            files: (0..sessions).map(open).collect::<Result<_>>()?,
            room: Arc::new(Semaphore::new(threads)),
        })
    }

    /// Commits to each of the first `sessions` files every `every`, for `span`; answers what each commit took.
    pub(crate) async fn paced(
        &self,
        sessions: usize,
        every: Duration,
        span: Duration,
        rows: &[Row],
    ) -> Result<Vec<u64>> {
        let began = Instant::now();
        let tasks: Vec<_> = self
            .files
            .iter()
            .take(sessions)
            .enumerate()
            .map(|(index, file)| {
                let (file, room, rows) = (Arc::clone(file), Arc::clone(&self.room), rows.to_vec());
                let mut due = began + every.mul_f64(index as f64 / sessions as f64);
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    while due < began + span {
                        sleep_until(due).await;
                        times.push(one(&file, &room, &rows).await?);
                        due += every;
                    }
                    Ok::<_, anyhow::Error>(times)
                })
            })
            .collect();
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await??);
        }
        Ok(all)
    }

    /// One commit to one file; answers what it took.
    pub(crate) async fn single(&self, session: usize, rows: &[Row]) -> Result<u64> {
        let file = self.files.get(session).context("not so many files")?;
        one(file, &self.room, rows).await
    }

    /// Commits to each of the first `sessions` files at once; answers when each was done, from the start of all.
    pub(crate) async fn at_once(&self, sessions: usize, rows: &[Row]) -> Result<Vec<u64>> {
        let began = clock::now();
        let tasks: Vec<_> = self
            .files
            .iter()
            .take(sessions)
            .map(|file| {
                let (file, room, rows) = (Arc::clone(file), Arc::clone(&self.room), rows.to_vec());
                tokio::spawn(async move {
                    one(&file, &room, &rows).await?;
                    Ok::<_, anyhow::Error>(clock::now() - began)
                })
            })
            .collect();
        let mut all = Vec::new();
        for task in tasks {
            all.push(task.await??);
        }
        Ok(all)
    }
}

async fn one(file: &Arc<Mutex<File>>, room: &Arc<Semaphore>, rows: &[Row]) -> Result<u64> {
    let _permit = room.acquire().await.context("no more commits")?;
    let (file, rows) = (Arc::clone(file), rows.to_vec());
    tokio::task::spawn_blocking(move || {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let began = clock::now();
        file.commit(&rows)?;
        Ok(clock::now() - began)
    })
    .await?
}
