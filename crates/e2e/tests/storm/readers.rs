//! Readers of one session, over the socket and over server-sent events: each goes on after its last event whenever its
//! connection ends, and ends it by itself now and then.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    client_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

use crate::{Counts, Storm, ledger::Ledger, random::Random};

/// How often somebody who hears nothing looks whether it is all over.
const LOOK: Duration = Duration::from_millis(500);
/// Silence after which a connection is made anew: a server that was killed may not have said goodbye.
const QUIET: Duration = Duration::from_secs(60);

/// What one connection is for.
struct Reading<'a> {
    storm: &'a Storm,
    ledger: &'a Ledger,
    who: &'static str,
    cursor: &'a mut u64,
    /// Hangs up after so many.
    left: u64,
}

impl Reading<'_> {
    fn over(&self) -> bool {
        self.storm.over.load(Ordering::SeqCst)
    }

    /// False when it is time to hang up.
    fn take(&mut self, event: &Value) -> bool {
        let seq = self.ledger.shown(event);
        self.ledger.followed(self.who, *self.cursor, seq);
        *self.cursor = seq;
        Counts::add(&self.storm.counts.shown);
        self.left = self.left.saturating_sub(1);
        self.left > 0
    }
}

pub(crate) async fn socket(storm: Arc<Storm>, ledger: Arc<Ledger>, mut random: Random) {
    let mut cursor = 0;
    while !storm.over.load(Ordering::SeqCst) {
        let left = 20 + random.below(400);
        let reading = Reading {
            storm: &storm,
            ledger: &ledger,
            who: "socket",
            cursor: &mut cursor,
            left,
        };
        let _ = follow_socket(reading).await;
        Counts::add(&storm.counts.resumed);
        tokio::time::sleep(Duration::from_millis(20 + random.below(300))).await;
    }
}

async fn follow_socket(mut reading: Reading<'_>) -> Option<()> {
    let address = reading.storm.url.strip_prefix("http://")?;
    let mut request = format!("ws://{address}/v1/sessions/{}/ws", reading.ledger.id)
        .into_client_request()
        .ok()?;
    let bearer = HeaderValue::from_str(&format!("Bearer {}", reading.storm.key)).ok()?;
    request.headers_mut().insert("authorization", bearer);
    let open = async {
        let stream = TcpStream::connect(address).await.ok()?;
        client_async(request, stream).await.ok()
    };
    let (mut socket, _) = timeout(QUIET, open).await.ok()??;
    let subscribe = json!({"type": "subscribe", "after": *reading.cursor}).to_string();
    socket.send(Message::text(subscribe)).await.ok()?;
    let mut quiet = Duration::ZERO;
    while !reading.over() && quiet < QUIET {
        let Ok(message) = timeout(LOOK, socket.next()).await else {
            quiet += LOOK;
            continue;
        };
        quiet = Duration::ZERO;
        let Message::Text(text) = message?.ok()? else {
            continue;
        };
        let frame: Value = serde_json::from_str(&text).ok()?;
        match frame["type"].as_str() {
            Some("event") if !reading.take(&frame["event"]) => return None,
            Some("error") if frame["code"] == "invalid_cursor" => {
                let said = frame.to_string();
                reading.ledger.refused_cursor(reading.who, *reading.cursor, &said);
                return None;
            }
            // Unavailable for a moment.
            Some("error") => return None,
            _ => {}
        }
    }
    None
}

pub(crate) async fn stream(storm: Arc<Storm>, ledger: Arc<Ledger>, mut random: Random) {
    let mut cursor = 0;
    while !storm.over.load(Ordering::SeqCst) {
        let left = 20 + random.below(400);
        let reading = Reading {
            storm: &storm,
            ledger: &ledger,
            who: "stream",
            cursor: &mut cursor,
            left,
        };
        let _ = follow_stream(reading).await;
        Counts::add(&storm.counts.resumed);
        tokio::time::sleep(Duration::from_millis(20 + random.below(300))).await;
    }
}

async fn follow_stream(mut reading: Reading<'_>) -> Option<()> {
    let url = format!("{}/v1/sessions/{}/events", reading.storm.url, reading.ledger.id);
    let request = reading
        .storm
        .http
        .get(url)
        .bearer_auth(&reading.storm.key)
        .timeout(Duration::from_secs(3_600))
        .header("accept", "text/event-stream")
        .header("last-event-id", reading.cursor.to_string());
    let mut response = timeout(QUIET, request.send()).await.ok()?.ok()?;
    match response.status().as_u16() {
        200 => {}
        400 => {
            let said = response.text().await.ok()?;
            reading.ledger.refused_cursor(reading.who, *reading.cursor, &said);
            return None;
        }
        _ => return None,
    }
    let mut buffer: Vec<u8> = Vec::new();
    let mut quiet = Duration::ZERO;
    while !reading.over() && quiet < QUIET {
        let Ok(chunk) = timeout(LOOK, response.chunk()).await else {
            quiet += LOOK;
            continue;
        };
        quiet = Duration::ZERO;
        buffer.extend_from_slice(&chunk.ok()??);
        while let Some(end) = buffer.windows(2).position(|two| two == b"\n\n") {
            let block: Vec<u8> = buffer.drain(..end + 2).collect();
            let block = String::from_utf8(block).ok()?;
            let Some(data) = block.lines().find_map(|line| line.strip_prefix("data:")) else {
                continue;
            };
            let event: Value = serde_json::from_str(data.trim()).ok()?;
            if !reading.take(&event) {
                return None;
            }
        }
    }
    None
}
