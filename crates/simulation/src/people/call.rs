//! One request over a bad network: it may not arrive, arrive twice, be given up while it is worked on, or its answer
//! may get lost.

use std::future::Future;

use ports::idempotency::IdempotencyEntry;
use sessions::{SessionError, Sessions};
use tokio::sync::oneshot;

use crate::world::Shared;

const TRAVEL_MS: u64 = 60;

/// What the sender knows afterwards.
pub(super) enum Outcome<T> {
    Answered(T),
    Refused(SessionError),
    /// Nothing: it happened or it did not.
    Unknown,
}

/// Sends a request; `work` is what the server does with it, up to the reply, which is judged as it leaves.
pub(super) async fn call<T, F>(
    world: &Shared,
    work: impl Fn(Sessions) -> F,
    leaves: impl Fn(&Shared, &T) + Send + Clone + 'static,
) -> Outcome<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T, SessionError>> + Send + 'static,
{
    world.pause(TRAVEL_MS).await;
    if world.strikes("request lost", |rates| rates.request_lost) {
        return Outcome::Unknown;
    }
    if world.strikes("request doubled", |rates| rates.request_twice)
        && let Some(host) = world.reach()
    {
        let (world, work, leaves) = (world.clone(), work(host), leaves.clone());
        tokio::spawn(async move {
            world.pause(2_000).await;
            if let Ok(answer) = work.await {
                leaves(&world, &answer);
            }
        });
    }
    let Some(host) = world.reach() else {
        return Outcome::Unknown;
    };
    let (reply, answer) = oneshot::channel();
    let (at, work) = (world.clone(), work(host));
    let served = tokio::spawn(async move {
        world_step(&at);
        let answer = work.await;
        if let Ok(answer) = &answer {
            leaves(&at, answer);
        }
        let _ = reply.send(answer);
    });
    if world.strikes("request given up", |rates| rates.reply_lost) {
        world.pause(TRAVEL_MS).await;
        // A server may go on with it or drop it where it stands.
        if world.chance(500) {
            served.abort();
        }
        return Outcome::Unknown;
    }
    let answer = answer.await;
    if world.strikes("reply lost", |rates| rates.reply_lost) {
        return Outcome::Unknown;
    }
    match answer {
        Ok(Ok(answer)) => Outcome::Answered(answer),
        Ok(Err(SessionError::Store(_) | SessionError::Busy | SessionError::ShuttingDown)) | Err(_) => {
            Outcome::Unknown
        }
        Ok(Err(error)) => Outcome::Refused(error),
    }
}

fn world_step(world: &Shared) {
    world.step();
}

pub(super) fn entry(world: &Shared, key: &str, body: u8) -> IdempotencyEntry {
    use ports::Clock;
    IdempotencyEntry {
        scope: "simulation".into(),
        key: key.into(),
        fingerprint: [body; 32],
        reply: String::new(),
        at: world.clock.now(),
    }
}
