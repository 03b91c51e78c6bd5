//! The rows of the table.

mod deltas;
mod events;
mod prompts;
mod world;

use anyhow::Result;

use crate::{figure::Figure, run::Context, say};
use world::World;

/// Measures all that are wanted.
pub(crate) async fn all(context: &Context) -> Result<Vec<Figure>> {
    let options = &context.options;
    let mut figures = Vec::new();
    let [events, deltas, prompts] = [("1", "events"), ("2", "deltas"), ("3", "prompts")]
        .map(|(number, name)| options.wants(number, name));
    if events || deltas || prompts {
        let mut world = World::new(context).await?;
        if events {
            figures.push(world.memory());
            figures.extend(events::measure(&mut world, options).await?);
        }
        if deltas {
            say("deltas");
            figures.extend(deltas::measure(&mut world, options).await?);
        }
        if prompts {
            say("prompts");
            figures.extend(prompts::measure(&mut world, options).await?);
        }
    }
    Ok(figures)
}
