//! Noisy neighbours: what one organisation feels of another that asks for twenty times what it may.
//!
//! One server, two organisations. The quiet one makes sessions, gives prompts and follows events at a pace at which nothing
//! of its own waits for anything else of its own. It is measured three times in each round:
//!
//! - **still**: nobody else does anything;
//! - **quiet**: the flood's generator runs as it does later, but against a bare listener that answers 429 to everything: so the
//!   processors are as busy with the generator as they will be, and the server has the quiet organisation alone;
//! - **flood**: the generator runs against the server, and the other organisation's runners report as fast as they can.
//!
//! The goals compare flood with quiet. What the generator alone costs (quiet beside still) is shown, so that nobody has to
//! believe that it is little. The generator is one other process, of low priority and on one processor.

mod crowd;
mod generator;
mod key;
mod line;
mod mix;
mod neighbour;
mod refuser;
mod report;
mod world;

use std::time::Duration;

use anyhow::Result;

use crate::{
    figure::{Figure, Goal},
    run::Context,
    say, vitals,
};
pub(crate) use crowd::serve as flood;
use generator::Target;
use neighbour::Arm;
pub(crate) use refuser::serve as refuse;
use report::Report;
use world::World;

/// What an organisation may ask for by default, requests a second, and how many times that comes.
const QUOTA_PER_S: u32 = 100;
const TIMES: u32 = 20;
/// Measured only for the record: what is left of the stock of 2,000 requests, and of its counterparts, is used up then.
const WARM: Duration = Duration::from_secs(4);

/// All rows.
pub(crate) async fn all(context: &Context) -> Result<Vec<Figure>> {
    let options = &context.options;
    let span = Duration::from_millis(options.pick(14_000, 1_000));
    let warm = options.pick(WARM, Duration::from_millis(300));
    let mut world = World::new(context).await?;
    let [mut still, mut quiet, mut first, mut flood] = [(); 4].map(|()| Arm::default());
    let mut heard = [Report::default(), Report::default()];
    let mut share = Shares::default();
    for round in 1..=options.rounds {
        say(&format!("round {round}: still"));
        still.add(world.neighbour.measure(span).await?);

        say(&format!(
            "round {round}: quiet, the generator against a bare listener"
        ));
        world.generator.go(Target::Bare)?;
        tokio::time::sleep(warm).await;
        let before = world.reading();
        quiet.add(world.neighbour.measure(span).await?);
        share.quiet.add(&before, &world.reading());
        heard[0].add(&world.generator.stop().await?);

        say(&format!("round {round}: flood"));
        world.generator.go(Target::Server)?;
        first.add(world.neighbour.measure(warm).await?);
        let before = world.reading();
        flood.add(world.neighbour.measure(span).await?);
        share.flood.add(&before, &world.reading());
        heard[1].add(&world.generator.stop().await?);
        // What is underway ends, so that the next round begins as the first did.
        tokio::time::sleep(warm / 2).await;
    }
    let mut figures = Vec::new();
    for what in 0..neighbour::WHAT.len() {
        figures.extend(compared(what, &still, &quiet, &first, &flood));
    }
    figures.extend(told(&heard, &share, &quiet, &flood, &first));
    Ok(figures)
}

/// One of the three things that the quiet organisation does.
fn compared(what: usize, still: &Arm, quiet: &Arm, first: &Arm, flood: &Arm) -> Vec<Figure> {
    let (row, name) = neighbour::WHAT[what];
    let of = |arm: &Arm| (arm.samples[what].p50(), arm.samples[what].p99());
    let ((still50, still99), (quiet50, quiet99)) = (of(still), of(quiet));
    let (flood50, flood99) = of(flood);
    let make = |label: &str, value, baseline, goal| {
        Figure::new(row, format!("{name}, {label}"), "ms", value, Some(baseline), goal)
    };
    vec![
        make("under the flood: p50", flood50, quiet50, Goal::Told),
        make("under the flood: p99", flood99, quiet99, Goal::AtMost(1.5))
            .with("samples", flood.samples[what].len())
            .with("baseline_samples", quiet.samples[what].len())
            .with("rounds_p99", flood.rounds_p99(what))
            .with("baseline_rounds_p99", quiet.rounds_p99(what))
            .with("first_seconds_p99", first.samples[what].p99())
            .with("still_p50", still50)
            .with("still_p99", still99),
        make(
            "beside a still machine: p99 with the generator alone",
            quiet99,
            still99,
            Goal::Told,
        )
        .with("flood_by_still", flood99 / still99),
        make(
            "in the flood's first seconds: p99",
            first.samples[what].p99(),
            quiet99,
            Goal::Told,
        )
        .with("samples", first.samples[what].len()),
    ]
}

/// What the flood was, and what became of it.
fn told(heard: &[Report; 2], share: &Shares, quiet: &Arm, flood: &Arm, first: &Arm) -> Vec<Figure> {
    let [bare, server] = heard;
    let told = |name: &str, unit, value| Figure::new("T4", name, unit, value, None, Goal::Told);
    let asked = f64::from(QUOTA_PER_S * TIMES);
    let refusals = server.of_status(429);
    vec![
        Figure::new(
            "T4",
            "the loud one: requests sent (baseline: to the bare listener)",
            "/s",
            server.per_s(),
            Some(bare.per_s()),
            Goal::Told,
        )
        .with("wanted_per_s", asked)
        .with("mix", server.kinds()),
        Figure::new(
            "T4",
            format!("the loud one: requests sent, of {asked} wanted"),
            "/s",
            server.per_s(),
            Some(asked),
            Goal::AtLeast(0.9),
        ),
        told("the loud one: refused with 429", "", refusals as f64).with("statuses", server.statuses()),
        Figure::new(
            "T4",
            "the loud one: 429 without Retry-After, or to its own key without RateLimit",
            "",
            server.bare_refusals as f64,
            None,
            Goal::Under(0.0),
        ),
        told("the loud one: requests served", "/s", server.served_per_s()),
        told(
            "the loud one: events taken from its runners",
            "/s",
            server.events_per_s(),
        ),
        told(
            "the loud one: events sent to its sockets",
            "/s",
            server.frames_per_s(),
        )
        .with("sockets", server.sockets),
        Figure::new(
            "T5",
            "the quiet one: refused or lost, in all arms",
            "",
            (quiet.refused + flood.refused + first.refused) as f64,
            None,
            Goal::Under(0.0),
        ),
        Figure::new(
            "T6",
            "processor time of the server (baseline: quiet), of one processor",
            "%",
            share.flood.server * 100.0,
            Some(share.quiet.server * 100.0),
            Goal::Told,
        ),
        Figure::new(
            "T6",
            "processor time of the generator (baseline: quiet), of one processor",
            "%",
            share.flood.generator * 100.0,
            Some(share.quiet.generator * 100.0),
            Goal::Told,
        ),
    ]
}

/// Processor time of the processes, at a moment.
struct Reading {
    at: u64,
    server: f64,
    generator: f64,
}

impl World {
    fn reading(&self) -> Reading {
        let used = |pid| {
            let vitals = vitals::of(pid);
            vitals.user_s + vitals.system_s
        };
        Reading {
            at: crate::clock::now(),
            server: used(self.server.pid()),
            generator: used(self.generator.pid()),
        }
    }
}

/// Shares of one processor, on average over the rounds.
#[derive(Default)]
struct Share {
    server: f64,
    generator: f64,
    seconds: f64,
}

impl Share {
    fn add(&mut self, from: &Reading, to: &Reading) {
        let seconds = crate::clock::seconds(from.at, to.at);
        let whole = self.seconds + seconds;
        let mix = |old: f64, used: f64| (old * self.seconds + used) / whole.max(f64::MIN_POSITIVE);
        (self.server, self.generator) = (
            mix(self.server, to.server - from.server),
            mix(self.generator, to.generator - from.generator),
        );
        self.seconds = whole;
    }
}

#[derive(Default)]
struct Shares {
    quiet: Share,
    flood: Share,
}
