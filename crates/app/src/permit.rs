//! The policy check of everything that the audit log is to know of.

use std::{collections::BTreeMap, fmt::Display};

use domain::{
    audit::AuditEntry,
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::audit::AuditOutcome;

use crate::{App, AppError};

/// What somebody is about to do, as the audit log names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deed {
    /// `resource.verb`, for example `api_key.create`.
    pub(crate) word: &'static str,
    /// Id of what it is done to, where there is one already.
    pub(crate) target: Option<String>,
    /// A few words more; never a secret.
    pub(crate) details: BTreeMap<String, String>,
}

impl Deed {
    pub(crate) fn new(word: &'static str) -> Self {
        Self {
            word,
            target: None,
            details: BTreeMap::new(),
        }
    }

    pub(crate) fn on(mut self, target: impl Display) -> Self {
        self.target = Some(target.to_string());
        self
    }

    pub(crate) fn with(mut self, name: &str, text: impl Display) -> Self {
        self.details.insert(name.to_owned(), text.to_string());
        self
    }
}

impl App {
    /// Asks the policy and notes the answer. What cannot be noted is not done.
    ///
    /// # Errors
    /// `forbidden` with the role or scope that is missing; or that the audit log does not answer.
    pub(crate) async fn permit(&self, actor: &Actor, action: Action, deed: Deed) -> Result<(), AppError> {
        match authorise(actor, action) {
            Ok(()) => {
                self.note(vec![self.entry(actor, deed, AuditOutcome::Allowed)])
                    .await
            }
            Err(denied) => {
                // Refused whether it can be noted or not.
                self.note_if_possible(vec![self.entry(actor, deed, AuditOutcome::Denied)])
                    .await;
                Err(denied.into())
            }
        }
    }

    /// Notes that what was allowed could not be done.
    pub(crate) async fn note_failure(&self, actor: &Actor, deed: Deed, error: &AppError) {
        let deed = deed.with("problem", error.code.slug());
        self.note_if_possible(vec![self.entry(actor, deed, AuditOutcome::Failed)])
            .await;
    }

    fn entry(&self, actor: &Actor, deed: Deed, outcome: AuditOutcome) -> AuditEntry {
        AuditEntry {
            target: deed.target,
            details: deed.details,
            ..AuditEntry::new(actor.org, self.now(), actor.in_audit(), deed.word, outcome).asked(actor.asked)
        }
    }
}
