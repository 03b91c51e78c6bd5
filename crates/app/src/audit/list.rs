//! Lists records.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use ports::audit::{AuditFilter, ByActor};
use protocol::{Timestamp, api::ListPage, audit::AuditRecord};

use crate::{App, AppError, ListQuery, paging};

/// Which records, and which page of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// `usr_…`, `key_…`, `operator` or `system`.
    pub actor: Option<String>,
    /// What the action begins with.
    pub action: Option<String>,
    pub target: Option<String>,
    /// `allowed`, `denied` or `failed`.
    pub outcome: Option<String>,
    /// Made at or after.
    pub since: Option<Timestamp>,
    /// Made before.
    pub until: Option<Timestamp>,
    pub page: ListQuery,
}

impl AuditQuery {
    pub(super) fn filter(&self) -> Result<AuditFilter, AppError> {
        let actor = self.actor.as_deref().map(by).transpose()?;
        let outcome = self.outcome.as_deref().map(|word| {
            word.parse()
                .map_err(|_| AppError::invalid("outcome", "`outcome` is `allowed`, `denied` or `failed`."))
        });
        Ok(AuditFilter {
            actor,
            action: self.action.clone(),
            target: self.target.clone(),
            outcome: outcome.transpose()?,
            since: self.since,
            until: self.until,
        })
    }

    /// Whether it asks for everything.
    #[must_use]
    pub fn is_unfiltered(&self) -> bool {
        *self == Self::default()
    }
}

fn by(text: &str) -> Result<ByActor, AppError> {
    match text {
        "operator" => return Ok(ByActor::Operator),
        "system" => return Ok(ByActor::System),
        _ => {}
    }
    let user = text.parse().map(ByActor::User);
    user.or_else(|_| text.parse().map(ByActor::ApiKey)).map_err(|_| {
        AppError::invalid(
            "actor",
            "`actor` is the id of a user or of an API key, `operator` or `system`.",
        )
    })
}

impl App {
    /// Newest first.
    ///
    /// # Errors
    /// When policy, filter or cursor do not allow it.
    pub async fn list_audit(
        &self,
        actor: &Actor,
        query: &AuditQuery,
    ) -> Result<ListPage<AuditRecord>, AppError> {
        authorise(actor, Action::ReadAudit)?;
        let (after, limit) = (query.page.after()?, query.page.limit()?);
        let page = self
            .ports()
            .audit
            .list(actor.org, query.filter()?, after, limit)
            .await?;
        Ok(paging::shown(page, |record| record))
    }

    /// Whether this actor may read the audit log, also where it is told and not asked for.
    #[must_use]
    pub fn may_read_audit(&self, actor: &Actor) -> bool {
        authorise(actor, Action::ReadAudit).is_ok()
    }
}
