//! The OpenCode process: started in a process group of its own, watched, and ended for certain.

use std::{collections::BTreeMap, net::SocketAddr, process::Stdio, time::Duration};

use nix::sys::signal::Signal;
use tokio::{net::TcpSocket, process::Command, sync::watch};

use crate::{DriverError, Launch, processes, redact::Redactor, tail::Tail};

/// First start in an empty home takes some seconds, and on a machine that has much else to do more than a minute.
const START: Duration = Duration::from_secs(240);
const GRACE: Duration = Duration::from_secs(3);

/// A started OpenCode that listens.
pub(super) struct Process {
    pub(super) address: SocketAddr,
    pub(super) pid: i32,
    mark: String,
    tail: Tail,
    redactor: Redactor,
    /// How the process ended, once it has.
    exit: watch::Receiver<Option<String>>,
    /// Held for as long as the process lives.
    _port: TcpSocket,
}

impl Process {
    pub(super) async fn start(
        launch: &Launch,
        env: BTreeMap<String, String>,
        mark: String,
        redactor: Redactor,
    ) -> Result<Self, DriverError> {
        let failed = |message: String| DriverError::Start {
            message,
            stderr_tail: String::new(),
        };
        let program = launch
            .program
            .as_ref()
            .ok_or_else(|| failed("its program is not installed here".to_owned()))?;
        let reserved = reserve_port().and_then(|port| Ok((port.local_addr()?.port(), port)));
        let (port, reserved) =
            reserved.map_err(|error| failed(format!("no free port on loopback: {error}")))?;
        let mut child = Command::new(program)
            .args(["serve", "--hostname", "127.0.0.1", "--port", &port.to_string()])
            .current_dir(&launch.workspace)
            .env_clear()
            .envs(env)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(format!("{}: {error}", program.display())))?;
        let pid = child
            .id()
            .and_then(|pid| i32::try_from(pid).ok())
            .unwrap_or_default();
        let tail = Tail::default();
        let (found, mut address) = watch::channel(None);
        if let Some(stdout) = child.stdout.take() {
            let drain = tail.clone().drain(stdout, move |line| {
                if let Some(address) = listening(line) {
                    found.send_replace(Some(address));
                }
            });
            tokio::spawn(drain);
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(tail.clone().drain(stderr, |_| {}));
        }
        let (ended, exit) = watch::channel(None);
        tokio::spawn(async move {
            let how = match child.wait().await {
                Ok(status) => status.to_string(),
                Err(error) => error.to_string(),
            };
            ended.send_replace(Some(how));
        });
        let placeholder = SocketAddr::from(([127, 0, 0, 1], port));
        let mut process = Self {
            address: placeholder,
            pid,
            mark,
            tail,
            redactor,
            exit,
            _port: reserved,
        };
        let wait = async {
            tokio::select! {
                found = address.wait_for(Option::is_some) => match found {
                    Ok(found) => found.ok_or_else(String::new),
                    // Standard output closed: the process is about to end.
                    Err(_) => Err("it closed its output before it was listening".to_owned()),
                },
                how = process.exit.wait_for(Option::is_some) => {
                    Err(format!("it ended at once ({})", how.ok().and_then(|how| how.clone()).unwrap_or_default()))
                }
                () = tokio::time::sleep(START) => Err(format!("it was not listening after {} s", START.as_secs())),
            }
        };
        let outcome = wait.await;
        match outcome {
            Ok(address) => {
                process.address = address;
                Ok(process)
            }
            Err(message) => {
                process.stop().await;
                Err(DriverError::Start {
                    message,
                    stderr_tail: process.tail(),
                })
            }
        }
    }

    /// Resolves when the process has ended.
    pub(super) fn exited(&self) -> watch::Receiver<Option<String>> {
        self.exit.clone()
    }

    /// The end of what it wrote, redacted.
    pub(super) fn tail(&self) -> String {
        self.redactor.apply(&self.tail.text())
    }

    async fn gone_within(&mut self, limit: Duration) -> bool {
        tokio::time::timeout(limit, self.exit.wait_for(Option::is_some))
            .await
            .is_ok_and(|ended| ended.is_ok())
    }

    /// Asks, then kills, then kills everything it ever started.
    pub(super) async fn stop(&mut self) {
        if self.exit.borrow().is_none() {
            processes::signal_group(self.pid, Signal::SIGTERM);
            if !self.gone_within(GRACE).await {
                processes::signal_group(self.pid, Signal::SIGKILL);
                self.gone_within(GRACE).await;
            }
        }
        self.kill_rest().await;
    }

    /// At once.
    pub(super) async fn kill(&mut self) {
        if self.exit.borrow().is_none() {
            processes::signal_group(self.pid, Signal::SIGKILL);
            self.gone_within(GRACE).await;
        }
        self.kill_rest().await;
    }

    async fn kill_rest(&self) {
        if !processes::kill_marked(&self.mark).await {
            tracing::warn!("some processes of the agent could not be killed");
        }
    }
}

/// A port that is bound and not listened on: until OpenCode gets round to it, seconds pass in which a port that was only
/// seen to be free would be given to others. OpenCode may have it nevertheless, because both allow the address to be
/// used again.
fn reserve_port() -> std::io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    Ok(socket)
}

/// The address in `opencode server listening on http://127.0.0.1:4096`; only loopback is believed.
fn listening(line: &str) -> Option<SocketAddr> {
    let url = line
        .split_once("listening on http://")?
        .1
        .trim()
        .trim_end_matches('/');
    url.parse::<SocketAddr>()
        .ok()
        .filter(|address| address.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_loopback_address_is_taken() {
        let address = listening("opencode server listening on http://127.0.0.1:18099");
        assert_eq!(address, Some(SocketAddr::from(([127, 0, 0, 1], 18099))));
        assert_eq!(listening("server listening on http://10.0.0.1:80"), None);
        assert_eq!(listening("INFO starting"), None);
    }
}
