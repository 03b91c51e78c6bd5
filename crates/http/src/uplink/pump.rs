//! Frames of a runner in, frames for it out, until either end is over.

use std::time::Duration;

use app::GitCredentialRequest;
use axum::extract::ws::{Message, WebSocket};
use futures::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use protocol::runner::{RunnerFrame, STALE_S, ServerFrame};
use sessions::{RunnerIncoming, RunnerLink, RunnerOutgoing};
use tokio::{sync::mpsc, time::timeout};

use super::connect::Dial;
use crate::{problem::chain, state::HttpState};

/// A runner that takes nothing for this long has to connect anew.
const STALLED: Duration = Duration::from_secs(30);
/// Credentials on their way out.
const CREDENTIALS: usize = 16;

pub(super) async fn pump(
    state: &HttpState,
    dial: &Dial,
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

struct Reader<'a> {
    state: &'a HttpState,
    dial: &'a Dial,
    secret: String,
    incoming: RunnerIncoming,
    credentials: mpsc::Sender<ServerFrame>,
}

impl Reader<'_> {
    async fn read(self, mut stream: SplitStream<WebSocket>) {
        // Silence for this long means a dead connection; the runner's heartbeats come more often.
        while let Ok(Some(Ok(message))) = timeout(Duration::from_secs(STALE_S), stream.next()).await {
            let text = match message {
                Message::Text(text) => text,
                Message::Close(_) => return,
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) => continue,
            };
            let frame = match serde_json::from_str::<RunnerFrame>(&text) {
                Ok(frame) => frame,
                Err(error) => {
                    // Possibly of a newer runner. Its text is hostile and stays out of the log.
                    tracing::warn!(
                        session.id = %self.dial.session,
                        line = error.line(), column = error.column(), bytes = text.len(),
                        "a runner's frame is not understood"
                    );
                    continue;
                }
            };
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
            } else if let Err(error) = self.incoming.frame(frame, text.len()).await {
                tracing::info!(session.id = %self.dial.session, %error, "a runner's connection is closed");
                return;
            }
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
