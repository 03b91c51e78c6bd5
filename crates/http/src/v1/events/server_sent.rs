//! Events as a stream of server-sent events.

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
use sessions::{Outgoing, SessionError, Subscription};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::socket::is_over;

/// A comment in between, so that nobody on the way takes the silence for an end.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often it is looked at whether the reader still may read.
const LOOK: Duration = Duration::from_secs(30);

struct Reader {
    app: App,
    actor: Actor,
    subscription: Subscription,
    deltas: bool,
    look: Interval,
    endings: Endings,
    /// When the next event may go out.
    free_at: Option<Instant>,
    /// Counted among its organisation's for as long as it is open.
    _open: OpenSocket,
}

/// Replay, then live. It ends when the session is gone, the server stops or the key is no longer valid; clients
/// come back with the last id.
pub(super) fn stream(
    app: App,
    actor: Actor,
    open: OpenSocket,
    subscription: Subscription,
    deltas: bool,
) -> Response {
    // The first look is at once: it may have ended before anybody listened.
    let mut look = interval_at(Instant::now(), LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let reader = Reader {
        endings: app.endings(),
        app,
        actor,
        subscription,
        deltas,
        look,
        free_at: None,
        _open: open,
    };
    let frames = stream::unfold(reader, async |mut reader| {
        let frame = lane::within(Some(reader.actor.org), reader.next()).await?;
        Some((Ok::<_, Infallible>(frame), reader))
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

impl Reader {
    async fn next(&mut self) -> Option<Frame> {
        loop {
            let outgoing = tokio::select! {
                outgoing = next(self.free_at, &mut self.subscription) => outgoing?,
                () = self.endings.concern(&self.actor) => {
                    if is_over(&self.app, &self.actor).await {
                        return None;
                    }
                    continue;
                }
                _ = self.look.tick() => {
                    if is_over(&self.app, &self.actor).await {
                        return None;
                    }
                    continue;
                }
            };
            let (frame, bytes) = match outgoing {
                Ok(Outgoing::Event(event)) => {
                    let document = event.document();
                    let frame = Frame::default().id(event.seq().to_string()).data(document);
                    (frame, document.len())
                }
                Ok(Outgoing::Delta(preview)) if self.deltas => {
                    let document = preview.document();
                    (Frame::default().event("delta").data(&document), document.len())
                }
                Ok(Outgoing::Delta(_) | Outgoing::CaughtUp { .. }) => continue,
                Err(error) => {
                    tracing::warn!(%error, "a stream of events broke off");
                    return None;
                }
            };
            let pause = self.app.pace_reader(self.actor.org, 1, bytes);
            self.free_at = (!pause.is_zero()).then(|| Instant::now() + pause);
            return Some(frame);
        }
    }
}

/// Not before the organisation may be sent more.
async fn next(
    free_at: Option<Instant>,
    subscription: &mut Subscription,
) -> Option<Result<Outgoing, SessionError>> {
    if let Some(free_at) = free_at {
        tokio::time::sleep_until(free_at).await;
    }
    subscription.next().await
}
