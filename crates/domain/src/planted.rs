//! Faults planted on purpose, to show that the simulation would find them.
//!
//! Compiled in for the simulation alone (the feature `planted`, which no product turns on). Each hook is one line
//! where the product keeps a promise; which of them is out of order is said for one thread at a time, and none is
//! unless something says so.

use std::cell::Cell;

/// A promise that is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// Who speaks for an older sandbox is taken for the current one.
    NoGenerationCheck,
    /// A report that is in the log already is taken again.
    NoDedupe,
    /// A new owner does not name again what is owed.
    NothingRecovered,
    /// Readers look at the log first and listen then.
    HistoryThenSubscribe,
    /// Readers hear of events before they are stored.
    OutputBeforeCommit,
    /// Effects run before what calls for them is stored.
    EffectsBeforeCommit,
}

thread_local! {
    static PLANTED: Cell<Option<Planted>> = const { Cell::new(None) };
}

/// From now on this one is out of order in what this thread runs.
pub fn plant(fault: Option<Planted>) {
    PLANTED.set(fault);
}

#[must_use]
pub fn is(fault: Planted) -> bool {
    PLANTED.get() == Some(fault)
}
