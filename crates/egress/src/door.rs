//! The door of one sandbox: serves the connections that come out of it.

use std::{
    convert::Infallible,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::{Method, Request, Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    sync::Semaphore,
};

use crate::{
    body::{Body, text},
    connect::Tunnel,
    decision::DecisionSink,
    forward::forward,
    policy::EgressPolicy,
    reach::reach,
    refusal::Refused,
    resolver::Resolver,
    target::target,
};

/// Connections of one sandbox at once.
pub const MAX_CONNECTIONS: usize = 256;
/// Largest head of a request.
const MAX_HEAD: usize = 16 * 1024;
/// Between accepting a connection (or the end of a request on it) and the end of the next head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

const FULL: &str = "egress proxy: this sandbox has too many connections open\n";

/// Cheap to clone; clones share the sandbox's limit of connections.
#[derive(Clone)]
pub struct Door {
    policy: Arc<EgressPolicy>,
    resolver: Arc<dyn Resolver>,
    sink: Arc<dyn DecisionSink>,
    slots: Arc<Semaphore>,
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door")
            .field("free", &self.slots.available_permits())
            .finish_non_exhaustive()
    }
}

impl Door {
    #[must_use]
    pub fn new(policy: Arc<EgressPolicy>, resolver: Arc<dyn Resolver>, sink: Arc<dyn DecisionSink>) -> Self {
        Self {
            policy,
            resolver,
            sink,
            slots: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
        }
    }

    /// Serves one connection to its end, tunnel included. Dropping the future closes everything it opened.
    pub async fn serve<C>(&self, mut client: C)
    where
        C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Ok(_slot) = self.slots.try_acquire() else {
            let length = FULL.len();
            let answer = format!(
                "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\n\
                 connection: close\r\n\r\n{FULL}"
            );
            let _ = client.write_all(answer.as_bytes()).await;
            let _ = client.shutdown().await;
            return;
        };
        let tunnel: Mutex<Option<Tunnel>> = Mutex::new(None);
        let service = service_fn(|request| self.answer(request, &tunnel));
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(MAX_HEAD);
        // Ends when the last answer is out, or when the client switches to its tunnel.
        if builder
            .serve_connection(TokioIo::new(client), service)
            .with_upgrades()
            .await
            .is_err()
        {
            return;
        }
        let waiting = tunnel.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(tunnel) = waiting {
            tunnel.run().await;
        }
    }

    async fn answer(
        &self,
        mut request: Request<Incoming>,
        tunnel: &Mutex<Option<Tunnel>>,
    ) -> Result<Response<Body>, Infallible> {
        let outcome = async {
            let target = target(&request)?;
            let server = reach(&target, &self.policy, &*self.resolver, &*self.sink).await?;
            if request.method() != Method::CONNECT {
                return forward(&target, request, server).await;
            }
            let client = hyper::upgrade::on(&mut request);
            *tunnel.lock().unwrap_or_else(PoisonError::into_inner) = Some(Tunnel { client, server });
            Ok::<_, Refused>(Response::new(text(String::new())))
        };
        Ok(outcome.await.unwrap_or_else(|refused| refused.response()))
    }
}
