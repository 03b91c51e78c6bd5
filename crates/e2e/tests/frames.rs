//! Bad frames at a real server's socket: a client that floods, that sends a hundred megabytes, or what is no text. It
//! hears why it is closed, the server stays as small as it was, and everybody else goes on.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{net::SocketAddr, time::Duration};

use e2e::{PATIENCE, Server, Start};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

/// The server may grow by this much, whatever it is sent.
const GROWTH_KIB: u64 = 48 * 1024;

struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    async fn open(server: &Server, session: &str) -> Self {
        let address: SocketAddr = server.url().trim_start_matches("http://").parse().unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let mut request = format!("ws://{address}/v1/sessions/{session}/ws")
            .into_client_request()
            .unwrap();
        let bearer = HeaderValue::from_str(&format!("Bearer {}", server.key())).unwrap();
        request.headers_mut().insert("authorization", bearer);
        Self(client_async(request, stream).await.unwrap().0)
    }

    async fn next(&mut self) -> Option<Message> {
        let next = timeout(PATIENCE, self.0.next()).await.expect("a frame in time");
        next.and_then(Result::ok)
    }

    async fn until(&mut self, kind: &str) -> Value {
        loop {
            if let Message::Text(text) = self.next().await.expect("the socket is open") {
                let frame: Value = serde_json::from_str(&text).unwrap();
                if frame["type"] == kind {
                    return frame;
                }
            }
        }
    }

    async fn lives(&mut self) {
        let ping = Message::text(json!({"type": "ping"}).to_string());
        self.0.send(ping).await.unwrap();
        self.until("pong").await;
    }

    /// Code and reason of its end.
    async fn closing(&mut self) -> Option<(u16, String)> {
        loop {
            match self.next().await? {
                Message::Close(Some(frame)) => return Some((frame.code.into(), frame.reason.to_string())),
                Message::Close(None) => return None,
                _ => {}
            }
        }
    }

    /// Sends as much as is taken.
    async fn pour(&mut self, head: &[u8], bytes: usize) {
        let stream = self.0.get_mut();
        let mut left = bytes;
        let piece = vec![b'x'; 1 << 20];
        let pouring = async {
            stream.write_all(head).await?;
            while left > 0 {
                let some = left.min(piece.len());
                stream.write_all(&piece[..some]).await?;
                left -= some;
            }
            Ok::<_, std::io::Error>(())
        };
        // A server that has said goodbye reads no more.
        let _ = timeout(Duration::from_secs(3), pouring).await;
    }
}

fn memory(server: &Server) -> u64 {
    let path = format!("/proc/{}/status", server.pid().unwrap_or_default());
    let status = std::fs::read_to_string(path).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_hears_why_and_others_go_on() {
    let server = Server::start(Start::default().with("COORDINATOR_SCRIPTED_AGENT", "true")).await;
    let client = server.client();
    let new = json!({"agent": "scripted", "model": "demo/scripted"});
    let made = client.post("/v1/sessions", &new).await;
    let session = made["id"].as_str().unwrap_or_default();
    let warm = json!({"text": "burst: 100 1000"});
    client.turn(session, &warm, PATIENCE).await;
    let mut quiet = Socket::open(&server, session).await;
    let before = memory(&server);
    let running = json!({"text": "run: while [ ! -e go ]; do sleep 0.1; done\nburst: 100\nevent: hologram.shown={\"deep\":[1,{\"a\":null}]}"});
    let prompt = client
        .post(&format!("/v1/sessions/{session}/prompts"), &running)
        .await;

    // A hundred megabytes in one frame, in many, and in one that only says so.
    let mut head = vec![0x81, 0xff];
    head.extend((100u64 << 20).to_be_bytes());
    head.extend([0; 4]);
    let mut large = Socket::open(&server, session).await;
    large.pour(&head, 100 << 20).await;
    assert_eq!(large.closing().await.map(|(code, _)| code), Some(1009));
    let mut pieces = Socket::open(&server, session).await;
    for n in 0..100 {
        // Text, then continuations that never end.
        let mut head = vec![u8::from(n == 0), 0xff];
        head.extend((1u64 << 20).to_be_bytes());
        head.extend([0; 4]);
        pieces.pour(&head, 1 << 20).await;
    }
    assert_eq!(pieces.closing().await.map(|(code, _)| code), Some(1009));
    let mut promised = Socket::open(&server, session).await;
    promised.pour(&head, 10).await;
    assert_eq!(promised.closing().await.map(|(code, _)| code), Some(1009));

    let mut not_text = Socket::open(&server, session).await;
    not_text.pour(&[0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], 0).await;
    assert_eq!(not_text.closing().await.map(|(code, _)| code), Some(1007));
    let mut binary = Socket::open(&server, session).await;
    for message in [
        Message::binary(vec![0; 100]),
        Message::text("{\"type\":"),
        Message::text("[".repeat(100_000)),
    ] {
        binary.0.send(message).await.unwrap();
        assert_eq!(binary.until("error").await["code"], "invalid_request");
    }
    binary.lives().await;

    let mut flood = Socket::open(&server, session).await;
    let flooding = async {
        loop {
            let nonsense = Message::text("{\"type\":\"nonsense\"}");
            if flood.0.feed(nonsense).await.is_err() || flood.0.flush().await.is_err() {
                return;
            }
        }
    };
    // Its answers are not read, so it is held back before it is closed.
    let _ = timeout(Duration::from_secs(3), flooding).await;
    let (code, reason) = flood.closing().await.unwrap();
    assert!(
        code == 4029 && reason.starts_with("rate_limited"),
        "{code} {reason}"
    );

    quiet.lives().await;
    let most = memory(&server);
    assert!(most < before + GROWTH_KIB, "it grew from {before} to {most} KiB");
    let go = server
        .data_dir()
        .join("sandboxes")
        .join(session)
        .join("workspace/go");
    std::fs::write(&go, "").unwrap();
    let events = client.end_of(session, &prompt["id"], PATIENCE).await;
    assert_eq!(events.last().unwrap()["type"], "prompt.completed", "{events:#?}");
    let texts = events.iter().filter(|event| event["type"] == "message.text");
    assert_eq!(texts.count(), 101, "the burst, and what the command printed");
    // A type that no part of this build knows, kept and passed on as it came.
    let unknown: Vec<&Value> = events
        .iter()
        .filter(|event| event["type"] == "hologram.shown")
        .collect();
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0]["data"], json!({"deep": [1, {"a": null}]}));
    let after = json!({"type": "subscribe", "after": unknown[0]["seq"].as_u64().unwrap() - 1}).to_string();
    quiet.0.send(Message::text(after)).await.unwrap();
    assert_eq!(
        quiet.until("event").await["event"],
        *unknown[0],
        "over the socket, too"
    );
}
