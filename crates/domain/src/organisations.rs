//! Organisations and who belongs to them: what has to stay true, and what is refused.

use std::time::Duration;

use protocol::{InvitationId, OrgId, Timestamp, UserId};

use crate::{
    policy::Action,
    sign_in::TokenHash,
    tenancy::{Actor, Organisation, Role, User},
};

/// Organisations that one person made and that still exist: enough for anybody's work, too few to fill a disk with.
pub const MOST_ORGANISATIONS: usize = 20;
/// Invitations of one organisation that can still be accepted.
pub const MOST_INVITATIONS: usize = 200;
/// How long an invitation can be accepted unless it says otherwise.
pub const INVITATION_LIFE: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long it can be accepted at most.
pub const LONGEST_INVITATION: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long one that is over is still listed.
pub const INVITATION_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long a deletion can be taken back unless the operator says otherwise.
pub const GRACE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Why something about members is refused, whatever the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MemberRefusal {
    #[error("nobody gives a role above their own: yours is {}, {} is above it", own.as_str(), wanted.as_str())]
    AboveOwn { own: Role, wanted: Role },
    #[error("this belongs to a person who signed in; an API key cannot do it")]
    NotAPerson,
}

/// What somebody needs to change a member's role: only owners touch owners.
#[must_use]
pub fn action_on_member(from: Option<Role>, to: Option<Role>) -> Action {
    if from == Some(Role::Owner) || to == Some(Role::Owner) {
        Action::ManageOwners
    } else {
        Action::ManageMembers
    }
}

/// Whether an actor may give this role.
///
/// # Errors
/// When it is above the actor's own.
pub fn may_grant(actor: &Actor, wanted: Role) -> Result<(), MemberRefusal> {
    if wanted > actor.role {
        return Err(MemberRefusal::AboveOwn {
            own: actor.role,
            wanted,
        });
    }
    Ok(())
}

/// Whether an actor is a person, for what concerns their account and not the organisation's work.
///
/// # Errors
/// When it is an API key.
pub fn is_person(actor: &Actor) -> Result<(), MemberRefusal> {
    if actor.api_key.is_some() {
        return Err(MemberRefusal::NotAPerson);
    }
    Ok(())
}

/// Whether an organisation that has `owners` of them still has one after a member's role became another one, or the
/// member left.
#[must_use]
pub fn keeps_an_owner(owners: usize, from: Role, to: Option<Role>) -> bool {
    from != Role::Owner || to == Some(Role::Owner) || owners > 1
}

/// Whether keys that a member made have to end with a change: they act as their maker, and their maker may do less now.
#[must_use]
pub fn ends_keys(from: Role, to: Option<Role>) -> bool {
    to.is_none_or(|to| to < from)
}

/// Somebody who belongs to an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub user: User,
    pub role: Role,
}

/// Leave to become a member, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub org: OrgId,
    /// The token is 256 random bits; this is all that is kept of it.
    pub hash: TokenHash,
    /// Who may accept it, in lower case; `None` = whoever has the link.
    pub email: Option<String>,
    pub role: Role,
    pub invited_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub accepted: Option<(Timestamp, UserId)>,
}

/// What has become of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    Open,
    Accepted,
    Revoked,
    Expired,
}

impl InvitationState {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

impl Invitation {
    #[must_use]
    pub fn state(&self, now: Timestamp) -> InvitationState {
        if self.accepted.is_some() {
            InvitationState::Accepted
        } else if self.revoked_at.is_some() {
            InvitationState::Revoked
        } else if now >= self.expires_at {
            InvitationState::Expired
        } else {
            InvitationState::Open
        }
    }

    /// Whether this address may accept it.
    #[must_use]
    pub fn admits(&self, email: &str) -> bool {
        self.email.as_deref().is_none_or(|meant| meant == email)
    }
}

/// An invitation with the organisation that it leads into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    pub invitation: Invitation,
    pub organisation: Organisation,
}

#[cfg(test)]
mod tests {
    use protocol::ApiKeyId;

    use super::*;
    use crate::tenancy::tests::actor;

    #[test]
    fn an_organisation_never_loses_its_last_owner() {
        for to in [None, Some(Role::Viewer), Some(Role::Member), Some(Role::Admin)] {
            assert!(!keeps_an_owner(1, Role::Owner, to));
            assert!(keeps_an_owner(2, Role::Owner, to));
            assert!(keeps_an_owner(1, Role::Admin, to));
        }
        assert!(keeps_an_owner(1, Role::Owner, Some(Role::Owner)));
    }

    #[test]
    fn only_owners_touch_owners_and_nobody_gives_what_they_do_not_have() {
        for role in Role::ALL {
            assert_eq!(
                action_on_member(Some(Role::Owner), Some(role)),
                Action::ManageOwners
            );
            assert_eq!(
                action_on_member(Some(role), Some(Role::Owner)),
                Action::ManageOwners
            );
            for wanted in Role::ALL {
                assert_eq!(may_grant(&actor(role, &[]), wanted).is_ok(), wanted <= role);
            }
        }
        assert_eq!(action_on_member(Some(Role::Owner), None), Action::ManageOwners);
        assert_eq!(action_on_member(Some(Role::Admin), None), Action::ManageMembers);
        assert_eq!(action_on_member(None, Some(Role::Admin)), Action::ManageMembers);
    }

    #[test]
    fn keys_end_when_their_maker_may_do_less() {
        assert!(ends_keys(Role::Admin, None) && ends_keys(Role::Admin, Some(Role::Member)));
        assert!(!ends_keys(Role::Member, Some(Role::Admin)) && !ends_keys(Role::Admin, Some(Role::Admin)));
    }

    #[test]
    fn a_key_is_no_person() {
        let mut who = actor(Role::Owner, &[]);
        assert!(is_person(&who).is_ok());
        who.api_key = Some(ApiKeyId::from_bits(1));
        assert_eq!(is_person(&who), Err(MemberRefusal::NotAPerson));
    }

    #[test]
    fn an_invitation_ends_once_and_is_for_whom_it_was_made() {
        let at = Timestamp::from_ms;
        let mut invitation = Invitation {
            id: InvitationId::from_bits(1),
            org: OrgId::from_bits(1),
            hash: TokenHash::of("t"),
            email: Some("bo@example.org".into()),
            role: Role::Member,
            invited_by: UserId::from_bits(1),
            created_at: at(0),
            expires_at: at(10),
            revoked_at: None,
            accepted: None,
        };
        assert!(invitation.admits("bo@example.org") && !invitation.admits("eve@example.org"));
        assert_eq!(invitation.state(at(9)), InvitationState::Open);
        assert_eq!(invitation.state(at(10)), InvitationState::Expired);
        invitation.revoked_at = Some(at(1));
        assert_eq!(invitation.state(at(9)), InvitationState::Revoked);
        invitation.accepted = Some((at(2), UserId::from_bits(2)));
        assert_eq!(invitation.state(at(10)), InvitationState::Accepted);
        invitation.email = None;
        assert!(invitation.admits("eve@example.org"));
    }
}
