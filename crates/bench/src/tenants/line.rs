//! One connection of the flood: sends a request as bytes, and looks at no more of the answer than it has to.

use anyhow::{Context as _, Result, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// What an answer says about limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) retry_after: bool,
    pub(super) rate_limit: bool,
}

/// A connection that is opened when it is needed.
#[derive(Debug)]
pub(super) struct Line {
    address: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Line {
    pub(super) fn to(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            stream: None,
            buffer: Vec::new(),
        }
    }

    /// Sends one request and reads its answer. A connection that broke is opened anew for the next.
    pub(super) async fn ask(&mut self, request: &[u8]) -> Result<Told> {
        let outcome = self.attempt(request).await;
        if outcome.is_err() {
            self.stream = None;
        }
        outcome
    }

    async fn attempt(&mut self, request: &[u8]) -> Result<Told> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                self.buffer.clear();
                let stream = TcpStream::connect(&self.address).await?;
                stream.set_nodelay(true)?;
                none.insert(stream)
            }
        };
        // A server that has refused already may not take the rest of a body: its answer is there all the same.
        let written = stream.write_all(request).await;
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut self.buffer).await? == 0 {
                written?;
                bail!("closed without an answer");
            }
        };
        let text = String::from_utf8_lossy(self.buffer.get(..head).unwrap_or_default()).to_ascii_lowercase();
        let told = Told {
            status: text
                .split(' ')
                .nth(1)
                .and_then(|word| word.parse().ok())
                .context("no status")?,
            retry_after: text.contains("\r\nretry-after:"),
            rate_limit: text.contains("\r\nratelimit:") && text.contains("\r\nratelimit-policy:"),
        };
        let length: usize = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
            .unwrap_or(0);
        while self.buffer.len() < head + length {
            if stream.read_buf(&mut self.buffer).await? == 0 {
                break;
            }
        }
        let all = self.buffer.len().min(head + length);
        self.buffer.drain(..all);
        if text.contains("\r\nconnection: close") || written.is_err() {
            self.stream = None;
        }
        Ok(told)
    }
}
