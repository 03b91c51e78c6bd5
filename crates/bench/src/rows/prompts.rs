//! Row 3, a prompt: from the client's frame to the runner that receives it, the commit between included.

use std::sync::Arc;

use anyhow::Result;

use super::world::World;
use crate::{
    arm::Lane,
    bare::PromptShape,
    clock,
    figure::{Figure, Goal, Samples},
    options::Options,
};

const PROMPT: &[u8] =
    br#"{"type":"prompt","text":"Look at the failing test in the parser and say what is wrong with it."}"#;
/// What the product commits for a prompt that is begun at once.
const SHAPE: PromptShape = PromptShape { facts: 5, bytes: 900 };

pub(super) async fn measure(world: &mut World, options: &Options) -> Result<Vec<Figure>> {
    let many = options.pick(50, 3).min(world.sessions);
    let times = options.pick(100, 3);
    let bursts = options.pick(6, 1);
    world.product.attend(many, 1).await?;
    let lanes = &world.product.lanes[..many];
    for lane in lanes {
        if lane.runner.has_turn() {
            lane.runner.end_turn().await?;
        }
    }
    let rows = SHAPE.rows();
    let (mut single, mut commits) = (Samples::default(), Samples::default());
    let (mut burst, mut at_once) = (Samples::default(), Samples::default());
    for _ in 0..options.rounds {
        let (mut took, mut bare) = (Vec::new(), Vec::new());
        for index in (0..times).map(|index| index % many) {
            took.push(prompt(&lanes[index]).await?);
            bare.push(world.commits.single(index, &rows).await?);
        }
        single.add(took);
        commits.add(bare);
        for _ in 0..bursts {
            burst.add(together(lanes).await?);
            at_once.add(world.commits.at_once(many, &rows).await?);
        }
    }
    let make = |what: String, ours: f64, theirs: f64| {
        Figure::new(
            "3",
            format!("prompt to runner, {what}"),
            "ms",
            ours,
            Some(theirs),
            Goal::AtMost(2.0),
        )
    };
    Ok(vec![
        make("one at a time: p50".into(), single.p50(), commits.p50()).with("samples", single.len()),
        make("one at a time: p99".into(), single.p99(), commits.p99()),
        make(format!("{many} at once: p50"), burst.p50(), at_once.p50()).with("samples", burst.len()),
        make(format!("{many} at once: p99"), burst.p99(), at_once.p99()),
    ])
}

/// One prompt; its turn is ended before the next.
async fn prompt(lane: &Lane) -> Result<u64> {
    let sent = clock::now();
    lane.clients[0].send(PROMPT).await?;
    let came = lane.runner.prompted().await?;
    lane.runner.end_turn().await?;
    Ok(came - sent)
}

/// One prompt of each session, all at once.
async fn together(lanes: &[Lane]) -> Result<Vec<u64>> {
    let began = clock::now();
    let waits: Vec<_> = lanes
        .iter()
        .map(|lane| {
            let runner = Arc::clone(&lane.runner);
            tokio::spawn(async move { runner.prompted().await })
        })
        .collect();
    for outcome in futures::future::join_all(lanes.iter().map(|lane| lane.clients[0].send(PROMPT))).await {
        outcome?;
    }
    let mut took = Vec::new();
    for wait in waits {
        took.push(wait.await?? - began);
    }
    for lane in lanes {
        lane.runner.end_turn().await?;
    }
    Ok(took)
}
