//! Repositories, and git's own HTTP backend to serve them.

use std::{
    convert::Infallible,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, net::TcpListener, process::Command, task::JoinHandle};

/// Runs git for a test's own purposes.
pub(crate) fn git(dir: &Path, args: &[&str]) -> String {
    let output = std::process::Command::new("git")
        .args([
            "-c",
            "user.name=T",
            "-c",
            "user.email=t@example.com",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(["-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always"])
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A repository `demo` with two branches, a tag and a commit that nothing points at any more.
pub(crate) struct Origin {
    pub(crate) dir: TempDir,
    pub(crate) first: String,
    pub(crate) main: String,
    pub(crate) feature: String,
    pub(crate) hidden: String,
}

impl Origin {
    pub(crate) fn make() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let work = dir.path().join("work");
        std::fs::create_dir(&work).unwrap();
        git(&work, &["init", "-q"]);
        let commit = |name: &str, text: &str| {
            std::fs::write(work.join(name), text).unwrap();
            git(&work, &["add", "-A"]);
            git(&work, &["commit", "-q", "-m", name]);
            git(&work, &["rev-parse", "HEAD"])
        };
        let first = commit("package.json", "{\"name\":\"demo\"}\n");
        git(&work, &["tag", "-a", "v1.0", "-m", "one"]);
        let hidden = {
            git(&work, &["checkout", "-q", "--detach"]);
            let hidden = commit("hidden.txt", "h\n");
            git(&work, &["update-ref", "refs/pull/1/head", &hidden]);
            git(&work, &["checkout", "-q", "main"]);
            hidden
        };
        let main = commit("main.txt", "main\n");
        git(&work, &["checkout", "-q", "-b", "feature/x", &first]);
        let feature = commit("feature.txt", "feature\n");
        git(&work, &["checkout", "-q", "main"]);
        git(dir.path(), &["clone", "-q", "--mirror", "work", "demo.git"]);
        git(
            &dir.path().join("demo.git"),
            &["config", "uploadpack.allowAnySHA1InWant", "true"],
        );
        git(dir.path(), &["init", "-q", "--bare", "empty.git"]);
        Self {
            dir,
            first,
            main,
            feature,
            hidden,
        }
    }
}

/// Serves a directory of repositories; stops when dropped.
pub(crate) struct GitServer {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for GitServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl GitServer {
    /// `login`: the `Authorization` value that is wanted, if any.
    pub(crate) async fn start(root: &Path, login: Option<&str>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (root, login) = (root.to_owned(), login.map(str::to_owned));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (root, login) = (root.clone(), login.clone());
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        let (root, login) = (root.clone(), login.clone());
                        async move { Ok::<_, Infallible>(answer(root, login, request).await) }
                    });
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Self { address, task }
    }

    pub(crate) fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }
}

async fn answer(root: PathBuf, login: Option<String>, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let text = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    if let Some(login) = login
        && text("authorization") != login
    {
        return Response::builder()
            .status(401)
            .header("www-authenticate", "Basic realm=\"git\"")
            .body(Full::default())
            .unwrap();
    }
    let body = body.collect().await.unwrap().to_bytes();
    let mut child = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("PATH_INFO", parts.uri.path())
        .env("QUERY_STRING", parts.uri.query().unwrap_or_default())
        .env("REQUEST_METHOD", parts.method.as_str())
        .env("CONTENT_TYPE", text("content-type"))
        .env("CONTENT_LENGTH", body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", text("content-encoding"))
        .env("GIT_PROTOCOL", text("git-protocol"))
        .env("REMOTE_ADDR", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feed = tokio::spawn(async move {
        let _ = stdin.write_all(&body).await;
    });
    let output = child.wait_with_output().await.unwrap().stdout;
    feed.await.unwrap();
    let end = output
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap();
    let head = String::from_utf8(output[..end].to_vec()).unwrap();
    let mut response = Response::builder();
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        response = match name {
            "Status" => response.status(value.split(' ').next().unwrap().parse::<u16>().unwrap()),
            _ => response.header(name, value),
        };
    }
    response
        .body(Full::new(Bytes::from(output[end + 4..].to_vec())))
        .unwrap()
}
