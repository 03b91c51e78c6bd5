//! The connection by which server and keeper know of each other. While it is down the clock of abandonment runs.

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    time::Duration,
};

use protocol::keeper::{EndCause, KeeperNotice, RelayPreamble};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    sync::{oneshot, watch},
    time::{Instant, sleep, timeout},
};

use super::relay::introduce;

const PAUSE: Duration = Duration::from_millis(500);
/// A connection counts only after this long: a server that hangs up at once has not claimed the sandbox.
const SETTLED: Duration = Duration::from_secs(1);
const FAREWELL: Duration = Duration::from_secs(2);

/// Since when no server is there; `None` while one is.
pub(crate) type Absence = watch::Receiver<Option<Instant>>;

/// Says to the server, if one is there, how the sandbox ended.
#[derive(Debug)]
pub(crate) struct Farewell(oneshot::Sender<(EndCause, oneshot::Sender<()>)>);

impl Farewell {
    pub(crate) async fn say(self, cause: EndCause) {
        let (done, wait) = oneshot::channel();
        if self.0.send((cause, done)).is_ok() {
            let _ = timeout(FAREWELL, wait).await;
        }
    }
}

/// Keeps the connection up in the background.
pub(crate) fn keep(server: PathBuf, preamble: RelayPreamble) -> (Absence, Farewell) {
    let (state, absence) = watch::channel(Some(Instant::now()));
    let (farewell, last) = oneshot::channel::<(EndCause, oneshot::Sender<()>)>();
    tokio::spawn(async move {
        let mut connection = None;
        let word = tokio::select! {
            biased;
            word = last => word,
            never = stay(&server, &preamble, &state, &mut connection) => match never {},
        };
        let Ok((cause, done)) = word else { return };
        if connection.is_none() {
            // One more try; after that the file has to tell.
            connection = introduce(&server, &preamble).await.ok();
        }
        if let Some(stream) = &mut connection {
            tell(stream, cause).await;
        }
        let _ = done.send(());
    });
    (absence, Farewell(farewell))
}

/// Connects, and connects again whenever the server has hung up.
async fn stay(
    server: &Path,
    preamble: &RelayPreamble,
    state: &watch::Sender<Option<Instant>>,
    connection: &mut Option<UnixStream>,
) -> Infallible {
    loop {
        if let Ok(stream) = introduce(server, preamble).await {
            hold(connection.insert(stream), state).await;
            *connection = None;
        }
        sleep(PAUSE).await;
    }
}

/// Returns when the server hangs up.
async fn hold(stream: &mut UnixStream, state: &watch::Sender<Option<Instant>>) {
    let mut buffer = [0; 64];
    let mut settled = false;
    loop {
        let read = if settled {
            stream.read(&mut buffer).await
        } else {
            match timeout(SETTLED, stream.read(&mut buffer)).await {
                Ok(read) => read,
                Err(_) => {
                    settled = true;
                    state.send_replace(None);
                    continue;
                }
            }
        };
        if !matches!(read, Ok(1..)) {
            if settled {
                state.send_replace(Some(Instant::now()));
            }
            return;
        }
    }
}

async fn tell(stream: &mut UnixStream, cause: EndCause) {
    if let Ok(mut line) = serde_json::to_vec(&KeeperNotice::Ended { cause }) {
        line.push(b'\n');
        let _ = timeout(FAREWELL, stream.write_all(&line)).await;
        let _ = stream.shutdown().await;
    }
}
