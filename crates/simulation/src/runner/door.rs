//! The server's side of a runner's connection, as the HTTP door does it, with a bad network in between.
//!
//! Within a connection the network keeps order for commands, their confirmations and the greeting. Reports and
//! acknowledgements it may lose, double and delay beyond each other, even beyond the connection: the protocol has to
//! bear that.

use std::{sync::Arc, time::Duration};

use protocol::runner::{RunnerFrame, STALE_S, ServerFrame};
use sessions::{RunnerHello, RunnerIncoming, RunnerOutgoing, SessionError, Sessions};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{Runner, uplink::Loss};
use crate::world::Shared;

const STALLED: Duration = Duration::from_secs(30);
/// Frames on their way to a runner.
const SOCKET: usize = 32;
const TRAVEL_MS: u64 = 40;

/// True when no repetition will help.
fn is_final(error: &SessionError) -> bool {
    !matches!(
        error,
        SessionError::Store(_) | SessionError::Busy | SessionError::ShuttingDown
    )
}

/// Asks whether the credential is good; on yes, the host that said so.
pub(super) async fn dial(world: &Shared, runner: &Runner, credential: &str) -> Result<Sessions, Loss> {
    let Some(host) = world.reach() else {
        return Err(Loss::Gone);
    };
    if world.strikes("dial lost", |rates| rates.request_lost) {
        return Err(Loss::Gone);
    }
    let (reply, answer) = oneshot::channel();
    let (asked, credential) = (host.clone(), credential.to_owned());
    let (session, generation) = (runner.session, runner.generation);
    tokio::spawn(async move {
        let _ = reply.send(asked.check_runner(session, generation, &credential).await);
    });
    match answer.await {
        Ok(Ok(_)) => Ok(host),
        Ok(Err(error)) if is_final(&error) => {
            world.note(|| format!("the runner of generation {generation} is refused: {error}"));
            Err(Loss::Over)
        }
        Ok(Err(error)) => {
            world.note_error("a runner cannot dial", error);
            Err(Loss::Gone)
        }
        Err(_) => Err(Loss::Gone),
    }
}

/// Says hello and passes frames on, until either end is over.
pub(super) fn open(
    world: &Shared,
    host: Sessions,
    hello: RunnerHello,
) -> (mpsc::UnboundedSender<RunnerFrame>, mpsc::Receiver<ServerFrame>) {
    let (up, frames) = mpsc::unbounded_channel();
    let (sink, down) = mpsc::channel(SOCKET);
    let world = Arc::clone(world);
    tokio::spawn(async move {
        world.pause(TRAVEL_MS).await;
        let (session, generation) = (hello.session_id, hello.generation);
        match host.connect_runner(hello).await {
            Ok(link) => {
                let (incoming, outgoing) = link.split();
                let reader_first = world.chance(500);
                let read = read(&world, Arc::new(incoming), frames);
                let write = write(&world, session, generation, outgoing, sink);
                if reader_first {
                    tokio::select! { biased; () = read => {} () = write => {} }
                } else {
                    tokio::select! { biased; () = write => {} () = read => {} }
                }
            }
            Err(error) if is_final(&error) => {
                let _ = sink
                    .send(ServerFrame::Fenced {
                        reason: error.to_string(),
                    })
                    .await;
            }
            Err(error) => world.note_error("a runner is not let in", error),
        }
    });
    (up, down)
}

async fn read(
    world: &Shared,
    incoming: Arc<RunnerIncoming>,
    mut frames: mpsc::UnboundedReceiver<RunnerFrame>,
) {
    while let Ok(Some(frame)) = timeout(Duration::from_secs(STALE_S), frames.recv()).await {
        world.step();
        if world.chance(100) {
            world.pause(TRAVEL_MS).await;
        }
        if matches!(frame, RunnerFrame::Report { .. }) {
            if world.strikes("report lost", |rates| rates.frame_lost) {
                continue;
            }
            if world.strikes("report late", |rates| rates.frame_late) {
                later(world, &incoming, frame);
                continue;
            }
            if world.strikes("report doubled", |rates| rates.frame_twice) {
                later(world, &incoming, frame.clone());
            }
        }
        if incoming.frame(frame, 100).await.is_err() {
            return;
        }
    }
}

/// Comes in out of order, perhaps when this connection is long over.
fn later(world: &Shared, incoming: &Arc<RunnerIncoming>, frame: RunnerFrame) {
    let (world, incoming) = (Arc::clone(world), Arc::clone(incoming));
    tokio::spawn(async move {
        world.sleep(1, 20_000).await;
        let _ = incoming.frame(frame, 100).await;
    });
}

async fn write(
    world: &Shared,
    session: protocol::SessionId,
    generation: u64,
    mut outgoing: RunnerOutgoing,
    sink: mpsc::Sender<ServerFrame>,
) {
    while let Some(frame) = outgoing.next().await {
        let held = world.oracle().told_runner(session, generation, &frame);
        world.judge(held);
        world.step();
        if matches!(frame, ServerFrame::Ack { .. }) {
            if world.strikes("ack lost", |rates| rates.frame_lost) {
                continue;
            }
            if world.strikes("ack doubled", |rates| rates.frame_twice)
                && give(&sink, frame.clone()).await.is_err()
            {
                return;
            }
        }
        if world.chance(100) {
            world.pause(TRAVEL_MS).await;
        }
        if give(&sink, frame).await.is_err() {
            return;
        }
    }
}

async fn give(sink: &mpsc::Sender<ServerFrame>, frame: ServerFrame) -> Result<(), ()> {
    match timeout(STALLED, sink.send(frame)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(()),
    }
}
