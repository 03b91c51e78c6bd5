//! Where relayed connections arrive at the server: each says which sandbox and listener it comes from, which is
//! checked against the process that connects, and is then handed on as a plain stream.

use std::{io, time::Duration};

use protocol::keeper::{KeeperNotice, RelayPreamble};
use tokio::{
    io::AsyncReadExt,
    net::{UnixListener, UnixStream},
    sync::{Semaphore, mpsc},
    time::timeout,
};

use crate::{registry::Registry, sockets};

/// Longest first line.
const MOST_PREAMBLE: usize = 4096;
/// Longest notice of a keeper: the end of a program's standard error is in it, escaped.
const MOST_NOTICE: usize = 128 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections that have not said yet who they are.
const MOST_STRANGERS: usize = 1024;
/// Connections that nobody has taken yet.
const MOST_WAITING: usize = 256;

/// A connection from a sandbox, after its first line.
#[derive(Debug)]
pub struct RelayedConnection {
    pub preamble: RelayPreamble,
    /// The raw bytes of the program inside; on a presence connection, notices of the keeper.
    pub stream: UnixStream,
}

/// The listening socket.
#[derive(Debug)]
pub struct RelayServer {
    listener: UnixListener,
    registry: Registry,
}

impl RelayServer {
    /// Listens at the data directory's `relay.sock`.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn bind(registry: Registry) -> io::Result<Self> {
        let listener = sockets::listen(&registry.socket())?;
        Ok(Self { listener, registry })
    }

    /// Accepts for ever in a task of its own; connections come out of the receiver. Dropping the receiver ends it.
    #[must_use]
    pub fn start(self) -> mpsc::Receiver<RelayedConnection> {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        tokio::spawn(self.accept(sender));
        receiver
    }

    async fn accept(self, sender: mpsc::Sender<RelayedConnection>) {
        let room = std::sync::Arc::new(Semaphore::new(MOST_STRANGERS));
        loop {
            let Ok(permit) = room.clone().acquire_owned().await else {
                return;
            };
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = sender.closed() => return,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a relayed connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let (registry, sender) = (self.registry.clone(), sender.clone());
            tokio::spawn(async move {
                if let Some(connection) = introduce(stream, &registry).await {
                    drop(permit);
                    let _ = sender.send(connection).await;
                }
            });
        }
    }
}

/// Reads and checks the first line.
async fn introduce(mut stream: UnixStream, registry: &Registry) -> Option<RelayedConnection> {
    let peer = stream.peer_cred().ok()?;
    if peer.uid() != nix::unistd::geteuid().as_raw() {
        tracing::warn!(uid = peer.uid(), "refused a relayed connection of another user");
        return None;
    }
    let pid = peer.pid()?;
    let line = timeout(PATIENCE, read_line(&mut stream, MOST_PREAMBLE))
        .await
        .ok()??;
    let preamble: RelayPreamble = serde_json::from_slice(&line).ok()?;
    if !registry.vouches(&preamble, pid) {
        tracing::warn!(sandbox = %preamble.sandbox_id, pid, "refused a relayed connection of an unknown keeper");
        return None;
    }
    Some(RelayedConnection { preamble, stream })
}

/// One line, taken byte by byte because whatever follows belongs to someone else.
async fn read_line(stream: &mut UnixStream, most: usize) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    while line.len() < most {
        match stream.read_u8().await.ok()? {
            b'\n' => return Some(line),
            byte => line.push(byte),
        }
    }
    None
}

/// The next notice on a presence connection; `None` when the keeper is gone.
pub async fn next_notice(stream: &mut UnixStream) -> Option<KeeperNotice> {
    loop {
        let line = read_line(stream, MOST_NOTICE).await?;
        // A notice of a newer keeper that is not understood is no reason to hang up.
        if let Ok(notice) = serde_json::from_slice(&line) {
            return Some(notice);
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{SandboxId, SessionId, keeper::RelayChannel};
    use tokio::io::AsyncWriteExt;

    use super::*;

    fn preamble(id: SandboxId) -> String {
        let preamble = RelayPreamble {
            sandbox_id: id,
            session_id: SessionId::new(1, 1),
            generation: 1,
            channel: RelayChannel::Uplink,
        };
        serde_json::to_string(&preamble).unwrap() + "\nGET /"
    }

    #[tokio::test]
    async fn only_known_processes_are_let_in_and_payload_stays_whole() {
        let data = tempfile::tempdir().unwrap();
        let registry = Registry::new(data.path());
        let path = registry.socket();
        let known = SandboxId::new(1, 1);
        let _admission = registry.admit(known, i32::try_from(std::process::id()).unwrap());
        let mut connections = RelayServer::bind(registry).unwrap().start();

        let mut stranger = sockets::connect(&path).await.unwrap();
        stranger
            .write_all(preamble(SandboxId::new(2, 2)).as_bytes())
            .await
            .unwrap();
        let mut byte = [0];
        // Hung up on: either end of file or a reset.
        assert!(!matches!(stranger.read(&mut byte).await, Ok(1..)));

        let mut friend = sockets::connect(&path).await.unwrap();
        friend.write_all(preamble(known).as_bytes()).await.unwrap();
        let mut connection = connections.recv().await.unwrap();
        assert_eq!(connection.preamble.channel, RelayChannel::Uplink);
        let mut payload = [0; 5];
        connection.stream.read_exact(&mut payload).await.unwrap();
        assert_eq!(&payload, b"GET /");
    }
}
