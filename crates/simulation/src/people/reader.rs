//! Reads a session as a client does: subscribes after its cursor, reads at some speed, loses its connection, resumes.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use protocol::SessionId;
use sessions::{Outgoing, SessionError, Sessions};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use crate::{
    oracle::Oracle,
    world::{Shared, lock},
};

/// Frames on their way to a client.
const SOCKET: usize = 4;

pub(crate) struct Reader {
    pub(crate) place: usize,
    cursor: Mutex<u64>,
}

enum Word {
    Event(u64),
    Other,
    Refused(SessionError),
}

impl Reader {
    pub(crate) fn new(place: usize) -> Self {
        Self {
            place,
            cursor: Mutex::default(),
        }
    }

    pub(crate) fn cursor(&self) -> u64 {
        *lock(&self.cursor)
    }

    pub(crate) async fn live(self: Arc<Self>, world: Shared) {
        let Some(spot) = world.sessions.get(self.place) else {
            return;
        };
        let id = spot.id().await;
        loop {
            if world.oracle().is_deleted(id) {
                return;
            }
            if let Some(host) = world.reach() {
                if !world.is_calm() && world.chance(150) {
                    self.page(&world, &host, id).await;
                } else {
                    self.watch(&world, host, id).await;
                }
                if !world.is_calm() && world.chance(100) {
                    // A page is loaded anew: from the beginning, or from some earlier place.
                    let mut cursor = lock(&self.cursor);
                    *cursor = world.draw(|rng| rng.below(*cursor + 1));
                }
            }
            world.sleep(1, 3_000).await;
        }
    }

    async fn watch(&self, world: &Shared, host: Sessions, id: SessionId) {
        world.pause(30).await;
        let (sink, mut words) = mpsc::channel(SOCKET);
        tokio::spawn(serve(Arc::clone(world), host, id, self.cursor(), sink));
        let cut = if world.is_calm() {
            Duration::from_secs(86_400)
        } else {
            Duration::from_millis(world.draw(|rng| rng.spread(1, world.plan.connection_ms)))
        };
        let cut = Instant::now() + cut;
        // Some read at once, some slowly, some stop for a minute.
        let slow = world.draw(|rng| rng.pick(&[0, 0, 5, 300], 0));
        world.count("subscriptions");
        loop {
            let word = tokio::select! {
                biased;
                word = words.recv() => word,
                () = sleep_until(cut) => return,
            };
            match word {
                None => return,
                Some(Word::Other) => {}
                Some(Word::Event(seq)) => self.got(world, id, seq),
                Some(Word::Refused(error)) => return self.refused(world, id, error),
            }
            if slow > 0 && !world.is_calm() {
                world.pause(slow).await;
            }
            if world.strikes("reader stops", |rates| rates.log_slow / 10) {
                world.sleep(1_000, 60_000).await;
            }
        }
    }

    fn got(&self, world: &Shared, id: SessionId, seq: u64) {
        world.count("events read");
        let mut cursor = lock(&self.cursor);
        world.judge(Oracle::read(id, *cursor, seq));
        *cursor = seq;
    }

    fn refused(&self, world: &Shared, id: SessionId, error: SessionError) {
        match error {
            SessionError::CursorAhead { head } => {
                let cursor = self.cursor();
                world.judge(Err(format!(
                    "I1: a reader of {id} has {cursor} events, and there are {head}"
                )));
            }
            SessionError::NotFound if !world.oracle().is_deleted(id) => {
                world.judge(Err(format!("I1: {id} was announced and is not found")));
            }
            _ => {}
        }
    }

    /// By page, as plain HTTP does.
    async fn page(&self, world: &Shared, host: &Sessions, id: SessionId) {
        let limit = world.draw(|rng| usize::try_from(rng.between(1, 50)).unwrap_or(1));
        match host.events(id, self.cursor(), limit).await {
            Ok(page) => {
                for event in page.events {
                    let held = world.oracle().told_event(id, &event);
                    world.judge(held);
                    self.got(world, id, event.seq);
                }
                let held = world.oracle().told_head(id, page.head);
                world.judge(held);
            }
            Err(error) => self.refused(world, id, error),
        }
    }
}

/// The server's side of the connection: what leaves is judged as it leaves.
async fn serve(world: Shared, host: Sessions, id: SessionId, after: u64, sink: mpsc::Sender<Word>) {
    let mut subscription = match host.subscribe(id, after).await {
        Ok(subscription) => subscription,
        Err(error) => return drop(sink.send(Word::Refused(error)).await),
    };
    while let Some(frame) = subscription.next().await {
        let word = match frame {
            Ok(Outgoing::Event(event)) => {
                let held = match event.event() {
                    Ok(event) => world.oracle().told_event(id, &event),
                    Err(error) => Err(format!(
                        "I6: event {} of {id} cannot be read: {error}",
                        event.seq()
                    )),
                };
                world.judge(held);
                Word::Event(event.seq())
            }
            Ok(Outgoing::CaughtUp { head }) => {
                let held = world.oracle().told_head(id, head);
                world.judge(held);
                Word::Other
            }
            Ok(Outgoing::Delta { .. }) => Word::Other,
            Err(error) => Word::Refused(error),
        };
        if sink.send(word).await.is_err() {
            return;
        }
    }
}
