//! A server for the runner to dial: takes the WebSocket, keeps what it hears, and says what a test wants.

pub(crate) mod driver;
pub(crate) mod git;
pub(crate) mod place;

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{body::Frame, body::Incoming, service::service_fn, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use protocol::{
    CommandId,
    api::Secret,
    runner::{RunnerCommand, RunnerFrame, RunnerReport, SecretValue, ServerFrame, WorkPhase},
};
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, handshake::derive_accept_key, protocol::Role},
};

pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// What the server answers to one attempt to connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Open,
    Status(u16),
    /// Takes the upgrade, reads the hello, and hangs up without a word.
    DropAfterHello,
}

#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) credential: String,
    pub(crate) session: String,
    pub(crate) sandbox: String,
    pub(crate) generation: String,
}

#[derive(Default)]
struct State {
    attempts: Vec<Attempt>,
    frames: Vec<RunnerFrame>,
    doors: VecDeque<Door>,
    /// Acknowledge reports as they come.
    acks: bool,
    acked: u64,
    connection: Option<mpsc::UnboundedSender<Option<ServerFrame>>>,
    gateway_calls: Vec<(String, http::HeaderMap, Bytes)>,
    /// Gateway connections to break before one is answered.
    gateway_drops: usize,
    credential: Option<(String, String)>,
    /// By phase; absent = there are none. `None` = they cannot be had.
    secrets: HashMap<WorkPhase, Option<Vec<SecretValue>>>,
}

/// The fake server; stops when dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
    changed: watch::Sender<u64>,
    /// Bytes that the gateway's streamed answer is made of, one after the other.
    pub(crate) gateway: mpsc::UnboundedSender<Bytes>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Shared {
    state: Arc<Mutex<State>>,
    changed: watch::Sender<u64>,
    pieces: Arc<tokio::sync::Mutex<mpsc::UnboundedReceiver<Bytes>>>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            acks: true,
            ..State::default()
        }));
        let (gateway, pieces) = mpsc::unbounded_channel();
        let changed = watch::Sender::new(0);
        let shared = Shared {
            state: Arc::clone(&state),
            changed: changed.clone(),
            pieces: Arc::new(tokio::sync::Mutex::new(pieces)),
        };
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let shared = shared.clone();
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        let shared = shared.clone();
                        async move { shared.answer(request).await }
                    });
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .with_upgrades()
                        .await;
                });
            }
        });
        Self {
            address,
            state,
            changed,
            gateway,
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let out = act(&mut self.state.lock().unwrap());
        self.changed.send_modify(|n| *n += 1);
        out
    }

    pub(crate) fn doors(&self, doors: impl IntoIterator<Item = Door>) {
        self.with(|state| state.doors.extend(doors));
    }

    pub(crate) fn acks(&self, on: bool) {
        self.with(|state| state.acks = on);
    }

    pub(crate) fn drop_gateway_calls(&self, count: usize) {
        self.with(|state| state.gateway_drops = count);
    }

    pub(crate) fn credential(&self, username: &str, password: &str) {
        self.with(|state| state.credential = Some((username.into(), password.into())));
    }

    pub(crate) fn secrets(&self, phase: WorkPhase, secrets: Option<&[(&str, &str)]>) {
        let secrets = secrets.map(|secrets| {
            let all = secrets.iter().map(|(name, value)| SecretValue {
                name: (*name).to_owned(),
                value: Secret::new(*value),
            });
            all.collect()
        });
        self.with(|state| state.secrets.insert(phase, secrets));
    }

    pub(crate) fn send(&self, frame: ServerFrame) {
        self.with(|state| {
            if let ServerFrame::Ack { n } = frame {
                state.acked = n;
            }
            state.connection.as_ref().unwrap().send(Some(frame)).unwrap();
        });
    }

    pub(crate) fn command(&self, n: u128, command: RunnerCommand) -> CommandId {
        let command_id = CommandId::new(0, n);
        self.send(ServerFrame::Command { command_id, command });
        command_id
    }

    /// Hangs up.
    pub(crate) fn hang_up(&self) {
        self.with(|state| state.connection.take().unwrap().send(None).unwrap());
    }

    pub(crate) fn attempts(&self) -> Vec<Attempt> {
        self.with(|state| state.attempts.clone())
    }

    pub(crate) fn frames(&self) -> Vec<RunnerFrame> {
        self.with(|state| state.frames.clone())
    }

    pub(crate) fn gateway_calls(&self) -> Vec<(String, http::HeaderMap, Bytes)> {
        self.with(|state| state.gateway_calls.clone())
    }

    /// Reports in the order of their numbers, each once.
    pub(crate) fn reports(&self) -> Vec<(u64, RunnerReport)> {
        let mut reports: Vec<(u64, RunnerReport)> = self
            .frames()
            .into_iter()
            .filter_map(|frame| match frame {
                RunnerFrame::Report { n, report, .. } => Some((n, report)),
                _ => None,
            })
            .collect();
        reports.sort_by_key(|(n, _)| *n);
        reports.dedup_by_key(|(n, _)| *n);
        reports
    }

    /// Waits until `found` finds something, and returns it.
    pub(crate) async fn wait<T>(&self, what: &str, mut found: impl FnMut(&Self) -> Option<T>) -> T {
        let mut changes = self.changed.subscribe();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = found(self) {
                    return found;
                }
                // `found` itself counts as a change, hence the pause and not a wait for news alone.
                let _ = timeout(Duration::from_millis(20), changes.changed()).await;
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        match timeout(PATIENCE, waiting).await {
            Ok(found) => found,
            Err(_) => panic!("never saw {what}; frames: {:#?}", self.frames()),
        }
    }

    pub(crate) async fn report<T>(&self, what: &str, mut pick: impl FnMut(&RunnerReport) -> Option<T>) -> T {
        self.wait(what, |server| {
            server.reports().iter().find_map(|(_, report)| pick(report))
        })
        .await
    }

    pub(crate) async fn wait_connected(&self) {
        self.wait("a connection", |server| {
            server.with(|state| state.connection.is_some()).then_some(())
        })
        .await;
    }

    pub(crate) async fn done(&self, id: CommandId) {
        self.wait("command_done", |server| {
            server
                .frames()
                .iter()
                .any(
                    |frame| matches!(frame, RunnerFrame::CommandDone { command_id, .. } if *command_id == id),
                )
                .then_some(())
        })
        .await;
    }
}

type Body = UnsyncBoxBody<Bytes, Infallible>;

fn plain(status: u16) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::new()).boxed_unsync());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

impl Shared {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let out = act(&mut self.state.lock().unwrap());
        self.changed.send_modify(|n| *n += 1);
        out
    }

    async fn answer(&self, mut request: Request<Incoming>) -> Result<Response<Body>, std::io::Error> {
        if request.uri().path() == "/v1/runner/connect" {
            return Ok(self.connect(&mut request));
        }
        if request.uri().path().starts_with("/gateway/") {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let dropped = self.with(|state| {
                state
                    .gateway_calls
                    .push((parts.uri.to_string(), parts.headers, body));
                let dropped = state.gateway_drops > 0;
                state.gateway_drops = state.gateway_drops.saturating_sub(1);
                dropped
            });
            if dropped {
                return Err(std::io::Error::other("restarting"));
            }
            let mut pieces = Arc::clone(&self.pieces).lock_owned().await;
            let stream = futures::stream::poll_fn(move |context| pieces.poll_recv(context))
                .take_while(|piece| std::future::ready(!piece.is_empty()))
                .map(|piece| Ok(Frame::data(piece)));
            let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(stream)));
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, "text/event-stream".parse().unwrap());
            return Ok(response);
        }
        Ok(plain(404))
    }

    fn connect(&self, request: &mut Request<Incoming>) -> Response<Body> {
        let text = |name: &str| {
            request
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        let attempt = Attempt {
            credential: text("authorization"),
            session: text("coordinator-session"),
            sandbox: text("coordinator-sandbox"),
            generation: text("coordinator-generation"),
        };
        let door = self.with(|state| {
            state.attempts.push(attempt);
            state.doors.pop_front().unwrap_or(Door::Open)
        });
        if let Door::Status(status) = door {
            return plain(status);
        }
        let key = derive_accept_key(request.headers()["sec-websocket-key"].as_bytes());
        let upgrade = hyper::upgrade::on(request);
        let shared = self.clone();
        tokio::spawn(async move {
            let upgraded = upgrade.await.unwrap();
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
            shared.converse(socket, door).await;
        });
        Response::builder()
            .status(101)
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-accept", key)
            .body(Full::new(Bytes::new()).boxed_unsync())
            .unwrap()
    }

    async fn converse(&self, mut socket: WebSocketStream<TokioIo<Upgraded>>, door: Door) {
        let Some(Ok(Message::Text(hello))) = socket.next().await else {
            return;
        };
        let hello: RunnerFrame = serde_json::from_str(&hello).unwrap();
        assert!(matches!(hello, RunnerFrame::Hello { .. }));
        let (sender, mut outgoing) = mpsc::unbounded_channel();
        let acked = self.with(|state| {
            state.frames.push(hello);
            state.acked
        });
        if door == Door::DropAfterHello {
            return;
        }
        let welcome = serde_json::to_string(&ServerFrame::Welcome { acked }).unwrap();
        socket.send(Message::Text(welcome.into())).await.unwrap();
        self.with(|state| state.connection = Some(sender));
        loop {
            let reply = tokio::select! {
                frame = outgoing.recv() => match frame {
                    Some(Some(frame)) => Some(frame),
                    Some(None) | None => return,
                },
                message = socket.next() => match message {
                    Some(Ok(Message::Text(text))) => self.take(serde_json::from_str(&text).unwrap()),
                    Some(Ok(_)) => None,
                    Some(Err(_)) | None => return,
                },
            };
            if let Some(reply) = reply {
                let text = serde_json::to_string(&reply).unwrap();
                if socket.send(Message::Text(text.into())).await.is_err() {
                    return;
                }
            }
        }
    }

    fn take(&self, frame: RunnerFrame) -> Option<ServerFrame> {
        self.with(|state| {
            state.frames.push(frame.clone());
            match frame {
                RunnerFrame::Report { n, .. } if state.acks && n == state.acked + 1 => {
                    state.acked = n;
                    Some(ServerFrame::Ack { n })
                }
                RunnerFrame::Report { .. } if state.acks => Some(ServerFrame::Ack { n: state.acked }),
                RunnerFrame::CredentialWanted { request, .. } => Some(ServerFrame::Credential {
                    request,
                    credential: state
                        .credential
                        .clone()
                        .map(|(username, password)| protocol::runner::GitCredential { username, password }),
                }),
                RunnerFrame::SecretsWanted { request, phase, .. } => Some(ServerFrame::Secrets {
                    request,
                    secrets: state.secrets.get(&phase).cloned().unwrap_or(Some(Vec::new())),
                }),
                _ => None,
            }
        })
    }
}
