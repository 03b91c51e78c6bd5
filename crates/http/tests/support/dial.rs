//! A runner, played by a test: it dials back and says what a sandbox would.

use gateway::Caller;
use ports::sandbox::SandboxSpec;
use protocol::runner::RUNNER_PROTOCOL;
use serde_json::{Value, json};

use crate::{house::House, web_socket::Socket};

pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The test plays the runner.
pub(crate) struct Runner {
    pub(crate) socket: Socket,
    pub(crate) spec: SandboxSpec,
    n: u64,
}

pub(crate) fn caller(spec: &SandboxSpec) -> Caller {
    Caller {
        session_id: spec.session_id,
        sandbox_id: spec.sandbox_id,
        generation: spec.generation,
    }
}

pub(crate) fn headers(spec: &SandboxSpec, credential: &str) -> Vec<(&'static str, String)> {
    vec![
        ("authorization", format!("Bearer {credential}")),
        ("coordinator-session", spec.session_id.to_string()),
        ("coordinator-sandbox", spec.sandbox_id.to_string()),
        ("coordinator-generation", spec.generation.to_string()),
    ]
}

pub(crate) fn hello(spec: &SandboxSpec) -> Value {
    hello_with(spec, SECRET)
}

fn hello_with(spec: &SandboxSpec, secret: &str) -> Value {
    json!({"type": "hello", "protocol": RUNNER_PROTOCOL, "generation": spec.generation, "secret": secret, "runner_version": "1"})
}

impl Runner {
    /// Connects to the newest sandbox and gets its workspace ready.
    pub(crate) async fn ready(house: &House) -> Self {
        Self::with_secret(house, SECRET).await
    }

    /// The same with a secret of its own, where two runners are to be told apart.
    pub(crate) async fn with_secret(house: &House, secret: &str) -> Self {
        let spec = house.fakes.sandboxes.next_start().await;
        let address = house.uplink(caller(&spec)).await;
        let headers = headers(&spec, &spec.start.token);
        let mut socket = Socket::open(&address, "/v1/runner/connect", &headers)
            .await
            .ok()
            .unwrap();
        socket.send(hello_with(&spec, secret)).await;
        assert_eq!(
            socket.next().await.unwrap(),
            json!({"type": "welcome", "acked": 0})
        );
        let mut runner = Self { socket, spec, n: 0 };
        let report = json!({
            "kind": "ready", "agent": "scripted", "version": "1", "agent_session_id": "a1", "resumed": false, "elapsed_ms": 5
        });
        runner.report(None, report).await;
        runner
    }

    pub(crate) async fn report(&mut self, prompt: Option<&str>, report: Value) {
        self.n += 1;
        self.socket
            .send(json!({
                "type": "report", "generation": self.spec.generation, "n": self.n, "prompt_id": prompt, "report": report
            }))
            .await;
    }

    /// The next command, confirmed.
    pub(crate) async fn command(&mut self) -> Value {
        let frame = self.socket.until("command").await;
        let generation = self.spec.generation;
        self.socket
            .send(
                json!({"type": "command_done", "generation": generation, "command_id": frame["command_id"]}),
            )
            .await;
        frame["command"].clone()
    }

    /// Waits until everything reported is durable.
    pub(crate) async fn acked(&mut self) {
        loop {
            if self.socket.until("ack").await["n"].as_u64() == Some(self.n) {
                return;
            }
        }
    }
}
