//! The baseline's process: frames in over tungstenite, committed with rusqlite in batches of a given size, then
//! acknowledged and sent on to the clients, as they came. Deltas are sent on without a commit.
//!
//! It does what any server with these guarantees has to do and nothing more: no JSON is read, nobody is asked who they
//! are, no state is kept, and nothing is done about a client that is slow.

use std::{
    collections::{HashMap, hash_map::Entry},
    io::Write as _,
    sync::{Arc, Mutex, PoisonError, mpsc as threads},
};

use anyhow::{Context as _, Result};
use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use tokio::{
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    sync::mpsc,
};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async_with_config,
    tungstenite::{
        Message, Utf8Bytes,
        handshake::server::{Request, Response},
        protocol::WebSocketConfig,
    },
};

use super::{
    files::{File, Files},
    relay::SOCKET,
    replay::replays,
};
use crate::{options::Bare, product::reach};

type Clients = Arc<tokio::sync::Mutex<Vec<WebSocketStream<TcpStream>>>>;

/// Frames of one commit.
#[derive(Default)]
struct Batch {
    texts: Vec<Utf8Bytes>,
    /// Whether a client's frames of one commit are written in one go, or each on its own.
    gathered: bool,
}

type Runner = WebSocketStream<UnixStream>;

/// What a thread is to do.
enum Work {
    Commit {
        session: usize,
        batch: Batch,
        done: mpsc::UnboundedSender<Batch>,
    },
    /// Forget what is stored, so that a day of floods fits on the disk.
    Anew(usize),
}

#[derive(Clone)]
struct House {
    clients: Arc<Mutex<HashMap<usize, Clients>>>,
    threads: Arc<Vec<threads::Sender<Work>>>,
    files: Files,
    /// What a socket reads at a time.
    buffer: usize,
}

impl House {
    fn clients(&self, session: usize) -> Clients {
        let mut all = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(session).or_default())
    }
}

/// Serves until killed; says its address first.
pub(crate) fn serve(arguments: &Bare) -> Result<()> {
    let files = Files::new(&arguments.place)?;
    let house = House {
        clients: Arc::default(),
        threads: Arc::new(
            (0..arguments.threads.max(1))
                .map(|_| thread(files.clone()))
                .collect(),
        ),
        files,
        buffer: arguments.buffer,
    };
    // Whoever started it holds its input: without them there is nobody to serve.
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let path = arguments.place.join(SOCKET);
        let _ = std::fs::remove_file(&path);
        let (_directory, short) = reach(&path)?;
        let runners = UnixListener::bind(short)?;
        let clients = TcpListener::bind("127.0.0.1:0").await?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", clients.local_addr()?)?;
        out.flush()?;
        let for_runners = house.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = runners.accept().await {
                tokio::spawn(runner(for_runners.clone(), stream));
            }
        });
        while let Ok((stream, _)) = clients.accept().await {
            tokio::spawn(client(house.clone(), stream));
        }
        Ok(())
    })
}

fn config(buffer: usize) -> WebSocketConfig {
    WebSocketConfig::default().read_buffer_size(buffer)
}

/// The number at the end of a path.
fn session_of(path: &str) -> usize {
    path.rsplit('/')
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or(0)
}

#[expect(clippy::result_large_err, reason = "the callback's type is tungstenite's")]
async fn accept<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin>(
    stream: S,
    buffer: usize,
) -> Result<(WebSocketStream<S>, usize, bool)> {
    let mut session = 0;
    let mut replay = false;
    let look = |request: &Request, response: Response| {
        session = session_of(request.uri().path());
        replay = request.uri().path().starts_with("/replay/");
        Ok(response)
    };
    let socket = accept_hdr_async_with_config(stream, look, Some(config(buffer))).await?;
    Ok((socket, session, replay))
}

async fn client(house: House, stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let (mut socket, session, replay) = accept(stream, house.buffer).await?;
    if replay {
        return replays(&house.files, session, socket).await;
    }
    let clients = house.clients(session);
    let mut clients = clients.lock().await;
    socket.send(Message::text("ready")).await?;
    clients.push(socket);
    Ok(())
}

async fn runner(house: House, stream: UnixStream) -> Result<()> {
    let (socket, session, _) = accept(stream, house.buffer).await?;
    let (sink, stream) = socket.split();
    let clients = house.clients(session);
    let (done, committed) = mpsc::unbounded_channel();
    let sending = tokio::spawn(send(sink, committed, Arc::clone(&clients)));
    let thread = house
        .threads
        .get(session % house.threads.len())
        .context("no thread")?;
    let reading = Reading {
        session,
        clients,
        done,
        thread,
        batch: Vec::new(),
        size: 1.0,
        credit: 0.0,
        gathered: false,
    };
    reading.read(stream).await;
    sending.abort();
    Ok(())
}

struct Reading<'a> {
    session: usize,
    clients: Clients,
    done: mpsc::UnboundedSender<Batch>,
    thread: &'a threads::Sender<Work>,
    batch: Vec<Utf8Bytes>,
    /// Frames in a commit, on average: as many as the product had.
    size: f64,
    credit: f64,
    gathered: bool,
}

impl Reading<'_> {
    async fn read(mut self, mut stream: SplitStream<Runner>) {
        while let Some(Ok(message)) = stream.next().await {
            let Message::Text(text) = message else { continue };
            if text.starts_with(r#"{"type":"report""#) {
                self.batch.push(text);
                if self.batch.len() as f64 >= (self.size + self.credit).floor().max(1.0) {
                    self.credit += self.size - self.batch.len() as f64;
                    self.commit();
                }
            } else if text.starts_with(r#"{"type":"delta""#) {
                pass_on(&self.clients, std::slice::from_ref(&text), false).await;
            } else if let Some(words) = text.strip_prefix("batch ") {
                let size = words.strip_suffix(" gathered");
                self.gathered = size.is_some();
                self.size = size.unwrap_or(words).parse().unwrap_or(1.0);
                self.credit = 0.0;
            } else if text.as_str() == "flush" {
                self.commit();
            } else if text.as_str() == "anew" {
                let _ = self.thread.send(Work::Anew(self.session));
            }
        }
    }

    fn commit(&mut self) {
        let texts = std::mem::take(&mut self.batch);
        if !texts.is_empty() {
            let batch = Batch {
                texts,
                gathered: self.gathered,
            };
            let work = Work::Commit {
                session: self.session,
                batch,
                done: self.done.clone(),
            };
            let _ = self.thread.send(work);
        }
    }
}

/// A thread that commits, with the files of its sessions.
fn thread(files: Files) -> threads::Sender<Work> {
    let (sender, receiver) = threads::channel::<Work>();
    std::thread::spawn(move || {
        let mut open = HashMap::new();
        while let Ok(work) = receiver.recv() {
            if let Err(error) = carry_out(&files, &mut open, work) {
                crate::say(&format!("the baseline cannot commit: {error:#}"));
            }
        }
    });
    sender
}

fn carry_out(files: &Files, open: &mut HashMap<usize, File>, work: Work) -> Result<()> {
    let (session, batch, done) = match work {
        Work::Commit { session, batch, done } => (session, batch, done),
        Work::Anew(session) => {
            drop(open.remove(&session));
            files.remove(session)?;
            open.insert(session, files.open(session)?);
            return Ok(());
        }
    };
    let file = match open.entry(session) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => entry.insert(files.open(session)?),
    };
    file.commit_texts(batch.texts.iter().map(|text| event_of(text).as_bytes()))?;
    let _ = done.send(batch);
    Ok(())
}

/// What is stored: the event, without the envelope around it.
fn event_of(frame: &str) -> &str {
    const KEY: &str = r#""event":"#;
    frame
        .find(KEY)
        .and_then(|at| frame.get(at + KEY.len()..))
        .unwrap_or(frame)
}

async fn send(
    mut runner: SplitSink<Runner, Message>,
    mut committed: mpsc::UnboundedReceiver<Batch>,
    clients: Clients,
) -> Result<()> {
    let mut n = 0;
    while let Some(batch) = committed.recv().await {
        n += batch.texts.len();
        runner
            .send(Message::text(format!(r#"{{"type":"ack","n":{n}}}"#)))
            .await?;
        pass_on(&clients, &batch.texts, batch.gathered).await;
    }
    Ok(())
}

/// Sends texts on to every client; one that is gone is left out from then on.
async fn pass_on(clients: &Clients, texts: &[Utf8Bytes], gathered: bool) {
    let mut clients = clients.lock().await;
    let mut gone = Vec::new();
    for (index, client) in clients.iter_mut().enumerate() {
        let outcome = async {
            for text in texts {
                let message = Message::Text(text.clone());
                if gathered {
                    client.feed(message).await?;
                } else {
                    client.send(message).await?;
                }
            }
            client.flush().await
        };
        if outcome.await.is_err() {
            gone.push(index);
        }
    }
    for index in gone.into_iter().rev() {
        drop(clients.swap_remove(index));
    }
}
