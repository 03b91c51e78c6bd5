//! Two planted faults of the output gate: what the actor does too early when they are on.

use std::sync::Arc;

use domain::{
    planted::{Planted, is},
    session::{Effect, Fact, State},
};
use ports::session_log::LogEntry;
use protocol::Timestamp;

use super::Actor;
use crate::{hub::Live, published::Published};

impl Actor {
    pub(super) fn let_slip(&self, next: &State, at: Timestamp, facts: &[Fact], effects: &[Effect]) {
        if is(Planted::OutputBeforeCommit) {
            let mut seq = self.state.head;
            self.slot.hub.publish(facts.iter().filter_map(|fact| {
                seq += u64::from(fact.is_public());
                let entry = LogEntry {
                    position: 0,
                    seq: fact.is_public().then_some(seq),
                    at,
                    prompt_id: fact.prompt_id(),
                    kind: fact.kind().to_owned(),
                    body: fact.body().ok()?.into(),
                };
                Published::of(&entry).map(Live::Event)
            }));
        }
        if is(Planted::EffectsBeforeCommit) {
            let next = Arc::new(next.clone());
            for effect in effects {
                self.workshop.run(effect.clone(), &next, &self.slot);
            }
        }
    }
}
