//! Row 2, text in the making: runner, server, client, without a commit.

use std::time::Duration;

use anyhow::Result;

use super::world::World;
use crate::{
    figure::{Figure, Goal, Samples},
    options::Options,
};

pub(super) async fn measure(world: &mut World, options: &Options) -> Result<Vec<Figure>> {
    let sessions = world.sessions;
    let every = Duration::from_millis(20);
    let span = Duration::from_millis(options.pick(2500, 300));
    world.product.attend(sessions, 1).await?;
    world.bare.attend(sessions, 1).await?;
    let (mut ours, mut theirs, mut sent) = (Samples::default(), Samples::default(), 0);
    for _ in 0..options.rounds * 2 {
        let (times, count) = world.product.deltas(sessions, every, span).await?;
        ours.add(times);
        sent += count;
        theirs.add(world.bare.deltas(sessions, every, span).await?.0);
    }
    let name = |what: &str| format!("deltas, {sessions} sessions x 50/s: {what}");
    let make =
        |what, ours: f64, theirs: f64, goal| Figure::new("2", name(what), "ms", ours, Some(theirs), goal);
    Ok(vec![
        make("p50", ours.p50(), theirs.p50(), Goal::AtMost(1.5))
            .with("sent", sent)
            .with("arrived", ours.len()),
        make("p99", ours.p99(), theirs.p99(), Goal::Told),
    ])
}
