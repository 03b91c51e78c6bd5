//! Users, organisations, memberships and keys.

use std::sync::Arc;

use domain::tenancy::{Role, User};
use ports::{
    IdentityStore,
    idempotency::{KEY_LIFETIME_MS, Written},
};

use super::accounts::{
    a_reset_sets_the_password_once_and_ends_all_browsers, a_second_factor_counts_once_it_is_confirmed,
    a_sign_up_becomes_a_user_once_and_in_time, an_invited_sign_up_is_a_member_in_one_commit,
    browsers_are_listed_and_ended_by_their_owner_alone, of_many_at_once_one_uses_a_code,
    sign_ups_that_wait_are_few_and_go_in_time,
};
use super::identities;
use super::keys::{
    a_key_is_looked_up_and_changed_in_its_organisation, a_key_is_replaced_with_an_overlap,
    a_service_account_is_a_member_that_cannot_sign_in, of_many_rotations_at_once_one_succeeds,
};
use super::organisations;
use super::sign_in::{
    a_browser_session_stands_for_its_user_everywhere, a_link_is_used_once_and_in_time,
    a_new_password_ends_the_other_browser_sessions, a_password_belongs_to_its_user,
    a_session_opens_only_with_the_password_that_is_still_there, browser_sessions_end_and_make_room,
    of_many_at_once_one_uses_a_link,
};
use crate::sample::{api_key, at, key, org_id, organisation, user, user_id};

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn IdentityStore>) {
    super::cases!(
        "identity",
        adapter,
        make,
        [
            ensuring_an_owner_is_safe_to_repeat,
            an_existing_user_can_own_another_organisation,
            a_key_is_found_by_its_hash_with_whom_it_stands_for,
            a_key_needs_its_user_and_organisation,
            keys_of_an_organisation_come_newest_first,
            revoking_keeps_the_first_time_and_the_tenant,
            the_last_use_never_goes_back,
            adding_a_key_twice_with_one_idempotency_key_adds_one,
            revoking_repeats_by_idempotency_key,
            a_password_belongs_to_its_user,
            a_session_opens_only_with_the_password_that_is_still_there,
            a_browser_session_stands_for_its_user_everywhere,
            browser_sessions_end_and_make_room,
            a_new_password_ends_the_other_browser_sessions,
            a_link_is_used_once_and_in_time,
            of_many_at_once_one_uses_a_link,
            a_key_is_looked_up_and_changed_in_its_organisation,
            a_key_is_replaced_with_an_overlap,
            of_many_rotations_at_once_one_succeeds,
            a_service_account_is_a_member_that_cannot_sign_in,
            organisations::an_organisation_is_made_with_its_owner,
            organisations::members_come_in_pages_and_stay_with_their_organisation,
            organisations::a_change_of_role_ends_the_keys_of_whom_it_takes_from,
            organisations::a_service_account_is_no_member_to_be_changed,
            organisations::owners_who_depose_each_other_leave_one,
            organisations::an_organisation_is_handed_over_in_one_step,
            organisations::an_invitation_is_used_once_by_whom_it_is_for,
            organisations::of_many_at_once_one_accepts,
            organisations::invitations_are_listed_bounded_and_revoked,
            organisations::a_deletion_can_be_taken_back_until_the_erasure_begins,
            organisations::an_erased_organisation_leaves_nothing_and_its_slug_is_free,
            organisations::a_slug_is_not_free_while_its_organisation_is_erased,
            identities::an_identity_signs_one_user_in,
            identities::identities_are_listed_bounded_and_taken_away_by_their_owner,
            identities::the_last_way_in_stays,
            identities::of_two_ways_in_taken_away_at_once_one_stays,
            identities::a_federated_user_is_made_whole_or_not_at_all,
            identities::a_federated_user_joins_by_an_invitation_once,
            identities::a_session_opens_only_with_the_identity_that_is_still_there,
            browsers_are_listed_and_ended_by_their_owner_alone,
            a_sign_up_becomes_a_user_once_and_in_time,
            an_invited_sign_up_is_a_member_in_one_commit,
            sign_ups_that_wait_are_few_and_go_in_time,
            a_reset_sets_the_password_once_and_ends_all_browsers,
            a_second_factor_counts_once_it_is_confirmed,
            of_many_at_once_one_uses_a_code,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::identity::Fake::default())).await;
    let quiet = || crate::fault::identity::Faulty::around(Arc::new(crate::fake::identity::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

async fn ensuring_an_owner_is_safe_to_repeat(store: Arc<dyn IdentityStore>) {
    assert_eq!(store.lookup_user(user_id(1)).await.unwrap(), None);
    assert_eq!(store.lookup_organisation(org_id(1)).await.unwrap(), None);
    let first = store.ensure_owner(user(1), organisation(1)).await.unwrap();
    assert_eq!(first, (user(1), organisation(1)));
    let mut same_user = user(2);
    same_user.email = user(1).email;
    let mut same_org = organisation(2);
    same_org.slug = organisation(1).slug;
    assert_eq!(
        store.ensure_owner(same_user, same_org).await.unwrap(),
        first,
        "what is there stays"
    );
    assert_eq!(store.lookup_user(user_id(1)).await.unwrap(), Some(user(1)));
    assert_eq!(
        store.lookup_organisation(org_id(1)).await.unwrap(),
        Some(organisation(1))
    );
    assert_eq!(store.lookup_user(user_id(2)).await.unwrap(), None);
    assert_eq!(store.lookup_organisation(org_id(2)).await.unwrap(), None);
}

async fn an_existing_user_can_own_another_organisation(store: Arc<dyn IdentityStore>) {
    store.ensure_owner(user(1), organisation(1)).await.unwrap();
    let again = User {
        id: user_id(9),
        ..user(1)
    };
    let (known, second) = store.ensure_owner(again, organisation(2)).await.unwrap();
    assert_eq!((known.id, second.id), (user_id(1), org_id(2)));
    let key = api_key(1, org_id(2), user_id(1));
    store.add_api_key(key.clone(), None).await.unwrap();
    assert_eq!(
        store.find_api_key(&key.hash).await.unwrap().unwrap().role,
        Some(Role::Owner)
    );
}

async fn a_key_is_found_by_its_hash_with_whom_it_stands_for(store: Arc<dyn IdentityStore>) {
    store.ensure_owner(user(1), organisation(1)).await.unwrap();
    let mut eternal = api_key(2, org_id(1), user_id(1));
    eternal.expires_at = None;
    eternal.scopes.clear();
    for key in [api_key(1, org_id(1), user_id(1)), eternal] {
        assert_eq!(store.find_api_key(&key.hash).await.unwrap(), None);
        assert_eq!(store.add_api_key(key.clone(), None).await.unwrap(), Written::Done);
        let found = store.find_api_key(&key.hash).await.unwrap().unwrap();
        assert_eq!(
            (found.key, found.user, found.organisation),
            (key, user(1), organisation(1))
        );
        assert_eq!(found.role, Some(Role::Owner));
    }
}

async fn a_key_needs_its_user_and_organisation(store: Arc<dyn IdentityStore>) {
    store.ensure_owner(user(1), organisation(1)).await.unwrap();
    for (org, user) in [(org_id(1), user_id(2)), (org_id(2), user_id(1))] {
        assert_eq!(
            store.add_api_key(api_key(1, org, user), None).await.unwrap(),
            Written::Refused
        );
    }
    let key = api_key(1, org_id(1), user_id(1));
    store.add_api_key(key.clone(), None).await.unwrap();
    let mut same_hash = api_key(2, org_id(1), user_id(1));
    same_hash.hash = key.hash;
    assert_eq!(
        store.add_api_key(same_hash, None).await.unwrap(),
        Written::Refused
    );
    assert_eq!(store.list_api_keys(org_id(1)).await.unwrap(), vec![key]);
}

async fn keys_of_an_organisation_come_newest_first(store: Arc<dyn IdentityStore>) {
    for n in [1, 2] {
        store.ensure_owner(user(n), organisation(n)).await.unwrap();
    }
    for n in [2, 1, 3] {
        store
            .add_api_key(api_key(n, org_id(1), user_id(1)), None)
            .await
            .unwrap();
    }
    store
        .add_api_key(api_key(4, org_id(2), user_id(2)), None)
        .await
        .unwrap();
    let names = async |org| {
        let keys = store.list_api_keys(org).await.unwrap();
        keys.into_iter().map(|key| key.name).collect::<Vec<_>>()
    };
    assert_eq!(names(org_id(1)).await, ["key 3", "key 2", "key 1"]);
    assert_eq!(names(org_id(2)).await, ["key 4"]);
    assert_eq!(names(org_id(3)).await, [""; 0]);
}

async fn revoking_keeps_the_first_time_and_the_tenant(store: Arc<dyn IdentityStore>) {
    for n in [1, 2] {
        store.ensure_owner(user(n), organisation(n)).await.unwrap();
    }
    let key = api_key(1, org_id(1), user_id(1));
    store.add_api_key(key.clone(), None).await.unwrap();
    let revoke = async |org, id, ms| store.revoke_api_key(org, id, at(ms), None).await.unwrap();
    assert_eq!(
        revoke(org_id(2), key.id, 5).await,
        Written::Refused,
        "another organisation's key is absent"
    );
    let now = async || store.find_api_key(&key.hash).await.unwrap().unwrap().key;
    assert_eq!(now().await.revoked_at, None);
    assert_eq!(revoke(org_id(1), key.id, 6).await, Written::Done);
    assert_eq!(revoke(org_id(1), key.id, 7).await, Written::Done);
    let revoked = now().await;
    assert_eq!(revoked.revoked_at, Some(at(6)));
    assert!(!revoked.is_valid(at(8)));
    let unknown = api_key(9, org_id(1), user_id(1)).id;
    assert_eq!(revoke(org_id(1), unknown, 8).await, Written::Refused);
}

async fn the_last_use_never_goes_back(store: Arc<dyn IdentityStore>) {
    store.ensure_owner(user(1), organisation(1)).await.unwrap();
    let key = api_key(1, org_id(1), user_id(1));
    store.add_api_key(key.clone(), None).await.unwrap();
    let now = async || {
        store
            .find_api_key(&key.hash)
            .await
            .unwrap()
            .unwrap()
            .key
            .last_used_at
    };
    store.touch_api_key(key.id, at(1_000_000)).await.unwrap();
    assert_eq!(now().await, Some(at(1_000_000)));
    store.touch_api_key(key.id, at(10)).await.unwrap();
    assert_eq!(now().await, Some(at(1_000_000)));
    store.touch_api_key(key.id, at(2_000_000)).await.unwrap();
    assert_eq!(now().await, Some(at(2_000_000)));
    store
        .touch_api_key(api_key(9, org_id(1), user_id(1)).id, at(1))
        .await
        .unwrap();
}

async fn adding_a_key_twice_with_one_idempotency_key_adds_one(store: Arc<dyn IdentityStore>) {
    store.ensure_owner(user(1), organisation(1)).await.unwrap();
    let add = async |n, entry| {
        store
            .add_api_key(api_key(n, org_id(1), user_id(1)), Some(entry))
            .await
            .unwrap()
    };
    let refused = store
        .add_api_key(api_key(8, org_id(7), user_id(1)), Some(key("k", 1, "\"0\"")))
        .await
        .unwrap();
    assert_eq!(refused, Written::Refused);
    assert_eq!(
        add(1, key("k", 1, "\"1\"")).await,
        Written::Done,
        "a refused write leaves no key behind"
    );
    assert_eq!(
        add(2, key("k", 1, "\"2\"")).await,
        Written::Replayed("\"1\"".into())
    );
    assert_eq!(add(2, key("k", 2, "\"2\"")).await, Written::Conflict);
    assert_eq!(store.list_api_keys(org_id(1)).await.unwrap().len(), 1);
    let mut elsewhere = key("k", 2, "\"3\"");
    elsewhere.scope = "another".into();
    assert_eq!(add(3, elsewhere).await, Written::Done);
    let mut later = key("k", 2, "\"4\"");
    later.at = at(KEY_LIFETIME_MS);
    assert_eq!(add(4, later).await, Written::Done, "forgotten after a day");
    assert_eq!(store.list_api_keys(org_id(1)).await.unwrap().len(), 3);
}

async fn revoking_repeats_by_idempotency_key(store: Arc<dyn IdentityStore>) {
    store.ensure_owner(user(1), organisation(1)).await.unwrap();
    for n in [1, 2] {
        store
            .add_api_key(api_key(n, org_id(1), user_id(1)), None)
            .await
            .unwrap();
    }
    let revoke = async |n, entry| {
        let id = api_key(n, org_id(1), user_id(1)).id;
        store
            .revoke_api_key(org_id(1), id, at(5), Some(entry))
            .await
            .unwrap()
    };
    assert_eq!(revoke(9, key("r", 9, "null")).await, Written::Refused);
    assert_eq!(revoke(1, key("r", 1, "null")).await, Written::Done);
    assert_eq!(
        revoke(1, key("r", 1, "null")).await,
        Written::Replayed("null".into())
    );
    assert_eq!(revoke(2, key("r", 2, "null")).await, Written::Conflict);
    let other = store.find_api_key(&api_key(2, org_id(1), user_id(1)).hash).await;
    assert_eq!(
        other.unwrap().unwrap().key.revoked_at,
        None,
        "a conflict revokes nothing"
    );
}
