//! The transition table: the reference of what leads where.
//!
//! It is data, not the code that decides. Tests walk the machine through many lives and hold the two against each
//! other both ways: whatever happens is in the table, and whatever is in the table happens.

mod markdown;
mod places;
mod rows;
mod trigger;

pub use markdown::machine_markdown;
pub use places::Places;
#[cfg(test)]
pub(super) use rows::MAY;
pub use rows::TABLE;
pub use trigger::Trigger;

/// The four machines whose places change. Turn and sandbox have a state of their own; a prompt's place and a
/// session's status follow from the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Machine {
    Session,
    Prompt,
    Turn,
    Sandbox,
}

impl Machine {
    pub const ALL: [Self; 4] = [Self::Session, Self::Prompt, Self::Turn, Self::Sandbox];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Prompt => "prompt",
            Self::Turn => "turn",
            Self::Sandbox => "sandbox",
        }
    }
}

/// One row: each trigger in `on` may lead from each place in `from` to `to`.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub machine: Machine,
    pub from: &'static [&'static str],
    pub on: &'static [Trigger],
    /// When, in words; empty: always.
    pub guard: &'static str,
    pub to: &'static str,
    /// Facts that come with it each time. A name with a dot is an event; the others are private.
    pub facts: &'static [&'static str],
    /// Effects that have been called for each time.
    pub effects: &'static [&'static str],
}

/// One step of a decision, as it was seen.
#[cfg(test)]
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub(super) trigger: Trigger,
    pub(super) places: Places,
    /// Facts and effects so far.
    pub(super) facts: usize,
    pub(super) effects: usize,
}
