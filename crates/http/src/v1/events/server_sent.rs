//! Events as a stream of server-sent events.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse, Response, Sse,
    sse::{Event as Frame, KeepAlive},
};
use futures::stream;
use http::{HeaderName, HeaderValue};
use sessions::{Outgoing, Subscription};

/// A comment in between, so that nobody on the way takes the silence for an end.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Replay, then live. It ends when the session is gone or the server stops; clients come back with the last id.
pub(super) fn stream(subscription: Subscription, deltas: bool) -> Response {
    let frames = stream::unfold(subscription, move |mut subscription| async move {
        loop {
            let frame = match subscription.next().await? {
                Ok(Outgoing::Event(event)) => Frame::default().id(event.seq.to_string()).json_data(&*event),
                Ok(Outgoing::Delta { prompt_id, delta }) if deltas => Frame::default()
                    .event("delta")
                    .json_data(serde_json::json!({"prompt_id": prompt_id, "delta": &*delta})),
                Ok(Outgoing::Delta { .. } | Outgoing::CaughtUp { .. }) => continue,
                Err(error) => {
                    tracing::warn!(%error, "a stream of events broke off");
                    return None;
                }
            };
            match frame {
                Ok(frame) => return Some((Ok::<_, Infallible>(frame), subscription)),
                Err(error) => {
                    tracing::error!(%error, "an event could not be written");
                    return None;
                }
            }
        }
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
