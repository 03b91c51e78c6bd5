//! Frames of a runner in, frames for it out, until either end is over.

use std::time::Duration;

use app::{GitCredentialRequest, SecretsRequest};
use axum::extract::ws::{Message, WebSocket};
use futures::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use protocol::{
    OrgId,
    runner::{RunnerFrame, STALE_S, ServerFrame, WorkPhase},
};
use sessions::{RunnerIncoming, RunnerLink, RunnerOutgoing};
use tokio::{sync::mpsc, time::timeout};

use super::connect::Dial;
use crate::{
    pace::{Pace, RUNNER},
    problem::chain,
    state::HttpState,
};

/// A runner that takes nothing for this long has to connect anew.
const STALLED: Duration = Duration::from_secs(30);
/// Credentials on their way out.
const CREDENTIALS: usize = 16;
/// Frames of one connection that are not understood and said to be.
const MOST_STRANGE: u64 = 10;

pub(super) async fn pump(
    state: &HttpState,
    dial: &Dial,
    org: OrgId,
    secret: String,
    link: RunnerLink,
    socket: WebSocket,
) {
    tracing::info!(session.id = %dial.session, generation = dial.generation, "a runner is connected");
    let (incoming, outgoing) = link.split();
    let (sink, stream) = socket.split();
    let (credentials, waiting) = mpsc::channel(CREDENTIALS);
    let reader = Reader {
        state,
        dial,
        org,
        secret,
        incoming,
        credentials,
    };
    tokio::select! {
        () = reader.read(stream) => {}
        () = write(sink, outgoing, waiting) => {}
    }
    tracing::info!(session.id = %dial.session, generation = dial.generation, "a runner is disconnected");
}

/// Holds a runner back that sends too much: nothing more is read until its stock is filled again.
async fn brake(pace: &mut Pace, bytes: usize) {
    while let Err(wait) = pace.take(bytes) {
        tokio::time::sleep(wait).await;
    }
}

struct Reader<'a> {
    state: &'a HttpState,
    dial: &'a Dial,
    org: OrgId,
    secret: String,
    incoming: RunnerIncoming,
    credentials: mpsc::Sender<ServerFrame>,
}

impl Reader<'_> {
    async fn read(self, mut stream: SplitStream<WebSocket>) {
        // Silence for this long means a dead connection; the runner's heartbeats come more often.
        let mut pace = Pace::new(RUNNER);
        let mut strange = 0u64;
        while let Ok(Some(message)) = timeout(Duration::from_secs(STALE_S), stream.next()).await {
            let text = match message {
                Ok(Message::Text(text)) => text,
                Ok(Message::Close(_)) => return,
                Ok(Message::Ping(bytes) | Message::Pong(bytes)) => {
                    brake(&mut pace, bytes.len()).await;
                    continue;
                }
                Ok(Message::Binary(bytes)) => {
                    self.is_strange(&mut strange, bytes.len(), "it is binary");
                    brake(&mut pace, bytes.len()).await;
                    continue;
                }
                Err(error) => {
                    // Cut off, or too large, or not UTF-8: what follows cannot be told apart any more.
                    tracing::info!(session.id = %self.dial.session, %error, "a runner's connection is closed");
                    return;
                }
            };
            let frame = match RunnerFrame::parse(&text) {
                Ok(frame) => frame,
                Err(error) => {
                    // Possibly of a newer runner.
                    let place = format!("line {} column {}", error.line(), error.column());
                    self.is_strange(&mut strange, text.len(), &place);
                    brake(&mut pace, text.len()).await;
                    continue;
                }
            };
            // Reports wait for their commit; everything else would cost its sender nothing.
            if !matches!(frame, RunnerFrame::Report { .. }) {
                brake(&mut pace, text.len()).await;
            }
            // What all runners of the organisation send together is held back here, before it costs the others anything. A
            // heartbeat says that the runner lives, and never waits.
            if matches!(frame, RunnerFrame::Report { .. } | RunnerFrame::Delta { .. }) {
                self.state.app.pace_runner(self.org, text.len()).await;
            }
            if let RunnerFrame::CredentialWanted {
                generation,
                request,
                protocol,
                host,
            } = frame
            {
                if generation == self.dial.generation {
                    self.answer(request, protocol, host).await;
                }
            } else if let RunnerFrame::SecretsWanted {
                generation,
                request,
                phase,
            } = frame
            {
                if generation == self.dial.generation {
                    self.secrets(request, phase).await;
                }
            } else if let Err(error) = self.incoming.frame(frame, text.len()).await {
                tracing::info!(session.id = %self.dial.session, %error, "a runner's connection is closed");
                return;
            }
        }
    }

    /// A frame that is passed over. Its text is hostile and stays out of the log, and so do all but the first few.
    fn is_strange(&self, count: &mut u64, bytes: usize, why: &str) {
        *count += 1;
        if *count <= MOST_STRANGE {
            tracing::warn!(
                session.id = %self.dial.session, bytes, why, last = *count == MOST_STRANGE,
                "a runner's frame is not understood"
            );
        }
    }

    async fn answer(&self, request: u64, protocol: String, host: String) {
        let wanted = GitCredentialRequest {
            session: self.dial.session,
            generation: self.dial.generation,
            secret: self.secret.clone(),
            protocol,
            host,
        };
        let credential = match self.state.app.git_credential(wanted).await {
            Ok(credential) => credential,
            Err(error) => {
                let cause = error.cause.as_ref().map(|cause| chain(cause.as_ref()));
                tracing::warn!(session.id = %self.dial.session, code = error.code.slug(), cause, "no credential");
                None
            }
        };
        let _ = self
            .credentials
            .send(ServerFrame::Credential { request, credential })
            .await;
    }
}

impl Reader<'_> {
    async fn secrets(&self, request: u64, phase: WorkPhase) {
        let wanted = SecretsRequest {
            session: self.dial.session,
            generation: self.dial.generation,
            secret: self.secret.clone(),
            phase,
        };
        let secrets = match self.state.app.deliver_secrets(wanted).await {
            Ok(secrets) => Some(secrets),
            Err(error) => {
                let cause = error.cause.as_ref().map(|cause| chain(cause.as_ref()));
                tracing::warn!(session.id = %self.dial.session, code = error.code.slug(), detail = error.detail, cause, "no secrets");
                None
            }
        };
        let _ = self
            .credentials
            .send(ServerFrame::Secrets { request, secrets })
            .await;
    }
}

async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut outgoing: RunnerOutgoing,
    mut credentials: mpsc::Receiver<ServerFrame>,
) {
    loop {
        let frame = tokio::select! {
            frame = outgoing.next() => frame,
            Some(frame) = credentials.recv() => Some(frame),
        };
        let Some(frame) = frame else {
            let _ = timeout(STALLED, sink.send(Message::Close(None))).await;
            return;
        };
        let Ok(text) = serde_json::to_string(&frame) else {
            continue;
        };
        match timeout(STALLED, sink.send(Message::Text(text.into()))).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return,
        }
    }
}
