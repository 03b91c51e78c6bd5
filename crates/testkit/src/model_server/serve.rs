//! Connections and routes.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited, StreamBody, combinators::UnsyncBoxBody};
use hyper::{body::Frame, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::{
    Shared, anthropic,
    fault::{self, Fault},
    lock, openai,
    recorded::Recorded,
    script,
};

type Body = UnsyncBoxBody<Bytes, io::Error>;

const MAX_BODY: usize = 64 * 1024 * 1024;
/// Between two words of a slow answer.
const SLOW_STEP: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, PartialEq)]
enum Api {
    Openai,
    Anthropic,
}

impl Api {
    fn error(self, status: u16, message: &str) -> Value {
        match self {
            Self::Openai => openai::error(status, message),
            Self::Anthropic => anthropic::error(status, message),
        }
    }
}

/// Serves until dropped; connections end with it.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let service = service_fn(move |request| answer(request, Arc::clone(&shared)));
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Response<Body>, Infallible> {
    let (parts, body) = request.into_parts();
    let bytes = Limited::new(body, MAX_BODY)
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes);
    let bytes = bytes.unwrap_or_default();
    let recorded = Recorded::new(&parts, &bytes);
    let model = recorded.model.clone();
    let key = recorded.key().map(str::to_owned);
    let body = recorded.body.clone();
    lock(&shared.requests).push(recorded);

    let path = parts.uri.path();
    let api = if path.starts_with("/v1/messages") {
        Api::Anthropic
    } else {
        Api::Openai
    };
    let fault = fault::due(&mut lock(&shared.faults), model.as_deref());
    match &fault {
        Some(Fault::NoAnswer) => return std::future::pending().await,
        Some(Fault::Status { status, retry_after }) => {
            let mut response = document(*status, &api.error(*status, "scripted failure"));
            if let Some(seconds) = retry_after {
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, (*seconds).into());
            }
            return Ok(response);
        }
        Some(Fault::Raw {
            status,
            content_type,
            body,
        }) => {
            return Ok(respond(*status, content_type, vec![body.clone()]));
        }
        _ => {}
    }
    let known = {
        let keys = lock(&shared.keys);
        key.is_some_and(|key| !key.is_empty() && (keys.is_empty() || keys.contains(&key)))
    };
    if !known {
        return Ok(document(401, &api.error(401, "the key is not valid")));
    }
    Ok(match (parts.method.as_str(), path) {
        ("GET", "/v1/models") => document(
            200,
            &json!({"object": "list", "data": [{"id": "scripted", "object": "model"}]}),
        ),
        ("POST", "/v1/chat/completions") => generate(Api::Openai, &body, bytes.len(), fault.as_ref()),
        ("POST", "/v1/messages") => generate(Api::Anthropic, &body, bytes.len(), fault.as_ref()),
        ("POST", "/v1/messages/count_tokens") => {
            document(200, &json!({"input_tokens": script::tokens(bytes.len())}))
        }
        _ => document(404, &api.error(404, "no such route")),
    })
}

fn generate(api: Api, body: &Value, body_bytes: usize, fault: Option<&Fault>) -> Response<Body> {
    if !body["messages"].is_array() || !body["model"].is_string() {
        return document(400, &api.error(400, "model and messages are required"));
    }
    let reply = script::reply(&if api == Api::Openai {
        openai::turn(body)
    } else {
        anthropic::turn(body)
    });
    let with_usage = fault != Some(&Fault::NoUsage);
    if body["stream"] != true {
        return document(
            200,
            &match api {
                Api::Openai => openai::document(&reply, body, body_bytes, with_usage),
                Api::Anthropic => anthropic::document(&reply, body, body_bytes, with_usage),
            },
        );
    }
    let mut frames = match api {
        Api::Openai => openai::frames(&reply, body, body_bytes, with_usage),
        Api::Anthropic => anthropic::frames(&reply, body, body_bytes, with_usage),
    };
    let pause = match fault {
        Some(Fault::Slow { pause }) => *pause,
        _ if reply.slow => SLOW_STEP,
        _ => Duration::ZERO,
    };
    if fault == Some(&Fault::NoEnd) {
        frames.pop();
    }
    let (keep, broken, silent) = match fault {
        Some(Fault::CloseAfter { frames }) => (*frames, true, false),
        Some(Fault::SilenceAfter { frames }) => (*frames, false, true),
        _ => (usize::MAX, false, false),
    };
    frames.truncate(keep);
    let tail = stream::iter(broken.then(|| Err(io::Error::other("scripted break"))));
    let rest = stream::iter(silent.then_some(())).then(|()| std::future::pending::<io::Result<Bytes>>());
    let stream = stream::iter(frames).then(move |frame| async move {
        if pause.is_zero() {
            // Frames leave one by one, so that a break does not swallow those before it.
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(pause).await;
        }
        Ok::<_, io::Error>(Bytes::from(frame))
    });
    build(200, "text/event-stream", stream.chain(tail).chain(rest))
}

fn document(status: u16, value: &Value) -> Response<Body> {
    respond(status, "application/json", vec![value.to_string()])
}

fn respond(status: u16, content_type: &str, parts: Vec<String>) -> Response<Body> {
    build(
        status,
        content_type,
        stream::iter(parts.into_iter().map(|part| Ok(Bytes::from(part)))),
    )
}

fn build(
    status: u16,
    content_type: &str,
    stream: impl futures::Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> Response<Body> {
    let body = BodyExt::boxed_unsync(StreamBody::new(stream.map(|piece| piece.map(Frame::data))));
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(value) = content_type.parse() {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response
}
