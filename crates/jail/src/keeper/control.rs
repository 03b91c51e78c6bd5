//! Answers the server's requests: one line in, one line out, for each connection.

use std::{
    os::unix::net::UnixListener,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use protocol::keeper::{KeeperRecord, KeeperReply, KeeperRequest, Usage};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::UnixStream,
    sync::{Semaphore, mpsc, oneshot},
    time::timeout,
};

/// Longest request line.
const MOST_REQUEST: u64 = 4096;
const PATIENCE: Duration = Duration::from_secs(10);
const MOST_CONNECTIONS: usize = 16;

/// A request to end, and whom to tell when it is done.
#[derive(Debug)]
pub(crate) struct StopRequest {
    pub grace_ms: u64,
    pub done: oneshot::Sender<bool>,
}

/// What the sandbox uses, as last measured.
pub(crate) type SharedUsage = Arc<Mutex<Usage>>;

pub(crate) async fn serve(
    listener: UnixListener,
    record: KeeperRecord,
    usage: SharedUsage,
    stop: mpsc::Sender<StopRequest>,
) {
    let Ok(listener) = tokio::net::UnixListener::from_std(listener) else {
        return;
    };
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(permit) = room.clone().acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (record, usage, stop) = (record.clone(), usage.clone(), stop.clone());
        tokio::spawn(async move {
            let _ = answer(stream, record, usage, stop).await;
            drop(permit);
        });
    }
}

async fn answer(
    stream: UnixStream,
    record: KeeperRecord,
    usage: SharedUsage,
    stop: mpsc::Sender<StopRequest>,
) -> std::io::Result<()> {
    let peer = stream.peer_cred()?.uid();
    if peer != nix::unistd::geteuid().as_raw() && peer != 0 {
        return Ok(());
    }
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    timeout(
        PATIENCE,
        BufReader::new(read.take(MOST_REQUEST)).read_line(&mut line),
    )
    .await??;
    let reply = match serde_json::from_str(&line) {
        Ok(KeeperRequest::Status) => {
            let usage = *usage.lock().unwrap_or_else(PoisonError::into_inner);
            KeeperReply::Running {
                record: Box::new(record),
                usage,
            }
        }
        Ok(KeeperRequest::Stop { grace_ms }) => {
            let (done, wait) = oneshot::channel();
            let gone = KeeperReply::Error {
                cause: "something is still running".into(),
            };
            match stop.send(StopRequest { grace_ms, done }).await {
                Ok(()) if wait.await == Ok(true) => KeeperReply::Stopped,
                _ => gone,
            }
        }
        Err(_) => KeeperReply::Error {
            cause: "unknown request".into(),
        },
    };
    let mut line = serde_json::to_vec(&reply)?;
    line.push(b'\n');
    write.write_all(&line).await?;
    write.shutdown().await
}
