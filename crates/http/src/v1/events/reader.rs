//! The reading half of a session's socket: each client frame is one use case.

use std::{sync::atomic::Ordering, time::Duration};

use app::{AppError, IdempotencyKey};
use axum::extract::ws::{Message, WebSocket};
use futures::{StreamExt, stream::SplitStream};
use protocol::{
    ProblemCode,
    api::{PermissionAnswer, PromptCreate, QuestionAnswer},
    socket::{ClientFrame, SocketFrame},
};
use sha2::{Digest, Sha256};
use tokio::{sync::mpsc, time::timeout};

use super::socket::{Control, Shared, parse};
use crate::{
    pace::{CLIENT, Pace},
    problem::chain,
};

/// A client answers pings; one that says nothing for this long, although it was written to, is gone.
const SILENCE: Duration = Duration::from_secs(300);
/// How long a client may take to hear why its socket is closed.
const FAREWELL: Duration = Duration::from_secs(5);

/// Close codes besides those of the protocol itself.
mod close {
    use axum::extract::ws::close_code;

    pub(super) const FLOOD: (u16, &str) = (
        4029,
        "rate_limited: at most 100 frames and 4 MiB a second, 1000 frames and 64 MiB at once",
    );
    pub(super) const TOO_LARGE: (u16, &str) = (close_code::SIZE, "a frame has at most 12 MiB");
    pub(super) const NOT_UTF8: (u16, &str) = (close_code::INVALID, "text is UTF-8");
    pub(super) const BROKEN: (u16, &str) = (close_code::PROTOCOL, "that is not WebSocket");
}

pub(super) async fn read(
    shared: &Shared,
    mut stream: SplitStream<WebSocket>,
    controls: mpsc::Sender<Control>,
) {
    let mut pace = Pace::new(CLIENT);
    loop {
        let message = match timeout(SILENCE, stream.next()).await {
            Ok(Some(Ok(message))) => message,
            Ok(Some(Err(error))) => return Box::pin(farewell(why(error), stream, &controls)).await,
            Ok(None) => return,
            Err(_) if shared.writing.load(Ordering::Relaxed) => continue,
            Err(_) => return,
        };
        if pace.take(size(&message)).is_err() {
            tracing::warn!(session.id = %shared.access.own.id(), "a client's socket is closed: it sends too much");
            return Box::pin(farewell(Some(close::FLOOD), stream, &controls)).await;
        }
        let answer = match message {
            Message::Text(text) => match parse(&text) {
                // Boxed: a socket that only waits carries no room for the use cases.
                Ok(frame) => Box::pin(carry_out(shared, frame, &text)).await,
                Err(error) => Some(refused(&error, None)),
            },
            Message::Binary(_) => {
                let error = AppError::new(ProblemCode::InvalidRequest, "Frames are JSON text.");
                Some(refused(&error, None))
            }
            Message::Ping(_) | Message::Pong(_) => None,
            Message::Close(_) => return,
        };
        // A client that sends without reading waits here: that is the back-pressure.
        if let Some(answer) = answer
            && controls.send(answer).await.is_err()
        {
            return;
        }
    }
}

pub(super) fn size(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    }
}

/// What is wrong with what came; `None` when the connection itself broke.
fn why(error: axum::Error) -> Option<(u16, &'static str)> {
    use tokio_tungstenite::tungstenite::{Error, error::ProtocolError};
    match error.into_inner().downcast_ref::<Error>()? {
        Error::Capacity(_) => Some(close::TOO_LARGE),
        Error::Utf8(_) => Some(close::NOT_UTF8),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        Error::Protocol(_) => Some(close::BROKEN),
        _ => None,
    }
}

/// Says why it is over and listens, without a look at what still comes, until the client has heard it: what lies unread
/// when a connection ends can cost the client the last frame.
async fn farewell(
    why: Option<(u16, &'static str)>,
    mut stream: SplitStream<WebSocket>,
    controls: &mpsc::Sender<Control>,
) {
    let Some((code, reason)) = why else { return };
    let farewell = async {
        if controls.send(Control::Close(code, reason)).await.is_ok() {
            while let Some(Ok(_)) = stream.next().await {}
            // Nothing more can be read; the close frame may still be on its way out.
            controls.closed().await;
        }
    };
    let _ = timeout(FAREWELL, farewell).await;
}

/// What is to be told about a frame; commands that went well are told by their events.
async fn carry_out(shared: &Shared, frame: ClientFrame, text: &str) -> Option<Control> {
    if matches!(frame, ClientFrame::Ping) {
        return Some(Control::Frame(Box::new(SocketFrame::Pong)));
    }
    let (app, own) = (&shared.state.app, &shared.access.own);
    // A socket may be open for days: who may do what is asked anew.
    let actor = &match app.refresh(&shared.access.actor).await {
        Ok(actor) => actor,
        Err(error) => return Some(refused(&error, None)),
    };
    // What a socket asks for is worked on like a request, and counted like one.
    if let Some(error) = app.admit(actor).refused {
        return Some(refused(&error, key_of(&frame)));
    }
    let _turn = match app.turn(actor.org).await {
        Ok(turn) => turn,
        Err(error) => return Some(refused(&error, key_of(&frame))),
    };
    let done = match frame {
        ClientFrame::Ping => return None,
        ClientFrame::Subscribe { after } => {
            return Some(match app.subscribe(actor, own, after).await {
                Ok(subscription) => Control::Subscribe(Box::new(subscription)),
                Err(error) => refused(&error, None),
            });
        }
        ClientFrame::Prompt {
            idempotency_key,
            text: prompt,
            attachments,
            model,
            mode,
        } => {
            let key = match idempotency_key
                .as_deref()
                .map(|key| prompt_key(key, text))
                .transpose()
            {
                Ok(key) => key,
                Err(error) => return Some(refused(&error, idempotency_key)),
            };
            let body = PromptCreate {
                text: prompt,
                attachments,
                model,
                mode,
            };
            return Some(match app.enqueue_prompt(actor, own, body, key.as_ref()).await {
                Ok(outcome) => {
                    let prompt_id = outcome.value.id;
                    Control::Frame(Box::new(SocketFrame::Accepted {
                        prompt_id,
                        idempotency_key,
                    }))
                }
                Err(error) => refused(&error, idempotency_key),
            });
        }
        ClientFrame::Cancel { prompt_id } => app.cancel_prompt(actor, own, prompt_id, None).await,
        ClientFrame::Interrupt => app.interrupt_session(actor, own, None).await,
        ClientFrame::Permission {
            permission_id,
            reply,
            message,
        } => {
            let body = PermissionAnswer { reply, message };
            app.answer_permission(actor, own, permission_id, body, None).await
        }
        ClientFrame::Answer {
            question_id,
            answers,
            rejected,
        } => {
            let body = QuestionAnswer { answers, rejected };
            app.answer_question(actor, own, question_id, body, None).await
        }
    };
    done.err().map(|error| refused(&error, None))
}

/// So that a client knows which of its prompts is meant.
fn key_of(frame: &ClientFrame) -> Option<String> {
    match frame {
        ClientFrame::Prompt { idempotency_key, .. } => idempotency_key.clone(),
        _ => None,
    }
}

/// The same key with the same frame is the same prompt, on whichever socket it comes.
fn prompt_key(key: &str, frame: &str) -> Result<IdempotencyKey, AppError> {
    if !(1..=255).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(AppError::invalid(
            "idempotency_key",
            "`idempotency_key` has 1 to 255 visible ASCII characters.",
        ));
    }
    Ok(IdempotencyKey {
        key: key.to_owned(),
        route: "WS prompt".to_owned(),
        fingerprint: Sha256::digest(frame.as_bytes()).into(),
    })
}

fn refused(error: &AppError, idempotency_key: Option<String>) -> Control {
    if let Some(cause) = &error.cause {
        tracing::warn!(code = error.code.slug(), cause = %chain(cause.as_ref()), "a frame was not carried out");
    }
    Control::Frame(Box::new(SocketFrame::Error {
        code: error.code.slug().to_owned(),
        message: error.detail.clone(),
        idempotency_key,
    }))
}
