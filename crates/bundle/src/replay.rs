//! Driving the machine again from a log: what each fact did, and whether the log keeps the machine's promises.

use std::collections::{BTreeMap, BTreeSet};

use domain::session::{Alarm, Fact, Policy, PrivateFact, State, armed, status, why};
use protocol::{EventBody, PromptId, RunId, Timestamp, session::SessionStatus};

use crate::{Line, log::PRIVATE};

/// A promise that the log does not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub position: u64,
    pub what: String,
}

/// The status before and after, with the reason for the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    pub before: SessionStatus,
    pub after: SessionStatus,
    pub cause: String,
    pub message: String,
}

/// An alarm that is set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArmedAlarm {
    pub alarm: String,
    pub at: Timestamp,
    /// It was set before, to another time.
    pub moved: bool,
}

/// What one fact did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub position: u64,
    pub seq: Option<u64>,
    pub at: Timestamp,
    /// The event's type, or the private fact's own word.
    pub kind: String,
    pub prompt_id: Option<PromptId>,
    /// What the facts add up to now, if that is another status. Within one commit nobody sees those in between.
    pub status: Option<StatusChange>,
    /// What everybody was told: the status as it was recorded, with the reason.
    pub told: Option<StatusChange>,
    /// Set by this fact, or set to another time.
    pub armed: Vec<ArmedAlarm>,
    /// No longer set.
    pub disarmed: Vec<String>,
    pub violations: Vec<Violation>,
}

#[derive(Debug, Default, Clone, Copy)]
struct PromptLife {
    started: bool,
    ended: bool,
}

/// The machine, driven by recorded facts instead of decisions.
#[derive(Debug, Default)]
pub struct Replay {
    state: State,
    policy: Policy,
    alarms: BTreeMap<String, Timestamp>,
    /// The status that events have told.
    announced: Option<SessionStatus>,
    prompts: BTreeMap<PromptId, PromptLife>,
    owed: BTreeSet<RunId>,
    generation: u64,
    last: Last,
    found: u64,
}

/// What the order of facts is checked against.
#[derive(Debug, Default, Clone, Copy)]
struct Last {
    position: u64,
    seq: u64,
    at: Timestamp,
}

impl Replay {
    /// The state after the facts so far.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Violations found so far.
    #[must_use]
    pub fn violations(&self) -> u64 {
        self.found
    }

    /// Folds one fact in and says what it did.
    pub fn step(&mut self, line: &Line, fact: &Fact) -> Step {
        let before = status(&self.state);
        let mut violations: Vec<Violation> = self.order(line, fact).into_iter().collect();
        let position = line.position;
        let mut complain = |what: String| violations.push(Violation { position, what });
        self.check(line, fact, &mut complain);
        self.state.apply(line.at, fact);
        let after = status(&self.state);
        let change = (before != after).then(|| {
            let why = why(&self.state, &self.policy);
            StatusChange {
                before,
                after,
                cause: why.cause,
                message: why.message,
            }
        });
        let (armed, disarmed) = self.alarms();
        self.found += violations.len() as u64;
        Step {
            position,
            seq: line.seq,
            at: line.at,
            kind: word(line, fact),
            prompt_id: line.prompt_id,
            status: change,
            told: told(fact),
            armed,
            disarmed,
            violations,
        }
    }

    /// What can be said only of a whole log.
    pub fn finish(&mut self) -> Vec<Violation> {
        let mut left = Vec::new();
        let mut complain = |what: String| {
            left.push(Violation {
                position: self.state.position,
                what,
            });
        };
        if self.state.profile.is_none() {
            complain("the log has no session in it".into());
        }
        let now = status(&self.state);
        if self.announced.is_some_and(|told| told != now) {
            complain(format!(
                "the log ends with the session {now:?}, but the last event that tells its status says {:?}",
                self.announced
            ));
        }
        for (id, life) in &self.prompts {
            let waits = self.state.queue.iter().any(|prompt| prompt.id == *id);
            let runs = self.state.turn.as_ref().is_some_and(|turn| turn.prompt.id == *id);
            if !life.ended && !waits && !runs {
                complain(format!("prompt {id} neither waits nor runs and never ended"));
            }
        }
        self.found += left.len() as u64;
        left
    }

    /// Dense positions and seqs, and time that does not run backwards.
    pub(crate) fn order(&mut self, line: &Line, fact: &Fact) -> Option<Violation> {
        let last = self.last;
        self.last = Last {
            position: line.position,
            seq: line.seq.unwrap_or(last.seq),
            at: line.at,
        };
        let what = if line.position != last.position + 1 {
            format!(
                "position {} follows {}: facts are missing or doubled",
                line.position, last.position
            )
        } else if line.seq.is_some_and(|seq| seq != last.seq + 1) {
            format!(
                "seq {:?} follows {}: events are missing or doubled",
                line.seq, last.seq
            )
        } else if line.seq.is_some() != fact.is_public() {
            "an event without a seq, or a private fact with one".into()
        } else if line.at < last.at {
            format!(
                "its time {} lies before that of the fact before it, {}",
                line.at, last.at
            )
        } else {
            return self.generations(line.position, fact);
        };
        Some(Violation {
            position: line.position,
            what,
        })
    }

    /// Each sandbox has the number after the last one's.
    fn generations(&mut self, position: u64, fact: &Fact) -> Option<Violation> {
        let Fact::Private(PrivateFact::GenerationOpened { generation, .. }) = fact else {
            return None;
        };
        let expected = self.generation + 1;
        self.generation = *generation;
        (*generation != expected).then(|| Violation {
            position,
            what: format!("generation {generation} is opened where {expected} is due"),
        })
    }

    fn check(&mut self, line: &Line, fact: &Fact, complain: &mut impl FnMut(String)) {
        match fact {
            Fact::Private(fact) => self.check_private(fact, complain),
            Fact::Event { body, .. } => {
                self.check_event(line.prompt_id, body, complain);
            }
        }
    }

    fn check_private(&mut self, fact: &PrivateFact, complain: &mut impl FnMut(String)) {
        match fact {
            PrivateFact::Profiled(_) if self.state.profile.is_some() => complain("a second profile".into()),
            PrivateFact::RunnerAdvanced { generation, n } => {
                let known = self.state.sandbox_of(*generation).map(|sandbox| sandbox.acked);
                if known.is_some_and(|known| *n <= known) {
                    complain(format!(
                        "report {n} of generation {generation} is taken a second time"
                    ));
                }
            }
            PrivateFact::RunOwed(run) if !self.owed.insert(run.id) => {
                complain(format!("run {} is recorded twice", run.id));
            }
            PrivateFact::RunFlushed { run_id } if !self.owed.contains(run_id) => {
                complain(format!("run {run_id} is delivered, but was never owed"));
            }
            _ => {}
        }
    }

    fn check_event(&mut self, prompt: Option<PromptId>, body: &EventBody, complain: &mut impl FnMut(String)) {
        match body {
            EventBody::SessionStatusChanged(told) => {
                let now = status(&self.state);
                if told.status != now {
                    complain(format!("it tells {:?}, the facts add up to {now:?}", told.status));
                }
                if self.announced.is_some_and(|before| before != told.previous) {
                    complain(format!(
                        "it says that the status was {:?}, but the last one told was {:?}",
                        told.previous, self.announced
                    ));
                }
                self.announced = Some(told.status);
            }
            EventBody::PromptQueued(_) => match prompt {
                Some(id) if self.prompts.insert(id, PromptLife::default()).is_some() => {
                    complain(format!("prompt {id} is queued twice"));
                }
                Some(_) => {}
                None => complain("a prompt without an id".into()),
            },
            EventBody::PromptStarted(_) => self.check_start(prompt, complain),
            EventBody::PromptCompleted(_) => self.check_end(prompt, true, complain),
            EventBody::PromptFailed(_) | EventBody::PromptCancelled(_) => {
                self.check_end(prompt, false, complain)
            }
            _ => {}
        }
    }

    fn check_start(&mut self, prompt: Option<PromptId>, complain: &mut impl FnMut(String)) {
        if let Some(turn) = &self.state.turn {
            complain(format!("a prompt starts while {} still runs", turn.prompt.id));
        }
        let first = self.state.queue.front().map(|waiting| waiting.id);
        if first != prompt {
            complain(format!(
                "{} starts, but {} is next in the queue",
                said(prompt),
                said(first)
            ));
        }
        if let Some(life) = prompt.and_then(|id| self.prompts.get_mut(&id)) {
            life.started = true;
        }
    }

    fn check_end(&mut self, prompt: Option<PromptId>, completed: bool, complain: &mut impl FnMut(String)) {
        match prompt.and_then(|id| self.prompts.get_mut(&id)) {
            None => complain(format!("{} ends, but was never queued", said(prompt))),
            Some(life) if life.ended => complain(format!("{} ends a second time", said(prompt))),
            Some(life) if completed && !life.started => {
                complain(format!("{} is completed, but was never started", said(prompt)));
                life.ended = true;
            }
            Some(life) => life.ended = true,
        }
    }

    fn alarms(&mut self) -> (Vec<ArmedAlarm>, Vec<String>) {
        let now: BTreeMap<String, Timestamp> = armed(&self.state, &self.policy)
            .into_iter()
            .map(|(at, alarm)| (name(alarm), at))
            .collect();
        let set = now
            .iter()
            .filter(|(alarm, at)| self.alarms.get(*alarm) != Some(at))
            .map(|(alarm, at)| ArmedAlarm {
                alarm: alarm.clone(),
                at: *at,
                moved: self.alarms.contains_key(alarm),
            })
            .collect();
        let gone = self
            .alarms
            .keys()
            .filter(|alarm| !now.contains_key(*alarm))
            .cloned()
            .collect();
        self.alarms = now;
        (set, gone)
    }
}

fn told(fact: &Fact) -> Option<StatusChange> {
    match fact {
        Fact::Event {
            body: EventBody::SessionStatusChanged(told),
            ..
        } => Some(StatusChange {
            before: told.previous,
            after: told.status,
            cause: told.why.cause.clone(),
            message: told.why.message.clone(),
        }),
        _ => None,
    }
}

fn said(prompt: Option<PromptId>) -> String {
    prompt.map_or_else(|| "no prompt".to_owned(), |id| id.to_string())
}

/// `FirstOutput` as `first_output`.
fn name(alarm: Alarm) -> String {
    let mut text = String::new();
    for letter in format!("{alarm:?}").chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// Private facts say in their body what they are.
fn word(line: &Line, fact: &Fact) -> String {
    #[derive(serde::Deserialize)]
    struct Kind {
        kind: String,
    }
    if fact.is_public() || line.kind != PRIVATE {
        return line.kind.clone();
    }
    serde_json::from_str::<Kind>(line.body.get()).map_or_else(|_| PRIVATE.to_owned(), |kind| kind.kind)
}
