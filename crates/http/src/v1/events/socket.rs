//! `GET /v1/sessions/{id}/ws`: the session's socket.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use app::{App, AppError, OpenSocket};
use axum::{
    extract::{
        FromRequestParts, Request, State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::{IntoResponse, Response},
};
use domain::tenancy::Actor;
use futures::StreamExt;
use http::{StatusCode, header};
use ports::lane;
use protocol::{
    ProblemCode, SessionId,
    socket::{ClientFrame, Person, SocketFrame},
};
use serde::Serialize;
use sessions::Subscription;
use tokio::sync::mpsc;

use super::{reader, writer};
use crate::{
    extract::{SessionAccess, SocketAccess},
    problem::ApiProblem,
    state::HttpState,
    v1::prompts::create::WITH_ATTACHMENTS,
};

/// A socket costs this much while nothing happens.
const BUFFER: usize = 1024;
/// Frames that go out together fill this much before they are handed to the system; made when it is first used.
const WRITE_BUFFER: usize = 8 * 1024;
/// Answers that wait for a client which does not read.
const CONTROLS: usize = 8;

/// What the reading half tells the writing half.
pub(super) enum Control {
    Frame(Box<SocketFrame>),
    Subscribe(Box<Subscription>),
    /// The last frame, with its code.
    Close(u16, &'static str),
}

/// Both halves of a socket know this much.
pub(super) struct Shared {
    pub(super) state: HttpState,
    pub(super) access: SessionAccess,
    /// True while a frame is being written: silence of the other side is then no wonder.
    pub(super) writing: AtomicBool,
    /// Counted among its organisation's for as long as it is open.
    _open: OpenSocket,
}

/// The session's socket (WebSocket, JSON text frames). The client subscribes after an event, gets everything since,
/// then live events and deltas, and drives the session. Use a key, a browser's cookie (from our own page: `Origin` is
/// checked), or a ticket where neither can be sent.
///
/// Frames that are not understood are answered with `error` and the socket stays open. It is closed with 1001 when the
/// session is gone or the server stops, 1002 for what is not WebSocket, 1007 for text that is not UTF-8, 1008 when the
/// credential is not valid any more, 1009 for a frame above 12 MiB, 1013 when the log cannot be read for the moment, and
/// 4029 (`rate_limited`) when the client sends more than 100 frames or 4 MiB a second, past a stock of 1,000 frames and
/// 64 MiB.
#[utoipa::path(
    get, path = "/v1/sessions/{id}/ws", tag = "events",
    params(
        ("id" = SessionId, Path, description = "The session's id"),
        ("ticket" = Option<String>, Query, description = "A one-use ticket instead of a key"),
    ),
    responses((status = 101, description = "Client frames: `ClientFrame`; server frames: `SocketFrame`"))
)]
pub(crate) async fn session_socket(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, ApiProblem> {
    let (mut parts, _) = request.into_parts();
    let access = SocketAccess::from_request_parts(&mut parts, &state).await?;
    let upgrade = upgrade(&mut parts, &state).await?;
    let upgrade = upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_message_size(WITH_ATTACHMENTS)
        .max_frame_size(WITH_ATTACHMENTS);
    let access = SessionAccess {
        actor: access.actor,
        own: access.own,
    };
    let org = access.actor.org;
    let open = state.app.open_socket(org)?;
    let shared = Arc::new(Shared {
        state,
        access,
        writing: AtomicBool::new(false),
        _open: open,
    });
    Ok(upgrade.on_upgrade(move |socket| lane::within(Some(org), run(shared, socket))))
}

/// The upgrade, or a problem that says what is missing.
pub(crate) async fn upgrade(
    parts: &mut http::request::Parts,
    state: &HttpState,
) -> Result<WebSocketUpgrade, ApiProblem> {
    WebSocketUpgrade::from_request_parts(parts, state)
        .await
        .map_err(|rejection| {
            let status = rejection.into_response().status();
            let detail =
                if status == StatusCode::METHOD_NOT_ALLOWED || !parts.headers.contains_key(header::UPGRADE) {
                    "This address speaks WebSocket: send `Upgrade: websocket`."
                } else {
                    "The WebSocket handshake is not well formed."
                };
            ApiProblem::new(ProblemCode::InvalidRequest, detail)
        })
}

async fn run(shared: Arc<Shared>, socket: WebSocket) {
    let (sink, stream) = socket.split();
    let (controls, inbox) = mpsc::channel(CONTROLS);
    let actor = &shared.access.actor;
    let person = Person {
        user_id: actor.user,
        name: actor.author().name.unwrap_or_else(|| actor.email.clone()),
    };
    let seat = shared.state.presence.join(shared.access.own.id(), person);
    // Whichever half ends first ends the socket; both live in this one task.
    tokio::select! {
        () = reader::read(&shared, stream, controls) => {}
        () = writer::write(&shared, sink, inbox, seat) => {}
    }
}

impl Shared {
    pub(super) fn set_writing(&self, writing: bool) {
        self.writing.store(writing, Ordering::Relaxed);
    }

    /// Whether the one who opened the socket may read no more. A store that does not answer ends nothing.
    pub(super) async fn is_over(&self) -> bool {
        // Boxed, as everything rare: a socket that only waits carries no room for it.
        Box::pin(is_over(&self.state.app, &self.access.actor)).await
    }
}

pub(crate) async fn is_over(app: &App, actor: &Actor) -> bool {
    app.refresh(actor)
        .await
        .is_err_and(|error| error.code == ProblemCode::Unauthenticated)
}

/// A frame as it travels.
pub(crate) fn text<T: Serialize>(frame: &T) -> Option<Message> {
    match serde_json::to_string(frame) {
        Ok(text) => Some(Message::Text(text.into())),
        Err(error) => {
            tracing::error!(%error, "a frame could not be written");
            None
        }
    }
}

/// A client's frame, or what is wrong with it.
pub(super) fn parse(text: &str) -> Result<ClientFrame, AppError> {
    serde_json::from_str(text).map_err(|error| {
        let said: String = error.to_string().chars().take(300).collect();
        AppError::new(
            ProblemCode::InvalidRequest,
            format!("The frame is not understood: {said}."),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_of_future<A, B, F: Future>(_: impl Fn(A, B) -> F) -> usize {
        size_of::<F>()
    }

    /// Thousands of sockets stay attached while their sessions sleep: what each costs is kept in sight.
    #[test]
    fn an_idle_socket_is_small() {
        let size = size_of_future(run);
        assert!(size <= 3 * 1024, "{size} bytes");
    }
}
