//! The public listener: accepts, adds TLS where configured, serves HTTP/1.1 and HTTP/2, and drains on stop.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

use super::{opening::Opening, tls::Tls};

/// Connections at the same time; sockets of sessions are among them.
const MOST_CONNECTIONS: usize = 16_384;
/// Time for the TLS handshake, and for the head of a request.
const HANDSHAKE: Duration = Duration::from_secs(10);
const REQUEST_HEAD: Duration = Duration::from_secs(30);

/// Accepts until `stop`; each connection is a task of `tasks` and ends what it is doing first.
pub(super) async fn listen(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    stop: CancellationToken,
    tasks: TaskTracker,
) {
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: the ones we have must end first.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (tls, router, stop) = (tls.clone(), router.clone(), stop.clone());
        tasks.spawn(async move {
            let _permit = permit;
            connection(stream, peer, tls, router, stop).await;
        });
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Tls>,
    router: Router,
    stop: CancellationToken,
) {
    // Deltas are small and must not wait for each other.
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve(stream, router, Some(peer), stop).await,
        Some(tls) => {
            let handshake = TlsAcceptor::from(tls.current()).accept(stream);
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, handshake).await {
                serve(stream, router, Some(peer), stop).await;
            }
        }
    }
}

/// Serves one connection that comes out of a sandbox. HTTP/1.1 alone: one connection is one request at a time, and
/// their number is bounded by the keeper.
pub(super) async fn serve_sandbox(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    stop: CancellationToken,
) {
    let builder = Builder::new(TokioExecutor::new()).http1_only();
    drive(builder, Opening::new(stream, REQUEST_HEAD), router, None, stop).await;
}

/// Serves one connection of a client.
async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    peer: Option<SocketAddr>,
    stop: CancellationToken,
) {
    let builder = Builder::new(TokioExecutor::new());
    drive(builder, Opening::new(stream, REQUEST_HEAD), router, peer, stop).await;
}

async fn drive(
    mut builder: Builder<TokioExecutor>,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    peer: Option<SocketAddr>,
    stop: CancellationToken,
) {
    let service =
        TowerToHyperService::new(router.map_request(move |mut request: hyper::Request<Incoming>| {
            if let Some(peer) = peer {
                request.extensions_mut().insert(ConnectInfo(peer));
            }
            request
        }));
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(Duration::from_secs(30)));
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended badly");
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _, duplex},
        time::{Instant, timeout},
    };

    use super::*;

    /// How long a client that says `words` and then nothing is borne.
    async fn borne(words: &[u8], sandbox: bool) -> Duration {
        let (mut client, server) = duplex(64 * 1024);
        let (router, stop) = (Router::new(), CancellationToken::new());
        let serving = async move {
            if sandbox {
                serve_sandbox(server, router, stop).await;
            } else {
                serve(server, router, None, stop).await;
            }
        };
        tokio::spawn(serving);
        let begun = Instant::now();
        client.write_all(words).await.unwrap();
        let mut answer = Vec::new();
        let end = timeout(Duration::from_secs(3600), client.read_to_end(&mut answer));
        assert!(
            end.await.is_ok(),
            "{words:?}, sandbox {sandbox}: never hung up on"
        );
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_say_what_it_wants_is_hung_up_on() {
        for words in [&b""[..], b"G", b"PRI * HT", b"GET / HTTP/1.1\r\nhost: h\r\n"] {
            for sandbox in [false, true] {
                let borne = borne(words, sandbox).await;
                assert!(
                    borne <= REQUEST_HEAD + Duration::from_secs(1),
                    "{words:?} {borne:?}"
                );
            }
        }
    }
}
