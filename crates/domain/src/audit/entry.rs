//! What is written: a record before it has its place in the chain.

use std::{collections::BTreeMap, net::IpAddr};

use protocol::{
    OrgId, RequestId, Timestamp,
    audit::{AuditActor, AuditOutcome},
};

use crate::tenancy::{Actor, Asked};

/// Longest text of a record, bytes; longer ones are cut.
pub const MOST_TEXT: usize = 256;
/// Most details of a record; more are left out.
pub const MOST_DETAILS: usize = 16;

/// A record to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    pub org: OrgId,
    pub at: Timestamp,
    pub actor: AuditActor,
    /// `noun.verb`.
    pub action: String,
    pub target: Option<String>,
    pub outcome: AuditOutcome,
    pub address: Option<IpAddr>,
    pub request: Option<RequestId>,
    pub details: BTreeMap<String, String>,
}

impl AuditEntry {
    /// Without target and details, from nowhere.
    #[must_use]
    pub fn new(org: OrgId, at: Timestamp, actor: AuditActor, action: &str, outcome: AuditOutcome) -> Self {
        Self {
            org,
            at,
            actor,
            action: action.to_owned(),
            target: None,
            outcome,
            address: None,
            request: None,
            details: BTreeMap::new(),
        }
    }

    #[must_use]
    pub fn asked(mut self, asked: Asked) -> Self {
        self.address = asked.address;
        self.request = asked.request;
        self
    }

    /// With every text and the number of details within bounds, so that a record has a largest size.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        if let AuditActor::User { name, .. } = &mut self.actor {
            cut(name);
        }
        cut(&mut self.action);
        if let Some(target) = &mut self.target {
            cut(target);
        }
        self.details = std::mem::take(&mut self.details)
            .into_iter()
            .take(MOST_DETAILS)
            .map(|(mut name, mut text)| {
                cut(&mut name);
                cut(&mut text);
                (name, text)
            })
            .collect();
        self
    }
}

fn cut(text: &mut String) {
    text.truncate(text.floor_char_boundary(MOST_TEXT));
}

impl Actor {
    /// As the audit log names them.
    #[must_use]
    pub fn in_audit(&self) -> AuditActor {
        AuditActor::User {
            user_id: self.user,
            api_key_id: self.api_key,
            name: self.email.clone(),
        }
    }
}
