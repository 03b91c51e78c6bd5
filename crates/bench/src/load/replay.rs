//! A client that asks for a whole history and takes the time until it has it.

use anyhow::{Result, bail};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use super::{
    upgrade,
    wire::{self, Came, Frames},
};
use crate::{arm::Side, clock};

/// A socket that has not subscribed yet.
pub(crate) struct Replay {
    stream: TcpStream,
    frames: Frames,
}

impl Replay {
    pub(crate) async fn of_session(side: &Side, session: &str) -> Result<Self> {
        let Side::Product { address, key } = side else {
            bail!("not the product")
        };
        let path = format!("/v1/sessions/{session}/ws");
        Self::open(address, &path, &[("Authorization", &format!("Bearer {key}"))]).await
    }

    pub(crate) async fn of_bare(side: &Side, session: usize) -> Result<Self> {
        let Side::Bare { address } = side else {
            bail!("not the baseline")
        };
        Self::open(address, &format!("/replay/{session}"), &[]).await
    }

    /// Waits for the first frame: whoever is there is ready.
    async fn open(address: &str, path: &str, headers: &[(&str, &str)]) -> Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut frames = upgrade(&mut stream, path, headers).await?;
        frames.next(&mut stream).await?;
        Ok(Self { stream, frames })
    }

    /// From asking until everything is there: nanoseconds, and the number of events. The product is asked in its
    /// own words when nothing else is given.
    pub(crate) async fn run(&mut self, words: &str) -> Result<(u64, u64)> {
        let words = if words.is_empty() {
            r#"{"type":"subscribe","after":0}"#
        } else {
            words
        };
        let mut out = Vec::new();
        wire::put(&mut out, words.as_bytes());
        let began = clock::now();
        self.stream.write_all(&out).await?;
        let mut events = 0;
        loop {
            match self.frames.next(&mut self.stream).await? {
                Came::Text(range) => {
                    let text = self.frames.text(range);
                    if text.starts_with(br#"{"type":"event""#) {
                        events += 1;
                    } else if text.starts_with(br#"{"type":"caught_up""#) {
                        return Ok((clock::now() - began, events));
                    }
                }
                Came::Ping => {}
                Came::Closed => bail!("closed after {events} events"),
            }
        }
    }
}
