//! A client: a socket that counts what comes, checks the order, and takes the time where asked.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use anyhow::{Context as _, Result, bail};
use tokio::{
    io::AsyncWriteExt as _,
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinHandle,
};

use super::{
    Stamp,
    stamp::number_after,
    upgrade,
    wire::{self, Came, Frames},
};
use crate::clock;

/// What a client has seen.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Events that carry a stamp.
    pub(crate) events: AtomicU64,
    pub(crate) deltas: AtomicU64,
    /// Events that did not follow the one before.
    pub(crate) out_of_order: AtomicU64,
    /// The last event's number.
    pub(crate) seq: AtomicU64,
    /// When the last stamped event came.
    pub(crate) last: AtomicU64,
    pub(crate) closed: AtomicBool,
    /// Whether times are kept.
    pub(crate) timing: AtomicBool,
    times: Mutex<Vec<u64>>,
}

impl Tally {
    pub(crate) fn take_times(&self) -> Vec<u64> {
        std::mem::take(&mut self.times.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, stamp: u64) {
        if self.timing.load(Ordering::Relaxed) {
            let took = clock::now().saturating_sub(stamp);
            self.times
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(took);
        }
    }

    fn event(&self, text: &[u8], key: &[u8]) {
        if let Some(seq) = number_after(text, key) {
            let before = self.seq.swap(seq, Ordering::Relaxed);
            if before != 0 && seq != before + 1 {
                self.out_of_order.fetch_add(1, Ordering::Relaxed);
            }
        }
        if let Some(stamp) = Stamp::first(text) {
            self.keep(stamp);
            self.last.store(clock::now(), Ordering::Relaxed);
            self.events.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn frame(&self, text: &[u8], key: &[u8]) {
        if text.starts_with(br#"{"type":"delta""#) {
            Stamp::all(text, |stamp| {
                self.keep(stamp);
                self.deltas.fetch_add(1, Ordering::Relaxed);
            });
        } else if text.starts_with(br#"{"type":"event""#) || text.starts_with(br#"{"type":"report""#) {
            self.event(text, key);
        }
    }
}

/// One client.
pub(crate) struct Client {
    pub(crate) tally: Arc<Tally>,
    writer: Arc<tokio::sync::Mutex<OwnedWriteHalf>>,
    task: JoinHandle<()>,
}

impl Client {
    /// A client of a session, after everything that is there.
    pub(crate) async fn of_session(address: &str, key: &str, session: &str) -> Result<Self> {
        let mut stream = open(address).await?;
        let path = format!("/v1/sessions/{session}/ws");
        let mut frames = upgrade(&mut stream, &path, &[("Authorization", &format!("Bearer {key}"))]).await?;
        let hello = text(&mut frames, &mut stream, br#"{"type":"hello""#).await?;
        let head = serde_json::from_slice::<serde_json::Value>(&hello)?
            .get("head")
            .and_then(serde_json::Value::as_u64)
            .context("no head in hello")?;
        let mut out = Vec::new();
        wire::put(
            &mut out,
            format!(r#"{{"type":"subscribe","after":{head}}}"#).as_bytes(),
        );
        stream.write_all(&out).await?;
        text(&mut frames, &mut stream, br#"{"type":"caught_up""#).await?;
        Ok(Self::start(stream, frames, br#""seq":"#, head))
    }

    /// A client of the baseline.
    pub(crate) async fn of_bare(address: &str, session: usize, after: u64) -> Result<Self> {
        let mut stream = open(address).await?;
        let mut frames = upgrade(&mut stream, &format!("/client/{session}"), &[]).await?;
        text(&mut frames, &mut stream, b"ready").await?;
        Ok(Self::start(stream, frames, br#""n":"#, after))
    }

    fn start(stream: TcpStream, frames: Frames, key: &'static [u8], after: u64) -> Self {
        let tally = Arc::new(Tally::default());
        tally.seq.store(after, Ordering::Relaxed);
        let (reader, writer) = stream.into_split();
        let writer = Arc::new(tokio::sync::Mutex::new(writer));
        let task = tokio::spawn(read(reader, frames, Arc::clone(&tally), Arc::clone(&writer), key));
        Self { tally, writer, task }
    }

    /// Sends a frame.
    pub(crate) async fn send(&self, text: &[u8]) -> Result<()> {
        let mut out = Vec::new();
        wire::put(&mut out, text);
        self.writer.lock().await.write_all(&out).await?;
        Ok(())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn open(address: &str) -> Result<TcpStream> {
    let stream = TcpStream::connect(address)
        .await
        .with_context(|| format!("connecting to {address}"))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The next text that begins like this; others are passed over.
async fn text(frames: &mut Frames, stream: &mut TcpStream, begin: &[u8]) -> Result<Vec<u8>> {
    loop {
        match frames.next(stream).await? {
            Came::Text(range) => {
                let text = frames.text(range);
                if text.starts_with(begin) {
                    return Ok(text.to_vec());
                }
                if text.starts_with(br#"{"type":"error""#) {
                    bail!("{}", String::from_utf8_lossy(text));
                }
            }
            Came::Ping => {}
            Came::Closed => bail!("closed before {}", String::from_utf8_lossy(begin)),
        }
    }
}

async fn read(
    mut stream: OwnedReadHalf,
    mut frames: Frames,
    tally: Arc<Tally>,
    writer: Arc<tokio::sync::Mutex<OwnedWriteHalf>>,
    key: &'static [u8],
) {
    loop {
        match frames.next(&mut stream).await {
            Ok(Came::Text(range)) => tally.frame(frames.text(range), key),
            Ok(Came::Ping) => {
                let mut out = Vec::new();
                wire::put_pong(&mut out);
                let _ = writer.lock().await.write_all(&out).await;
            }
            Ok(Came::Closed) | Err(_) => {
                tally.closed.store(true, Ordering::Relaxed);
                return;
            }
        }
    }
}
