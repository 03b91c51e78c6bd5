//! The process under test.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::unix::reach;
use crate::clock;

/// A running server, killed when dropped.
pub(crate) struct Server {
    child: Child,
    data_dir: PathBuf,
    address: String,
    /// From the start of the process until it answered, in seconds.
    pub(crate) ready_s: f64,
}

impl Server {
    /// Puts `coordinator` and this program, under the runner's name, beside each other.
    pub(crate) fn install(programs: &Path, into: &Path) -> Result<PathBuf> {
        std::fs::create_dir_all(into)?;
        let this = std::env::current_exe()?;
        for (from, name) in [
            (programs.join("coordinator"), "coordinator"),
            (this, "coordinator-runner"),
        ] {
            let to = into.join(name);
            let _ = std::fs::remove_file(&to);
            if std::fs::hard_link(&from, &to).is_err() {
                std::fs::copy(&from, &to)
                    .with_context(|| format!("{} is not there: run `cargo xtask build`", from.display()))?;
            }
        }
        // An agent by name, so that sessions can be made; none is ever started.
        let agent = into.join("agents/opencode/0.0.0/opencode");
        std::fs::create_dir_all(agent.parent().context("no directory")?)?;
        std::fs::write(&agent, "#!/bin/sh\n")?;
        std::fs::set_permissions(&agent, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(into.join("coordinator"))
    }

    /// Starts one without limits and waits until it answers: one organisation is the whole load then, and how fast it may
    /// ask is another question.
    pub(crate) fn start(program: &Path, data_dir: &Path, log: &Path) -> Result<Self> {
        let unlimited = [
            ("COORDINATOR_RATE_PER_S", "1000000"),
            ("COORDINATOR_RATE_BURST", "1000000"),
            ("COORDINATOR_EVENTS_PER_S", "1000000"),
            ("COORDINATOR_FRAMES_PER_S", "1000000"),
            ("COORDINATOR_QUOTA_SOCKETS", "1000000"),
        ];
        Self::start_with(program, data_dir, log, &unlimited)
    }

    /// Starts one with these settings and waits until it answers.
    pub(crate) fn start_with(
        program: &Path,
        data_dir: &Path,
        log: &Path,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let _ = std::fs::remove_file(data_dir.join("admin.sock"));
        let log = File::options().create(true).append(true).open(log)?;
        let began = clock::now();
        let child = Self::command(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .env("COORDINATOR_AGENTS_DIR", program.with_file_name("agents"))
            .env("COORDINATOR_HIBERNATE_AFTER", "24h")
            .envs(settings.iter().copied())
            .env("COORDINATOR_FIRST_OUTPUT_TIMEOUT", "24h")
            .env("COORDINATOR_TURN_IDLE_TIMEOUT", "24h")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let mut server = Self {
            child,
            data_dir: data_dir.to_path_buf(),
            address: String::new(),
            ready_s: 0.0,
        };
        server.address = server.wait(began)?;
        Ok(server)
    }

    fn command(program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        for name in ["PATH", "HOME", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }

    fn wait(&mut self, began: u64) -> Result<String> {
        for _ in 0..60_000 {
            if let Some(address) = self.status().and_then(|status| {
                let url = status.get("url")?.as_str()?;
                Some(url.strip_prefix("http://")?.trim_end_matches('/').to_owned())
            }) && healthy(&address)
            {
                self.ready_s = clock::seconds(began, clock::now());
                return Ok(address);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}; see its log");
            }
            let _ = nix::poll::poll(&mut [], 1_u8);
        }
        bail!("the server does not answer; see its log")
    }

    /// What it says on its admin socket.
    pub(crate) fn status(&self) -> Option<Value> {
        let (_directory, path) = reach(&self.data_dir.join("admin.sock")).ok()?;
        let mut socket = UnixStream::connect(path).ok()?;
        socket.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        socket.write_all(b"{\"command\":\"status\"}\n").ok()?;
        let mut line = String::new();
        BufReader::new(socket.take(64 * 1024)).read_line(&mut line).ok()?;
        serde_json::from_str::<Value>(&line).ok()?.get("status").cloned()
    }

    /// Sessions that are in its memory now.
    pub(crate) fn in_memory(&self) -> Option<u64> {
        self.status()?.get("sessions_in_memory")?.as_u64()
    }

    /// `coordinator bootstrap`: an owner's key.
    pub(crate) fn bootstrap(&self, program: &Path) -> Result<String> {
        self.bootstrap_as(program, "bench@example.org", "bench")
    }

    /// The same for one of several organisations.
    pub(crate) fn bootstrap_as(&self, program: &Path, email: &str, org: &str) -> Result<String> {
        let output = Self::command(program)
            .arg("bootstrap")
            .arg("--data-dir")
            .arg(&self.data_dir)
            .args(["--email", email, "--org", org])
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            bail!("bootstrap: {}", String::from_utf8_lossy(&output.stderr));
        }
        let made: Value = serde_json::from_slice(&output.stdout)?;
        Ok(made
            .get("api_key")
            .and_then(Value::as_str)
            .context("no key")?
            .to_owned())
    }

    /// A clean stop: every session falls asleep, files are folded in.
    pub(crate) fn stop(mut self) -> Result<()> {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.child.id())?);
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM)?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server ended with {status}; see its log");
        }
        Ok(())
    }

    /// Waits until no session is in memory.
    pub(crate) async fn all_asleep(&self) -> Result<()> {
        for _ in 0..1200 {
            if self.in_memory() == Some(0) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("{:?} sessions do not fall asleep", self.in_memory())
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn relay(&self) -> PathBuf {
        self.data_dir.join("relay.sock")
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

fn healthy(address: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = std::net::TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(line.contains(" 200 "))
    };
    ask().unwrap_or(false)
}

impl Drop for Server {
    fn drop(&mut self) {
        // No sandbox is behind it that a clean stop would have to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
