//! WebSocket as a client speaks it, and no more than the load needs: text in both directions, pings answered.
//!
//! Not a library: at a hundred thousand frames per second the load would take the processors that the server is to
//! have. What it sends is masked as the protocol demands, with a mask of zeros.

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// A head of a reply is shorter than this.
const MOST_HEAD: usize = 16 * 1024;
/// Read at a time.
const CHUNK: usize = 16 * 1024;

/// Frames that come in.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    buffer: Vec<u8>,
    at: usize,
}

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// Text, as a range to be taken with [`Frames::text`].
    Text(std::ops::Range<usize>),
    /// To be answered with a pong.
    Ping,
    Closed,
}

impl Frames {
    pub(crate) fn text(&self, range: std::ops::Range<usize>) -> &[u8] {
        self.buffer.get(range).unwrap_or_default()
    }

    /// The next frame.
    pub(crate) async fn next<R: AsyncRead + Unpin>(&mut self, stream: &mut R) -> Result<Came> {
        loop {
            if let Some((opcode, start, end)) = self.parse()? {
                self.at = end;
                match opcode {
                    1 => return Ok(Came::Text(start..end)),
                    8 => return Ok(Came::Closed),
                    9 => return Ok(Came::Ping),
                    10 => continue,
                    other => bail!("a frame of kind {other}"),
                }
            }
            if self.at == self.buffer.len() {
                self.buffer.clear();
                if self.buffer.capacity() > CHUNK {
                    // A socket that waits holds no more than it must.
                    self.buffer.shrink_to(0);
                }
            } else if self.at > 0 {
                self.buffer.drain(..self.at);
            }
            self.at = 0;
            self.buffer.reserve(CHUNK);
            if stream.read_buf(&mut self.buffer).await? == 0 {
                return Ok(Came::Closed);
            }
        }
    }

    fn parse(&self) -> Result<Option<(u8, usize, usize)>> {
        let bytes = self.buffer.get(self.at..).unwrap_or_default();
        let [first, second, ..] = *bytes else {
            return Ok(None);
        };
        if first & 0x80 == 0 || second & 0x80 != 0 {
            bail!("a fragmented or masked frame");
        }
        let (head, length) = match (second, bytes) {
            (126, [_, _, a, b, ..]) => (4, usize::from(u16::from_be_bytes([*a, *b]))),
            (127, [_, _, rest @ ..]) if rest.len() >= 8 => {
                let mut length = [0; 8];
                length.copy_from_slice(&rest[..8]);
                (10, usize::try_from(u64::from_be_bytes(length))?)
            }
            (126 | 127, _) => return Ok(None),
            (short, _) => (2, usize::from(short)),
        };
        if bytes.len() < head + length {
            return Ok(None);
        }
        Ok(Some((first & 0x0f, self.at + head, self.at + head + length)))
    }
}

/// Appends a text frame to what is to be written.
pub(crate) fn put(out: &mut Vec<u8>, text: &[u8]) {
    put_kind(out, 1, text);
}

pub(crate) fn put_pong(out: &mut Vec<u8>) {
    put_kind(out, 10, b"");
}

fn put_kind(out: &mut Vec<u8>, opcode: u8, text: &[u8]) {
    out.push(0x80 | opcode);
    match u16::try_from(text.len()) {
        Ok(length) if length < 126 => out.push(0x80 | length.to_be_bytes()[1]),
        Ok(length) => {
            out.push(0x80 | 126);
            out.extend_from_slice(&length.to_be_bytes());
        }
        Err(_) => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(text.len() as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(text);
}

/// Asks for a WebSocket; the frames that come after the head, if any, are kept.
pub(crate) async fn upgrade<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<Frames> {
    let mut head = format!(
        "GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await?;
    let mut buffer = Vec::new();
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if buffer.len() > MOST_HEAD || stream.read_buf(&mut buffer).await? == 0 {
            bail!("no head of a reply for {path}");
        }
    };
    let status = std::str::from_utf8(buffer.get(..end).unwrap_or_default())
        .ok()
        .and_then(|head| head.split(' ').nth(1))
        .context("no status")?;
    if status != "101" {
        bail!(
            "{path} was answered with {status}: {}",
            String::from_utf8_lossy(&buffer)
        );
    }
    buffer.drain(..end);
    Ok(Frames { buffer, at: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(opcode: u8, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        put_kind(&mut out, opcode, text);
        // As a server writes it: without the mask.
        let head = if text.len() < 126 {
            2
        } else if text.len() < 65_536 {
            4
        } else {
            10
        };
        out[1] &= 0x7f;
        out.drain(head..head + 4);
        out
    }

    #[tokio::test]
    async fn frames_of_all_lengths_arrive() {
        let long = vec![b'x'; 70_000];
        let mut bytes = served(1, b"short");
        bytes.extend(served(9, b""));
        bytes.extend(served(1, &long[..300]));
        bytes.extend(served(1, &long));
        bytes.extend(served(8, b""));
        let (mut ours, mut theirs) = tokio::io::duplex(1000);
        tokio::spawn(async move { theirs.write_all(&bytes).await });
        let mut frames = Frames::default();
        for expected in [&b"short"[..], b"ping", &long[..300], &long] {
            match frames.next(&mut ours).await.unwrap() {
                Came::Text(range) => assert!(frames.text(range) == expected),
                came => assert_eq!((came, expected), (Came::Ping, &b"ping"[..])),
            }
        }
        assert_eq!(frames.next(&mut ours).await.unwrap(), Came::Closed);
    }
}
