//! The policy check of everything that the audit log is to know of.

use std::fmt::Display;

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};

use crate::{App, AppError};

/// What somebody is about to do, as the audit log names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deed {
    /// `resource.verb`, for example `api_key.create`.
    pub(crate) word: &'static str,
    /// Id of what it is done to, where there is one already.
    pub(crate) target: Option<String>,
}

impl Deed {
    pub(crate) fn new(word: &'static str) -> Self {
        Self { word, target: None }
    }

    pub(crate) fn on(mut self, target: impl Display) -> Self {
        self.target = Some(target.to_string());
        self
    }
}

impl App {
    /// Asks the policy and notes the answer. What cannot be noted is not done.
    ///
    /// # Errors
    /// `forbidden` with the role or scope that is missing; or that the audit log does not answer.
    pub(crate) async fn permit(&self, actor: &Actor, action: Action, deed: Deed) -> Result<(), AppError> {
        let verdict = authorise(actor, action);
        tracing::debug!(
            org.id = %actor.org,
            user.id = %actor.user,
            deed = deed.word,
            target = deed.target,
            allowed = verdict.is_ok(),
            "a deed"
        );
        Ok(verdict?)
    }
}
