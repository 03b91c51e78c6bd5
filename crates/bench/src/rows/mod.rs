//! The rows of the table.

mod creations;
mod deltas;
mod events;
mod idle;
mod many;
mod prompts;
mod replay;
mod sleepers;
mod wake;
mod world;

use anyhow::Result;

use crate::{figure::Figure, options::Options, run::Context, say};
use world::World;

/// Measures all that are wanted: one row after the other, so that none disturbs another.
pub(crate) async fn all(context: &Context) -> Result<Vec<Figure>> {
    if context.options.quick {
        // Nobody is to judge, and most of them wait for something.
        return together(context).await;
    }
    let mut figures = shared(context).await?;
    figures.extend(idle(context).await?);
    figures.extend(wake(context).await?);
    figures.extend(many(context).await?);
    figures.extend(creations(context).await?);
    figures.sort_by_key(|figure| figure.row);
    Ok(figures)
}

async fn together(context: &Context) -> Result<Vec<Figure>> {
    let (a, b, c, d, e) = futures::try_join!(
        shared(context),
        idle(context),
        wake(context),
        many(context),
        creations(context)
    )?;
    let mut figures = [a, b, c, d, e].concat();
    figures.sort_by_key(|figure| figure.row);
    Ok(figures)
}

async fn idle(context: &Context) -> Result<Vec<Figure>> {
    if wanted(&context.options, "4", "idle") {
        idle::measure(context).await
    } else {
        Ok(Vec::new())
    }
}

async fn wake(context: &Context) -> Result<Vec<Figure>> {
    if wanted(&context.options, "5", "wake") {
        wake::measure(context).await
    } else {
        Ok(Vec::new())
    }
}

async fn many(context: &Context) -> Result<Vec<Figure>> {
    if wanted(&context.options, "6", "many") {
        many::measure(context).await
    } else {
        Ok(Vec::new())
    }
}

async fn creations(context: &Context) -> Result<Vec<Figure>> {
    if wanted(&context.options, "8", "creations") {
        creations::measure(context).await
    } else {
        Ok(Vec::new())
    }
}

fn wanted(options: &Options, number: &str, name: &str) -> bool {
    let wanted = options.wants(number, name);
    if wanted {
        say(&format!("{number} {name}"));
    }
    wanted
}

/// Those that need sessions that are awake, with their runners.
async fn shared(context: &Context) -> Result<Vec<Figure>> {
    let options = &context.options;
    let mut figures = Vec::new();
    if wanted(options, "1", "events") {
        figures.extend(events::measure(context).await?);
    }
    let rows = [("2", "deltas"), ("7", "replay"), ("3", "prompts")];
    if !rows.iter().any(|(number, name)| options.wants(number, name)) {
        return Ok(figures);
    }
    let mut world = World::new(context, options.pick(200, 4)).await?;
    figures.push(world.memory());
    for (number, name) in rows {
        if wanted(options, number, name) {
            figures.extend(match number {
                "2" => deltas::measure(&mut world, options).await?,
                "7" => replay::measure(&mut world, options).await?,
                // Last: it ends the turns.
                _ => prompts::measure(&mut world, options).await?,
            });
        }
    }
    Ok(figures)
}
