//! Commands of the server: each is carried out once, however often it is sent.

use std::collections::{HashSet, VecDeque};

use protocol::{CommandId, PromptId, runner::RunnerCommand};

/// Ids that are remembered; the server sends only what is not done, so older ones do not come back.
const REMEMBERED: usize = 4096;

/// What to do with a command that has come in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// First seen; it is in the queue now.
    New,
    /// Carried out already: only the answer got lost.
    Done,
    /// In the queue or being carried out.
    Waiting,
}

#[derive(Debug, Default)]
pub(super) struct Inbox {
    queue: VecDeque<(CommandId, RunnerCommand)>,
    seen: Recent<CommandId>,
    done: Recent<CommandId>,
    /// Prompts whose turn was begun or given up.
    prompts: Recent<PromptId>,
}

/// A set that forgets its oldest members.
#[derive(Debug)]
struct Recent<T> {
    order: VecDeque<T>,
    members: HashSet<T>,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self {
            order: VecDeque::new(),
            members: HashSet::new(),
        }
    }
}

impl<T: Copy + Eq + std::hash::Hash> Recent<T> {
    /// True when it was not there.
    fn insert(&mut self, value: T) -> bool {
        if !self.members.insert(value) {
            return false;
        }
        self.order.push_back(value);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.members.remove(&oldest);
        }
        true
    }
}

impl Inbox {
    pub(super) fn arrive(&mut self, id: CommandId, command: RunnerCommand) -> Arrival {
        if self.seen.insert(id) {
            self.queue.push_back((id, command));
            return Arrival::New;
        }
        if self.done.members.contains(&id) {
            Arrival::Done
        } else {
            Arrival::Waiting
        }
    }

    pub(super) fn done(&mut self, id: CommandId) {
        self.done.insert(id);
    }

    /// The first queued command that `ready` lets through.
    pub(super) fn take(
        &mut self,
        ready: impl Fn(&RunnerCommand) -> bool,
    ) -> Option<(CommandId, RunnerCommand)> {
        let index = self.queue.iter().position(|(_, command)| ready(command))?;
        self.queue.remove(index)
    }

    /// Takes a prompt out that has not been begun.
    pub(super) fn withdraw(&mut self, prompt: PromptId) -> Option<CommandId> {
        let queued = |command: &RunnerCommand| matches!(command, RunnerCommand::Prompt { prompt_id, .. } if *prompt_id == prompt);
        self.take(queued).map(|(id, _)| id)
    }

    /// True when no turn of this prompt was begun or given up before.
    pub(super) fn claim(&mut self, prompt: PromptId) -> bool {
        self.prompts.insert(prompt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_taken_once() {
        let mut inbox = Inbox::default();
        let id = CommandId::new(0, 1);
        assert_eq!(inbox.arrive(id, RunnerCommand::Shutdown), Arrival::New);
        assert_eq!(inbox.arrive(id, RunnerCommand::Shutdown), Arrival::Waiting);
        assert!(inbox.take(|_| true).is_some());
        assert_eq!(inbox.arrive(id, RunnerCommand::Shutdown), Arrival::Waiting);
        inbox.done(id);
        assert_eq!(inbox.arrive(id, RunnerCommand::Shutdown), Arrival::Done);
        assert!(inbox.take(|_| true).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let mut recent = Recent::default();
        for n in 0..(REMEMBERED * 2) {
            assert!(recent.insert(n));
        }
        assert_eq!(
            (recent.order.len(), recent.members.len()),
            (REMEMBERED, REMEMBERED)
        );
    }
}
