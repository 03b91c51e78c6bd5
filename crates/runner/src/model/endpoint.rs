//! The listener: HTTP/1.1 on a free loopback port, open to whoever knows this runner's key.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc};

use http::{HeaderMap, Request, Response, header};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinHandle};

use super::{
    forward::Forwarder,
    reply::{Body, error},
};
use crate::{entropy, uplink::Uplink};

/// Connections at once: every process inside can open one.
const AT_ONCE: usize = 128;

/// The running endpoint; stops when dropped.
#[derive(Debug)]
pub struct Endpoint {
    address: SocketAddr,
    key: String,
    task: JoinHandle<()>,
}

impl Endpoint {
    /// Listens and makes a key.
    ///
    /// # Errors
    /// When there is no free port or no randomness.
    pub async fn start(uplink: Uplink) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let key = format!("local-{}", entropy::secret()?);
        let door = Arc::new(Door {
            key: Sha256::digest(&key).into(),
            forwarder: Forwarder::new(uplink),
        });
        let task = tokio::spawn(serve(listener, door));
        Ok(Self { address, key, task })
    }

    /// What the agent is given as base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the agent must send.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Door {
    key: [u8; 32],
    forwarder: Forwarder,
}

async fn serve(listener: TcpListener, door: Arc<Door>) {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let door = Arc::clone(&door);
        tokio::spawn(async move {
            let _slot = slot;
            let service = service_fn(move |request| {
                let door = Arc::clone(&door);
                async move { Ok::<_, Infallible>(door.answer(request).await) }
            });
            let mut server = hyper::server::conn::http1::Builder::new();
            server.timer(TokioTimer::new());
            if let Err(error) = server.serve_connection(TokioIo::new(stream), service).await {
                tracing::debug!(%error, "a model connection ended");
            }
        });
    }
}

impl Door {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        // Digests are compared, so the time taken says nothing about the key.
        let known = given_key(request.headers()).is_some_and(|key| self.key == *Sha256::digest(key));
        if !known {
            return error(
                401,
                "authentication_error",
                "invalid_model_key",
                "This endpoint takes the session's own agent only.",
            );
        }
        self.forwarder.forward(request).await
    }
}

/// The key, wherever the dialect puts it.
fn given_key(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| {
        let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
    });
    bearer.or_else(|| {
        ["x-api-key", "x-goog-api-key"]
            .iter()
            .find_map(|name| headers.get(*name)?.to_str().ok())
    })
}
