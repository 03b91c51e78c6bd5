//! Row 7, subscribing to a session with a long history, until everything of it is there.

use anyhow::Result;

use super::world::World;
use crate::{
    figure::{Figure, Goal, Samples},
    load::{FILLER, Replay},
    options::Options,
};

pub(super) async fn measure(world: &mut World, options: &Options) -> Result<Vec<Figure>> {
    let events: u64 = options.pick(10_000, 500);
    let times = options.pick(10, 2);
    let lane = &world.another().await?;
    lane.runner.events(events).await?;
    // As many events of the same length, in a file of the baseline's own.
    let session = world.sessions;
    let mut ours = Replay::of_session(&world.product.side, &lane.session).await?;
    let count = ours.run("").await?.1;
    let mut file = world.bare_files()?.open(session)?;
    for from in (0..count).step_by(100) {
        file.commit_texts(
            (from..count.min(from + 100))
                .map(event)
                .collect::<Vec<_>>()
                .iter()
                .map(Vec::as_slice),
        )?;
    }
    drop(file);
    let mut theirs = Replay::of_bare(&world.bare.side, session).await?;
    let (mut took, mut bare, mut gathered) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..times {
        let (nanos, got) = ours.run("").await?;
        anyhow::ensure!(got == count, "{got} of {count} events");
        took.push(nanos);
        let (nanos, got) = theirs.run("each").await?;
        anyhow::ensure!(got == count, "the baseline: {got} of {count} events");
        bare.push(nanos);
        gathered.push(theirs.run("gathered").await?.0);
        ours = Replay::of_session(&world.product.side, &lane.session).await?;
    }
    let (took, bare) = (Samples::new(took), Samples::new(bare));
    Ok(vec![
        Figure::new(
            "7",
            format!("subscribe to {count} events, to caught_up"),
            "ms",
            took.p50(),
            Some(bare.p50()),
            Goal::AtMost(1.5),
        )
        .with("slowest_ms", took.at(1.0))
        .with("gathering_baseline_ms", Samples::new(gathered).p50()),
    ])
}

/// An event as the product stores it.
fn event(n: u64) -> Vec<u8> {
    format!(
        r#"{{"seq":{n},"at":"2026-01-01T00:00:00.000Z","prompt_id":"prm_00000000000000000000000000","type":"message.text","data":{{"message_id":"msg_{n}","part_id":"prt_{n}","text":"[0000000000000000]{FILLER}"}}}}}}"#
    )
    .into_bytes()
}
