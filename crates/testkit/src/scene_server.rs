//! A server on loopback that plays scenes byte by byte: raw sockets, no framework, so that it can also break off
//! in mid-answer. For contracts; a provider that behaves like a model is [`crate::model_server`].

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};

const MAX_HEAD: usize = 64 * 1024;
const MAX_BODY: usize = 16 * 1024 * 1024;

/// One programmed answer.
#[derive(Debug, Clone)]
pub struct Scene {
    pub status: u16,
    pub content_type: String,
    pub retry_after: Option<String>,
    /// Each is sent on its own.
    pub chunks: Vec<Bytes>,
    /// The connection is cut after the chunks, in mid-answer.
    pub breaks_off: bool,
}

impl Scene {
    #[must_use]
    pub fn json(status: u16, body: &str) -> Self {
        Self {
            status,
            content_type: "application/json".into(),
            retry_after: None,
            chunks: vec![Bytes::copy_from_slice(body.as_bytes())],
            breaks_off: false,
        }
    }

    /// Server-sent events, one chunk each.
    #[must_use]
    pub fn events(data: &[&str]) -> Self {
        Self {
            content_type: "text/event-stream".into(),
            chunks: data
                .iter()
                .map(|line| Bytes::from(format!("data: {line}\n\n")))
                .collect(),
            ..Self::json(200, "")
        }
    }
}

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Received {
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The key, wherever its dialect puts it.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        let bearer = self
            .header("authorization")
            .and_then(|value| value.strip_prefix("Bearer "));
        bearer.or_else(|| self.header("x-api-key")).map(String::from)
    }
}

#[derive(Debug, Default)]
struct Shared {
    script: Mutex<VecDeque<Scene>>,
    requests: Mutex<Vec<Received>>,
}

/// Listens until dropped.
#[derive(Debug)]
pub struct SceneServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Drop for SceneServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SceneServer {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                // A client that hangs up is its own business.
                tokio::spawn(async move { answer(stream, &shared).await.ok() });
            }
        });
        Ok(Self {
            address,
            shared,
            task,
        })
    }

    /// Queues one answer; without one left, requests get a 500 that says so.
    pub fn then(&self, scene: Scene) {
        lock(&self.shared.script).push_back(scene);
    }

    /// Where a provider's `base_url` points to.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every request so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Received> {
        lock(&self.shared.requests).clone()
    }
}

/// A port on which nobody listens, nor will: it is bound until this process ends, so that nobody else is given it.
///
/// # Errors
/// When no port can be had.
pub fn closed_port() -> io::Result<u16> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let port = socket.local_addr()?.port();
    std::mem::forget(socket);
    Ok(port)
}

async fn answer(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let received = receive(&mut stream).await?;
    lock(&shared.requests).push(received);
    let scene = lock(&shared.script).pop_front();
    let scene = scene.unwrap_or_else(|| Scene::json(500, r#"{"error":{"message":"the script is over"}}"#));
    let mut head = format!(
        "HTTP/1.1 {} Scripted\r\ncontent-type: {}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n",
        scene.status, scene.content_type
    );
    if let Some(value) = &scene.retry_after {
        head.push_str(&format!("retry-after: {value}\r\n"));
    }
    head.push_str("\r\n");
    let stream = stream.get_mut();
    stream.write_all(head.as_bytes()).await?;
    for chunk in &scene.chunks {
        stream
            .write_all(format!("{:x}\r\n", chunk.len()).as_bytes())
            .await?;
        stream.write_all(chunk).await?;
        stream.write_all(b"\r\n").await?;
        stream.flush().await?;
    }
    if !scene.breaks_off {
        stream.write_all(b"0\r\n\r\n").await?;
    }
    stream.shutdown().await
}

async fn receive(stream: &mut BufReader<TcpStream>) -> io::Result<Received> {
    let bad = |what| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= MAX_HEAD {
            return Err(bad("the head is too long"));
        }
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, path) = (
        first.next().unwrap_or_default().to_owned(),
        first.next().unwrap_or_default().to_owned(),
    );
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map(|(_, value)| value.parse::<usize>());
    let length = length
        .transpose()
        .map_err(|_| bad("the length is not a number"))?
        .unwrap_or(0);
    if length > MAX_BODY {
        return Err(bad("the body is too long"));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Received {
        method,
        path,
        headers,
        body: body.into(),
    })
}
