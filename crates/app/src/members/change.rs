//! Gives a member another role, or ends their membership.

use domain::{
    organisations::{Member, action_on_member, may_grant},
    policy::Action,
    tenancy::{Actor, Role},
};
use ports::identity::MemberChange;
use protocol::{
    UserId,
    api::{MemberInfo, MemberPatch},
};

use super::{missing, role, shown};
use crate::{
    App, AppError, IdempotencyKey, Outcome, idempotency, identity::Ended, organisations::settled,
    permit::Deed,
};

impl App {
    /// Where they may do less afterwards, their keys of this organisation are revoked in the same commit. What they have
    /// open looks again at what it may.
    ///
    /// # Errors
    /// When policy or the role do not allow it, there is no such member, or nobody would own the organisation.
    pub async fn set_member_role(
        &self,
        actor: &Actor,
        user: UserId,
        body: MemberPatch,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<MemberInfo>, AppError> {
        let wanted = role(&body.role)?;
        let deed = Deed::new("member.role").on(user).with("role", wanted.as_str());
        let member = self.member_to_change(actor, user, Some(wanted), deed).await?;
        may_grant(actor, wanted)?;
        let change = self.change(actor, &member, Some(wanted));
        let reply = shown(Member {
            role: wanted,
            ..member
        });
        let entry = idempotency::entry(key, actor, &reply, change.at)?;
        let written = self.ports().identity.change_member(change, entry).await?;
        let outcome = settled(written, reply, missing)?;
        self.tell_ended(Ended::Member { org: actor.org, user });
        Ok(outcome)
    }

    /// Their keys of this organisation are revoked in the same commit, and what they have open in it ends.
    ///
    /// # Errors
    /// When policy does not allow it, there is no such member, or nobody would own the organisation.
    pub async fn remove_member(
        &self,
        actor: &Actor,
        user: UserId,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<()>, AppError> {
        let entry = idempotency::entry(key, actor, &(), self.now())?;
        let deed = Deed::new("member.remove").on(user);
        let change = match self.ports().identity.find_member(actor.org, user).await? {
            Some(_) => {
                let member = self.member_to_change(actor, user, None, deed).await?;
                self.change(actor, &member, None)
            }
            // Gone already: the store knows whether by this very request.
            None => {
                self.permit(actor, Action::ManageMembers, deed).await?;
                MemberChange {
                    org: actor.org,
                    user,
                    from: Role::Viewer,
                    to: None,
                    by: (actor.user, actor.role),
                    at: self.now(),
                }
            }
        };
        let written = self.ports().identity.change_member(change, entry).await?;
        let outcome = settled(written, (), missing)?;
        self.tell_ended(Ended::Member { org: actor.org, user });
        Ok(outcome)
    }

    /// The member, once the policy allows what is about to happen to them. Who may not change members at all is not
    /// told who is one.
    async fn member_to_change(
        &self,
        actor: &Actor,
        user: UserId,
        to: Option<Role>,
        deed: Deed,
    ) -> Result<Member, AppError> {
        let found = self.ports().identity.find_member(actor.org, user).await?;
        let from = found.as_ref().map(|member| member.role);
        self.permit(actor, action_on_member(from, to), deed).await?;
        found.ok_or_else(missing)
    }

    fn change(&self, actor: &Actor, member: &Member, to: Option<Role>) -> MemberChange {
        MemberChange {
            org: actor.org,
            user: member.user.id,
            from: member.role,
            to,
            by: (actor.user, actor.role),
            at: self.now(),
        }
    }
}
