//! Taking a log over: the same facts, in another organisation, under another person's name.
//!
//! Positions and seqs stay, so that everything which points at an event still does. Ids of people and keys of the other
//! installation mean nothing here (or worse, somebody else), so whoever brings the session answers for all of it;
//! the names stay, for reading.

use std::time::Duration;

use domain::session::{Fact, Life, PrivateFact, Profile, State};
use protocol::{
    EventBody, MicroUsd, OrgId, PromptId, SessionId, Timestamp,
    agent::ModelBinding,
    run::RunRecord,
    session::{Author, ImportedFrom},
};

use crate::{
    BundleError, LOG, Line, Replay,
    log::{PRIVATE, body_of},
};

/// Clocks of two machines may differ by this much.
const SKEW: Duration = Duration::from_secs(3600);
/// Largest event; the machine keeps none of more than half of that.
const MAX_EVENT: usize = 2 << 20;
/// No call to a model costs more.
const MAX_COST: MicroUsd = MicroUsd(1_000_000_000_000);

/// Where the session goes.
#[derive(Debug, Clone)]
pub struct Adoption {
    pub session: SessionId,
    pub org: OrgId,
    /// Who brings it.
    pub importer: Author,
    pub from: ImportedFrom,
    /// Another model for what is to come.
    pub model: Option<(String, ModelBinding)>,
    pub now: Timestamp,
}

/// A fact, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    pub position: u64,
    pub seq: Option<u64>,
    pub at: Timestamp,
    pub prompt_id: Option<PromptId>,
    pub kind: String,
    pub body: String,
}

/// The log as it is stored here, and the state it adds up to.
///
/// # Errors
/// When the lines are not the log of a session at rest.
pub fn adopt(
    lines: impl Iterator<Item = Result<(Line, Fact), BundleError>>,
    adoption: &Adoption,
) -> Result<(Vec<Adopted>, State), BundleError> {
    let mut taker = Taker {
        adoption,
        state: State::default(),
        facts: Vec::new(),
        replay: Replay::default(),
    };
    for line in lines {
        let (line, fact) = line?;
        taker.take(line, fact)?;
    }
    taker.at_rest()?;
    taker.close()?;
    Ok((taker.facts, taker.state))
}

struct Taker<'a> {
    adoption: &'a Adoption,
    state: State,
    facts: Vec<Adopted>,
    replay: Replay,
}

impl Taker<'_> {
    fn take(&mut self, line: Line, fact: Fact) -> Result<(), BundleError> {
        let number = self.state.position + 1;
        if line.at > self.adoption.now.after(SKEW) {
            return Err(BundleError::log(number, "its time lies in the future"));
        }
        if fact.is_public() && line.body.get().len() > MAX_EVENT {
            return Err(BundleError::log(
                number,
                format!("an event of more than {MAX_EVENT} bytes"),
            ));
        }
        check_figures(number, &fact)?;
        if let Some(first) = self.replay.order(&line, &fact) {
            return Err(BundleError::log(number, first.what));
        }
        let before = self.state.profile.is_some();
        if before == matches!(fact, Fact::Private(PrivateFact::Profiled(_))) {
            return Err(BundleError::log(
                number,
                "a log begins with the session's profile, once",
            ));
        }
        let (fact, body) = match fact {
            Fact::Private(fact) => {
                let fact = self.private(fact);
                let body = body_of(&fact).ok_or_else(|| BundleError::log(number, "it cannot be written"))?;
                (Fact::Private(fact), body)
            }
            Fact::Event { prompt_id, body } => match self.event(body) {
                (body, false) => (Fact::Event { prompt_id, body }, line.body.get().to_owned()),
                (body, true) => {
                    let fact = Fact::Event { prompt_id, body };
                    let text = fact
                        .body()
                        .map_err(|error| BundleError::log(number, error.to_string()))?;
                    (fact, text)
                }
            },
        };
        self.state.apply(line.at, &fact);
        self.facts.push(Adopted {
            position: line.position,
            seq: line.seq,
            at: line.at,
            prompt_id: line.prompt_id,
            kind: line.kind,
            body,
        });
        Ok(())
    }

    /// Whoever it was there, here it is the one who brings it.
    fn author(&self, author: &mut Author) {
        *author = Author {
            user_id: self.adoption.importer.user_id,
            api_key_id: None,
            name: Some(author.name.take().unwrap_or_else(|| author.user_id.to_string())),
        };
    }

    fn private(&self, fact: PrivateFact) -> PrivateFact {
        let adoption = self.adoption;
        match fact {
            PrivateFact::Profiled(profile) => {
                let mut profile = Profile {
                    id: adoption.session,
                    org: adoption.org,
                    // Another organisation's; its commands are in `setup`.
                    environment_id: None,
                    git_token: None,
                    ..*profile
                };
                if let Some((model, binding)) = &adoption.model {
                    profile.model.clone_from(model);
                    profile.binding = binding.clone();
                }
                self.author(&mut profile.created_by);
                PrivateFact::Profiled(Box::new(profile))
            }
            PrivateFact::RunOwed(run) => PrivateFact::RunOwed(Box::new(RunRecord {
                org_id: adoption.org,
                session_id: adoption.session,
                user_id: adoption.importer.user_id,
                api_key_id: None,
                ..*run
            })),
            other => crate::blank::blank(other),
        }
    }

    /// The event, and whether it is another one now.
    fn event(&self, mut body: EventBody) -> (EventBody, bool) {
        let author = match &mut body {
            EventBody::SessionCreated(data) => {
                data.environment_id = None;
                Some(&mut data.created_by)
            }
            EventBody::PromptQueued(data) => Some(&mut data.author),
            EventBody::SessionRenamed(data) => data.by.as_mut(),
            EventBody::SessionArchived(data) => data.by.as_mut(),
            EventBody::SessionDeleted(data) => data.by.as_mut(),
            EventBody::PromptCancelled(data) => data.by.as_mut(),
            EventBody::PermissionResolved(data) => data.by.as_mut(),
            EventBody::QuestionAnswered(data) => data.by.as_mut(),
            EventBody::ArtifactCreated(data) => data.by.as_mut(),
            EventBody::ArtifactRemoved(data) => data.by.as_mut(),
            _ => None,
        };
        let changed = author.is_some();
        if let Some(author) = author {
            self.author(author);
        }
        (body, changed)
    }

    /// A session that still did something there cannot go on here: its sandbox is elsewhere.
    fn at_rest(&self) -> Result<(), BundleError> {
        let state = &self.state;
        let wrong = |what: &str| Err(BundleError::member(LOG, what));
        if state.profile.is_none() {
            return wrong("it has no session in it");
        }
        if state.life == Life::Deleted {
            return wrong("the session in it was being deleted");
        }
        let busy = state.turn.is_some() || !state.queue.is_empty() || state.waits_for_person();
        if busy || state.sandbox.is_some() || state.gate.is_some() || !state.owed.is_empty() {
            return wrong("the session in it is not at rest: it has a sandbox, a turn or prompts that wait");
        }
        Ok(())
    }

    /// What was owed there is not owed here; then the mark where this installation begins.
    fn close(&mut self) -> Result<(), BundleError> {
        let at = self.adoption.now.max(self.state.updated_at);
        let owed: Vec<_> = self.state.outbox.iter().map(|run| run.id).collect();
        for run_id in owed {
            self.append(at, PrivateFact::RunFlushed { run_id })?;
        }
        let from = ImportedFrom {
            head: self.state.head,
            ..self.adoption.from.clone()
        };
        self.append(at, PrivateFact::Imported(Box::new(from)))
    }

    fn append(&mut self, at: Timestamp, fact: PrivateFact) -> Result<(), BundleError> {
        let body = body_of(&fact).ok_or_else(|| BundleError::member(LOG, "a fact cannot be written"))?;
        self.state.apply(at, &Fact::Private(fact));
        self.facts.push(Adopted {
            position: self.state.position,
            seq: None,
            at,
            prompt_id: None,
            kind: PRIVATE.to_owned(),
            body,
        });
        Ok(())
    }
}

/// Numbers that are added up must stay far from where adding ends.
fn check_figures(number: u64, fact: &Fact) -> Result<(), BundleError> {
    let Fact::Event {
        body: EventBody::UsageRecorded(usage),
        ..
    } = fact
    else {
        return Ok(());
    };
    let possible = |cost: MicroUsd| cost >= MicroUsd(0) && cost <= MAX_COST;
    if usage.cost_micro_usd.is_none_or(possible) {
        Ok(())
    } else {
        Err(BundleError::log(number, "no call to a model costs that much"))
    }
}
