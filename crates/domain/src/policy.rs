//! Who may do what: one table, and the reason when something is refused.
//!
//! What belongs to another organisation is absent (404) and never comes this far. The table is the only place that
//! knows roles and scopes; its documentation is written from it.

use std::collections::BTreeSet;

use protocol::Timestamp;

use crate::tenancy::{Actor, Role, Scope};

/// What an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    Session,
    Run,
    Configuration,
    Secret,
    ApiKey,
    ServiceAccount,
    Member,
    Organisation,
    AuditLog,
}

impl Resource {
    /// As it is written in the reference.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Run => "run",
            Self::Configuration => "configuration",
            Self::Secret => "secret",
            Self::ApiKey => "API key",
            Self::ServiceAccount => "service account",
            Self::Member => "member",
            Self::Organisation => "organisation",
            Self::AuditLog => "audit log",
        }
    }
}

/// One row: what the action takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub action: Action,
    /// The verb, as it is written in the reference.
    pub verb: &'static str,
    pub resource: Resource,
    /// The weakest role that may.
    pub role: Role,
    /// What a key that is limited to scopes has to have.
    pub scope: Scope,
    /// What the action covers, for the reference.
    pub covers: &'static str,
}

macro_rules! policy {
    ($($action:ident: $verb:literal $resource:ident, $role:ident, $scope:ident, $covers:literal;)+) => {
        /// What can be done: a verb and what it is done to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Action { $(#[doc = $covers] $action,)+ }

        /// Every action, once, in the order of the reference.
        pub const TABLE: &[Rule] = &[$(Rule {
            action: Action::$action,
            verb: $verb,
            resource: Resource::$resource,
            role: Role::$role,
            scope: Scope::$scope,
            covers: $covers,
        },)+];
    };
}

policy! {
    ReadSessions: "read" Session, Viewer, SessionsRead,
        "sessions with their prompts, events, files and artifacts; the organisation's feed";
    CreateSession: "create" Session, Member, SessionsWrite,
        "new sessions, also from a bundle; environment detection";
    DriveSession: "drive" Session, Member, SessionsWrite,
        "prompt, cancel, interrupt, answer, hibernate, wake, rename; artifacts of one's own making";
    ArchiveSession: "archive" Session, Member, SessionsWrite, "archiving";
    DeleteSession: "delete" Session, Member, SessionsWrite, "deletion with everything that the session left";
    ExportSession: "export" Session, Admin, SessionsWrite, "a bundle of a session that somebody else made";
    ReadRuns: "read" Run, Viewer, RunsRead, "the run history, and use by user, key, model and time";
    ReadConfiguration: "read" Configuration, Viewer, SessionsRead,
        "model providers without their keys, models, agents, environments";
    Configure: "change" Configuration, Admin, Admin, "model providers and their keys, environments";
    ReadSecrets: "list" Secret, Member, SessionsRead, "names of secrets, never what they hold";
    ManageSecrets: "change" Secret, Admin, Admin, "secrets of the organisation and of environments";
    ManageOwnKeys: "change" ApiKey, Member, Admin, "one's own keys: list, create, rotate, revoke";
    ManageKeys: "change" ApiKey, Admin, Admin, "keys of every member and of service accounts";
    ManageServiceAccounts: "change" ServiceAccount, Admin, Admin, "accounts for machines: create, role, remove";
    ReadMembers: "read" Member, Viewer, SessionsRead, "who belongs to the organisation, with which role";
    ManageMembers: "change" Member, Admin, Admin, "invitations; roles below owner; removal of whom one may name";
    ManageOwners: "change owners" Member, Owner, Admin, "making somebody an owner, and taking it back";
    ReadOrganisation: "read" Organisation, Viewer, SessionsRead, "name, limits and how much of them is used";
    UpdateOrganisation: "change" Organisation, Admin, Admin, "name";
    DeleteOrganisation: "delete" Organisation, Owner, Admin, "deletion after a time of grace, and taking it back";
    ReadAudit: "read" AuditLog, Admin, AuditRead, "the audit log and its export";
}

impl Action {
    /// Its row of the table.
    #[must_use]
    pub fn rule(self) -> &'static Rule {
        // The macro writes enum and table from one list, in one order.
        &TABLE[self as usize]
    }

    /// Whether it can be done in an organisation that is going to be deleted: looking, taking one's work out, and
    /// taking the deletion back.
    #[must_use]
    pub fn goes_on_while_closing(self) -> bool {
        matches!(self.rule().verb, "read" | "list" | "export") || self == Self::DeleteOrganisation
    }
}

/// Why something known may not be done (403).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("to {verb} {} takes the role {} or a stronger one; yours is {}", resource.as_str(), needed.as_str(), has.as_str())]
    Role {
        verb: &'static str,
        resource: Resource,
        needed: Role,
        has: Role,
    },
    #[error("this API key lacks the scope {}", .0.as_str())]
    Scope(Scope),
    #[error(
        "the organisation will be deleted at {0}; until then it can be read, and its owners can restore it with `POST /v1/orgs/{{id}}/restore`"
    )]
    Closing(Timestamp),
}

/// May `actor` do `action` on things of its own organisation?
///
/// # Errors
/// Says which role or scope is missing.
pub fn authorise(actor: &Actor, action: Action) -> Result<(), Denied> {
    let rule = action.rule();
    if actor.role < rule.role {
        return Err(Denied::Role {
            verb: rule.verb,
            resource: rule.resource,
            needed: rule.role,
            has: actor.role,
        });
    }
    if !covers(&actor.scopes, rule.scope) {
        return Err(Denied::Scope(rule.scope));
    }
    match actor.closing {
        Some(at) if !action.goes_on_while_closing() => Err(Denied::Closing(at)),
        _ => Ok(()),
    }
}

/// Whether scopes that a key is limited to include this one; no scopes = no limit.
fn covers(scopes: &BTreeSet<Scope>, wanted: Scope) -> bool {
    scopes.is_empty()
        || scopes.contains(&Scope::Admin)
        || scopes.contains(&wanted)
        || (wanted == Scope::SessionsRead && scopes.contains(&Scope::SessionsWrite))
}

/// The table as a page of the reference.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(
        "# Who may do what\n\nWritten by `coordinator policy-markdown`. A role may do what is marked; a key that is limited to scopes needs the\n\
         scope as well (`admin` stands for all of them, `sessions:write` includes `sessions:read`). What belongs to another\n\
         organisation is not there at all: 404, whatever the role. In one that is going to be deleted only reading, exporting\n\
         and restoring go on; the rest is 409 `organisation_closing`.\n\n\
         | action | covers | viewer | member | admin | owner | scope |\n|---|---|---|---|---|---|---|\n",
    );
    for rule in TABLE {
        let marks = Role::ALL.map(|role| if role >= rule.role { "yes" } else { "" });
        page.push_str(&format!(
            "| {} {} | {} | {} | `{}` |\n",
            rule.verb,
            rule.resource.as_str(),
            rule.covers,
            marks.join(" | "),
            rule.scope.as_str(),
        ));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenancy::tests::actor;

    #[test]
    fn each_action_finds_its_own_row() {
        for rule in TABLE {
            assert_eq!(rule.action.rule(), rule);
        }
    }

    #[test]
    fn a_stronger_role_can_do_all_a_weaker_one_can() {
        for rule in TABLE {
            let allowed = Role::ALL.map(|role| authorise(&actor(role, &[]), rule.action).is_ok());
            assert!(allowed.windows(2).all(|pair| pair[0] <= pair[1]), "{rule:?}");
            assert!(allowed[3], "an owner may {rule:?}");
        }
    }

    #[test]
    fn scopes_only_take_away() {
        for rule in TABLE {
            for scope in Scope::ALL {
                if authorise(&actor(Role::Viewer, &[scope]), rule.action).is_ok() {
                    assert!(authorise(&actor(Role::Viewer, &[]), rule.action).is_ok());
                }
            }
        }
        assert!(authorise(&actor(Role::Owner, &[Scope::RunsRead]), Action::DriveSession).is_err());
    }

    #[test]
    fn viewers_change_nothing_and_only_owners_touch_owners() {
        let may = |role| {
            TABLE
                .iter()
                .filter(|rule| authorise(&actor(role, &[]), rule.action).is_ok())
                .map(|rule| rule.verb)
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(may(Role::Viewer), BTreeSet::from(["read"]));
        assert!(authorise(&actor(Role::Admin, &[]), Action::ManageOwners).is_err());
        assert!(authorise(&actor(Role::Admin, &[]), Action::DeleteOrganisation).is_err());
    }

    #[test]
    fn what_is_going_to_be_deleted_can_be_read_exported_and_restored() {
        let closing = Actor {
            closing: Some(Timestamp::from_ms(0)),
            ..actor(Role::Owner, &[])
        };
        let verbs: BTreeSet<&str> = TABLE
            .iter()
            .filter(|rule| authorise(&closing, rule.action).is_ok())
            .map(|rule| rule.verb)
            .collect();
        assert_eq!(verbs, BTreeSet::from(["read", "list", "export", "delete"]));
        assert_eq!(
            authorise(&closing, Action::DeleteSession),
            Err(Denied::Closing(Timestamp::from_ms(0)))
        );
        let viewer = Actor {
            role: Role::Viewer,
            ..closing
        };
        assert!(matches!(
            authorise(&viewer, Action::CreateSession),
            Err(Denied::Role { .. })
        ));
    }

    #[test]
    fn a_refusal_says_what_is_missing() {
        let denied = authorise(&actor(Role::Viewer, &[]), Action::Configure).unwrap_err();
        assert_eq!(
            denied.to_string(),
            "to change configuration takes the role admin or a stronger one; yours is viewer"
        );
        let denied = authorise(&actor(Role::Owner, &[Scope::RunsRead]), Action::ReadAudit).unwrap_err();
        assert_eq!(denied.to_string(), "this API key lacks the scope audit:read");
    }
}
