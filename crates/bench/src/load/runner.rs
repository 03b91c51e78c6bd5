//! A runner double: dials back as the runner does, reports, and notes when it is acked and told something.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use protocol::{
    keeper::{RelayChannel, RelayPreamble},
    runner::{RUNNER_PROTOCOL, RunnerCommand, RunnerStart, ServerFrame},
};
use tokio::{
    io::AsyncWriteExt as _,
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Notify, mpsc},
    task::JoinHandle,
};

use super::{
    FILLER, Stamp, upgrade,
    wire::{self, Came, Frames},
};
use crate::clock;

/// Reports under way without acknowledgement, as the real runner has them.
const WINDOW: u64 = 256;
/// Frames written in one go.
const BURST: u64 = 64;
const HEARTBEAT: Duration = Duration::from_secs(10);
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Where a double dials to.
pub(crate) enum Door {
    /// The relay of the server under test, as the keeper of that sandbox.
    Product {
        socket: PathBuf,
        start: Box<RunnerStart>,
    },
    Bare {
        socket: PathBuf,
        session: usize,
    },
}

/// Something the server wants of the runner.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) at: u64,
    pub(crate) prompt_id: Option<String>,
}

#[derive(Debug, Default)]
struct Shared {
    acked: AtomicU64,
    /// Frames that acknowledged something: one for each commit.
    acks: AtomicU64,
    progress: Notify,
    closed: AtomicBool,
}

/// One double.
pub(crate) struct Runner {
    shared: Arc<Shared>,
    writer: Arc<tokio::sync::Mutex<OwnedWriteHalf>>,
    generation: u64,
    n: AtomicU64,
    offset: AtomicU64,
    prompt: Mutex<Option<String>>,
    orders: tokio::sync::Mutex<mpsc::UnboundedReceiver<Order>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Runner {
    pub(crate) async fn connect(door: Door) -> Result<Self> {
        match door {
            Door::Bare { socket, session } => {
                let mut stream = UnixStream::connect(&socket)
                    .await
                    .context("the baseline's socket")?;
                let frames = upgrade(&mut stream, &format!("/runner/{session}"), &[]).await?;
                Ok(Self::start(stream, frames, 1))
            }
            Door::Product { socket, start } => Self::dial(socket, *start).await,
        }
    }

    /// Says hello and that the workspace is ready.
    async fn dial(socket: PathBuf, start: RunnerStart) -> Result<Self> {
        let mut stream = UnixStream::connect(&socket).await.context("the relay's socket")?;
        let preamble = RelayPreamble {
            sandbox_id: start.sandbox_id,
            session_id: start.session_id,
            generation: start.generation,
            channel: RelayChannel::Uplink,
        };
        let mut line = serde_json::to_vec(&preamble)?;
        line.push(b'\n');
        stream.write_all(&line).await?;
        let headers = [
            ("Authorization", format!("Bearer {}", start.token)),
            ("Coordinator-Session", start.session_id.to_string()),
            ("Coordinator-Sandbox", start.sandbox_id.to_string()),
            ("Coordinator-Generation", start.generation.to_string()),
        ];
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut frames = upgrade(&mut stream, "/v1/runner/connect", &headers).await?;
        let hello = serde_json::json!({
            "type": "hello", "protocol": RUNNER_PROTOCOL, "generation": start.generation,
            "secret": SECRET, "runner_version": "bench",
        });
        let mut out = Vec::new();
        wire::put(&mut out, hello.to_string().as_bytes());
        stream.write_all(&out).await?;
        match frames.next(&mut stream).await? {
            Came::Text(range) => match serde_json::from_slice(frames.text(range))? {
                ServerFrame::Welcome { .. } => {}
                other => bail!("{other:?} instead of a welcome"),
            },
            other => bail!("{other:?} instead of a welcome"),
        }
        let runner = Self::start(stream, frames, start.generation);
        let ready = serde_json::json!({
            "kind": "ready", "agent": "opencode", "version": "bench", "agent_session_id": "bench",
            "resumed": false, "elapsed_ms": 1,
        });
        runner.report(&ready).await?;
        Ok(runner)
    }

    fn start(stream: UnixStream, frames: Frames, generation: u64) -> Self {
        let shared = Arc::new(Shared::default());
        let (reader, writer) = stream.into_split();
        let writer = Arc::new(tokio::sync::Mutex::new(writer));
        let (sender, orders) = mpsc::unbounded_channel();
        let reading = Reading {
            shared: Arc::clone(&shared),
            writer: Arc::clone(&writer),
            generation,
            sender,
        };
        let beating = beat(Arc::clone(&writer), generation);
        Self {
            shared,
            writer,
            generation,
            n: AtomicU64::new(0),
            offset: AtomicU64::new(0),
            prompt: Mutex::new(None),
            orders: tokio::sync::Mutex::new(orders),
            tasks: vec![tokio::spawn(reading.read(reader, frames)), tokio::spawn(beating)],
        }
    }

    /// Number of the last report.
    pub(crate) fn sent(&self) -> u64 {
        self.n.load(Ordering::Relaxed)
    }

    pub(crate) fn acked(&self) -> u64 {
        self.shared.acked.load(Ordering::Relaxed)
    }

    pub(crate) fn acks(&self) -> u64 {
        self.shared.acks.load(Ordering::Relaxed)
    }

    fn in_turn(&self) -> Option<String> {
        self.prompt.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_turn(&self, prompt: Option<String>) {
        *self.prompt.lock().unwrap_or_else(PoisonError::into_inner) = prompt;
    }

    pub(crate) fn has_turn(&self) -> bool {
        self.in_turn().is_some()
    }

    /// Waits for the next prompt, which is then the turn.
    pub(crate) async fn prompted(&self) -> Result<u64> {
        let mut orders = self.orders.lock().await;
        loop {
            let order = orders
                .recv()
                .await
                .context("the connection of a runner double is gone")?;
            if let Some(prompt) = order.prompt_id {
                self.set_turn(Some(prompt));
                return Ok(order.at);
            }
        }
    }

    /// Ends the turn and waits until that is on disk.
    pub(crate) async fn end_turn(&self) -> Result<()> {
        let end = serde_json::json!({"kind": "turn_ended", "outcome": {"outcome": "completed"}});
        self.report(&end).await?;
        self.set_turn(None);
        self.settled().await
    }

    async fn report(&self, report: &serde_json::Value) -> Result<()> {
        let mut writer = self.writer.lock().await;
        let n = self.n.fetch_add(1, Ordering::Relaxed) + 1;
        let frame = serde_json::json!({
            "type": "report", "generation": self.generation, "n": n, "prompt_id": self.in_turn(), "report": report,
        });
        let mut out = Vec::new();
        wire::put(&mut out, frame.to_string().as_bytes());
        writer.write_all(&out).await?;
        Ok(())
    }

    /// Waits until everything is acknowledged.
    pub(crate) async fn settled(&self) -> Result<()> {
        loop {
            let progress = self.shared.progress.notified();
            if self.acked() >= self.sent() {
                return Ok(());
            }
            if self.shared.closed.load(Ordering::Relaxed) {
                bail!("the connection of a runner double is gone");
            }
            tokio::time::timeout(Duration::from_secs(60), progress)
                .await
                .with_context(|| {
                    format!(
                        "no ack for {} of {} reports",
                        self.sent() - self.acked(),
                        self.sent()
                    )
                })?;
        }
    }

    /// One event, stamped.
    pub(crate) async fn event(&self) -> Result<()> {
        self.burst(1).await
    }

    /// Reports as fast as they are acknowledged, until told to stop.
    pub(crate) async fn flood(&self, stop: &AtomicBool) -> Result<()> {
        while !stop.load(Ordering::Relaxed) {
            self.fill(BURST).await?;
        }
        Ok(())
    }

    /// So many reports, as fast as they are acknowledged.
    pub(crate) async fn events(&self, count: u64) -> Result<()> {
        let end = self.sent() + count;
        while self.sent() < end {
            self.fill(end - self.sent()).await?;
        }
        self.settled().await
    }

    /// Sends what there is room for, at most this many; waits a moment where there is none.
    async fn fill(&self, most: u64) -> Result<()> {
        let progress = self.shared.progress.notified();
        let room = WINDOW.saturating_sub(self.sent() - self.acked());
        if room > 0 {
            return self.burst(room.min(BURST).min(most)).await;
        }
        if self.shared.closed.load(Ordering::Relaxed) {
            bail!("the connection of a runner double is gone");
        }
        // Looks up now and then, to see whether it is to stop.
        let _ = tokio::time::timeout(Duration::from_millis(200), progress).await;
        Ok(())
    }

    async fn burst(&self, count: u64) -> Result<()> {
        let prompt = self
            .in_turn()
            .map_or_else(|| "null".to_owned(), |id| format!("\"{id}\""));
        let mut writer = self.writer.lock().await;
        let mut out = Vec::with_capacity(700 * usize::try_from(count)?);
        let mut frame = Vec::with_capacity(700);
        for _ in 0..count {
            let n = self.n.fetch_add(1, Ordering::Relaxed) + 1;
            frame.clear();
            let head = format!(
                r#"{{"type":"report","generation":{},"n":{n},"prompt_id":{prompt},"report":{{"kind":"event","event":{{"type":"message.text","data":{{"message_id":"msg_{n}","part_id":"prt_{n}","text":""#,
                self.generation
            );
            frame.extend_from_slice(head.as_bytes());
            Stamp::put(&mut frame);
            frame.extend_from_slice(FILLER.as_bytes());
            frame.extend_from_slice(br#""}}}}"#);
            wire::put(&mut out, &frame);
        }
        writer.write_all(&out).await?;
        Ok(())
    }

    /// One piece of text in the making, stamped.
    pub(crate) async fn delta(&self) -> Result<()> {
        let prompt = self.in_turn().unwrap_or_else(|| "none".to_owned());
        let mut text = Vec::with_capacity(64);
        Stamp::put(&mut text);
        text.extend_from_slice(b" a word or two, ");
        let offset = self.offset.fetch_add(text.len() as u64, Ordering::Relaxed);
        let head = format!(
            r#"{{"type":"delta","generation":{},"prompt_id":"{prompt}","delta":{{"message_id":"msg_1","part_id":"prt_1","kind":"text","offset":{offset},"text":""#,
            self.generation
        );
        let mut frame = head.into_bytes();
        frame.extend_from_slice(&text);
        frame.extend_from_slice(br#""}}"#);
        let mut out = Vec::with_capacity(frame.len() + 8);
        wire::put(&mut out, &frame);
        self.writer.lock().await.write_all(&out).await?;
        Ok(())
    }

    /// A word to the baseline.
    pub(crate) async fn tell(&self, words: &str) -> Result<()> {
        let mut out = Vec::new();
        wire::put(&mut out, words.as_bytes());
        self.writer.lock().await.write_all(&out).await?;
        Ok(())
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn beat(writer: Arc<tokio::sync::Mutex<OwnedWriteHalf>>, generation: u64) {
    let mut out = Vec::new();
    wire::put(
        &mut out,
        format!(r#"{{"type":"heartbeat","generation":{generation}}}"#).as_bytes(),
    );
    loop {
        tokio::time::sleep(HEARTBEAT).await;
        if writer.lock().await.write_all(&out).await.is_err() {
            return;
        }
    }
}

struct Reading {
    shared: Arc<Shared>,
    writer: Arc<tokio::sync::Mutex<OwnedWriteHalf>>,
    generation: u64,
    sender: mpsc::UnboundedSender<Order>,
}

impl Reading {
    async fn read(self, mut stream: OwnedReadHalf, mut frames: Frames) {
        loop {
            match frames.next(&mut stream).await {
                Ok(Came::Text(range)) => {
                    let at = clock::now();
                    match serde_json::from_slice(frames.text(range)) {
                        Ok(ServerFrame::Ack { n }) => {
                            self.shared.acked.store(n, Ordering::Relaxed);
                            self.shared.acks.fetch_add(1, Ordering::Relaxed);
                            self.shared.progress.notify_waiters();
                        }
                        Ok(ServerFrame::Command { command_id, command }) => {
                            let done = format!(
                                r#"{{"type":"command_done","generation":{},"command_id":"{command_id}"}}"#,
                                self.generation
                            );
                            let prompt_id = match command {
                                RunnerCommand::Prompt { prompt_id, .. } => Some(prompt_id.to_string()),
                                _ => None,
                            };
                            let _ = self.sender.send(Order { at, prompt_id });
                            let mut out = Vec::new();
                            wire::put(&mut out, done.as_bytes());
                            let _ = self.writer.lock().await.write_all(&out).await;
                        }
                        _ => {}
                    }
                }
                Ok(Came::Ping) => {}
                Ok(Came::Closed) | Err(_) => {
                    self.shared.closed.store(true, Ordering::Relaxed);
                    self.shared.progress.notify_waiters();
                    return;
                }
            }
        }
    }
}
