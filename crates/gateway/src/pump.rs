//! Carries an answer from the provider to the sandbox, line by line, and settles its usage on the way.

use std::{io, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use http::StatusCode;
use ports::model_gateway::{ModelBody, ModelResponse};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout},
};

use crate::{
    grant::{Caller, Grant},
    lines::Lines,
    meter::{Meaning, Meter},
    problem::{self, MAX_ERROR_BODY},
    redact::Redactor,
    request::GatewayResponse,
    route::Route,
    usage::{CallStatus, UsageNotRecorded, UsageReport, UsageSink},
};

/// Largest answer that is not a stream.
const MAX_DOCUMENT: usize = 32 * 1024 * 1024;
/// Longest silence of a provider; models think for minutes before the first word.
pub(crate) const SILENCE: Duration = Duration::from_secs(600);
/// Pieces between the provider and a slow reader.
const IN_FLIGHT: usize = 16;

/// One call under way.
pub(crate) struct Call {
    pub(crate) caller: Caller,
    pub(crate) route: Route,
    pub(crate) grant: Grant,
    pub(crate) meter: Meter,
    pub(crate) wants_usage: bool,
    pub(crate) redactor: Redactor,
    pub(crate) usage: Arc<dyn UsageSink>,
    pub(crate) begun: Instant,
    pub(crate) settled: bool,
}

impl Call {
    /// Writes down what was used; once.
    pub(crate) async fn settle(&mut self, status: CallStatus) -> Result<(), UsageNotRecorded> {
        if self.settled || !self.route.is_metered() {
            return Ok(());
        }
        self.settled = true;
        let (tokens, source) = self.meter.tally();
        let report = UsageReport {
            org: self.grant.org,
            session_id: self.caller.session_id,
            sandbox_id: self.caller.sandbox_id,
            generation: self.caller.generation,
            prompt: self.grant.prompt,
            provider: self.grant.upstream.provider.clone(),
            model: self.grant.model.clone(),
            tokens,
            cost: self.grant.price.map(|price| price.cost(tokens)),
            source,
            duration_ms: u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            status,
        };
        let outcome = self.usage.used(report).await;
        if let Err(error) = &outcome {
            tracing::error!(session = %self.caller.session_id, %error, "a model call is cut off");
        }
        outcome
    }

    /// Answers `head` with what the provider said, and carries the body if it streams.
    pub(crate) async fn answer(
        mut self,
        response: ModelResponse,
        mut head: oneshot::Sender<GatewayResponse>,
    ) {
        let dialect = self.route.dialect();
        let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::BAD_GATEWAY);
        let retry_after = response.retry_after.as_deref();
        if !status.is_success() {
            let body = read(response.body, MAX_ERROR_BODY).await.unwrap_or_default();
            let status = if status.as_u16() < 400 {
                StatusCode::BAD_GATEWAY
            } else {
                status
            };
            let answer = problem::of_upstream(dialect, status, &body, &self.redactor);
            let _ = head.send(answer.retry_after(retry_after));
            return;
        }
        let content_type = response.content_type.unwrap_or_else(|| "application/json".into());
        if !is_event_stream(&content_type) {
            let bytes = tokio::select! {
                biased;
                () = head.closed() => {
                    let _ = self.settle(CallStatus::Abandoned).await;
                    return;
                }
                bytes = read(response.body, MAX_DOCUMENT) => bytes,
            };
            let answer = self.document(bytes, status, &content_type).await;
            let _ = head.send(answer.retry_after(retry_after));
            return;
        }
        let (pieces, receiver) = mpsc::channel(IN_FLIGHT);
        let body = futures::stream::unfold(receiver, |mut receiver| async move {
            let piece = receiver.recv().await?;
            Some((piece, receiver))
        });
        let answer =
            GatewayResponse::streaming(status, &content_type, Box::pin(body)).retry_after(retry_after);
        // Whoever asked may be gone; then `pieces` is closed, and that is settled below.
        let _ = head.send(answer);
        self.stream(response.body, pieces).await;
    }

    async fn document(
        &mut self,
        bytes: Result<Bytes, String>,
        status: StatusCode,
        content_type: &str,
    ) -> GatewayResponse {
        let dialect = self.route.dialect();
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(why) => {
                let message = self.redactor.text(&why);
                return match self.settle(CallStatus::Interrupted).await {
                    Ok(()) => {
                        problem::problem(dialect, StatusCode::BAD_GATEWAY, "upstream_interrupted", &message)
                    }
                    Err(error) => problem::not_recorded(dialect, &error),
                };
            }
        };
        self.meter.document(&bytes);
        match self.settle(CallStatus::Completed).await {
            Ok(()) => GatewayResponse::whole(status, content_type, self.redactor.bytes(bytes)),
            Err(error) => problem::not_recorded(dialect, &error),
        }
    }

    async fn stream(&mut self, mut body: ModelBody, pieces: mpsc::Sender<io::Result<Bytes>>) {
        let mut lines = Lines::default();
        let (status, broken) = loop {
            let piece = tokio::select! {
                biased;
                () = pieces.closed() => break (CallStatus::Abandoned, None),
                piece = timeout(SILENCE, body.next()) => piece,
            };
            let (failure, finished) = match piece {
                Ok(Some(Ok(bytes))) => (lines.push(&bytes).err().map(|error| error.to_string()), false),
                Ok(Some(Err(error))) => (Some(error.to_string()), false),
                Ok(None) => (None, true),
                Err(_) => (Some("the provider fell silent".to_owned()), false),
            };
            match self.forward(&mut lines, finished, &pieces).await {
                Forwarded::Ok => {}
                Forwarded::Gone => break (CallStatus::Abandoned, None),
                Forwarded::NotRecorded(error) => break (CallStatus::Interrupted, Some(error.to_string())),
            }
            if failure.is_some() {
                break (CallStatus::Interrupted, failure);
            }
            if finished {
                break (CallStatus::Completed, None);
            }
        };
        // The provider stops generating when its stream is dropped; before the settling, which may take a while.
        drop(body);
        let recorded = self.settle(status).await;
        if broken.is_some() || recorded.is_err() {
            // The agent sees a reset, not an end; what was wrong is in the log and in the session's usage.
            tracing::debug!(session = %self.caller.session_id, "a model stream is cut off");
            let _ = pieces
                .send(Err(io::Error::other("the model's answer broke off")))
                .await;
        }
    }

    /// Sends on the whole lines there are. What ends the answer waits until its usage is written down.
    async fn forward(
        &mut self,
        lines: &mut Lines,
        finished: bool,
        pieces: &mpsc::Sender<io::Result<Bytes>>,
    ) -> Forwarded {
        let mut out = BytesMut::new();
        loop {
            let line = match lines.next_line() {
                Some(line) => line,
                None if finished => match lines.rest() {
                    Some(rest) => rest,
                    None => break,
                },
                None => break,
            };
            match self.meter.line(&line) {
                Meaning::UsageOnly if !self.wants_usage => continue,
                Meaning::End if !self.settled => {
                    if !out.is_empty() && pieces.send(Ok(out.split().freeze())).await.is_err() {
                        return Forwarded::Gone;
                    }
                    if let Err(error) = self.settle(CallStatus::Completed).await {
                        return Forwarded::NotRecorded(error);
                    }
                }
                _ => {}
            }
            out.extend_from_slice(&self.redactor.bytes(line));
        }
        if !out.is_empty() && pieces.send(Ok(out.freeze())).await.is_err() {
            return Forwarded::Gone;
        }
        Forwarded::Ok
    }
}

enum Forwarded {
    Ok,
    /// The sandbox hung up.
    Gone,
    NotRecorded(UsageNotRecorded),
}

fn is_event_stream(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("text/event-stream")
}

/// Reads a body up to `limit`; for an error body the beginning is enough, a document must fit.
async fn read(mut body: ModelBody, limit: usize) -> Result<Bytes, String> {
    let mut bytes = BytesMut::new();
    while let Some(piece) = timeout(SILENCE, body.next())
        .await
        .map_err(|_| "the provider fell silent".to_owned())?
    {
        bytes.extend_from_slice(&piece.map_err(|error| error.to_string())?);
        if bytes.len() > limit {
            if limit == MAX_ERROR_BODY {
                bytes.truncate(limit);
                break;
            }
            return Err(format!("the provider's answer is larger than {limit} bytes"));
        }
    }
    Ok(bytes.freeze())
}
