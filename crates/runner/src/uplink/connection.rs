//! The uplink's task: connect, say hello, send the spool in order, take frames; again for ever.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use futures::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use protocol::{
    CommandId, PromptId,
    event::ErrorRaised,
    runner::{
        Delta, HEARTBEAT_S, RESEND_S, RUNNER_PROTOCOL, RunnerCommand, RunnerFrame, RunnerReport, STALE_S,
        ServerFrame,
    },
    session::TurnError,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tokio_tungstenite::tungstenite::Message;

use super::{
    Ending,
    backoff::Backoff,
    dial::{DialError, Socket, dial},
    shared::Shared,
};
use crate::{clock::Stopwatch, spool::Entry};

/// Reports under way without acknowledgement.
const WINDOW: u64 = 256;
/// Longest wait for the welcome, and for the socket to take a frame.
const PATIENCE: Duration = Duration::from_secs(20);
const DELTA_PAUSE: Duration = Duration::from_millis(50);

type Sink = SplitSink<Socket, Message>;
type Commands = mpsc::Sender<(CommandId, RunnerCommand)>;

/// Why one connection ended.
enum Loss {
    Gone(String),
    Fenced(String),
}

/// Which credentials the server may know us by.
///
/// The token is exchanged for the secret when the server takes our `hello`; when the connection breaks before
/// the welcome, nobody here knows whether it did. Then both are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    New,
    HelloSent,
    Welcomed,
}

pub(super) async fn keep(shared: Arc<Shared>, commands: Commands) -> Ending {
    let mut backoff = Backoff::default();
    let mut standing = Standing::New;
    loop {
        match dial_any(&shared, standing).await {
            Ok(socket) => {
                let loss = converse(&shared, &commands, socket, &mut standing, &mut backoff).await;
                shared.deltas().set_open(false);
                match loss {
                    Loss::Fenced(reason) => return Ending::Fenced(reason),
                    Loss::Gone(cause) => tracing::info!(cause, "the connection to the server is gone"),
                }
            }
            Err(DialError::Refused(status)) => return Ending::Refused(status),
            Err(error) => tracing::debug!(%error, "the server cannot be reached"),
        }
        sleep(backoff.next()).await;
    }
}

async fn dial_any(shared: &Shared, standing: Standing) -> Result<Socket, DialError> {
    let identity = &shared.identity;
    match standing {
        Standing::New => dial(identity, &identity.token).await,
        Standing::Welcomed => dial(identity, &identity.secret).await,
        Standing::HelloSent => match dial(identity, &identity.secret).await {
            Err(DialError::Refused(_)) => dial(identity, &identity.token).await,
            other => other,
        },
    }
}

async fn converse(
    shared: &Arc<Shared>,
    commands: &Commands,
    socket: Socket,
    standing: &mut Standing,
    backoff: &mut Backoff,
) -> Loss {
    let (mut sink, mut stream) = socket.split();
    let hello = RunnerFrame::Hello {
        protocol: RUNNER_PROTOCOL,
        generation: shared.identity.generation,
        secret: shared.identity.secret.clone(),
        runner_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    if *standing == Standing::New {
        *standing = Standing::HelloSent;
    }
    if let Err(loss) = send(&mut sink, &hello).await {
        return loss;
    }
    let acked = match timeout(PATIENCE, welcome(&mut stream)).await {
        Err(_) => return Loss::Gone("no welcome".into()),
        Ok(Err(loss)) => return loss,
        Ok(Ok(acked)) => acked,
    };
    *standing = Standing::Welcomed;
    backoff.reset();
    shared.ack(acked);
    shared.renew_small();
    shared.deltas().set_open(true);
    shared.contact.send_replace(true);

    // Reading has a task of its own, so that a slow write can never keep acknowledgements from being taken.
    let (end, ended) = oneshot::channel();
    let reader = tokio::spawn(read(Arc::clone(shared), commands.clone(), stream, end));
    let loss = write(shared, &mut sink, ended).await;
    reader.abort();
    loss
}

/// The next frame; `None` for a message that only shows that the other side lives.
async fn next(stream: &mut SplitStream<Socket>) -> Result<Option<ServerFrame>, Loss> {
    match stream.next().await {
        None => Err(Loss::Gone("closed".into())),
        Some(Err(error)) => Err(Loss::Gone(error.to_string())),
        Some(Ok(Message::Close(_))) => Err(Loss::Gone("closed by the server".into())),
        Some(Ok(Message::Text(text))) => {
            let frame = serde_json::from_str(&text).ok();
            if frame.is_none() {
                // A newer server may say things that this build does not know.
                tracing::warn!("a frame of unknown form is left out");
            }
            Ok(frame)
        }
        Some(Ok(_)) => Ok(None),
    }
}

async fn welcome(stream: &mut SplitStream<Socket>) -> Result<u64, Loss> {
    loop {
        match next(stream).await? {
            None => {}
            Some(ServerFrame::Welcome { acked }) => return Ok(acked),
            Some(ServerFrame::Fenced { reason }) => return Err(Loss::Fenced(reason)),
            Some(_) => return Err(Loss::Gone("another frame before the welcome".into())),
        }
    }
}

async fn read(
    shared: Arc<Shared>,
    commands: Commands,
    mut stream: SplitStream<Socket>,
    end: oneshot::Sender<Loss>,
) {
    let loss = loop {
        match timeout(Duration::from_secs(STALE_S), next(&mut stream)).await {
            Err(_) => break Loss::Gone("nothing heard for too long".into()),
            Ok(Err(loss)) => break loss,
            Ok(Ok(None)) => {}
            Ok(Ok(Some(frame))) => match frame {
                ServerFrame::Welcome { acked: n } | ServerFrame::Ack { n } => shared.ack(n),
                ServerFrame::Command { command_id, command } => {
                    if commands.try_send((command_id, command)).is_err() {
                        break Loss::Gone("too many commands wait".into());
                    }
                }
                ServerFrame::Fenced { reason } => break Loss::Fenced(reason),
                ServerFrame::Credential { request, credential } => {
                    shared.answer_credential(request, credential);
                }
                ServerFrame::Secrets { request, secrets } => shared.answer_secrets(request, secrets),
            },
        }
    };
    let _ = end.send(loss);
}

/// Reports that have been sent on this connection and not been acknowledged yet.
struct Flight {
    /// The number to send next.
    next: u64,
    /// Since the last acknowledgement, or since sending into an empty sky.
    waiting: Stopwatch,
    acked: u64,
}

async fn write(shared: &Shared, sink: &mut Sink, mut ended: oneshot::Receiver<Loss>) -> Loss {
    let generation = shared.identity.generation;
    let acked = shared.spool().acked();
    let mut flight = Flight {
        next: acked + 1,
        waiting: Stopwatch::start(),
        acked,
    };
    let mut heartbeat = interval(Duration::from_secs(HEARTBEAT_S));
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut resend = interval(Duration::from_secs(1));
    resend.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut delta_pause = Stopwatch::start();
    loop {
        while let Some(frame) = shared.next_small() {
            if let Err(loss) = send(sink, &frame).await {
                return loss;
            }
        }
        if let Err(loss) = send_reports(shared, sink, &mut flight).await {
            return loss;
        }
        let pause = DELTA_PAUSE.saturating_sub(delta_pause.elapsed());
        let (deltas_wait, urgent) = {
            let deltas = shared.deltas();
            (!deltas.is_empty(), deltas.is_urgent())
        };
        if deltas_wait && (urgent || pause.is_zero()) {
            delta_pause = Stopwatch::start();
            let deltas = shared.deltas().take();
            if let Err(loss) = send_deltas(generation, sink, deltas).await {
                return loss;
            }
            continue;
        }
        tokio::select! {
            loss = &mut ended => return loss.unwrap_or_else(|_| Loss::Gone("the reader ended".into())),
            () = shared.work.notified() => {}
            () = sleep(pause), if deltas_wait => {}
            _ = heartbeat.tick() => {
                // The ping makes the other side answer, so that a half-open connection is noticed.
                let beat = send(sink, &RunnerFrame::Heartbeat { generation }).await;
                let ping = give(sink, Message::Ping(bytes::Bytes::new())).await;
                if let Err(loss) = beat.and(ping) {
                    return loss;
                }
            }
            _ = resend.tick(), if flight.is_open() => flight.resend_if_due(shared),
        }
    }
}

impl Flight {
    /// True while something sent waits for its acknowledgement.
    fn is_open(&self) -> bool {
        self.next > self.acked + 1
    }

    /// Takes note of what was acknowledged since.
    fn settle(&mut self, acked: u64) {
        if acked > self.acked {
            self.acked = acked;
            self.waiting = Stopwatch::start();
        }
        self.next = self.next.max(acked + 1);
    }

    fn resend_if_due(&mut self, shared: &Shared) {
        self.settle(shared.spool().acked());
        let due = self.waiting.elapsed() >= Duration::from_secs(RESEND_S);
        if self.is_open() && due {
            tracing::debug!(from = self.acked + 1, "reports are sent again");
            self.next = self.acked + 1;
            self.waiting = Stopwatch::start();
        }
    }
}

async fn send_reports(shared: &Shared, sink: &mut Sink, flight: &mut Flight) -> Result<(), Loss> {
    loop {
        let record = {
            let spool = shared.spool();
            flight.settle(spool.acked());
            if flight.next > spool.last() || flight.next > flight.acked + WINDOW {
                return Ok(());
            }
            spool.read(flight.next)
        };
        let entry = match record {
            Ok(Some(entry)) => entry,
            // Acknowledged between two looks.
            Ok(None) => continue,
            Err(error) => stand_in(&error),
        };
        if flight.next == flight.acked + 1 {
            flight.waiting = Stopwatch::start();
        }
        // Looked at after the record was read: whoever spools committed text marks its pieces first.
        let before = shared.deltas().take_settled();
        send_deltas(shared.identity.generation, sink, before).await?;
        // The stored record is an object with the remaining fields of the frame: spliced, not parsed again.
        let fields = std::str::from_utf8(&entry)
            .ok()
            .and_then(|text| text.strip_prefix('{'));
        let frame = format!(
            r#"{{"type":"report","generation":{},"n":{},{}"#,
            shared.identity.generation,
            flight.next,
            fields.unwrap_or(r#""prompt_id":null,"report":{"kind":"unreadable"}}"#),
        );
        give(sink, Message::Text(frame.into())).await?;
        flight.next += 1;
    }
}

async fn send_deltas(
    generation: u64,
    sink: &mut Sink,
    deltas: VecDeque<(PromptId, Delta)>,
) -> Result<(), Loss> {
    for (prompt_id, delta) in deltas {
        let frame = RunnerFrame::Delta {
            generation,
            prompt_id,
            delta,
        };
        send(sink, &frame).await?;
    }
    Ok(())
}

/// Takes the place of a record that can't be read back (processes inside share our user and can damage our
/// files): the numbers stay dense, and the log says what happened.
fn stand_in(error: &std::io::Error) -> bytes::Bytes {
    tracing::error!(%error, "a spooled report cannot be read back");
    let error = TurnError {
        code: "report_lost".into(),
        message: "One report was damaged on the sandbox's disk before it could be sent.".into(),
        next_step: "Nothing needs to be done; that one event is missing from the log.".into(),
        detail: Some(error.to_string()),
    };
    let report = RunnerReport::Event {
        event: ErrorRaised { error }.into(),
    };
    serde_json::to_vec(&Entry {
        prompt_id: None,
        report,
    })
    .unwrap_or_default()
    .into()
}

async fn send(sink: &mut Sink, frame: &RunnerFrame) -> Result<(), Loss> {
    let json = serde_json::to_string(frame).map_err(|error| Loss::Gone(error.to_string()))?;
    give(sink, Message::Text(json.into())).await
}

async fn give(sink: &mut Sink, message: Message) -> Result<(), Loss> {
    match timeout(PATIENCE, sink.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Loss::Gone(error.to_string())),
        Err(_) => Err(Loss::Gone("the server takes nothing".into())),
    }
}
