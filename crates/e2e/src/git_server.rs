//! Repositories over HTTP, by git's own backend, on a free port of the loopback.

use std::{convert::Infallible, path::PathBuf, process::Stdio, sync::Arc};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{io::AsyncWriteExt as _, net::TcpListener, process::Command, task::JoinHandle};

const MAX_BODY: usize = 64 * 1024 * 1024;

/// Serves until dropped.
#[derive(Debug)]
pub struct GitServer {
    port: u16,
    task: JoinHandle<()>,
}

struct Served {
    root: PathBuf,
    /// `Basic …`, when the repositories are private.
    authorization: Option<String>,
}

impl GitServer {
    /// Serves the repositories below `root` to everybody.
    pub async fn start(root: PathBuf) -> Self {
        Self::with(root, None).await
    }

    /// Serves them to whoever sends this `Authorization` header.
    pub async fn private(root: PathBuf, authorization: &str) -> Self {
        Self::with(root, Some(authorization.to_owned())).await
    }

    async fn with(root: PathBuf, authorization: Option<String>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap_or_else(|error| panic!("no port: {error}"));
        let port = listener
            .local_addr()
            .unwrap_or_else(|error| panic!("no port: {error}"))
            .port();
        let served = Arc::new(Served { root, authorization });
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let served = Arc::clone(&served);
                tokio::spawn(async move {
                    let service = service_fn(|request| answer(Arc::clone(&served), request));
                    let _ = http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Self { port, task }
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address of a repository.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        format!("http://127.0.0.1:{}/{name}.git", self.port)
    }

    /// The value of `COORDINATOR_ALLOW_PRIVATE_NETWORKS` that opens it.
    #[must_use]
    pub fn allowance(&self) -> String {
        format!("127.0.0.0/8:{}", self.port)
    }
}

impl Drop for GitServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    served: Arc<Served>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let authorization = request
        .headers()
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    if served.authorization.is_some() && authorization != served.authorization.as_deref() {
        let answer = Response::builder()
            .status(401)
            .header("www-authenticate", "Basic realm=\"git\"");
        return Ok(answer.body(Full::default()).unwrap_or_default());
    }
    Ok(backend(&served, request).await.unwrap_or_else(|error| {
        Response::builder()
            .status(500)
            .body(Full::from(error.to_string()))
            .unwrap_or_default()
    }))
}

async fn backend(served: &Served, request: Request<Incoming>) -> std::io::Result<Response<Full<Bytes>>> {
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let mut command = Command::new("git");
    command
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", &served.root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*")
        .env("PATH_INFO", request.uri().path())
        .env("QUERY_STRING", request.uri().query().unwrap_or_default())
        .env("REQUEST_METHOD", request.method().as_str())
        .env("CONTENT_TYPE", header("content-type"))
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", header("git-protocol"))
        .env("REMOTE_ADDR", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let body = Limited::new(request.into_body(), MAX_BODY)
        .collect()
        .await
        .map_err(std::io::Error::other)?
        .to_bytes();
    command.env("CONTENT_LENGTH", body.len().to_string());
    let mut child = command.spawn()?;
    let mut stdin = child
        .stdin
        .take()
        .ok_or_else(|| std::io::Error::other("no standard input"))?;
    let feeding = tokio::spawn(async move {
        let _ = stdin.write_all(&body).await;
    });
    let output = child.wait_with_output().await?;
    let _ = feeding.await;
    cgi(&output.stdout)
}

/// The answer of a CGI program: headers, an empty line, the body.
fn cgi(output: &[u8]) -> std::io::Result<Response<Full<Bytes>>> {
    let broken = || std::io::Error::other("git http-backend gave no answer");
    let end = output
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .ok_or_else(broken)?;
    let head = std::str::from_utf8(&output[..end]).map_err(|_| broken())?;
    let mut response = Response::builder();
    for line in head.lines() {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if name.eq_ignore_ascii_case("status") {
            let code = value
                .split_whitespace()
                .next()
                .and_then(|code| code.parse::<u16>().ok())
                .unwrap_or(500);
            response = response.status(code);
        } else {
            response = response.header(name, value.trim());
        }
    }
    response
        .body(Full::from(output[end + 4..].to_vec()))
        .map_err(std::io::Error::other)
}
