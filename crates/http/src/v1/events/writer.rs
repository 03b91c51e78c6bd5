//! The writing half of a session's socket: one frame after the other, at the client's pace.
//!
//! A slow client holds back nothing but itself: while its frame is being written no other is made, and the
//! subscription goes back to reading the log when the client is further behind than what is kept.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code},
};
use futures::{SinkExt, stream::SplitSink};
use protocol::{ProblemCode, socket::SocketFrame};
use serde::Serialize;
use sessions::{Outgoing, SessionError, Subscription};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval_at},
};

use super::{
    reader::size,
    socket::{Control, Shared, text},
};
use crate::presence::Seat;

const PING: Duration = Duration::from_secs(30);
/// Frames written before the socket looks at anything else.
const TOGETHER: usize = 64;
/// A client that takes nothing at all for this long is gone.
const STALLED: Duration = Duration::from_secs(600);

pub(super) async fn write(
    shared: &Shared,
    sink: SplitSink<WebSocket, Message>,
    mut inbox: mpsc::Receiver<Control>,
    mut seat: Seat,
) {
    let mut out = Out {
        shared,
        sink,
        free_at: None,
    };
    let mut endings = shared.state.app.endings();
    // It may have ended after it was let in and before anybody listened.
    if shared.is_over().await {
        return out.over().await;
    }
    let Some(hello) = Box::pin(hello(shared)).await else {
        return out.close(close_code::AWAY, "the session is gone").await;
    };
    if !out.frame(&hello).await {
        return;
    }
    let mut subscription: Option<Box<Subscription>> = None;
    let mut ping = interval_at(Instant::now() + PING, PING);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    seat.list.mark_changed();
    loop {
        let sent = tokio::select! {
            biased;
            control = inbox.recv() => match control {
                Some(Control::Frame(frame)) => out.frame(&*frame).await,
                Some(Control::Subscribe(new)) => {
                    subscription = Some(new);
                    true
                }
                Some(Control::Close(code, reason)) => {
                    out.close(code, reason).await;
                    // The reading half ends the socket, once the client has had time to hear why.
                    return std::future::pending().await;
                }
                None => return,
            },
            changed = seat.list.changed() => {
                if changed.is_err() {
                    return;
                }
                let people = seat.list.borrow_and_update().clone();
                out.frame(&SocketFrame::Presence { people }).await
            }
            () = endings.concern(&shared.access.actor) => {
                if shared.is_over().await {
                    return out.over().await;
                }
                true
            }
            _ = ping.tick() => {
                if shared.is_over().await {
                    return out.over().await;
                }
                out.message(Message::Ping(Bytes::new())).await
            }
            next = next(out.free_at, &mut subscription) => match next {
                Some(Ok(first)) => out.stream(first, subscription.as_deref_mut()).await,
                Some(Err(error)) => return out.broken(error).await,
                None => return out.close(close_code::AWAY, "the session is gone or the server stops").await,
            },
        };
        if !sent {
            return;
        }
    }
}

/// Never ready before there is a subscription, nor before the organisation may be sent more.
async fn next(
    free_at: Option<Instant>,
    subscription: &mut Option<Box<Subscription>>,
) -> Option<Result<Outgoing, SessionError>> {
    match subscription {
        Some(subscription) => {
            if let Some(free_at) = free_at {
                // Boxed, as everything rare.
                Box::pin(tokio::time::sleep_until(free_at)).await;
            }
            subscription.next().await
        }
        None => std::future::pending().await,
    }
}

async fn hello(shared: &Shared) -> Option<SocketFrame> {
    let session = shared
        .state
        .app
        .glance_at_session(&shared.access.actor, &shared.access.own)
        .await
        .ok()?;
    Some(SocketFrame::Hello {
        session_id: session.id,
        status: session.status,
        head: session.head,
        version: shared.state.settings.version.clone(),
    })
}

/// Written once for all readers; here it only gets its envelope.
fn message(outgoing: Outgoing) -> Option<Message> {
    let frame = match outgoing {
        Outgoing::Event(event) => event.frame(),
        Outgoing::Delta(preview) => preview.frame(),
        Outgoing::CaughtUp { head } => return text(&SocketFrame::CaughtUp { head }),
    };
    Utf8Bytes::try_from(frame).ok().map(Message::Text)
}

struct Out<'a> {
    shared: &'a Shared,
    sink: SplitSink<WebSocket, Message>,
    /// When the next events may go out.
    free_at: Option<Instant>,
}

impl Out<'_> {
    async fn frame<T: Serialize>(&mut self, frame: &T) -> bool {
        match text(frame) {
            Some(message) => self.message(message).await,
            None => false,
        }
    }

    async fn message(&mut self, message: Message) -> bool {
        self.shared.set_writing(true);
        let sent = tokio::time::timeout(STALLED, self.sink.send(message)).await;
        self.shared.set_writing(false);
        matches!(sent, Ok(Ok(())))
    }

    /// What is there already goes out together.
    async fn stream(&mut self, first: Outgoing, more: Option<&mut Subscription>) -> bool {
        self.shared.set_writing(true);
        let sent = tokio::time::timeout(STALLED, self.feed(first, more)).await;
        self.shared.set_writing(false);
        sent.unwrap_or(false)
    }

    async fn feed(&mut self, first: Outgoing, mut more: Option<&mut Subscription>) -> bool {
        let mut outgoing = Some(first);
        let (mut fed, mut bytes) = (0, 0);
        while let Some(current) = outgoing.take() {
            let Some(message) = message(current) else {
                return false;
            };
            bytes += size(&message);
            if self.sink.feed(message).await.is_err() {
                return false;
            }
            fed += 1;
            if fed < TOGETHER {
                outgoing = more.as_deref_mut().and_then(Subscription::ready);
            }
        }
        let flushed = self.sink.flush().await.is_ok();
        let pause = self
            .shared
            .state
            .app
            .pace_reader(self.shared.access.actor.org, fed, bytes);
        self.free_at = (!pause.is_zero()).then(|| Instant::now() + pause);
        flushed
    }

    async fn close(&mut self, code: u16, reason: &'static str) {
        self.message(Message::Close(Some(CloseFrame {
            code,
            reason: reason.into(),
        })))
        .await;
    }

    async fn over(&mut self) {
        self.close(close_code::POLICY, "the credential is not valid any more")
            .await;
    }

    async fn broken(&mut self, error: SessionError) {
        tracing::warn!(%error, "a subscription broke off");
        let frame = SocketFrame::Error {
            code: ProblemCode::Unavailable.slug().to_owned(),
            message: "The session's log cannot be read now. Reconnect and subscribe after the last event."
                .to_owned(),
            idempotency_key: None,
        };
        if self.frame(&frame).await {
            self.close(close_code::AGAIN, "try again").await;
        }
    }
}
