//! The load process as the keeper of every sandbox: it takes the specifications that stand-ins bring, and writes the
//! records by which the server's relay knows it.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result};
use protocol::{
    Timestamp,
    keeper::{KeeperRecord, KeeperReport, KeeperSpec},
    runner::RunnerStart,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::Notify,
    task::JoinHandle,
};

use super::{stand_in, unix::reach};
use crate::clock;

#[derive(Default)]
struct Shared {
    started: Mutex<HashMap<String, Box<RunnerStart>>>,
    news: Notify,
    /// The process that keepers are said to be of; 0: this one.
    pid: AtomicU32,
}

/// Takes specifications until dropped.
pub(crate) struct Keepers {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Keepers {
    /// Listens in the data directory of the server.
    pub(crate) fn listen(data_dir: &Path) -> Result<Self> {
        let path = data_dir.join(stand_in::SOCKET);
        let _ = std::fs::remove_file(&path);
        let (_directory, short) = reach(&path)?;
        let listener = UnixListener::bind(short).context("the socket for stand-ins")?;
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { shared, task })
    }

    /// From here on sandboxes are said to be kept by this process, so that it may dial for them.
    pub(crate) fn speak_for(&self, pid: u32) {
        self.shared.pid.store(pid, Ordering::Relaxed);
    }

    /// What the runner of a session was given when its sandbox started.
    pub(crate) async fn started(&self, session: &str) -> Result<Box<RunnerStart>> {
        let wait = async {
            loop {
                let news = self.shared.news.notified();
                if let Some(start) = lock(&self.shared).remove(session) {
                    return start;
                }
                news.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), wait)
            .await
            .with_context(|| format!("no sandbox was started for {session}"))
    }
}

impl Drop for Keepers {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(shared: &Shared) -> std::sync::MutexGuard<'_, HashMap<String, Box<RunnerStart>>> {
    shared.started.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: UnixListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            if let Err(error) = take(stream, &shared).await {
                crate::say(&format!("a stand-in was not understood: {error:#}"));
            }
        });
    }
}

async fn take(mut stream: UnixStream, shared: &Shared) -> Result<()> {
    let mut text = Vec::new();
    stream.read_to_end(&mut text).await?;
    let spec: KeeperSpec = serde_json::from_slice(&text)?;
    let start: RunnerStart = serde_json::from_str(&spec.stdin)?;
    let pid = match shared.pid.load(Ordering::Relaxed) {
        0 => std::process::id(),
        pid => pid,
    };
    let record = KeeperRecord {
        sandbox_id: spec.sandbox_id,
        session_id: spec.session_id,
        generation: spec.generation,
        keeper_pid: i32::try_from(pid)?,
        keeper_start_ticks: start_ticks(pid)?,
        control_socket: spec.control_socket,
        isolation: stand_in::isolation(),
        started_at: Timestamp::from_ms(clock::unix_ms()),
    };
    let place: PathBuf = spec.state_dir.join("keeper.json");
    std::fs::write(place, serde_json::to_vec(&record)?)?;
    let report = KeeperReport::Started {
        record: Box::new(record),
    };
    stream.write_all(&serde_json::to_vec(&report)?).await?;
    stream.shutdown().await?;
    lock(shared).insert(spec.session_id.to_string(), Box::new(start));
    shared.news.notify_waiters();
    Ok(())
}

/// When a process started, as the kernel counts.
fn start_ticks(pid: u32) -> Result<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let rest = text.rsplit_once(')').context("no name in stat")?.1;
    Ok(rest.split_whitespace().nth(19).context("a short stat")?.parse()?)
}
