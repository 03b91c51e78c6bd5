//! A client of server-sent events.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt;
use http::header;
use serde_json::Value;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::house::Tenant;

/// A client that reads frames one by one.
pub(crate) struct Stream {
    body: axum::body::BodyDataStream,
    buffer: String,
}

impl Stream {
    pub(crate) async fn open(ana: &Tenant<'_>, path: &str, last: Option<u64>) -> Self {
        let mut request = ana
            .request("GET", path)
            .header(header::ACCEPT, "text/event-stream");
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last.to_string());
        }
        let response = ana
            .house
            .router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        Self {
            body: response.into_body().into_data_stream(),
            buffer: String::new(),
        }
    }

    /// The next event: its id and its document.
    pub(crate) async fn next(&mut self) -> Option<(u64, Value)> {
        loop {
            if let Some((frame, rest)) = self.buffer.split_once("\n\n") {
                let (frame, rest) = (frame.to_owned(), rest.to_owned());
                self.buffer = rest;
                let field = |name: &str| {
                    frame
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(str::trim)
                };
                if let (Some(id), Some(data)) = (field("id:"), field("data:")) {
                    return Some((id.parse().unwrap(), serde_json::from_str(data).unwrap()));
                }
                continue;
            }
            let chunk = timeout(Duration::from_secs(120), self.body.next())
                .await
                .expect("an event in time")?;
            self.buffer
                .push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }
}
