//! The session machine, sans-IO.
//!
//! [`decide`] turns a command into facts, effects and an alarm; [`State::apply`] folds facts into the state.
//! Neither knows a clock, randomness or a disk: those come in through [`Moment`]. The owner of a session commits
//! the facts, and only then runs the effects and lets anybody hear of it.

mod alarm;
mod apply;
mod artifacts;
mod bound;
mod command;
mod decide;
mod effect;
mod fact;
mod moment;
mod policy;
mod state;
mod table;
mod title;
mod why;

#[cfg(test)]
mod tests;

pub use alarm::{Alarm, armed, earliest};
pub use artifacts::ArtifactLimits;
pub use bound::bounded;
pub use command::{Command, Observed};
pub use decide::{Advance, Decision, Refusal, Reply, advance, decide};
pub use effect::Effect;
pub use fact::{Fact, PrivateFact, StoredFactError};
pub use moment::{Moment, hash_secret, same_hash};
pub use policy::Policy;
pub use state::{Breaker, Expiry, Gate, Life, OwedCommand, Phase, Profile, Prompt, Sandbox, State, Turn};
pub use table::{Machine, Places, Row, TABLE, Trigger, machine_markdown};
pub use title::title_of;
pub use why::{CAUSES, Cause, in_short, status, status_in_words, why};
