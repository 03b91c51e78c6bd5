//! The feed as a stream of server-sent events.

use std::{convert::Infallible, time::Duration};

use app::{App, Endings, OpenSocket};
use axum::response::{
    IntoResponse, Response, Sse,
    sse::{Event as Frame, KeepAlive},
};
use domain::tenancy::Actor;
use futures::stream;
use http::{HeaderName, HeaderValue};
use ports::lane;
use protocol::ProblemCode;
use sessions::{FeedOutgoing, FeedReader};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

/// A comment in between, so that nobody on the way takes the silence for an end.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it is looked at whether the reader still may read.
const LOOK: Duration = Duration::from_secs(30);

struct Stream {
    app: App,
    actor: Actor,
    reader: FeedReader,
    look: Interval,
    endings: Endings,
    /// Counted among its organisation's for as long as it is open.
    _open: OpenSocket,
}

/// Replay, then live. It ends when the server stops, the credential is no longer valid, or the reader was away for
/// longer than events are kept; clients come back with the last id, and are told.
pub(super) fn stream(app: App, actor: Actor, reader: FeedReader, open: OpenSocket) -> Response {
    // The first look is at once: it may have ended before anybody listened.
    let mut look = interval_at(Instant::now(), LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stream = Stream {
        endings: app.endings(),
        app,
        actor,
        reader,
        look,
        _open: open,
    };
    let frames = stream::unfold(stream, async |mut stream| {
        let frame = lane::within(Some(stream.actor.org), stream.next()).await?;
        Some((Ok::<_, Infallible>(frame), stream))
    });
    let mut response = Sse::new(frames)
        .keep_alive(KeepAlive::new().interval(HEARTBEAT).text("heartbeat"))
        .into_response();
    // Proxies that buffer would hold events back.
    response.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    response
}

impl Stream {
    /// Also what the reader may see is asked anew: a role can change while somebody follows.
    async fn is_over(&mut self) -> bool {
        match self.app.refresh(&self.actor).await {
            Ok(now) => self.reader.hold_back(self.app.held_back(&now)),
            Err(error) if error.code == ProblemCode::Unauthenticated => return true,
            // Not known: what was held back stays so, and it is asked again.
            Err(_) => {}
        }
        false
    }

    async fn next(&mut self) -> Option<Frame> {
        loop {
            let outgoing = tokio::select! {
                outgoing = self.reader.next() => outgoing?,
                () = self.endings.concern(&self.actor) => {
                    if self.is_over().await {
                        return None;
                    }
                    continue;
                }
                _ = self.look.tick() => {
                    if self.is_over().await {
                        return None;
                    }
                    continue;
                }
            };
            let frame = match outgoing {
                Ok(FeedOutgoing::Event(event)) => {
                    Frame::default().id(event.seq.to_string()).json_data(&*event)
                }
                Ok(FeedOutgoing::CaughtUp { .. }) => continue,
                Err(error) => {
                    tracing::warn!(%error, "a stream of a feed broke off");
                    return None;
                }
            };
            match frame {
                Ok(frame) => return Some(frame),
                Err(error) => {
                    tracing::error!(%error, "an event could not be written");
                    return None;
                }
            }
        }
    }
}
