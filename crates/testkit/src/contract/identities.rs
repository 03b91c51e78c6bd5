//! Cases of the identity store about identities at providers.

use std::sync::Arc;

use domain::{sign_in::PasswordHash, tenancy::User};
use ports::{
    IdentityStore,
    idempotency::Written,
    identity::{Completed, Linked, NewPlace, Said, Unlinked},
};

use crate::sample::{
    browser_session, identity, identity_id, invitation, org_id, organisation, sign_up, token_hash, user,
    user_id,
};

fn password() -> PasswordHash {
    PasswordHash::new("$hash")
}

async fn two(store: &Arc<dyn IdentityStore>) {
    for n in [1, 2] {
        store.ensure_owner(user(n), organisation(n)).await.unwrap();
    }
}

pub(super) async fn an_identity_signs_one_user_in(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    let first = identity(1, user_id(1));
    let find = async |issuer: &str, subject: &str| store.find_identity(issuer, subject).await.unwrap();
    assert_eq!(find(&first.issuer, &first.subject).await, None);
    assert_eq!(
        store.link_identity(first.clone(), 10).await.unwrap(),
        Linked::Done
    );
    assert_eq!(find(&first.issuer, &first.subject).await.as_ref(), Some(&first));
    // Neither half of it is anybody.
    assert_eq!(find("https://other.example", &first.subject).await, None);
    assert_eq!(find(&first.issuer, "other").await, None);
    // Nobody else gets it, and not the same user again.
    for owner in [1, 2] {
        let mut again = identity(9, user_id(owner));
        again.issuer.clone_from(&first.issuer);
        again.subject.clone_from(&first.subject);
        assert_eq!(store.link_identity(again, 10).await.unwrap(), Linked::Taken);
    }
    let nobody = identity(3, user_id(7));
    assert_eq!(store.link_identity(nobody, 10).await.unwrap(), Linked::NoUser);
    // The same subject at another issuer is somebody else.
    let mut elsewhere = identity(2, user_id(2));
    elsewhere.subject.clone_from(&first.subject);
    elsewhere.issuer = "https://other.example".into();
    assert_eq!(
        store.link_identity(elsewhere.clone(), 10).await.unwrap(),
        Linked::Done
    );
    assert_eq!(
        find(&elsewhere.issuer, &first.subject).await.map(|one| one.user),
        Some(user_id(2))
    );
}

pub(super) async fn identities_are_listed_bounded_and_taken_away_by_their_owner(
    store: Arc<dyn IdentityStore>,
) {
    two(&store).await;
    store.set_password(user_id(1), password(), None).await.unwrap();
    let all = [
        identity(1, user_id(1)),
        identity(2, user_id(1)),
        identity(3, user_id(2)),
    ];
    for one in &all {
        assert_eq!(store.link_identity(one.clone(), 2).await.unwrap(), Linked::Done);
    }
    let more = identity(4, user_id(1));
    assert_eq!(store.link_identity(more, 2).await.unwrap(), Linked::TooMany);
    assert_eq!(store.list_identities(user_id(1)).await.unwrap(), all[..2]);
    assert_eq!(store.list_identities(user_id(9)).await.unwrap(), []);
    for id in [all[2].id, identity_id(9)] {
        assert_eq!(
            store.unlink_identity(user_id(1), id).await.unwrap(),
            Unlinked::Missing
        );
    }
    assert_eq!(
        store.unlink_identity(user_id(1), all[0].id).await.unwrap(),
        Unlinked::Done
    );
    assert_eq!(
        store.unlink_identity(user_id(1), all[0].id).await.unwrap(),
        Unlinked::Missing
    );
    let gone = store
        .find_identity(&all[0].issuer, &all[0].subject)
        .await
        .unwrap();
    assert_eq!(gone, None);
    assert_eq!(store.list_identities(user_id(2)).await.unwrap(), all[2..]);
}

pub(super) async fn the_last_way_in_stays(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    let (first, second) = (identity(1, user_id(1)), identity(2, user_id(1)));
    for one in [&first, &second] {
        store.link_identity(one.clone(), 10).await.unwrap();
    }
    let unlink = async |id| store.unlink_identity(user_id(1), id).await.unwrap();
    assert_eq!(unlink(first.id).await, Unlinked::Done);
    assert_eq!(unlink(second.id).await, Unlinked::LastWayIn);
    store.set_password(user_id(1), password(), None).await.unwrap();
    assert_eq!(unlink(second.id).await, Unlinked::Done);
}

pub(super) async fn of_two_ways_in_taken_away_at_once_one_stays(store: Arc<dyn IdentityStore>) {
    two(&store).await;
    let all = [identity(1, user_id(1)), identity(2, user_id(1))];
    for one in &all {
        store.link_identity(one.clone(), 10).await.unwrap();
    }
    let (a, b) = tokio::join!(
        store.unlink_identity(user_id(1), all[0].id),
        store.unlink_identity(user_id(1), all[1].id)
    );
    let mut outcomes = [a.unwrap(), b.unwrap()];
    outcomes.sort_by_key(|outcome| *outcome != Unlinked::Done);
    assert_eq!(outcomes, [Unlinked::Done, Unlinked::LastWayIn]);
    assert_eq!(store.list_identities(user_id(1)).await.unwrap().len(), 1);
}

pub(super) async fn a_federated_user_is_made_whole_or_not_at_all(store: Arc<dyn IdentityStore>) {
    store.ensure_owner(user(5), organisation(5)).await.unwrap();
    store.link_identity(identity(5, user_id(5)), 10).await.unwrap();
    store.add_sign_up(sign_up(1)).await.unwrap();
    let linked = identity(1, user_id(1));
    let mut taken = linked.clone();
    taken.issuer = identity(5, user_id(5)).issuer;
    taken.subject = identity(5, user_id(5)).subject;
    let mut same_address: User = user(1);
    same_address.email = user(5).email;
    let own = |n| NewPlace::Own(organisation(n));
    for (new, identity, place) in [
        (same_address, linked.clone(), own(1)),
        (user(1), taken, own(1)),
        (user(1), linked.clone(), own(5)),
    ] {
        let completed = store.add_federated_user(new, identity, place).await.unwrap();
        assert_eq!(completed, Completed::Refused);
    }
    let nowhere = NewPlace::Invited(token_hash(77));
    let completed = store.add_federated_user(user(1), linked.clone(), nowhere).await;
    assert_eq!(completed.unwrap(), Completed::InvitationOver);
    assert_eq!(store.lookup_user(user_id(1)).await.unwrap(), None);
    let found = store.find_identity(&linked.issuer, &linked.subject).await;
    assert_eq!(found.unwrap(), None);
    let mut new = user(1);
    new.email = sign_up(1).email;
    let made = store
        .add_federated_user(new.clone(), linked.clone(), own(1))
        .await;
    assert_eq!(made.unwrap(), Completed::Done);
    assert_eq!(
        store.find_user(&new.email).await.unwrap(),
        Some((new, None)),
        "without a password"
    );
    assert_eq!(
        store.list_identities(user_id(1)).await.unwrap(),
        std::slice::from_ref(&linked)
    );
    assert_eq!(store.list_memberships(user_id(1)).await.unwrap().len(), 1);
    // Whoever waits with this address waits for nothing.
    assert_eq!(store.find_sign_up(sign_up(1).hash).await.unwrap(), None);
}

pub(super) async fn a_federated_user_joins_by_an_invitation_once(store: Arc<dyn IdentityStore>) {
    store.ensure_owner(user(5), organisation(5)).await.unwrap();
    let mut invited = invitation(1, org_id(5));
    invited.email = Some(user(1).email);
    store.add_invitation(invited.clone(), 10, None).await.unwrap();
    let place = NewPlace::Invited(invited.hash);
    let other = store
        .add_federated_user(user(2), identity(2, user_id(2)), place.clone())
        .await;
    assert_eq!(other.unwrap(), Completed::InvitationOver, "it is for another");
    let made = store
        .add_federated_user(user(1), identity(1, user_id(1)), place.clone())
        .await;
    assert_eq!(made.unwrap(), Completed::Done);
    let memberships = store.list_memberships(user_id(1)).await.unwrap();
    assert_eq!(memberships.len(), 1);
    assert_eq!(memberships[0].role, invited.role);
    let again = store
        .add_federated_user(user(3), identity(3, user_id(3)), place)
        .await;
    assert_eq!(again.unwrap(), Completed::InvitationOver, "used");
    assert_eq!(store.lookup_user(user_id(3)).await.unwrap(), None);
}

pub(super) async fn a_session_opens_only_with_the_identity_that_is_still_there(
    store: Arc<dyn IdentityStore>,
) {
    two(&store).await;
    let (mine, others) = (identity(1, user_id(1)), identity(2, user_id(2)));
    for one in [&mine, &others] {
        store.link_identity(one.clone(), 10).await.unwrap();
    }
    store.set_password(user_id(1), password(), None).await.unwrap();
    let said = Said {
        email: Some("new@example.org".into()),
        name: None,
    };
    let open = async |n, id| {
        let session = browser_session(n, user_id(1));
        store
            .open_federated_session(session, id, said.clone())
            .await
            .unwrap()
    };
    assert_eq!(open(1, mine.id).await, Written::Done);
    let session = browser_session(1, user_id(1));
    let found = store.find_browser_session(session.hash).await.unwrap();
    assert_eq!(found.map(|found| found.user.id), Some(user_id(1)));
    let kept = store.find_identity(&mine.issuer, &mine.subject).await.unwrap();
    let kept = kept.unwrap();
    assert_eq!(kept.last_used_at, Some(session.created_at));
    assert_eq!((kept.email, kept.name), (said.email.clone(), None));
    // Somebody else's opens nothing, and neither does one that is gone.
    assert_eq!(open(2, others.id).await, Written::Refused);
    store.unlink_identity(user_id(1), mine.id).await.unwrap();
    assert_eq!(open(3, mine.id).await, Written::Refused);
    for n in [2, 3] {
        let hash = browser_session(n, user_id(1)).hash;
        assert_eq!(store.find_browser_session(hash).await.unwrap(), None);
    }
}
