//! Readers that are slow, that stop, that come back all the time, while an agent says things as fast as the server takes
//! them: each gets everything, in order, and the server does not grow with what they have not read.
//!
//! `READERS=full` is 20,000 events and a minute of silence; without it less.

use std::{
    io::Write as _,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use e2e::{PATIENCE, Server, Start};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

/// What a reader's kernel keeps for it. Little, so that what is not read stays with the server.
const RECEIVE_BUFFER: u32 = 16 * 1024;
/// Bytes of each text.
const BYTES: usize = 1_000;
/// The server may grow by this much, whatever its readers do.
const GROWTH_KIB: u64 = 64 * 1024;

#[derive(Debug, Clone)]
struct Place {
    address: SocketAddr,
    url: String,
    key: String,
    session: String,
    events: u64,
}

#[expect(clippy::disallowed_methods, reason = "figures of a real run")]
fn now() -> Instant {
    Instant::now()
}

/// What one reader has been given, held against what there must be.
#[derive(Debug, Default)]
struct Got {
    seq: u64,
    texts: u64,
    over: bool,
}

impl Got {
    fn take(&mut self, who: &str, event: &Value, of: u64) {
        let seq = event["seq"].as_u64().unwrap_or_default();
        assert_eq!(seq, self.seq + 1, "{who}: no gap and nothing twice");
        self.seq = seq;
        if event["type"] == "message.text" {
            self.texts += 1;
            let text = event["data"]["text"].as_str().unwrap_or_default();
            let start = format!("burst {} of {of}", self.texts);
            assert!(text.starts_with(&start) && text.len() == BYTES, "{who}: {text}");
        }
        self.over = event["type"] == "prompt.completed";
    }

    fn is_whole(&self, who: &str, of: u64) {
        assert!(self.over && self.texts == of, "{who}: {self:?}");
    }
}

struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    async fn subscribe(place: &Place, after: u64) -> Self {
        let socket = TcpSocket::new_v4().and_then(|socket| {
            socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
            Ok(socket)
        });
        let socket = socket.unwrap_or_else(|error| panic!("no socket: {error}"));
        let stream = socket
            .connect(place.address)
            .await
            .unwrap_or_else(|error| panic!("no connection: {error}"));
        let mut request = format!("ws://{}/v1/sessions/{}/ws", place.address, place.session)
            .into_client_request()
            .unwrap_or_else(|error| panic!("{error}"));
        let bearer = HeaderValue::from_str(&format!("Bearer {}", place.key));
        request
            .headers_mut()
            .insert("authorization", bearer.unwrap_or_else(|error| panic!("{error}")));
        let (mut socket, _) = client_async(request, stream)
            .await
            .unwrap_or_else(|error| panic!("no socket: {error}"));
        let subscribe = json!({"type": "subscribe", "after": after}).to_string();
        socket
            .send(Message::text(subscribe))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        Self(socket)
    }

    async fn event(&mut self, who: &str) -> Value {
        loop {
            let message = timeout(PATIENCE, self.0.next())
                .await
                .unwrap_or_else(|_| panic!("{who}: nothing comes"));
            match message {
                Some(Ok(Message::Text(text))) => {
                    let mut frame: Value = serde_json::from_str(&text).unwrap_or_default();
                    if frame["type"] == "event" {
                        return frame["event"].take();
                    }
                    assert_ne!(frame["type"], "error", "{who}: {frame}");
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => panic!("{who}: closed: {message:?}"),
                Some(Ok(_)) => {}
            }
        }
    }
}

/// Reads on one connection, with `pause` before each event.
async fn steadily(place: Place, who: &'static str, pause: impl Fn(u64) -> Duration) {
    let mut socket = Socket::subscribe(&place, 0).await;
    let mut got = Got::default();
    while !got.over {
        let pause = pause(got.seq);
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let event = socket.event(who).await;
        got.take(who, &event, place.events);
    }
    got.is_whole(who, place.events);
}

/// Hangs up after each hundred events and goes on after the last.
async fn coming_back(place: Place) {
    let who = "coming back";
    let mut got = Got::default();
    while !got.over {
        let mut socket = Socket::subscribe(&place, got.seq).await;
        for _ in 0..100 {
            let event = socket.event(who).await;
            got.take(who, &event, place.events);
            if got.over {
                break;
            }
        }
    }
    got.is_whole(who, place.events);
}

/// The same over server-sent events.
async fn coming_back_to_a_stream(place: Place) {
    let who = "coming back to a stream";
    let http = reqwest::Client::builder().no_proxy().build();
    let http = http.unwrap_or_else(|error| panic!("no HTTP client: {error}"));
    let mut got = Got::default();
    while !got.over {
        let mut left = 100;
        let response = http
            .get(format!("{}/v1/sessions/{}/events", place.url, place.session))
            .bearer_auth(&place.key)
            .header("accept", "text/event-stream")
            .header("last-event-id", got.seq.to_string());
        let mut response = response.send().await.unwrap_or_else(|error| panic!("{error}"));
        let mut buffer = Vec::new();
        while left > 0 && !got.over {
            let chunk = timeout(PATIENCE, response.chunk()).await;
            let chunk = chunk.unwrap_or_else(|_| panic!("{who}: nothing comes"));
            buffer.extend(chunk.unwrap_or_default().unwrap_or_default());
            while left > 0
                && let Some(end) = buffer.windows(2).position(|two| two == b"\n\n")
            {
                let block: Vec<u8> = buffer.drain(..end + 2).collect();
                let block = String::from_utf8_lossy(&block);
                let Some(data) = block.lines().find_map(|line| line.strip_prefix("data:")) else {
                    continue;
                };
                let event = serde_json::from_str(data.trim()).unwrap_or_default();
                got.take(who, &event, place.events);
                left -= 1;
            }
        }
    }
    got.is_whole(who, place.events);
}

/// A field of the server's status in KiB.
fn memory(pid: u32, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let number = line.and_then(|line| line.trim_start_matches(':').split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_gets_all_of_it_in_order_and_the_server_stays_small() {
    let full = std::env::var("READERS").is_ok_and(|size| size == "full");
    let (events, silence) = if full { (20_000, 60) } else { (3_000, 5) };
    let server = Server::start(Start::default().with("COORDINATOR_SCRIPTED_AGENT", "true")).await;
    let client = server.client();
    let pid = server.pid().unwrap_or_default();
    let new = json!({"agent": "scripted", "model": "demo/scripted"});
    // What a server has from its first turn on is there before it is measured.
    let warm = client.post("/v1/sessions", &new).await;
    let warm = warm["id"].as_str().unwrap_or_default();
    client
        .turn(warm, &json!({"text": "burst: 500 1000"}), PATIENCE)
        .await;

    let made = client.post("/v1/sessions", &new).await;
    let place = Place {
        address: server
            .url()
            .trim_start_matches("http://")
            .parse()
            .unwrap_or_else(|error| panic!("{error}")),
        url: server.url().to_owned(),
        key: server.key().to_owned(),
        session: made["id"].as_str().map(str::to_owned).unwrap_or_default(),
        events,
    };
    let before = memory(pid, "VmRSS");
    let most = Arc::new(AtomicU64::new(before));
    let watching = tokio::spawn({
        let most = Arc::clone(&most);
        async move {
            loop {
                most.fetch_max(memory(pid, "VmRSS"), Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    });
    let mut readers = JoinSet::new();
    let slowly = |_| Duration::from_millis(5);
    let once = move |seq| Duration::from_secs(if seq == 100 { silence } else { 0 });
    readers.spawn(measured(
        steadily(place.clone(), "200 a second", slowly),
        "200 a second",
    ));
    readers.spawn(measured(steadily(place.clone(), "silent", once), "silent"));
    readers.spawn(measured(coming_back(place.clone()), "coming back"));
    readers.spawn(measured(
        coming_back_to_a_stream(place.clone()),
        "coming back to a stream",
    ));
    let at_once = steadily(place.clone(), "at once", |_| Duration::ZERO);
    readers.spawn(measured(at_once, "at once"));
    let prompt = json!({"text": format!("burst: {events} {BYTES}")});
    client
        .post(&format!("/v1/sessions/{}/prompts", place.session), &prompt)
        .await;
    let mut told = Vec::new();
    while let Some(read) = readers.join_next().await {
        told.push(read.unwrap_or_else(|error| panic!("{error}")));
    }
    watching.abort();
    let most = most.load(Ordering::Relaxed);
    let _ = writeln!(
        std::io::stderr(),
        "readers: {events} events of {BYTES} bytes | {} | server memory before {before} KiB, most {most} KiB, now {} KiB, \
         high water mark {} KiB",
        told.join(", "),
        memory(pid, "VmRSS"),
        memory(pid, "VmHWM"),
    );
    assert!(most < before + GROWTH_KIB, "it grew from {before} to {most} KiB");
}

/// How long it took, in words.
async fn measured(reading: impl Future<Output = ()>, who: &str) -> String {
    let begun = now();
    reading.await;
    format!("{who} {:.1} s", begun.elapsed().as_secs_f64())
}
