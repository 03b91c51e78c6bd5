//! What passes the sandbox's two ways out: model calls and other connections.

use protocol::event::{EgressDecided, UsageRecorded};

use super::{Draft, Refusal, Reply};

impl Draft<'_> {
    /// Usage is recorded even when its turn has been cut meanwhile: the money is spent.
    pub(super) fn metered(&mut self, generation: u64, usage: UsageRecorded) -> Result<Reply, Refusal> {
        if generation > self.state.generation {
            return Err(Refusal::Fenced { generation });
        }
        let prompt_id = self.state.turn.as_ref().map(|turn| turn.prompt.id);
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
