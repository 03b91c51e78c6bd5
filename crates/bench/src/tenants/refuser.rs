//! The bare listener: reads a request and answers 429, whatever it is. No router, no keys, no log: what it costs a machine to
//! be flooded by this generator, with as little behind it as there can be.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// About as long as what the server says.
const BODY: &str = r#"{"type":"https://example.org/problems/rate_limited","title":"Too many requests","status":429,"code":"rate_limited","detail":"This organisation may make 100 requests a second and has used up its stock of 2000. Wait, and follow events over a stream instead of polling.","limit":100}"#;

/// The running listener, killed when dropped.
pub(super) struct Refuser {
    child: Child,
    pub(super) address: String,
}

impl Refuser {
    pub(super) fn start() -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("refuse")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the bare listener")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        Ok(Self {
            child,
            address: line.trim().to_owned(),
        })
    }
}

impl Drop for Refuser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until whoever started it is gone; says its address first.
pub(crate) fn serve() -> Result<()> {
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", listener.local_addr()?)?;
        out.flush()?;
        let answer = format!(
            "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\n\
             ratelimit-policy: \"organisation\";q=2000;w=20\r\nratelimit: \"organisation\";r=0;t=20\r\n\
             content-length: {}\r\n\r\n{BODY}",
            BODY.len()
        );
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(refuse(stream, answer.clone()));
        }
        Ok(())
    })
}

async fn refuse(mut stream: TcpStream, answer: String) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(16 * 1024);
    loop {
        let head = loop {
            if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        let text = String::from_utf8_lossy(buffer.get(..head).unwrap_or_default()).to_ascii_lowercase();
        let length: usize = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
            .unwrap_or(0);
        buffer.drain(..head);
        let mut missing = length.saturating_sub(buffer.len());
        buffer.drain(..length.min(buffer.len()));
        while missing > 0 {
            let mut sink = [0; 16 * 1024];
            let most = missing.min(sink.len());
            let got = stream.read(&mut sink[..most]).await?;
            if got == 0 {
                return Ok(());
            }
            missing -= got;
        }
        stream.write_all(answer.as_bytes()).await?;
    }
}
