//! Carries connections from the sandbox's listeners to the server: one line that says where they come from, then
//! raw bytes both ways. While the server is away, connections wait; a restarted server just goes on.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use protocol::keeper::{RelayChannel, RelayPreamble};
use tokio::{
    io::{AsyncWriteExt, copy_bidirectional_with_sizes},
    net::{TcpStream, UnixStream},
    sync::Semaphore,
    time::{Instant, sleep, timeout},
};

use super::sockets;

/// Connections to the proxy at a time; more wait in the kernel's queue.
const MOST_TO_PROXY: usize = 256;
/// The same for the uplink: the runner's own, and model calls. The server holds what comes over it in memory.
const MOST_TO_UPLINK: usize = 64;
/// How long a connection waits for a server that is away.
const PATIENCE: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const BUFFER: usize = 16 * 1024;

/// Which sandbox a relayed connection comes from and where it goes.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub preamble: RelayPreamble,
    pub server_socket: PathBuf,
}

impl Origin {
    pub(crate) fn on(&self, channel: RelayChannel) -> Self {
        Self {
            preamble: RelayPreamble {
                channel,
                ..self.preamble.clone()
            },
            ..self.clone()
        }
    }
}

/// Serves one listener for as long as it lives.
pub(crate) async fn serve(listener: TcpListener, origin: Origin) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let most = match origin.preamble.channel {
        RelayChannel::Uplink => MOST_TO_UPLINK,
        RelayChannel::Proxy | RelayChannel::Presence => MOST_TO_PROXY,
    };
    let room = Arc::new(Semaphore::new(most));
    loop {
        let Ok(permit) = room.clone().acquire_owned().await else {
            return;
        };
        let Ok((client, _)) = listener.accept().await else {
            sleep(FIRST_PAUSE).await;
            continue;
        };
        let origin = origin.clone();
        tokio::spawn(async move {
            carry(client, &origin).await;
            drop(permit);
        });
    }
}

async fn carry(mut client: TcpStream, origin: &Origin) {
    let _ = client.set_nodelay(true);
    let Some(mut server) = patiently(origin).await else {
        return;
    };
    let _ = copy_bidirectional_with_sizes(&mut client, &mut server, BUFFER, BUFFER).await;
}

async fn patiently(origin: &Origin) -> Option<UnixStream> {
    let deadline = Instant::now() + PATIENCE;
    let mut pause = FIRST_PAUSE;
    loop {
        if let Ok(stream) = introduce(&origin.server_socket, &origin.preamble).await {
            return Some(stream);
        }
        if Instant::now() + pause > deadline {
            return None;
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Connects to the server and says who is calling.
pub(crate) async fn introduce(server: &Path, preamble: &RelayPreamble) -> std::io::Result<UnixStream> {
    let mut stream = timeout(LONGEST_PAUSE, sockets::connect(server)).await??;
    let mut line = serde_json::to_vec(preamble)?;
    line.push(b'\n');
    timeout(LONGEST_PAUSE, stream.write_all(&line)).await??;
    Ok(stream)
}
