//! The admin socket: one JSON line asks, one JSON line answers. Who may connect is the operator: the same user,
//! or root.

use std::{
    future::Future,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use protocol::{Timestamp, api::Bootstrapped};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{UnixListener, UnixStream},
};
use tokio_util::sync::CancellationToken;

use super::{data_dir::admin_socket, unix};

const MOST_LINE: u64 = 16 * 1024;
const PATIENCE: Duration = Duration::from_secs(20);

/// What can be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Request {
    Bootstrap {
        email: String,
        org: String,
        /// Left out where it is not wanted, so that a server of before understands the rest.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        sign_in_link: bool,
    },
    Status,
    MasterKeyStatus,
    /// To a key from a file that the server can read, or to one that it makes.
    MasterKeyRotate {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_key_file: Option<PathBuf>,
    },
    MasterKeyRetire,
}

/// What is answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reply {
    Bootstrapped(Bootstrapped),
    Status(Status),
    MasterKey(app::MasterKeyReport),
    Error(String),
}

/// How the server is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Status {
    pub(crate) pid: u32,
    pub(crate) version: String,
    pub(crate) url: String,
    pub(crate) started_at: Timestamp,
    pub(crate) sessions_in_memory: usize,
    /// How far the run history is behind; `None` from a server of before, or when it does not know.
    #[serde(default)]
    pub(crate) runs: Option<Runs>,
}

/// How far the run history is behind.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Runs {
    pub(crate) waiting: u64,
    /// Age of the record that waits longest.
    pub(crate) oldest_s: u64,
    /// For how long the history has taken nothing; 0 while it does.
    pub(crate) failing_s: u64,
}

/// Who answers.
pub(super) type Answer = Arc<dyn Fn(Request) -> Pin<Box<dyn Future<Output = Reply> + Send>> + Send + Sync>;

/// Opens the socket.
pub(super) fn bind(data_dir: &Path) -> Result<UnixListener> {
    let path = admin_socket(data_dir);
    unix::listen(&path).with_context(|| format!("the admin socket {}", path.display()))
}

/// Answers until `stop`.
pub(super) async fn serve(listener: UnixListener, answer: Answer, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        match accepted {
            Ok((stream, _)) => {
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    if let Ok(Err(error)) = tokio::time::timeout(PATIENCE, one(stream, answer)).await {
                        tracing::debug!(%error, "an admin request ended badly");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept on the admin socket");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn one(stream: UnixStream, answer: Answer) -> Result<()> {
    let peer = stream.peer_cred()?.uid();
    if peer != 0 && peer != nix::unistd::geteuid().as_raw() {
        tracing::warn!(uid = peer, "refused another user on the admin socket");
        return Ok(());
    }
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    BufReader::new(read.take(MOST_LINE)).read_line(&mut line).await?;
    let reply = match serde_json::from_str(&line) {
        Ok(request) => answer(request).await,
        Err(error) => Reply::Error(format!("not a request: {error}")),
    };
    let mut line = serde_json::to_vec(&reply)?;
    line.push(b'\n');
    write.write_all(&line).await?;
    Ok(())
}

/// Asks the server of a data directory. `None` when there is none.
///
/// # Errors
/// When it is there but does not answer.
pub(crate) async fn ask(data_dir: &Path, request: &Request) -> Result<Option<Reply>> {
    use std::io::ErrorKind::{ConnectionRefused, NotFound};
    let path = admin_socket(data_dir);
    let stream = match unix::connect(&path).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), NotFound | ConnectionRefused) => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("the admin socket {}", path.display())),
    };
    let work = async {
        let (read, mut write) = stream.into_split();
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        write.write_all(&line).await?;
        let mut reply = String::new();
        BufReader::new(read.take(MOST_LINE)).read_line(&mut reply).await?;
        if reply.is_empty() {
            bail!("the server closed the admin socket without an answer");
        }
        anyhow::Ok(serde_json::from_str(&reply)?)
    };
    tokio::time::timeout(PATIENCE, work)
        .await
        .context("the server does not answer on its admin socket")?
        .map(Some)
}
