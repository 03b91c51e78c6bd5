//! Cases of the identity store about accounts: browsers, sign-ups, resets, second factors.

use std::sync::Arc;

use domain::{
    sealed::Sealed,
    sign_in::{MOST_RESETS, MOST_SIGN_UPS, PasswordHash},
    tenancy::Deletion,
};
use ports::{IdentityStore, idempotency::Written, identity::Completed};
use protocol::BrowserId;

use crate::sample::{
    at, browser_session, invitation, org_id, organisation, reset_link, sign_up, token_hash, user, user_id,
};

fn password(n: u64) -> PasswordHash {
    PasswordHash::new(format!("$hash${n}"))
}

fn sealed(n: u64) -> Sealed {
    Sealed {
        version: 1,
        key_id: "0a0b0c0d".into(),
        data: format!("sealed {n}"),
    }
}

async fn two(store: &Arc<dyn IdentityStore>) {
    for n in [1, 2] {
        store.ensure_owner(user(n), organisation(n)).await.unwrap();
        store.set_password(user_id(n), password(n), None).await.unwrap();
    }
}

pub(super) async fn browsers_are_listed_and_ended_by_their_owner_alone(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    let mut all = Vec::new();
    for (n, owner) in [(1, 1), (2, 1), (3, 2), (4, 1)] {
        let mut session = browser_session(n, user_id(owner));
        session.last_seen_at = at(n.cast_signed());
        store
            .open_browser_session(session.clone(), password(owner))
            .await
            .unwrap();
        all.push(session);
    }
    let listed = store.list_browser_sessions(user_id(1)).await.unwrap();
    assert_eq!(
        listed,
        [all[3].clone(), all[1].clone(), all[0].clone()],
        "used last first, as they were opened"
    );
    assert_eq!(store.list_browser_sessions(user_id(9)).await.unwrap(), []);
    // Neither an unknown one nor somebody else's.
    for id in [BrowserId::from_bits(9), all[2].id] {
        assert_eq!(store.end_own_browser_session(user_id(1), id).await.unwrap(), None);
    }
    let ended = store
        .end_own_browser_session(user_id(1), all[0].id)
        .await
        .unwrap();
    assert_eq!(ended, Some(all[0].hash));
    assert_eq!(store.find_browser_session(all[0].hash).await.unwrap(), None);
    assert_eq!(
        store
            .end_own_browser_session(user_id(1), all[0].id)
            .await
            .unwrap(),
        None
    );
    let ended = store
        .end_browser_sessions(user_id(1), Some(all[1].hash))
        .await
        .unwrap();
    assert_eq!(ended, 1);
    assert_eq!(
        store.list_browser_sessions(user_id(1)).await.unwrap(),
        [all[1].clone()]
    );
    assert_eq!(store.end_browser_sessions(user_id(1), None).await.unwrap(), 1);
    assert_eq!(store.list_browser_sessions(user_id(2)).await.unwrap().len(), 1);
}

pub(super) async fn a_sign_up_becomes_a_user_once_and_in_time(store: Arc<dyn IdentityStore>) {
    assert_eq!(store.find_sign_up(sign_up(1).hash).await.unwrap(), None);
    let mut invited = sign_up(1);
    invited.invitation = Some(token_hash(7));
    let mut second = sign_up(2);
    second.email = user(1).email;
    for one in [&invited, &second] {
        store.add_sign_up(one.clone()).await.unwrap();
        assert_eq!(store.find_sign_up(one.hash).await.unwrap().as_ref(), Some(one));
    }
    assert_eq!(
        store.find_user(&user(1).email).await.unwrap(),
        None,
        "nobody yet, whoever asks"
    );
    // Not for another address, not too late, not under a slug that is taken.
    store.ensure_owner(user(5), organisation(5)).await.unwrap();
    let late = invited.expires_at;
    for (user, organisation, at) in [
        (user(2), None, at(5)),
        (user(1), None, late),
        (user(1), Some(organisation(5)), at(5)),
    ] {
        let completed = store.complete_sign_up(second.hash, user, organisation, at).await;
        assert_eq!(completed.unwrap(), Completed::Refused);
    }
    assert_eq!(store.find_user(&user(1).email).await.unwrap(), None);
    let made = store
        .complete_sign_up(second.hash, user(1), Some(organisation(1)), at(5))
        .await
        .unwrap();
    assert_eq!(made, Completed::Done);
    assert_eq!(
        store.find_user(&user(1).email).await.unwrap(),
        Some((user(1), Some(second.password)))
    );
    let memberships = store.list_memberships(user_id(1)).await.unwrap();
    assert_eq!(memberships.len(), 1);
    assert_eq!(memberships[0].organisation.slug, organisation(1).slug);
    // The other sign-ups for the address went with it, and no second one makes the user again.
    assert_eq!(store.find_sign_up(invited.hash).await.unwrap(), None);
    store.add_sign_up(sign_up(1)).await.unwrap();
    let again = store
        .complete_sign_up(sign_up(1).hash, user(1), None, at(5))
        .await
        .unwrap();
    assert_eq!(again, Completed::Refused);
    // Without an organisation it is a user alone.
    store.add_sign_up(sign_up(3)).await.unwrap();
    let made = store
        .complete_sign_up(sign_up(3).hash, user(3), None, at(5))
        .await
        .unwrap();
    assert_eq!(made, Completed::Done);
    assert_eq!(store.list_memberships(user_id(3)).await.unwrap(), []);
}

pub(super) async fn an_invited_sign_up_is_a_member_in_one_commit(store: Arc<dyn IdentityStore>) {
    store.ensure_owner(user(5), organisation(5)).await.unwrap();
    let open = invitation(1, org_id(5));
    let mut for_another = invitation(2, org_id(5));
    for_another.email = Some(user(9).email);
    let mut withdrawn = invitation(3, org_id(5));
    withdrawn.revoked_at = Some(at(1));
    for one in [&open, &for_another] {
        store.add_invitation(one.clone(), 9, None).await.unwrap();
    }
    store.add_invitation(withdrawn.clone(), 9, None).await.unwrap();
    store
        .revoke_invitation(org_id(5), withdrawn.id, at(1), None)
        .await
        .unwrap();
    let complete = async |n: u64, token| {
        let mut invited = sign_up(n);
        invited.invitation = Some(token);
        // Each has a token of its own.
        invited.hash = token;
        store.add_sign_up(invited.clone()).await.unwrap();
        store
            .complete_sign_up(invited.hash, user(n), Some(organisation(n)), at(5))
            .await
            .unwrap()
    };
    // Nobody comes to be without the membership.
    for over in [for_another.hash, withdrawn.hash, token_hash(7)] {
        assert_eq!(complete(1, over).await, Completed::InvitationOver);
        assert_eq!(store.find_user(&user(1).email).await.unwrap(), None);
        assert!(store.find_sign_up(over).await.unwrap().is_some());
    }
    assert_eq!(complete(2, open.hash).await, Completed::Done);
    let memberships = store.list_memberships(user_id(2)).await.unwrap();
    let [membership] = memberships.as_slice() else {
        panic!("one membership, and no organisation of their own: {memberships:?}")
    };
    assert_eq!(
        (membership.organisation.id, membership.role),
        (org_id(5), open.role)
    );
    let used = store.find_invitation(open.hash).await.unwrap().unwrap();
    assert_eq!(used.invitation.accepted, Some((at(5), user_id(2))));
    assert_eq!(complete(3, open.hash).await, Completed::InvitationOver, "once");
    // Into an organisation that is going to be deleted nobody comes either.
    let other = invitation(4, org_id(5));
    store.add_invitation(other.clone(), 9, None).await.unwrap();
    let deletion = Deletion {
        requested_at: at(1),
        effective_at: at(100),
    };
    store.schedule_deletion(org_id(5), deletion, None).await.unwrap();
    assert_eq!(complete(4, other.hash).await, Completed::InvitationOver);
    assert_eq!(store.find_user(&user(4).email).await.unwrap(), None);
}

pub(super) async fn sign_ups_that_wait_are_few_and_go_in_time(store: Arc<dyn IdentityStore>) {
    let first = sign_up(1);
    store.add_sign_up(first.clone()).await.unwrap();
    let mut other = sign_up(100);
    other.email = user(2).email;
    store.add_sign_up(other.clone()).await.unwrap();
    for n in 0..MOST_SIGN_UPS as u64 {
        let mut more = sign_up(2 + n);
        more.email.clone_from(&first.email);
        more.created_at = at(1 + n.cast_signed());
        store.add_sign_up(more).await.unwrap();
    }
    assert_eq!(store.find_sign_up(first.hash).await.unwrap(), None);
    assert!(store.find_sign_up(sign_up(2).hash).await.unwrap().is_some());
    assert!(store.find_sign_up(other.hash).await.unwrap().is_some());
    let mut late = sign_up(50);
    late.created_at = other.expires_at;
    late.expires_at = at(9_000_000);
    store.add_sign_up(late).await.unwrap();
    assert_eq!(store.find_sign_up(other.hash).await.unwrap(), None);
}

pub(super) async fn a_reset_sets_the_password_once_and_ends_all_browsers(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    for (n, owner) in [(1, 1), (2, 2)] {
        let session = browser_session(n, user_id(owner));
        store
            .open_browser_session(session, password(owner))
            .await
            .unwrap();
    }
    let resets: Vec<_> = (0..=MOST_RESETS as u64)
        .map(|n| reset_link(n, user_id(1)))
        .collect();
    for reset in &resets {
        store.add_reset(reset.clone()).await.unwrap();
    }
    assert_eq!(
        store.find_reset(resets[0].hash).await.unwrap(),
        None,
        "the one that ends first made room"
    );
    let reset = &resets[1];
    assert_eq!(store.find_reset(reset.hash).await.unwrap().as_ref(), Some(reset));
    let late = store
        .redeem_reset(reset.hash, password(8), reset.expires_at)
        .await;
    assert_eq!(late.unwrap(), None);
    assert_eq!(
        store
            .redeem_reset(token_hash(9), password(8), at(5))
            .await
            .unwrap(),
        None
    );
    assert_eq!(store.password_of(user_id(1)).await.unwrap(), Some(password(1)));
    let done = store.redeem_reset(reset.hash, password(8), at(5)).await.unwrap();
    assert_eq!(done, Some(user_id(1)));
    assert_eq!(store.password_of(user_id(1)).await.unwrap(), Some(password(8)));
    assert_eq!(store.list_browser_sessions(user_id(1)).await.unwrap(), []);
    assert_eq!(store.list_browser_sessions(user_id(2)).await.unwrap().len(), 1);
    for other in &resets[1..] {
        let again = store.redeem_reset(other.hash, password(9), at(5)).await.unwrap();
        assert_eq!(again, None, "used, or voided by the one that was");
    }
}

pub(super) async fn a_second_factor_counts_once_it_is_confirmed(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    let me = user_id(1);
    assert_eq!(store.second_factor(me).await.unwrap(), None);
    assert_eq!(
        store.start_second_factor(user_id(9), sealed(1)).await.unwrap(),
        Written::Refused
    );
    for n in [1, 2] {
        assert_eq!(
            store.start_second_factor(me, sealed(n)).await.unwrap(),
            Written::Done
        );
    }
    let factor = store.second_factor(me).await.unwrap().unwrap();
    assert_eq!((factor.secret, factor.confirmed_at), (sealed(2), None));
    let codes = || vec![token_hash(1), token_hash(2)];
    let old = store
        .confirm_second_factor(me, sealed(1), 5, codes(), at(1))
        .await;
    assert_eq!(old.unwrap(), Written::Refused, "another secret by now");
    let done = store
        .confirm_second_factor(me, sealed(2), 5, codes(), at(1))
        .await;
    assert_eq!(done.unwrap(), Written::Done);
    let again = store
        .confirm_second_factor(me, sealed(2), 6, Vec::new(), at(2))
        .await;
    assert_eq!(again.unwrap(), Written::Refused);
    assert_eq!(
        store.start_second_factor(me, sealed(3)).await.unwrap(),
        Written::Refused
    );
    let factor = store.second_factor(me).await.unwrap().unwrap();
    assert_eq!((factor.user, factor.last_step), (me, 5));
    assert_eq!((factor.secret, factor.confirmed_at), (sealed(2), Some(at(1))));
    assert_eq!(factor.recovery, codes().into_iter().collect());
    assert_eq!(store.second_factor(user_id(2)).await.unwrap(), None);

    for (step, expected) in [
        (5, Written::Refused),
        (7, Written::Done),
        (7, Written::Refused),
        (6, Written::Refused),
    ] {
        assert_eq!(store.use_step(me, step).await.unwrap(), expected, "{step}");
    }
    assert_eq!(store.use_step(user_id(2), 9).await.unwrap(), Written::Refused);
    let spend = async |owner, code| store.use_recovery_code(owner, token_hash(code)).await.unwrap();
    assert_eq!(spend(user_id(2), 1).await, Written::Refused, "nobody else's");
    assert_eq!(spend(me, 1).await, Written::Done);
    assert_eq!(spend(me, 1).await, Written::Refused);
    let factor = store.second_factor(me).await.unwrap().unwrap();
    assert_eq!((factor.recovery.len(), factor.last_step), (1, 7));
    for _ in 0..2 {
        store.remove_second_factor(me).await.unwrap();
        assert_eq!(store.second_factor(me).await.unwrap(), None);
    }
    assert_eq!(spend(me, 2).await, Written::Refused, "its codes went with it");
    assert_eq!(
        store.start_second_factor(me, sealed(4)).await.unwrap(),
        Written::Done
    );
}

pub(super) async fn of_many_at_once_one_uses_a_code(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    let me = user_id(1);
    store.start_second_factor(me, sealed(1)).await.unwrap();
    let confirmed = store
        .confirm_second_factor(me, sealed(1), 1, vec![token_hash(1)], at(1))
        .await;
    assert_eq!(confirmed.unwrap(), Written::Done);
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let step = store.use_step(me, 2).await.unwrap();
                (step, store.use_recovery_code(me, token_hash(1)).await.unwrap())
            })
        })
        .collect();
    let (mut steps, mut codes) = (0, 0);
    for one in tries {
        let (step, code) = one.await.unwrap();
        steps += u32::from(step == Written::Done);
        codes += u32::from(code == Written::Done);
    }
    assert_eq!((steps, codes), (1, 1));
}
