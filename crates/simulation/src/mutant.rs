//! Broken variants of the product, to show that the rules catch them: a suite that cannot fail proves nothing.
//!
//! Most are stores that break their promise to the actor in the way in which the actor could break its own. What
//! can't be brought about from outside is one of few hooks in the product, compiled in for this crate alone.

use domain::planted::Planted;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutant {
    /// What is told is stored only a little later.
    AckBeforeCommit,
    /// The log lets a former owner append.
    UnfencedLog,
    /// Idempotency keys are not stored with their commit.
    KeyNotKept,
    /// The commit is stored without its alarm.
    AlarmNotStored,
    /// A session falls asleep and nobody notes when to wake it.
    AlarmNotKept,
    /// A session that is awake is not marked so.
    NotMarkedAwake,
    /// A run record is confirmed before it is kept.
    RecordForgotten,
    /// Reports of former generations are taken.
    NoGenerationCheck,
    /// A report that was sent again is taken again.
    NoDedupe,
    /// Readers look at the log first and listen then.
    HistoryThenSubscribe,
    /// Readers hear of events before they are stored.
    OutputBeforeCommit,
    /// Effects run before what calls for them is stored.
    EffectsBeforeCommit,
    /// What is owed is not named again after a crash.
    NothingRecovered,
}

impl Mutant {
    pub const ALL: [Self; 13] = [
        Self::AckBeforeCommit,
        Self::UnfencedLog,
        Self::KeyNotKept,
        Self::AlarmNotStored,
        Self::AlarmNotKept,
        Self::NotMarkedAwake,
        Self::RecordForgotten,
        Self::NoGenerationCheck,
        Self::NoDedupe,
        Self::HistoryThenSubscribe,
        Self::OutputBeforeCommit,
        Self::EffectsBeforeCommit,
        Self::NothingRecovered,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AckBeforeCommit => "ack-before-commit",
            Self::UnfencedLog => "unfenced-log",
            Self::KeyNotKept => "key-not-kept",
            Self::AlarmNotStored => "alarm-not-stored",
            Self::AlarmNotKept => "alarm-not-kept",
            Self::NotMarkedAwake => "not-marked-awake",
            Self::RecordForgotten => "record-forgotten",
            Self::NoGenerationCheck => "no-generation-check",
            Self::NoDedupe => "no-dedupe",
            Self::HistoryThenSubscribe => "history-then-subscribe",
            Self::OutputBeforeCommit => "output-before-commit",
            Self::EffectsBeforeCommit => "effects-before-commit",
            Self::NothingRecovered => "nothing-recovered",
        }
    }

    /// The hook in the product that this one is.
    pub(crate) fn hook(self) -> Option<Planted> {
        match self {
            Self::NoGenerationCheck => Some(Planted::NoGenerationCheck),
            Self::NoDedupe => Some(Planted::NoDedupe),
            Self::NothingRecovered => Some(Planted::NothingRecovered),
            Self::HistoryThenSubscribe => Some(Planted::HistoryThenSubscribe),
            Self::OutputBeforeCommit => Some(Planted::OutputBeforeCommit),
            Self::EffectsBeforeCommit => Some(Planted::EffectsBeforeCommit),
            _ => None,
        }
    }
}

impl std::str::FromStr for Mutant {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|mutant| mutant.name() == name);
        known.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|mutant| mutant.name()).collect();
            format!("no such broken variant; there are {}", names.join(", "))
        })
    }
}
