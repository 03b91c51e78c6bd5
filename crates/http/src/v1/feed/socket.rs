//! The feed as a socket. One task, one frame after the other, at the client's pace: while a frame is being written
//! nothing else is made or read.

use std::time::Duration;

use app::{App, AppError, Endings, OpenSocket};
use axum::{
    body::Bytes,
    extract::{
        WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket, close_code},
    },
    response::Response,
};
use domain::tenancy::Actor;
use ports::lane;
use protocol::{
    ProblemCode,
    org_event::{FeedClientFrame, FeedFrame},
};
use serde::Serialize;
use sessions::{FeedError, FeedOutgoing, FeedReader};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::{problem::chain, state::HttpState, v1::events::socket::text};

/// A socket costs this much in each direction while nothing happens.
const BUFFER: usize = 2 * 1024;
/// Clients have little to say.
const MOST: usize = 4 * 1024;
const PING: Duration = Duration::from_secs(30);
/// Frames that a client may send between two pings: each subscription is a read.
const FRAMES: u32 = 120;
/// Pings in a row that were not answered by a word.
const SILENT: u32 = 8;
/// A client that takes nothing at all for this long is gone.
const STALLED: Duration = Duration::from_secs(600);

pub(super) fn open(upgrade: WebSocketUpgrade, state: HttpState, actor: Actor, open: OpenSocket) -> Response {
    let whose = Some(actor.org);
    upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(MOST)
        .max_frame_size(MOST)
        .on_upgrade(move |socket| lane::within(whose, run(state, actor, socket, open)))
}

struct Feed {
    app: App,
    actor: Actor,
    socket: WebSocket,
}

/// Why a socket ends. `None`: the other side is gone already.
type End = Option<(u16, &'static str)>;

/// `_open`: counted for as long as it is.
async fn run(state: HttpState, actor: Actor, socket: WebSocket, _open: OpenSocket) {
    let version = state.settings.version.clone();
    let mut feed = Feed {
        app: state.app,
        actor,
        socket,
    };
    let endings = feed.app.endings();
    if let Some((code, reason)) = feed.serve(endings, version).await {
        feed.message(Message::Close(Some(CloseFrame {
            code,
            reason: reason.into(),
        })))
        .await;
    }
}

impl Feed {
    async fn serve(&mut self, mut endings: Endings, version: String) -> End {
        // It may have ended after it was let in and before anybody listened.
        if self.is_over(None).await {
            return OVER;
        }
        let Ok(place) = Box::pin(self.app.org_events_place(&self.actor)).await else {
            return Some((close_code::AGAIN, "try again"));
        };
        let hello = text(&FeedFrame::Hello {
            org_id: self.actor.org,
            head: place.head,
            oldest: place.oldest,
            version,
        });
        if !self.written(hello).await {
            return None;
        }
        let mut reader: Option<Box<FeedReader>> = None;
        let (mut heard, mut silent) = (0, 0);
        let mut ping = interval_at(Instant::now() + PING, PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let sent = tokio::select! {
                biased;
                message = self.socket.recv() => {
                    silent = 0;
                    let text = match message {
                        Some(Ok(Message::Text(text))) => text,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                        Some(Ok(Message::Binary(_))) => {
                            let error = AppError::new(ProblemCode::InvalidRequest, "Frames are JSON text.");
                            if self.frame(&refused(&error)).await { continue } else { return None }
                        }
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    };
                    heard += 1;
                    if heard > FRAMES {
                        return Some((close_code::POLICY, "too many frames"));
                    }
                    // Boxed: a socket that only waits carries no room for it.
                    let answer = Box::pin(self.carry_out(&text, &mut reader)).await;
                    match answer {
                        Some(frame) => self.frame(&frame).await,
                        None => true,
                    }
                }
                () = endings.concern(&self.actor) => {
                    if self.is_over(reader.as_deref_mut()).await {
                        return OVER;
                    }
                    true
                }
                _ = ping.tick() => {
                    heard = 0;
                    silent += 1;
                    if self.is_over(reader.as_deref_mut()).await {
                        return OVER;
                    }
                    if silent > SILENT {
                        return None;
                    }
                    self.message(Message::Ping(Bytes::new())).await
                }
                next = next(&mut reader) => match next {
                    Some(Ok(FeedOutgoing::Event(event))) => self.frame(&Shown::Event { event: &event }).await,
                    Some(Ok(FeedOutgoing::CaughtUp { head })) => self.frame(&FeedFrame::CaughtUp { head }).await,
                    Some(Err(error)) => {
                        tracing::warn!(%error, "a reader of a feed broke off");
                        self.frame(&refused(&error.into())).await;
                        return Some((close_code::AGAIN, "try again"));
                    }
                    None => return Some((close_code::AWAY, "the server stops")),
                },
            };
            if !sent {
                return None;
            }
        }
    }

    /// What is to be told about a client's frame.
    async fn carry_out(&mut self, text: &str, reader: &mut Option<Box<FeedReader>>) -> Option<FeedFrame> {
        let frame = match serde_json::from_str(text) {
            Ok(frame) => frame,
            Err(error) => {
                let said: String = error.to_string().chars().take(300).collect();
                let detail = format!("The frame is not understood: {said}.");
                return Some(refused(&AppError::new(ProblemCode::InvalidRequest, detail)));
            }
        };
        match frame {
            FeedClientFrame::Ping => Some(FeedFrame::Pong),
            FeedClientFrame::Subscribe { after } => {
                // A socket may be open for days: who may read is asked anew.
                let opened = match self.app.refresh(&self.actor).await {
                    Ok(actor) => self.app.follow_org_events(&actor, Some(after)).await,
                    Err(error) => Err(error),
                };
                match opened {
                    Ok(new) => {
                        *reader = Some(Box::new(new));
                        None
                    }
                    Err(error) => Some(refused(&error)),
                }
            }
        }
    }

    /// Also what the reader may see is asked anew: a role can change while somebody follows.
    async fn is_over(&mut self, reader: Option<&mut FeedReader>) -> bool {
        match Box::pin(self.app.refresh(&self.actor)).await {
            Ok(now) => {
                if let Some(reader) = reader {
                    reader.hold_back(self.app.held_back(&now));
                }
            }
            Err(error) if error.code == ProblemCode::Unauthenticated => return true,
            // Not known: what was held back stays so, and it is asked again.
            Err(_) => {}
        }
        false
    }

    async fn frame<T: Serialize>(&mut self, frame: &T) -> bool {
        self.written(text(frame)).await
    }

    async fn written(&mut self, message: Option<Message>) -> bool {
        match message {
            Some(message) => self.message(message).await,
            None => false,
        }
    }

    async fn message(&mut self, message: Message) -> bool {
        matches!(
            tokio::time::timeout(STALLED, self.socket.send(message)).await,
            Ok(Ok(()))
        )
    }
}

const OVER: End = Some((close_code::POLICY, "the credential is not valid any more"));

/// As in [`FeedFrame`], without a copy for each reader.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Shown<'a> {
    Event { event: &'a protocol::OrgEvent },
}

/// Never ready before there is a subscription.
async fn next(reader: &mut Option<Box<FeedReader>>) -> Option<Result<FeedOutgoing, FeedError>> {
    match reader {
        Some(reader) => reader.next().await,
        None => std::future::pending().await,
    }
}

fn refused(error: &AppError) -> FeedFrame {
    if let Some(cause) = &error.cause {
        tracing::warn!(code = error.code.slug(), cause = %chain(cause.as_ref()), "a frame was not carried out");
    }
    FeedFrame::Error {
        code: error.code.slug().to_owned(),
        message: error.detail.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_of_future<A, B, C, D, F: Future>(_: impl Fn(A, B, C, D) -> F) -> usize {
        size_of::<F>()
    }

    /// Each open tab has one of these.
    #[test]
    fn an_idle_socket_is_small() {
        let size = size_of_future(run);
        assert!(size <= 3 * 1024, "{size} bytes");
    }
}
