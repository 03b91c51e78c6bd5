//! Cases of the identity store about organisations, their members and invitations.

use std::{sync::Arc, time::Duration};

use domain::{
    organisations::{Invitation, InvitationState},
    tenancy::{Deletion, Role},
};
use ports::{
    Cursor, IdentityStore, StoreError,
    idempotency::Written,
    identity::{Acceptance, MemberChange, NewOrganisation, Settled, Transfer},
};

use crate::sample::{
    api_key, at, invitation, key, org_id, organisation, service_account, sign_in_link, token_hash, user,
    user_id,
};

const DONE: Settled = Settled::Written(Written::Done);

/// An organisation with as many owners.
async fn owned_by(store: &Arc<dyn IdentityStore>, owners: u64) {
    for n in 1..=owners {
        store.ensure_owner(user(n), organisation(1)).await.unwrap();
    }
}

async fn role(store: &Arc<dyn IdentityStore>, n: u64) -> Option<Role> {
    let found = store.find_member(org_id(1), user_id(n)).await.unwrap();
    found.map(|member| member.role)
}

fn change(user: u64, from: Role, to: Option<Role>, by: u64) -> MemberChange {
    MemberChange {
        org: org_id(1),
        user: user_id(user),
        from,
        to,
        by: (user_id(by), Role::Owner),
        at: at(5),
    }
}

pub(super) async fn an_organisation_is_made_with_its_owner(store: Arc<dyn IdentityStore>) {
    let new = |n: u64| NewOrganisation {
        organisation: organisation(n),
        by: user_id(1),
        most: 2,
    };
    let make = async |new: NewOrganisation, entry| store.create_organisation(new, entry).await.unwrap();
    assert_eq!(
        make(new(2), None).await,
        Settled::Written(Written::Refused),
        "nobody"
    );
    owned_by(&store, 1).await;
    assert_eq!(make(new(2), Some(key("k", 1, "\"2\""))).await, DONE);
    assert_eq!(
        make(new(3), Some(key("k", 1, "\"3\""))).await,
        Settled::Written(Written::Replayed("\"2\"".into()))
    );
    assert_eq!(
        make(new(3), Some(key("k", 2, "\"3\""))).await,
        Settled::Written(Written::Conflict)
    );
    assert_eq!(
        store.lookup_organisation(org_id(2)).await.unwrap(),
        Some(organisation(2))
    );
    let memberships = store.list_memberships(user_id(1)).await.unwrap();
    assert_eq!(memberships[1].organisation, organisation(2));
    assert_eq!(memberships[1].role, Role::Owner);
    let mut same_slug = new(3);
    same_slug.organisation.slug = organisation(1).slug;
    assert_eq!(make(same_slug, None).await, Settled::Taken);
    assert_eq!(
        make(new(3), None).await,
        DONE,
        "the one that was given does not count"
    );
    assert_eq!(make(new(4), None).await, Settled::TooMany);
    let rename = async |n, entry| {
        store
            .rename_organisation(org_id(n), "New name".into(), entry)
            .await
            .unwrap()
    };
    assert_eq!(rename(2, Some(key("r", 1, "1"))).await, Written::Done);
    assert_eq!(
        rename(2, Some(key("r", 1, "1"))).await,
        Written::Replayed("1".into())
    );
    assert_eq!(rename(9, None).await, Written::Refused);
    let renamed = store.lookup_organisation(org_id(2)).await.unwrap().unwrap();
    assert_eq!(renamed.name, "New name");
}

pub(super) async fn members_come_in_pages_and_stay_with_their_organisation(store: Arc<dyn IdentityStore>) {
    owned_by(&store, 5).await;
    store.ensure_owner(user(9), organisation(2)).await.unwrap();
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = store.list_members(org_id(1), after, 2).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.into_iter().map(|member| member.user));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, [5, 4, 3, 2, 1].map(user));
    let page = store
        .list_members(org_id(1), Some(Cursor(user_id(1).bits())), 2)
        .await
        .unwrap();
    assert!(page.items.is_empty() && page.next.is_none());
    assert_eq!(store.find_member(org_id(2), user_id(1)).await.unwrap(), None);
    assert_eq!(store.find_member(org_id(1), user_id(9)).await.unwrap(), None);
}

pub(super) async fn a_change_of_role_ends_the_keys_of_whom_it_takes_from(store: Arc<dyn IdentityStore>) {
    owned_by(&store, 2).await;
    store.ensure_owner(user(2), organisation(2)).await.unwrap();
    let keys = [
        api_key(1, org_id(1), user_id(1)),
        api_key(2, org_id(1), user_id(2)),
        api_key(3, org_id(2), user_id(2)),
    ];
    for one in &keys {
        store.add_api_key(one.clone(), None).await.unwrap();
    }
    let ended = async || {
        let mut ended = Vec::new();
        for one in &keys {
            let found = store.find_api_key(&one.hash).await.unwrap().unwrap();
            ended.push(found.key.revoked_at.is_some());
        }
        ended
    };
    let apply = async |change, entry| store.change_member(change, entry).await.unwrap();
    let same = change(2, Role::Owner, Some(Role::Owner), 1);
    assert_eq!(apply(same, None).await, DONE);
    assert_eq!(ended().await, [false, false, false]);
    let stale = change(2, Role::Admin, Some(Role::Viewer), 1);
    assert_eq!(apply(stale, None).await, Settled::Stale);
    let lower = change(2, Role::Owner, Some(Role::Member), 1);
    assert_eq!(apply(lower, Some(key("k", 1, "1"))).await, DONE);
    assert_eq!(ended().await, [false, true, false], "of this organisation alone");
    assert_eq!(
        apply(lower, Some(key("k", 1, "1"))).await,
        Settled::Written(Written::Replayed("1".into()))
    );
    assert_eq!(role(&store, 2).await, Some(Role::Member));
    assert_eq!(
        apply(change(1, Role::Owner, None, 2), None).await,
        Settled::Stale,
        "whoever decided it has another role by now"
    );
    assert_eq!(apply(change(2, Role::Member, None, 1), None).await, DONE);
    assert_eq!(role(&store, 2).await, None);
    assert_eq!(
        apply(change(2, Role::Member, None, 1), None).await,
        Settled::Written(Written::Refused)
    );
    assert_eq!(
        apply(change(1, Role::Owner, None, 1), None).await,
        Settled::LastOwner
    );
    assert_eq!(
        apply(change(1, Role::Owner, Some(Role::Admin), 1), None).await,
        Settled::LastOwner
    );
    assert_eq!(ended().await, [false, true, false]);
}

pub(super) async fn a_service_account_is_no_member_to_be_changed(store: Arc<dyn IdentityStore>) {
    owned_by(&store, 1).await;
    let program = service_account(7, org_id(1));
    store.add_service_account(program.clone(), 9, None).await.unwrap();
    let people = store.list_members(org_id(1), None, 9).await.unwrap();
    assert_eq!(people.items.len(), 1);
    assert_eq!(people.items[0].user.id, user_id(1));
    assert_eq!(store.find_member(org_id(1), program.id).await.unwrap(), None);
    let mut change = change(1, program.role, None, 1);
    change.user = program.id;
    for to in [None, Some(Role::Owner)] {
        change.to = to;
        let changed = store.change_member(change, None).await.unwrap();
        assert_eq!(changed, Settled::Written(Written::Refused));
    }
    let transfer = Transfer {
        org: org_id(1),
        from: user_id(1),
        to: program.id,
        at: at(5),
    };
    let handed = store.transfer_organisation(transfer, None).await.unwrap();
    assert_eq!(handed, Settled::Written(Written::Refused));
    let programs = store.list_service_accounts(org_id(1)).await.unwrap();
    assert_eq!(programs, std::slice::from_ref(&program));
    // It may be the one who decides, though.
    owned_by(&store, 2).await;
    let mut promoted = program;
    promoted.role = Role::Admin;
    store
        .update_service_account(promoted.clone(), None)
        .await
        .unwrap();
    let mut by_program = self::change(2, Role::Owner, Some(Role::Viewer), 1);
    by_program.by = (promoted.id, Role::Admin);
    assert_eq!(store.change_member(by_program, None).await.unwrap(), DONE);
}

pub(super) async fn a_slug_is_not_free_while_its_organisation_is_erased(store: Arc<dyn IdentityStore>) {
    owned_by(&store, 1).await;
    let program = service_account(7, org_id(1));
    store.add_service_account(program.clone(), 9, None).await.unwrap();
    let deletion = Deletion {
        requested_at: at(1),
        effective_at: at(2),
    };
    store.schedule_deletion(org_id(1), deletion, None).await.unwrap();
    // The operator can still see to it.
    store.ensure_owner(user(2), organisation(1)).await.unwrap();
    assert!(store.begin_erasure(org_id(1), at(2)).await.unwrap());
    let refused = store.ensure_owner(user(3), organisation(1)).await;
    assert!(matches!(refused, Err(StoreError::Invalid(_))), "{refused:?}");
    assert_eq!(store.find_user(&user(3).email).await.unwrap(), None);
    assert_eq!(role(&store, 2).await, None);
    store.finish_erasure(org_id(1)).await.unwrap();
    assert_eq!(
        store.lookup_user(program.id).await.unwrap(),
        None,
        "programs go with it"
    );
    assert!(
        store.lookup_user(user_id(1)).await.unwrap().is_some(),
        "people do not"
    );
    store.ensure_owner(user(3), organisation(3)).await.unwrap();
}

pub(super) async fn owners_who_depose_each_other_leave_one(store: Arc<dyn IdentityStore>) {
    owned_by(&store, 4).await;
    let tries: Vec<_> = (1..=4)
        .flat_map(|user| (1..=4).map(move |by| (user, by)))
        .map(|(user, by)| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let to = (user % 2 == 0).then_some(Role::Admin);
                store
                    .change_member(change(user, Role::Owner, to, by), None)
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut done = 0;
    for one in tries {
        done += usize::from(one.await.unwrap() == DONE);
    }
    assert_eq!(done, 3);
    let members = store.list_members(org_id(1), None, 10).await.unwrap().items;
    let owners = members.iter().filter(|member| member.role == Role::Owner);
    assert_eq!(owners.count(), 1);
}

pub(super) async fn an_organisation_is_handed_over_in_one_step(store: Arc<dyn IdentityStore>) {
    owned_by(&store, 2).await;
    store
        .change_member(change(2, Role::Owner, Some(Role::Viewer), 1), None)
        .await
        .unwrap();
    let own = api_key(1, org_id(1), user_id(1));
    store.add_api_key(own.clone(), None).await.unwrap();
    let hand = async |from, to, entry| {
        let transfer = Transfer {
            org: org_id(1),
            from: user_id(from),
            to: user_id(to),
            at: at(7),
        };
        store.transfer_organisation(transfer, entry).await.unwrap()
    };
    assert_eq!(hand(1, 9, None).await, Settled::Written(Written::Refused));
    assert_eq!(hand(2, 1, None).await, Settled::Stale);
    assert_eq!(hand(1, 2, Some(key("t", 1, "1"))).await, DONE);
    assert_eq!(
        hand(1, 2, Some(key("t", 1, "1"))).await,
        Settled::Written(Written::Replayed("1".into()))
    );
    assert_eq!(
        (role(&store, 1).await, role(&store, 2).await),
        (Some(Role::Admin), Some(Role::Owner))
    );
    let key = store.find_api_key(&own.hash).await.unwrap().unwrap().key;
    assert_eq!(key.revoked_at, Some(at(7)));
    assert_eq!(hand(1, 2, None).await, Settled::Stale);
}

pub(super) async fn an_invitation_is_used_once_by_whom_it_is_for(store: Arc<dyn IdentityStore>) {
    owned_by(&store, 1).await;
    for n in [2, 3] {
        store.ensure_owner(user(n), organisation(n)).await.unwrap();
    }
    let meant = Invitation {
        email: Some(user(2).email),
        ..invitation(1, org_id(1))
    };
    let add = async |one: Invitation, entry| store.add_invitation(one, 2, entry).await.unwrap();
    assert_eq!(
        add(invitation(8, org_id(9)), None).await,
        Settled::Written(Written::Refused)
    );
    assert_eq!(add(meant.clone(), Some(key("a", 1, "1"))).await, DONE);
    assert_eq!(
        add(invitation(7, org_id(1)), Some(key("a", 1, "2"))).await,
        Settled::Written(Written::Replayed("1".into()))
    );
    let found = store.find_invitation(meant.hash).await.unwrap().unwrap();
    assert_eq!(
        (&found.invitation, &found.organisation),
        (&meant, &organisation(1))
    );
    assert_eq!(store.find_invitation(token_hash(77)).await.unwrap(), None);
    let accept = async |hash, user, ms, entry| {
        store
            .accept_invitation(hash, user_id(user), at(ms), entry)
            .await
            .unwrap()
    };
    assert_eq!(accept(token_hash(77), 2, 1, None).await, Acceptance::Over);
    assert_eq!(accept(meant.hash, 9, 1, None).await, Acceptance::Over);
    assert_eq!(accept(meant.hash, 3, 1, None).await, Acceptance::OtherAddress);
    let end = meant.expires_at.as_ms() - at(0).as_ms();
    assert_eq!(accept(meant.hash, 2, end, None).await, Acceptance::Over);
    assert_eq!(
        accept(meant.hash, 2, 1, Some(key("b", 1, "\"in\""))).await,
        Acceptance::Accepted(organisation(1), Role::Member)
    );
    assert_eq!(
        accept(meant.hash, 2, 2, Some(key("b", 1, "\"in\""))).await,
        Acceptance::Replayed("\"in\"".into())
    );
    assert_eq!(
        accept(meant.hash, 2, 2, Some(key("b", 2, "\"in\""))).await,
        Acceptance::Conflict
    );
    assert_eq!(accept(meant.hash, 2, 2, None).await, Acceptance::Over);
    assert_eq!(role(&store, 2).await, Some(Role::Member));
    let open = invitation(2, org_id(1));
    assert_eq!(add(open.clone(), None).await, DONE);
    assert_eq!(
        accept(open.hash, 2, 3, None).await,
        Acceptance::Member,
        "not used up"
    );
    assert_eq!(
        store
            .find_invitation(open.hash)
            .await
            .unwrap()
            .unwrap()
            .invitation,
        open
    );
}

pub(super) async fn of_many_at_once_one_accepts(store: Arc<dyn IdentityStore>) {
    owned_by(&store, 1).await;
    for n in 2..=9 {
        store.ensure_owner(user(n), organisation(n)).await.unwrap();
    }
    let open = invitation(1, org_id(1));
    store.add_invitation(open.clone(), 9, None).await.unwrap();
    let tries: Vec<_> = (2..=9)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                store
                    .accept_invitation(open.hash, user_id(n), at(1), None)
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut accepted = 0;
    for one in tries {
        accepted += usize::from(matches!(one.await.unwrap(), Acceptance::Accepted(..)));
    }
    let members = store.list_members(org_id(1), None, 20).await.unwrap().items;
    assert_eq!((accepted, members.len()), (1, 2));
}

pub(super) async fn invitations_are_listed_bounded_and_revoked(store: Arc<dyn IdentityStore>) {
    owned_by(&store, 1).await;
    store.ensure_owner(user(2), organisation(2)).await.unwrap();
    let add = async |n, org| store.add_invitation(invitation(n, org), 2, None).await.unwrap();
    for n in [1, 2] {
        assert_eq!(add(n, org_id(1)).await, DONE);
    }
    assert_eq!(add(3, org_id(1)).await, Settled::TooMany);
    assert_eq!(add(4, org_id(2)).await, DONE);
    let first = store.list_invitations(org_id(1), None, 1).await.unwrap();
    assert_eq!(first.items, [invitation(2, org_id(1))]);
    let rest = store.list_invitations(org_id(1), first.next, 1).await.unwrap();
    assert_eq!((rest.items, rest.next), (vec![invitation(1, org_id(1))], None));
    let revoke = async |org, n, ms, entry| {
        let id = invitation(n, org_id(1)).id;
        store.revoke_invitation(org, id, at(ms), entry).await.unwrap()
    };
    assert_eq!(
        revoke(org_id(2), 1, 1, None).await,
        Written::Refused,
        "not theirs"
    );
    assert_eq!(revoke(org_id(1), 9, 1, None).await, Written::Refused);
    assert_eq!(
        revoke(org_id(1), 1, 2, Some(key("r", 1, "null"))).await,
        Written::Done
    );
    assert_eq!(revoke(org_id(1), 1, 3, None).await, Written::Done);
    assert_eq!(
        revoke(org_id(1), 1, 3, Some(key("r", 1, "null"))).await,
        Written::Replayed("null".into())
    );
    let hash = invitation(1, org_id(1)).hash;
    let revoked = store.find_invitation(hash).await.unwrap().unwrap().invitation;
    assert_eq!(revoked.revoked_at, Some(at(2)));
    assert_eq!(revoked.state(at(4)), InvitationState::Revoked);
    let accepted = store.accept_invitation(hash, user_id(2), at(4), None).await;
    assert_eq!(accepted.unwrap(), Acceptance::Over);
    assert_eq!(add(3, org_id(1)).await, DONE, "a revoked one makes room");
    let hash = invitation(2, org_id(1)).hash;
    store
        .accept_invitation(hash, user_id(2), at(4), None)
        .await
        .unwrap();
    assert_eq!(
        revoke(org_id(1), 2, 5, None).await,
        Written::Refused,
        "it is used"
    );
    // What has long been over makes room of another kind.
    let mut late = invitation(5, org_id(1));
    late.created_at = at(0).after(Duration::from_secs(90 * 24 * 3600));
    late.expires_at = late.created_at.after(Duration::from_secs(60));
    assert_eq!(store.add_invitation(late.clone(), 2, None).await.unwrap(), DONE);
    let left = store.list_invitations(org_id(1), None, 9).await.unwrap().items;
    assert_eq!(left, [late]);
}

pub(super) async fn a_deletion_can_be_taken_back_until_the_erasure_begins(store: Arc<dyn IdentityStore>) {
    owned_by(&store, 1).await;
    store.ensure_owner(user(2), organisation(2)).await.unwrap();
    let first = Deletion {
        requested_at: at(10),
        effective_at: at(100),
    };
    let later = Deletion {
        requested_at: at(20),
        effective_at: at(200),
    };
    let schedule =
        async |n, deletion, entry| store.schedule_deletion(org_id(n), deletion, entry).await.unwrap();
    let shown = async || {
        store
            .lookup_organisation(org_id(1))
            .await
            .unwrap()
            .unwrap()
            .deletion
    };
    assert_eq!(schedule(9, first, None).await, Written::Refused);
    assert_eq!(schedule(1, first, Some(key("d", 1, "1"))).await, Written::Done);
    assert_eq!(
        schedule(1, first, Some(key("d", 1, "1"))).await,
        Written::Replayed("1".into())
    );
    assert_eq!(schedule(1, later, None).await, Written::Done);
    assert_eq!(shown().await, Some(first), "the first date stays");
    let memberships = store.list_memberships(user_id(1)).await.unwrap();
    assert_eq!(memberships[0].organisation.deletion, Some(first));
    let open = invitation(1, org_id(1));
    store.add_invitation(open.clone(), 9, None).await.unwrap();
    let accepted = store.accept_invitation(open.hash, user_id(2), at(1), None).await;
    assert_eq!(
        accepted.unwrap(),
        Acceptance::Over,
        "nobody joins what is closing"
    );
    assert_eq!(
        store.cancel_deletion(org_id(1), None).await.unwrap(),
        Written::Done
    );
    assert_eq!(shown().await, None);
    assert!(!store.begin_erasure(org_id(1), at(1_000)).await.unwrap());
    assert_eq!(
        store.cancel_deletion(org_id(9), None).await.unwrap(),
        Written::Refused
    );

    schedule(1, first, None).await;
    schedule(2, later, None).await;
    let due = async |ms, limit| store.due_deletions(at(ms), limit).await.unwrap();
    assert!(due(99, 9).await.is_empty());
    assert_eq!(due(100, 9).await, [org_id(1)]);
    assert_eq!(due(500, 9).await, [org_id(1), org_id(2)]);
    assert_eq!(due(500, 1).await, [org_id(1)]);
    assert!(!store.begin_erasure(org_id(1), at(99)).await.unwrap());
    for _ in 0..2 {
        assert!(store.begin_erasure(org_id(1), at(100)).await.unwrap());
    }
    assert_eq!(due(1, 9).await, [org_id(1)], "also when the clock steps back");
    assert_eq!(
        store.cancel_deletion(org_id(1), None).await.unwrap(),
        Written::Refused
    );
}

pub(super) async fn an_erased_organisation_leaves_nothing_and_its_slug_is_free(
    store: Arc<dyn IdentityStore>,
) {
    owned_by(&store, 1).await;
    store.ensure_owner(user(1), organisation(2)).await.unwrap();
    let (gone, kept) = (
        api_key(1, org_id(1), user_id(1)),
        api_key(2, org_id(2), user_id(1)),
    );
    let mut remembered = key("k", 1, "\"secret name\"");
    remembered.scope = format!("{}/{}/POST /v1/api-keys", org_id(1), user_id(1));
    store
        .add_api_key(gone.clone(), Some(remembered.clone()))
        .await
        .unwrap();
    store.add_api_key(kept.clone(), None).await.unwrap();
    store
        .add_sign_in_link(sign_in_link(1, org_id(1), user_id(1)))
        .await
        .unwrap();
    store
        .add_invitation(invitation(1, org_id(1)), 9, None)
        .await
        .unwrap();
    store.finish_erasure(org_id(1)).await.unwrap();
    assert!(
        store.lookup_organisation(org_id(1)).await.unwrap().is_some(),
        "not begun"
    );
    let deletion = Deletion {
        requested_at: at(1),
        effective_at: at(2),
    };
    store.schedule_deletion(org_id(1), deletion, None).await.unwrap();
    assert!(store.begin_erasure(org_id(1), at(2)).await.unwrap());
    assert_eq!(store.find_api_key(&gone.hash).await.unwrap(), None);
    assert_eq!(role(&store, 1).await, None);
    let found = store.find_invitation(invitation(1, org_id(1)).hash).await;
    assert_eq!(found.unwrap(), None);
    assert!(store.lookup_organisation(org_id(1)).await.unwrap().is_some());
    for _ in 0..2 {
        store.finish_erasure(org_id(1)).await.unwrap();
    }
    assert_eq!(store.lookup_organisation(org_id(1)).await.unwrap(), None);
    assert!(store.due_deletions(at(9), 9).await.unwrap().is_empty());
    assert!(store.find_api_key(&kept.hash).await.unwrap().is_some());
    assert_eq!(store.list_memberships(user_id(1)).await.unwrap().len(), 1);
    let mut again = organisation(3);
    again.slug = organisation(1).slug;
    store.ensure_owner(user(1), again.clone()).await.unwrap();
    assert_eq!(store.lookup_organisation(org_id(3)).await.unwrap(), Some(again));
    let key = api_key(5, org_id(3), user_id(1));
    assert_eq!(
        store.add_api_key(key, Some(remembered)).await.unwrap(),
        Written::Done,
        "no key of a request is remembered"
    );
}
