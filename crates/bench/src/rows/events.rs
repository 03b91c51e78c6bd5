//! Row 1, the durable event path: runner frame, commit, ack, clients.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::world::World;
use crate::{
    arm::Flow,
    figure::{self, Figure, Goal, Samples, median},
    load::FILLER,
    options::Options,
    run::Context,
    say,
};

/// Turns of the paced events in each round.
const TURNS: usize = 4;

/// Of a run with so many sessions and clients, on both sides.
#[derive(Default)]
struct Side {
    flows: Vec<Flow>,
    latency: Samples,
}

impl Side {
    fn of(&self, what: impl Fn(&Flow) -> f64) -> f64 {
        median(&self.flows.iter().map(what).collect::<Vec<_>>())
    }
}

/// Each number of sessions has a server of its own: so what one left on the disk is gone before the next begins.
pub(super) async fn measure(context: &Context) -> Result<Vec<Figure>> {
    let options = &context.options;
    let (sessions, clients) = options.pick(([1, 50, 200].as_slice(), [1, 8]), ([1, 4].as_slice(), [1, 2]));
    let mut figures = Vec::new();
    for sessions in sessions {
        let mut world = World::new(context, *sessions).await?;
        for clients in clients {
            figures.extend(one(&mut world, options, *sessions, clients).await?);
        }
    }
    Ok(figures)
}

async fn one(world: &mut World, options: &Options, sessions: usize, clients: usize) -> Result<Vec<Figure>> {
    let warm = Duration::from_millis(options.pick(500, 100));
    let span = Duration::from_millis(options.pick(2000, 300));
    let quiet = Duration::from_millis(options.pick(1000, 150));
    // Few enough that no event waits for another: 50, 200 and 400 in a second.
    let every = Duration::from_millis(match sessions {
        1 => 20,
        2..=50 => 250,
        _ => 500,
    });
    world.product.attend(sessions, clients).await?;
    world.bare.attend(sessions, clients).await?;
    // A commit as the product makes it for one event: the bytes of one event.
    let row = vec![vec![b'x'; FILLER.len() + 130]];
    let (mut ours, mut theirs, mut commits) = (Side::default(), Side::default(), Samples::default());
    let mut gathered = Vec::new();
    for _ in 0..options.rounds {
        let flow = world.product.flood(sessions, warm, span, "").await?;
        ours.flows.push(flow);
        let batch = format!("batch {}", flow.per_commit);
        theirs
            .flows
            .push(world.bare.flood(sessions, warm, span, &batch).await?);
        let batch = format!("{batch} gathered");
        gathered.push(world.bare.flood(sessions, warm, span, &batch).await?.per_s);
        // In short turns, so that a disk that is slow for a while is slow for all.
        for _ in 0..TURNS {
            ours.latency
                .add(world.product.paced(sessions, every, quiet).await?);
            commits.add(world.commits.paced(sessions, every, quiet, &row).await?);
            theirs
                .latency
                .add(world.bare.paced(sessions, every, quiet).await?);
        }
    }
    let name = |what: &str| {
        let plural =
            |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        format!(
            "events, {} x {}: {what}",
            plural(sessions, "session"),
            plural(clients, "client")
        )
    };
    let per_s = |flow: &Flow| flow.per_s;
    let rounds = |side: &Side| json!(side.flows.iter().map(per_s).collect::<Vec<_>>());
    let rate = Figure::new(
        "1",
        name("throughput"),
        "/s",
        ours.of(per_s),
        Some(theirs.of(per_s)),
        Goal::AtLeast(0.7),
    )
    .with("events_per_commit", ours.of(|flow| flow.per_commit))
    .with("baseline_events_per_commit", theirs.of(|flow| flow.per_commit))
    .with("gathering_baseline", median(&gathered))
    .with("rounds", rounds(&ours))
    .with("baseline_rounds", rounds(&theirs))
    .with("written_bytes_per_event", ours.of(|flow| flow.written_per_event))
    .with(
        "baseline_written_bytes_per_event",
        theirs.of(|flow| flow.written_per_event),
    )
    .with("switches_per_event", ours.of(|flow| flow.switches_per_event))
    .with(
        "baseline_switches_per_event",
        theirs.of(|flow| flow.switches_per_event),
    )
    .with("user_ms_per_1000", ours.of(|flow| flow.user_ms_per_1000))
    .with("system_ms_per_1000", ours.of(|flow| flow.system_ms_per_1000))
    .with(
        "baseline_user_ms_per_1000",
        theirs.of(|flow| flow.user_ms_per_1000),
    )
    .with(
        "baseline_system_ms_per_1000",
        theirs.of(|flow| flow.system_ms_per_1000),
    );
    let latency = Figure::new(
        "1",
        name("p50 against a bare commit"),
        "ms",
        ours.latency.p50(),
        Some(commits.p50()),
        Goal::AtMost(2.0),
    )
    .with("samples", ours.latency.len())
    .with("p99_ms", ours.latency.p99())
    .with("commit_p99_ms", commits.p99())
    .with("bare_end_to_end_p50_ms", theirs.latency.p50())
    .with("bare_end_to_end_p99_ms", theirs.latency.p99())
    .with(
        "events_per_s",
        1000.0 / every.as_millis() as f64 * sessions as f64,
    );
    let processor = Figure::new(
        "1",
        name("processor time of 1,000 events"),
        "ms",
        ours.of(Flow::cpu_ms_per_1000),
        Some(theirs.of(Flow::cpu_ms_per_1000)),
        Goal::Told,
    );
    say(&figure::table(&[
        rate.clone(),
        latency.clone(),
        processor.clone(),
    ]));
    for (who, side) in [("product", &ours), ("baseline", &theirs)] {
        say(&format!(
            "   {who}: for 1,000 events {:.1} ms user, {:.1} ms system; for one {:.2} switches, {:.0} bytes written",
            side.of(|flow| flow.user_ms_per_1000),
            side.of(|flow| flow.system_ms_per_1000),
            side.of(|flow| flow.switches_per_event),
            side.of(|flow| flow.written_per_event),
        ));
    }
    say(&format!(
        "   {:.1} events in a commit; a baseline that gathers writes: {}/s; p50 of the bare path end to end {:.2} ms",
        ours.of(|flow| flow.per_commit),
        figure::number(median(&gathered)),
        theirs.latency.p50()
    ));
    Ok(vec![rate, latency, processor])
}
