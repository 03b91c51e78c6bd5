//! One life of the server: a runtime of its own, dropped as it stands when the server dies.
//!
//! Time is tokio's paused time: it moves only when nobody can go on. The runtime looks at this file's future after
//! each poll of a task, so that the server can die between any two polls: at any place where something is awaited.

use std::time::Duration;

use sessions::Sessions;
use tokio::{
    runtime::{Builder, Runtime},
    time::{Instant, timeout},
};

use crate::{
    oracle::Oracle,
    people::People,
    plan::{End, Life},
    world::{Shared, lock},
};

/// A life in which nothing decides its end.
const LONGEST: Duration = Duration::from_secs(1_200);
/// Time for everything to come to rest once faults are over.
const REST: Duration = Duration::from_secs(4 * 3_600);

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .event_interval(1)
        .build()
}

/// A life in a bad world.
pub(crate) fn live(world: &Shared, people: &People, life: Life) -> std::io::Result<()> {
    let runtime = runtime()?;
    runtime.block_on(async {
        begin(world, people, life.downtime).await;
        let host = world.host();
        let _ = host.start().await;
        tokio::spawn(trouble(world.clone()));
        if let Some(after) = life.rival_after {
            tokio::spawn(rival(world.clone(), after));
        }
        end(world, &host, life.end).await;
        world.forget_hosts();
        world.clock.pause();
    });
    Ok(())
}

/// The last life: no more faults, until everything has come to rest.
pub(crate) fn rest(world: &Shared, people: &People) -> std::io::Result<()> {
    let runtime = runtime()?;
    world.calm_down();
    runtime.block_on(async {
        begin(world, people, Duration::ZERO).await;
        let host = world.host();
        let _ = host.start().await;
        if world.plan.has_rival() {
            people.touch(world, &host).await;
        }
        let until = Instant::now() + REST;
        let mut left = None;
        while world.broken().is_none() {
            left = restless(world, people, &host);
            if left.is_none() || Instant::now() >= until {
                break;
            }
            tokio::select! {
                biased;
                () = world.bell.notified() => {}
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
            }
        }
        if let Some(words) = left {
            world.judge(Err(format!("I8: {words}, long after the last fault")));
        }
        world.note(|| "at rest".into());
        world.forget_hosts();
        world.clock.pause();
    });
    Ok(())
}

async fn begin(world: &Shared, people: &People, downtime: Duration) {
    world.clock.begin();
    world.count("lives");
    world.note(|| format!("a life begins, {} ms without a server", downtime.as_millis()));
    for runner in world.runners() {
        runner.live(world);
    }
    people.live(world);
    tokio::time::sleep(downtime).await;
}

async fn end(world: &Shared, host: &Sessions, end: End) {
    let (polls, word) = match end {
        End::Crash { calls, polls } => {
            world.light(calls);
            let _ = timeout(LONGEST, world.bell.notified()).await;
            (polls, "crashes at a call")
        }
        End::CrashAt { after, polls } => {
            let _ = timeout(after, world.bell.notified()).await;
            (polls, "crashes at a time")
        }
        End::Stop {
            after,
            sandboxes_too,
            patience,
        } => {
            let _ = timeout(after, world.bell.notified()).await;
            world.note(|| format!("the server is stopped, sandboxes too: {sandboxes_too}"));
            let stop = async {
                if sandboxes_too {
                    host.stop_sandboxes().await;
                }
                host.shutdown().await;
            };
            match timeout(patience, stop).await {
                Ok(()) => (0, "stops in order"),
                Err(_) => (0, "crashes while it stops"),
            }
        }
    };
    world.light(0);
    for _ in 0..polls {
        if world.broken().is_some() {
            break;
        }
        tokio::task::yield_now().await;
    }
    world.count(word);
    world.note(|| format!("the server {word}, {polls} polls later"));
}

/// What the world does to the server by itself.
async fn trouble(world: Shared) {
    loop {
        world.sleep(500, 10_000).await;
        if world.strikes("clock steps", |rates| rates.clock_steps) {
            let back = world.chance(600);
            let ms = i64::try_from(world.draw(|rng| rng.spread(10, 600_000))).unwrap_or(0);
            world.clock.step(if back { -ms } else { ms });
        }
        for runner in world.runners().iter().filter(|runner| !runner.is_dead()) {
            if world.strikes("sandbox dies", |rates| rates.sandbox_dies) {
                let cause = protocol::keeper::EndCause::Exited {
                    code: None,
                    signal: Some(9),
                    stderr_tail: String::new(),
                };
                world.sandboxes.end(runner.sandbox, cause);
                runner.kill();
                if world.chance(500)
                    && let Some(host) = world.reach()
                {
                    let (session, generation) = (runner.session, runner.generation);
                    tokio::spawn(async move { host.sandbox_ended(session, generation).await });
                }
            } else if world.strikes("sandbox forgotten", |rates| rates.sandbox_forgotten) {
                // Its provider forgets it; what runs inside goes on and does not know that.
                world.sandboxes.forget(runner.sandbox);
            }
        }
    }
}

/// A second owner of everything, while the first goes on.
async fn rival(world: Shared, after: Duration) {
    tokio::time::sleep(after).await;
    world.count("rival hosts");
    let host = world.host();
    let _ = host.start().await;
}

/// What has not come to rest.
fn restless(world: &Shared, people: &People, host: &Sessions) -> Option<String> {
    if !people.are_done() {
        return Some("somebody is still waiting for an answer".into());
    }
    for place in &world.sessions {
        let Some(id) = *lock(&place.id) else {
            return Some("a session was not created".into());
        };
        if let Some(words) = world.oracle().restless(id) {
            return Some(format!("{id}: {words}"));
        }
        let deleted = world.oracle().is_deleted(id);
        if !deleted && world.catalog.is_awake(id) != Some(false) {
            return Some(format!("{id} is still marked awake"));
        }
    }
    if host.awake_count() > 0 {
        return Some(format!("{} sessions are in memory", host.awake_count()));
    }
    for reader in &people.readers {
        let id = world
            .sessions
            .get(reader.place)
            .and_then(|place| *lock(&place.id))?;
        let (cursor, head) = (reader.cursor(), world.oracle().head(id));
        if cursor < head && !world.oracle().is_deleted(id) {
            return Some(format!("I7: a reader of {id} has {cursor} of {head} events"));
        }
    }
    let alive = world.runners().iter().filter(|runner| !runner.is_dead()).count();
    (alive > 0).then(|| format!("{alive} sandboxes are left over"))
}

/// Everything is still: what was promised is held against what is there.
pub(crate) fn audit(world: &Shared) {
    let history = world.runs.all();
    for place in &world.sessions {
        let Some(id) = *lock(&place.id) else { continue };
        let held = world.oracle().settled(id, &history);
        world.judge(held);
    }
    for runner in world.runners() {
        let (acked, texts) = runner.memory();
        let oracle = world.oracle();
        let held = match oracle.get(runner.session) {
            Some(truth) if !truth.deleted => truth.kept(runner.generation, acked, &texts),
            _ => Ok(()),
        };
        drop::<std::sync::MutexGuard<'_, Oracle>>(oracle);
        world.judge(held);
    }
}
