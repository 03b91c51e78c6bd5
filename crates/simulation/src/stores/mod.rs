//! The world behind the ports: the testkit's fakes keep what is durable; these decorators are slow, fail, lose
//! answers, and tell the oracle what became durable and what was asked for.

mod catalog;
mod log;
mod runs;
mod sandboxes;

use std::sync::Arc;

use ports::StoreError;

pub(crate) use catalog::SimCatalog;
pub(crate) use log::SimLog;
pub(crate) use runs::SimRuns;
pub(crate) use sandboxes::SimSandboxes;

use crate::world::World;

fn unavailable() -> StoreError {
    StoreError::Unavailable("simulated".into())
}

fn unknown() -> StoreError {
    StoreError::Unknown("simulated: the answer was lost".into())
}

/// A call on its way: takes its time, and may be the one at which the server dies.
async fn underway(world: &Arc<World>, most_ms: u64) {
    world.step();
    world.pause(most_ms).await;
}
