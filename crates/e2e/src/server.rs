//! A server process with everything it needs, and the command line pointed at it.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::SocketAddr,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpSocket;

use crate::{client::Client, program};

/// Variables of this machine that programs need to work at all: certificates, package mirrors, where programs are.
const PASSED_ON: &[&str] = &[
    "PATH",
    "LANG",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "PIP_CERT",
    "COORDINATOR_AGENTS_DIR",
];

/// How a server is started.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// More settings, as environment variables.
    pub settings: BTreeMap<String, String>,
    /// An ordinary user to run as, when the test itself runs as root.
    pub user: Option<u32>,
}

impl Start {
    /// As an ordinary user. Changes nothing when the test does not run as root.
    #[must_use]
    pub fn as_user(self, uid: u32) -> Self {
        let root = nix::unistd::geteuid().is_root();
        Self {
            user: root.then_some(uid),
            ..self
        }
    }

    /// One more setting.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.settings.insert(name.to_owned(), value.into());
        self
    }
}

/// What a program said.
#[derive(Debug)]
pub struct Output {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// Standard output as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("not JSON ({error}): {self:?}"),
        }
    }
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    place: TempDir,
    start: Start,
    child: Option<Child>,
    /// Holds the port for as long as this lives, also while no server runs: what was free a moment ago need not be
    /// when the server starts, or starts again.
    port: TcpSocket,
    url: String,
    key: Option<String>,
}

impl Server {
    /// A directory of its own, without a server in it.
    ///
    /// # Panics
    /// When there is no temporary directory.
    #[must_use]
    pub fn prepare(start: Start) -> Self {
        let place = match tempfile::Builder::new().prefix("coordinator-e2e-").tempdir() {
            Ok(place) => place,
            Err(error) => panic!("no temporary directory: {error}"),
        };
        if let Some(uid) = start.user {
            std::os::unix::fs::chown(place.path(), Some(uid), Some(uid))
                .unwrap_or_else(|error| panic!("the directory of user {uid}: {error}"));
        }
        Self {
            place,
            start,
            child: None,
            port: reserved_port(),
            url: String::new(),
            key: None,
        }
    }

    /// A server that answers, with an organisation and a key.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(start: Start) -> Self {
        let mut server = Self::prepare(start);
        server.run().await;
        server.bootstrap("owner@example.org", "acme");
        server
    }

    /// Changes a setting for the next start.
    pub fn set(&mut self, name: &str, value: &str) {
        self.start.settings.insert(name.to_owned(), value.to_owned());
    }

    /// Starts the process (again), always on the same port, and waits until it answers.
    ///
    /// # Panics
    /// When it does not.
    pub async fn run(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let listen = self
            .port
            .local_addr()
            .unwrap_or_else(|error| panic!("the port: {error}"))
            .to_string();
        let log = File::options().create(true).append(true).open(self.log_file());
        let log = log.unwrap_or_else(|error| panic!("the log: {error}"));
        let mut command = self.command();
        command
            .args(["serve", "--listen", &listen, "--data-dir"])
            .arg(self.data_dir());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.child = Some(
            command
                .spawn()
                .unwrap_or_else(|error| panic!("the server does not start: {error}")),
        );
        self.url = self.wait_until_it_answers().await;
    }

    async fn wait_until_it_answers(&mut self) -> String {
        // Two minutes, for a machine that has much else to do.
        for _ in 0..2_400 {
            if let Some(status) = self
                .child
                .as_mut()
                .and_then(|child| child.try_wait().ok().flatten())
            {
                panic!("the server ended with {status}:\n{}", self.log());
            }
            if let Some(url) = self
                .status()
                .and_then(|status| Some(status.get("url")?.as_str()?.to_owned()))
                // With a certificate of a private authority this client cannot look; the admin socket is enough.
                && (url.starts_with("https://") || Client::new(&url, None).is_healthy().await)
            {
                return url;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not answer:\n{}", self.log());
    }

    /// What the server says on its admin socket.
    #[must_use]
    pub fn status(&self) -> Option<Value> {
        let mut socket = UnixStream::connect(self.data_dir().join("admin.sock")).ok()?;
        socket.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        socket.write_all(b"{\"command\":\"status\"}\n").ok()?;
        let mut line = String::new();
        BufReader::new(socket.take(64 * 1024)).read_line(&mut line).ok()?;
        serde_json::from_str::<Value>(&line).ok()?.get("status").cloned()
    }

    /// `coordinator bootstrap`; later calls of the command line use the key.
    ///
    /// # Panics
    /// When it does not work.
    pub fn bootstrap(&mut self, email: &str, org: &str) -> Value {
        let output = self.cli_at_data_dir(&["bootstrap", "--email", email, "--org", org]);
        assert_eq!(output.code, Some(0), "{output:?}");
        let made = output.json();
        if self.key.is_none() {
            self.key = made.get("api_key").and_then(Value::as_str).map(str::to_owned);
        }
        made
    }

    /// Runs a command that works on the data directory.
    #[must_use]
    pub fn cli_at_data_dir(&self, arguments: &[&str]) -> Output {
        let mut command = self.command();
        command
            .arg(arguments[0])
            .arg("--data-dir")
            .arg(self.data_dir())
            .args(&arguments[1..]);
        finish(command)
    }

    /// Runs a command of a group (`audit verify`, `master-key rotate`) that works on the data directory.
    #[must_use]
    pub fn cli_at_data_dir_of(&self, group: &str, arguments: &[&str]) -> Output {
        let mut command = self.command();
        command
            .args([group, arguments[0], "--data-dir"])
            .arg(self.data_dir())
            .args(&arguments[1..]);
        finish(command)
    }

    /// Runs a client command against this server. Blocks: use [`Server::cli`] where something in this process has
    /// to go on meanwhile.
    #[must_use]
    pub fn cli_blocking(&self, arguments: &[&str]) -> Output {
        finish(self.client_command(arguments))
    }

    /// Runs a client command against this server.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn cli(&self, arguments: &[&str]) -> Output {
        let command = self.client_command(arguments);
        match tokio::task::spawn_blocking(move || finish(command)).await {
            Ok(output) => output,
            Err(error) => panic!("{error}"),
        }
    }

    fn client_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command();
        command
            .env("COORDINATOR_SERVER", &self.url)
            .env("COORDINATOR_API_KEY", self.key.as_deref().unwrap_or_default());
        command.args(arguments);
        command
    }

    /// The program with a clean environment.
    fn command(&self) -> Command {
        let mut command = Command::new(program("coordinator"));
        command.env_clear().env("HOME", self.place.path());
        for name in PASSED_ON {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.envs(&self.start.settings);
        if let Some(uid) = self.start.user {
            std::os::unix::process::CommandExt::gid(&mut command, uid);
            std::os::unix::process::CommandExt::uid(&mut command, uid);
        }
        command
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The first key.
    ///
    /// # Panics
    /// Before `bootstrap`.
    #[must_use]
    pub fn key(&self) -> &str {
        match &self.key {
            Some(key) => key,
            None => panic!("bootstrap first"),
        }
    }

    /// The API with the first key.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&self.url, Some(self.key()))
    }

    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.place.path().join("data")
    }

    /// A directory for a test's own files, gone with the server.
    #[must_use]
    pub fn place(&self) -> &Path {
        self.place.path()
    }

    fn log_file(&self) -> PathBuf {
        self.place.path().join("server.log")
    }

    /// Everything it logged.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// `kill -9`: what a crash is.
    pub fn crash(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// A clean stop; answers the exit code.
    pub fn stop(&mut self) -> Option<i32> {
        let mut child = self.child.take()?;
        signal(&child, Signal::SIGTERM);
        child.wait().ok()?.code()
    }

    /// Leaves sandboxes to the next server; answers the exit code.
    pub fn hand_over(&mut self) -> Option<i32> {
        let mut child = self.child.take()?;
        signal(&child, Signal::SIGUSR2);
        child.wait().ok()?.code()
    }

    /// The process, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }
}

/// A port of the loopback that is bound and not listened on. Nobody is given it who asks for any free port, and a server
/// that names it may have it, because both allow the address to be used again.
fn reserved_port() -> TcpSocket {
    let reserve = || {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        Ok(socket)
    };
    reserve().unwrap_or_else(|error: std::io::Error| panic!("no port: {error}"))
}

fn signal(child: &Child, signal: Signal) {
    if let Ok(pid) = i32::try_from(child.id()) {
        let _ = kill(Pid::from_raw(pid), signal);
    }
}

fn finish(mut command: Command) -> Output {
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    Output {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(60).collect();
            let tail: Vec<&str> = tail.into_iter().rev().collect();
            let _ = writeln!(
                std::io::stderr(),
                "--- end of the server's log ---\n{}",
                tail.join("\n")
            );
        }
        // Cleanly, so that sandboxes and keepers go too; they would outlive a kill on purpose.
        if self.child.is_none()
            && self
                .data_dir()
                .join("keepers")
                .read_dir()
                .is_ok_and(|mut entries| entries.next().is_some())
        {
            let mut command = self.command();
            command
                .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
                .arg(self.data_dir());
            self.child = command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .ok();
            // It takes sandboxes over as soon as it is up; the signal handler is there from the start.
            for _ in 0..600 {
                if self.status().is_some() {
                    break;
                }
                let _ = nix::poll::poll(&mut [], 100_u8);
            }
        }
        self.stop();
    }
}
