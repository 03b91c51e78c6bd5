//! A door with everything around it played by the test.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use domain::address::Guard;
use egress::{Decision, DecisionSink, Door, EgressPolicy, MappedHost, Resolver};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

#[derive(Default)]
pub(crate) struct Names(
    pub(crate) HashMap<String, Vec<IpAddr>>,
    pub(crate) Mutex<Vec<String>>,
);

#[async_trait]
impl Resolver for Names {
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        self.1.lock().expect("no panic elsewhere").push(name.to_owned());
        self.0
            .get(name)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

#[derive(Default)]
pub(crate) struct Decisions(Mutex<Vec<Decision>>);

impl DecisionSink for Decisions {
    fn decided(&self, decision: Decision) {
        self.0.lock().expect("no panic elsewhere").push(decision);
    }
}

impl Decisions {
    /// `host:port`, a plus or minus, the reason.
    pub(crate) fn seen(&self) -> Vec<String> {
        let line = |d: &Decision| {
            format!(
                "{}{}:{} {}",
                if d.allowed { '+' } else { '-' },
                d.host,
                d.port,
                d.reason
            )
        };
        self.0
            .lock()
            .expect("no panic elsewhere")
            .iter()
            .map(line)
            .collect()
    }
}

pub(crate) struct World {
    pub(crate) door: Door,
    pub(crate) decisions: Arc<Decisions>,
    pub(crate) names: Arc<Names>,
}

pub(crate) fn guard(private: &str) -> Guard {
    Guard {
        private: private.parse().expect("networks"),
        ..Guard::default()
    }
}

pub(crate) fn world(allow: &str, guard: Guard, names: &[(&str, &[&str])], mapped: Vec<MappedHost>) -> World {
    let policy = EgressPolicy {
        allow: allow.parse().expect("patterns"),
        mapped,
        guard: Arc::new(guard),
    };
    let address = |text: &&str| text.parse().expect("an address");
    let names = names
        .iter()
        .map(|(name, ips)| ((*name).to_owned(), ips.iter().map(address).collect()));
    let names = Arc::new(Names(names.collect(), Mutex::default()));
    let decisions = Arc::new(Decisions::default());
    let door = Door::new(Arc::new(policy), names.clone(), decisions.clone());
    World {
        door,
        decisions,
        names,
    }
}

impl World {
    /// A connection out of the sandbox.
    pub(crate) fn connect(&self) -> (DuplexStream, JoinHandle<()>) {
        let (client, served) = duplex(64 * 1024);
        let door = self.door.clone();
        (client, tokio::spawn(async move { door.serve(served).await }))
    }

    /// Writes raw bytes, closes the writing side when told, and reads to the end.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> String {
        let (client, task) = self.connect();
        let (mut reader, mut writer) = tokio::io::split(client);
        let write = async {
            let _ = writer.write_all(bytes).await;
        };
        let mut answer = Vec::new();
        let read = async {
            let _ = reader.read_to_end(&mut answer).await;
        };
        tokio::join!(write, read);
        drop((reader, writer));
        task.await.expect("the door does not panic");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// A server that keeps what it got and answers each connection once.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) got: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&got);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                answer_once(stream, answer, &kept).await;
            }
        });
        Self { address, got, task }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn got(&self) -> Vec<String> {
        self.got.lock().expect("no panic elsewhere").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer_once(mut stream: TcpStream, answer: &str, kept: &Mutex<Vec<String>>) {
    let mut got = Vec::new();
    let mut buffer = [0; 4096];
    while !complete(&got) {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(count) => got.extend_from_slice(&buffer[..count]),
        }
    }
    kept.lock()
        .expect("no panic elsewhere")
        .push(String::from_utf8_lossy(&got).into_owned());
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// Whether a request is there whole.
fn complete(got: &[u8]) -> bool {
    let text = String::from_utf8_lossy(got);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let head = head.to_ascii_lowercase();
    if head.contains("transfer-encoding: chunked") {
        return body.ends_with("0\r\n\r\n");
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    body.len() >= length.unwrap_or(0)
}
