//! A decision in the making: facts are applied as they are decided, so each step sees the one before.

use protocol::{EventBody, PromptId, Timestamp, event::SessionStatusChanged, session::SessionStatus};

use crate::session::{Effect, Fact, Moment, Policy, PrivateFact, State, Trigger, why};

pub(super) struct Draft<'a> {
    pub(super) state: State,
    pub(super) facts: Vec<Fact>,
    pub(super) effects: Vec<Effect>,
    pub(super) moment: Moment,
    pub(super) policy: &'a Policy,
    before: SessionStatus,
    existed: bool,
    #[cfg(test)]
    pub(super) steps: Vec<crate::session::table::Step>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(state: State, moment: Moment, policy: &'a Policy) -> Self {
        let before = why::status(&state);
        let existed = state.profile.is_some();
        Self {
            state,
            facts: Vec::new(),
            effects: Vec::new(),
            moment,
            policy,
            before,
            existed,
            #[cfg(test)]
            steps: Vec::new(),
        }
    }

    /// Says what the facts since the last mark came of. Only tests look: they hold it against the table.
    #[cfg(test)]
    pub(super) fn mark(&mut self, trigger: Trigger) {
        self.steps.push(crate::session::table::Step {
            trigger,
            places: crate::session::table::Places::of(&self.state),
            facts: self.facts.len(),
            effects: self.effects.len(),
        });
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "only tests look")]
    pub(super) fn mark(&self, _: Trigger) {}

    pub(super) fn now(&self) -> Timestamp {
        self.moment.now
    }

    pub(super) fn event(&mut self, prompt_id: Option<PromptId>, body: impl Into<EventBody>) {
        self.fact(Fact::Event {
            prompt_id,
            body: body.into(),
        });
    }

    pub(super) fn private(&mut self, fact: PrivateFact) {
        self.fact(Fact::Private(fact));
    }

    fn fact(&mut self, fact: Fact) {
        self.state.apply(self.moment.now, &fact);
        self.facts.push(fact);
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        if !self.effects.contains(&effect) {
            self.effects.push(effect);
        }
    }

    /// One place tells the world that the status changed, whatever changed it.
    pub(super) fn announce_status(&mut self) {
        let status = why::status(&self.state);
        if status == self.before && self.existed {
            return;
        }
        let previous = self.before;
        let why = why::why(&self.state, self.policy);
        self.event(
            None,
            SessionStatusChanged {
                status,
                previous,
                why,
            },
        );
    }
}
