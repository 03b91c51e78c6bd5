//! What the real OpenCode does only now and then, done on purpose: a server that speaks as it does and is led by
//! the test, behind a program that only says where it listens.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    body::{Frame, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use protocol::{
    EventBody,
    agent::{Dialect, ModelBinding},
    runner::TurnOutcome,
    session::PermissionMode,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

use super::{Limits, OpenCode};
use crate::{
    AgentDriver, Launch, Signal,
    contract::{Bench, Record, Stage},
};

type Piece = Result<Frame<Bytes>, Infallible>;

#[derive(Default)]
struct State {
    busy: bool,
    messages: Vec<Value>,
    permissions: Vec<Value>,
    /// The open event stream.
    stream: Option<mpsc::Sender<Piece>>,
}

struct Fake {
    root: TempDir,
    state: Arc<Mutex<State>>,
    /// What has been asked of the server, method and path.
    calls: tokio::sync::Mutex<mpsc::UnboundedReceiver<String>>,
    limits: Limits,
    server: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Fake {
    async fn new() -> Self {
        let root = TempDir::new().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let script =
            format!("#!/bin/sh\necho 'opencode server listening on http://{address}'\nexec sleep 600\n");
        let program = root.path().join("program");
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        for directory in ["workspace", "home"] {
            std::fs::create_dir(root.path().join(directory)).unwrap();
        }
        let state = Arc::new(Mutex::new(State::default()));
        let (called, calls) = mpsc::unbounded_channel();
        let shared = Arc::clone(&state);
        let server = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (state, called) = (Arc::clone(&shared), called.clone());
                connections.spawn(async move {
                    let service = service_fn(move |request| {
                        let response = answer(&request, &state, &called);
                        async move { Ok::<_, Infallible>(response) }
                    });
                    let http = hyper::server::conn::http1::Builder::new();
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self {
            root,
            state,
            calls: tokio::sync::Mutex::new(calls),
            limits: Limits::default(),
            server,
        }
    }

    fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
    }

    /// Waits until the driver has made this call.
    async fn called(&self, call: &str) {
        let mut calls = self.calls.lock().await;
        let wait = async {
            while let Some(seen) = calls.recv().await {
                if seen == call {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(120), wait)
            .await
            .unwrap_or_else(|_| panic!("no call {call}"));
    }

    async fn emit(&self, kind: &str, mut properties: Value) {
        properties["sessionID"] = "ses_1".into();
        let event = format!("data: {}\n\n", json!({ "type": kind, "properties": properties }));
        let stream = self.state.lock().unwrap().stream.clone().unwrap();
        stream.send(Ok(Frame::data(Bytes::from(event)))).await.unwrap();
    }

    async fn begin(&self) {
        self.set(|state| state.busy = true);
        self.emit(
            "message.updated",
            json!({ "info": { "id": "msg_u", "role": "user" } }),
        )
        .await;
        self.emit("message.updated", json!({ "info": assistant(None) }))
            .await;
        self.emit("message.part.updated", json!({ "part": text("prt_1", "", None) }))
            .await;
        self.emit(
            "message.part.delta",
            json!({ "partID": "prt_1", "field": "text", "delta": "Hel" }),
        )
        .await;
    }

    /// The conversation as it is when the turn is over.
    fn over(&self) {
        self.set(|state| {
            state.busy = false;
            state.messages = vec![
                json!({ "info": { "id": "msg_u", "role": "user" }, "parts": [] }),
                json!({ "info": assistant(Some(2)),
                    "parts": [text("prt_1", "Hello.", Some(2)), text("prt_2", " And more.", Some(2))] }),
            ];
        });
    }
}

fn assistant(completed: Option<u64>) -> Value {
    let finish = completed.map(|_| "stop");
    json!({ "id": "msg_a", "role": "assistant", "parentID": "msg_u", "finish": finish,
        "time": { "created": 1, "completed": completed } })
}

fn text(id: &str, text: &str, end: Option<u64>) -> Value {
    json!({ "id": id, "messageID": "msg_a", "type": "text", "text": text, "time": { "start": 1, "end": end } })
}

fn answer(
    request: &Request<Incoming>,
    state: &Mutex<State>,
    called: &mpsc::UnboundedSender<String>,
) -> Response<UnsyncBoxBody<Bytes, Infallible>> {
    let path = request.uri().path();
    let _ = called.send(format!("{} {path}", request.method()));
    let mut state = state.lock().unwrap();
    let body = match (request.method(), path) {
        (&Method::GET, "/event") => {
            let (sender, mut receiver) = mpsc::channel::<Piece>(16);
            sender
                .try_send(Ok(Frame::data(Bytes::from_static(
                    b"data: {\"type\":\"server.connected\"}\n\n",
                ))))
                .unwrap();
            state.stream = Some(sender);
            let stream = futures::stream::poll_fn(move |context| receiver.poll_recv(context));
            return Response::new(UnsyncBoxBody::new(StreamBody::new(stream)));
        }
        (_, "/global/health") => json!({ "healthy": true, "version": "1.18.33" }),
        (&Method::POST, "/session") => json!({ "id": "ses_1" }),
        (_, "/session/status") if state.busy => json!({ "ses_1": { "type": "busy" } }),
        (_, "/session/ses_1/message") => Value::Array(state.messages.clone()),
        (_, "/permission") => Value::Array(state.permissions.clone()),
        (_, "/session/ses_1/prompt_async") => Value::Null,
        (_, "/session/ses_1/abort") => true.into(),
        (_, "/question" | "/agent") => json!([]),
        _ => json!({}),
    };
    let mut response = Response::new(UnsyncBoxBody::new(Full::new(Bytes::from(body.to_string()))));
    if body.is_null() {
        *response.status_mut() = StatusCode::NO_CONTENT;
        *response.body_mut() =
            UnsyncBoxBody::new(http_body_util::Empty::new().map_err(|never| match never {}));
    }
    response
}

impl Bench for Fake {
    fn driver(&self) -> Arc<dyn AgentDriver> {
        Arc::new(OpenCode { limits: self.limits })
    }

    fn launch(&self, permissions: PermissionMode, resume: Option<String>) -> Launch {
        Launch {
            program: Some(self.root.path().join("program")),
            workspace: self.root.path().join("workspace"),
            home: self.root.path().join("home"),
            env: BTreeMap::from([("PATH".to_owned(), "/usr/bin:/bin".to_owned())]),
            model_endpoint: "http://127.0.0.1:9".to_owned(),
            model_key: "worthless-model-key".to_owned(),
            model: ModelBinding {
                dialect: Dialect::OpenaiChat,
                context: 1000,
                max_output: 100,
            },
            permissions,
            resume,
        }
    }
}

async fn started(fake: &Fake) -> (Stage, protocol::PromptId) {
    let mut stage = Stage::start(fake, PermissionMode::Allow, None).await;
    let prompt = stage.prompt("hello").await;
    fake.called("POST /session/ses_1/prompt_async").await;
    (stage, prompt)
}

#[tokio::test]
async fn what_takes_long_to_load_is_asked_for_before_the_first_prompt() {
    let fake = Fake::new().await;
    let stage = Stage::start(&fake, PermissionMode::Allow, None).await;
    fake.called("GET /config/providers").await;
    stage.stop().await;
}

#[tokio::test]
async fn an_idle_of_the_turn_before_ends_nothing_and_late_text_is_not_lost() {
    let fake = Fake::new().await;
    let (mut stage, prompt) = started(&fake).await;
    fake.emit("session.idle", json!({})).await;
    fake.called("GET /session/ses_1/message").await;
    fake.begin().await;
    // Busy again and again, and an idle that comes while it is busy.
    fake.emit("session.status", json!({ "status": { "type": "busy" } }))
        .await;
    fake.emit("session.idle", json!({})).await;
    fake.called("GET /session/ses_1/message").await;
    fake.emit(
        "message.part.delta",
        json!({ "partID": "prt_1", "field": "text", "delta": "lo." }),
    )
    .await;
    fake.over();
    fake.emit("session.status", json!({ "status": { "type": "idle" } }))
        .await;
    let mut record = Record::default();
    stage.listen(prompt, &mut record, |_| false).await;
    assert!(
        matches!(record.outcome, Some(TurnOutcome::Completed { .. })),
        "{:?}",
        record.outcome
    );
    assert_eq!(record.text(), "Hello. And more.");
    assert_eq!(record.streamed("prt_1"), "Hello.");
    // The second idle, and what was said of that turn already, concern nobody any more.
    fake.emit("session.idle", json!({})).await;
    fake.emit("message.updated", json!({ "info": assistant(Some(2)) }))
        .await;
    stage.stop().await;
}

#[tokio::test]
async fn what_a_lost_stream_missed_is_made_up_for() {
    let fake = Fake::new().await;
    let (mut stage, prompt) = started(&fake).await;
    fake.begin().await;
    let mut record = Record::default();
    let asked = json!({ "id": "per_1", "sessionID": "ses_1", "permission": "bash", "patterns": ["ls"],
        "metadata": { "command": "ls" }, "always": [] });
    fake.set(|state| {
        state.permissions = vec![asked];
        state.stream = None;
    });
    stage
        .listen(prompt, &mut record, |event| {
            matches!(event, EventBody::PermissionRequested(_))
        })
        .await;
    // Asked a second time in the list, told once. Then the end is missed too.
    fake.over();
    fake.set(|state| state.stream = None);
    stage.listen(prompt, &mut record, |_| false).await;
    assert!(
        matches!(record.outcome, Some(TurnOutcome::Completed { .. })),
        "{:?}",
        record.outcome
    );
    assert_eq!(
        record.kinds(),
        ["permission.requested", "message.text", "message.text"]
    );
    assert_eq!(record.text(), "Hello. And more.");
    assert_eq!(
        record.streamed("prt_1"),
        "Hel",
        "after a gap nothing is streamed at a wrong place"
    );
    stage.stop().await;
}

#[tokio::test]
async fn an_abort_that_is_not_confirmed_kills_the_agent() {
    let mut fake = Fake::new().await;
    fake.limits.abort = Duration::from_millis(600);
    let (mut stage, prompt) = started(&fake).await;
    fake.begin().await;
    assert!(matches!(stage.next().await, Signal::Delta { .. }));
    assert!(stage.agent.interrupt().await.is_ok());
    let mut record = Record::default();
    stage.listen(prompt, &mut record, |_| false).await;
    assert_eq!(record.outcome, Some(TurnOutcome::Cancelled));
    assert_eq!(record.text(), "Hel", "what was seen is kept");
    let Signal::Died { error } = stage.next().await else {
        panic!()
    };
    assert!(error.message.contains("signal: 9"), "{error:?}");
}

#[tokio::test]
async fn a_prompt_that_is_never_begun_fails() {
    let mut fake = Fake::new().await;
    fake.limits.settle = Duration::from_millis(300);
    let (mut stage, prompt) = started(&fake).await;
    fake.emit("session.idle", json!({})).await;
    let mut record = Record::default();
    stage.listen(prompt, &mut record, |_| false).await;
    assert!(matches!(record.outcome, Some(TurnOutcome::Failed { error }) if error.code == "agent_error"));
    stage.stop().await;
}
