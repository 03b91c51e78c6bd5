//! What passes the sandbox's two ways out: model calls and other connections.

use protocol::event::{EgressDecided, UsageRecorded};

use super::{Draft, Refusal, Reply};

impl Draft<'_> {
    /// Usage is recorded even when its turn has been cut meanwhile: the money is spent.
    pub(super) fn metered(&mut self, generation: u64, usage: UsageRecorded) -> Result<Reply, Refusal> {
        if generation > self.state.generation {
            return Err(Refusal::Fenced { generation });
        }
        // A turn runs in the newest sandbox; what an older one still spends is the session's, not the turn's.
        let prompt_id = self
            .state
            .turn
            .as_ref()
            .filter(|_| generation == self.state.generation)
            .map(|turn| turn.prompt.id);
        self.event(prompt_id, usage);
        Ok(Reply::Done)
    }

    pub(super) fn egress(&mut self, generation: u64, decided: EgressDecided) -> Result<Reply, Refusal> {
        if generation > self.state.generation {
            return Err(Refusal::Fenced { generation });
        }
        self.event(None, decided);
        Ok(Reply::Done)
    }
}
