//! A model provider on loopback that follows the script in the prompt: `openai-chat` and `anthropic`, streaming.
//! It misbehaves on demand (`fault: ...` lines) and keeps a record of what it was asked.

mod anthropic;
mod chat;
mod plan;

use std::{
    collections::HashMap,
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Limited, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    body::{Frame, Incoming},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};

use plan::{Answer, Fault};

/// A broken connection, for a body that ends in one.
#[derive(Debug, thiserror::Error)]
#[error("the scripted model breaks off")]
pub struct BrokenOff;

type Body = UnsyncBoxBody<Bytes, BrokenOff>;
type Piece = Result<Frame<Bytes>, BrokenOff>;

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub path: String,
    /// `Authorization` or `x-api-key`, as sent.
    pub key: String,
    pub model: String,
    pub tools: Vec<String>,
    /// The body, whole.
    pub body: Value,
}

#[derive(Default)]
struct State {
    asked: Vec<Asked>,
    /// How often each faulty prompt has been asked.
    times: HashMap<String, u32>,
}

/// The server; it ends when this is dropped.
pub struct ScriptedModel {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl std::fmt::Debug for ScriptedModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScriptedModel")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Drop for ScriptedModel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl ScriptedModel {
    /// Starts on a free port of loopback; requests must carry `key`.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(key: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::default()));
        let (shared, key) = (Arc::clone(&state), Arc::<str>::from(key));
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (state, key) = (Arc::clone(&shared), Arc::clone(&key));
                connections.spawn(async move {
                    let service =
                        service_fn(move |request| answer(request, Arc::clone(&state), Arc::clone(&key)));
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Self { address, state, task })
    }

    /// As [`crate::Launch::model_endpoint`] wants it.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .asked
            .clone()
    }
}

async fn answer(
    request: Request<Incoming>,
    state: Arc<Mutex<State>>,
    key: Arc<str>,
) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path().to_owned();
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let (bearer, own) = (header("authorization"), header("x-api-key"));
    let sent = if own.is_empty() { bearer } else { own };
    let right = sent.strip_prefix("Bearer ").unwrap_or(&sent) == &*key;
    let Ok(body) = Limited::new(request.into_body(), 32 * 1024 * 1024)
        .collect()
        .await
    else {
        return Ok(failure(413, "the body is too large"));
    };
    let body: Value = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
    let tools: Vec<String> = body["tools"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(tool_name)
        .collect();
    let titled = tools.is_empty();
    {
        let asked = Asked {
            path: path.clone(),
            key: sent,
            model: body["model"].as_str().unwrap_or_default().to_owned(),
            tools,
            body: body.clone(),
        };
        state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .asked
            .push(asked);
    }
    if !right {
        return Ok(failure(401, "the key is not valid"));
    }
    let chat = path.ends_with("/chat/completions");
    if !chat && !path.ends_with("/messages") {
        return Ok(json_body(200, &json!({ "object": "list", "data": [] })));
    }
    let mut answer = if titled { plan::title() } else { plan::plan(&body) };
    if let Some(fault) = &answer.fault {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let times = state.times.entry(answer.prompt.clone()).or_default();
        *times += 1;
        if fault.once && *times > 1 {
            answer.fault = None;
        }
    }
    Ok(respond(&answer, chat))
}

fn tool_name(tool: &Value) -> Option<String> {
    tool["function"]["name"]
        .as_str()
        .or_else(|| tool["name"].as_str())
        .map(str::to_owned)
}

fn respond(answer: &Answer, chat: bool) -> Response<Body> {
    let fault = answer.fault.as_ref();
    if let Some(status) = fault.and_then(|fault| fault.status) {
        return failure(status, &format!("scripted failure {status}"));
    }
    let frames = if chat {
        chat::frames(answer)
    } else {
        anthropic::frames(answer)
    };
    let fault = fault.cloned();
    let (sender, mut receiver) = mpsc::channel::<Piece>(8);
    tokio::spawn(stream(frames, fault, sender));
    let stream = futures::stream::poll_fn(move |context| receiver.poll_recv(context));
    let mut response = Response::new(UnsyncBoxBody::new(StreamBody::new(stream)));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("text/event-stream"),
    );
    response
}

async fn stream(frames: Vec<String>, fault: Option<Fault>, sender: mpsc::Sender<Piece>) {
    let whole = frames.len();
    let until = match &fault {
        Some(fault) if fault.silence => 0,
        // The opening and a piece or two of the answer.
        Some(fault) if fault.close || fault.reset => whole.min(3),
        _ => whole,
    };
    for frame in frames.into_iter().take(until) {
        if sender.send(Ok(Frame::data(Bytes::from(frame)))).await.is_err() {
            return;
        }
        // One piece a turn of the loop, so that it streams rather than comes at once.
        tokio::task::yield_now().await;
    }
    match fault {
        Some(fault) if fault.silence => sender.closed().await,
        Some(fault) if fault.reset => {
            let _ = sender.send(Err(BrokenOff)).await;
        }
        _ => {}
    }
}

fn failure(status: u16, message: &str) -> Response<Body> {
    let kind = match status {
        429 => "rate_limit_error",
        500.. => "server_error",
        _ => "invalid_request_error",
    };
    json_body(
        status,
        &json!({ "type": "error", "error": { "message": message, "type": kind, "code": kind } }),
    )
}

fn json_body(status: u16, body: &Value) -> Response<Body> {
    let body = http_body_util::Full::new(Bytes::from(body.to_string())).map_err(|never| match never {});
    let mut response = Response::new(UnsyncBoxBody::new(body));
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/json"),
    );
    response
}
