//! The part of the identity store about keys that change and accounts of machines.

use std::{collections::BTreeSet, sync::Arc};

use domain::tenancy::{ApiKey, Role, Scope, ServiceAccount};
use ports::{IdentityStore, idempotency::Written, identity::KeyChange};
use protocol::{ApiKeyId, Timestamp};

use crate::sample::{api_key, at, key, org_id, organisation, service_account, user, user_id};

async fn two_tenants(store: &Arc<dyn IdentityStore>) {
    for n in [1, 2] {
        store.ensure_owner(user(n), organisation(n)).await.unwrap();
    }
}

/// A key in the place of another.
fn in_place(n: u64, old: &ApiKey) -> ApiKey {
    ApiKey {
        replaces: Some(old.id),
        created_at: at(100),
        rate_per_s: Some(7),
        ..api_key(n, old.org, old.user)
    }
}

async fn now(store: &Arc<dyn IdentityStore>, id: ApiKeyId) -> ApiKey {
    store.lookup_api_key(org_id(1), id).await.unwrap().unwrap()
}

pub(super) async fn a_key_is_looked_up_and_changed_in_its_organisation(store: Arc<dyn IdentityStore>) {
    two_tenants(&store).await;
    let first = api_key(1, org_id(1), user_id(1));
    store.add_api_key(first.clone(), None).await.unwrap();
    store
        .add_api_key(api_key(2, org_id(1), user_id(2)), None)
        .await
        .unwrap();
    assert_eq!(now(&store, first.id).await, first);
    assert_eq!(store.lookup_api_key(org_id(2), first.id).await.unwrap(), None);
    let of = async |org, user| store.list_api_keys_of(org, user).await.unwrap();
    assert_eq!(of(org_id(1), user_id(1)).await, vec![first.clone()]);
    assert_eq!(of(org_id(2), user_id(1)).await, []);

    let change = KeyChange {
        name: "other".into(),
        scopes: BTreeSet::from([Scope::RunsRead]),
        rate_per_s: Some(3),
    };
    let update = async |org, entry| {
        store
            .update_api_key(org, first.id, change.clone(), entry)
            .await
            .unwrap()
    };
    assert_eq!(update(org_id(2), None).await, Written::Refused);
    assert_eq!(now(&store, first.id).await, first);
    let entry = || Some(key("u", 1, "\"1\""));
    assert_eq!(update(org_id(1), entry()).await, Written::Done);
    assert_eq!(
        update(org_id(1), entry()).await,
        Written::Replayed("\"1\"".into())
    );
    let changed = now(&store, first.id).await;
    assert_eq!((changed.name.as_str(), changed.rate_per_s), ("other", Some(3)));
    assert_eq!(changed.scopes, change.scopes);
    assert_eq!((changed.hash, changed.expires_at), (first.hash, first.expires_at));
    store
        .revoke_api_key(org_id(1), first.id, at(5), None)
        .await
        .unwrap();
    assert_eq!(update(org_id(1), None).await, Written::Refused, "revoked");
}

pub(super) async fn a_key_is_replaced_with_an_overlap(store: Arc<dyn IdentityStore>) {
    two_tenants(&store).await;
    let mut old = api_key(1, org_id(1), user_id(1));
    old.expires_at = None;
    store.add_api_key(old.clone(), None).await.unwrap();
    let new = in_place(2, &old);
    let rotate = async |new: &ApiKey, ends: Timestamp, entry| {
        store.rotate_api_key(new.clone(), ends, entry).await.unwrap()
    };
    for stranger in [
        ApiKey {
            org: org_id(2),
            ..new.clone()
        },
        ApiKey {
            user: user_id(2),
            ..new.clone()
        },
        ApiKey {
            replaces: Some(api_key(9, org_id(1), user_id(1)).id),
            ..new.clone()
        },
        ApiKey {
            replaces: None,
            ..new.clone()
        },
    ] {
        assert_eq!(rotate(&stranger, at(500), None).await, Written::Refused);
    }
    assert_eq!(now(&store, old.id).await, old, "nothing of it was kept");

    let entry = || Some(key("r", 1, "\"new\""));
    assert_eq!(rotate(&new, at(500), entry()).await, Written::Done);
    let replaced = now(&store, old.id).await;
    assert_eq!(
        (replaced.replaced_by, replaced.expires_at),
        (Some(new.id), Some(at(500)))
    );
    assert!(replaced.is_valid(at(499)) && !replaced.is_valid(at(500)));
    assert_eq!(store.find_api_key(&new.hash).await.unwrap().unwrap().key, new);
    assert_eq!(
        rotate(&in_place(3, &old), at(900), entry()).await,
        Written::Replayed("\"new\"".into())
    );
    assert_eq!(
        rotate(&in_place(3, &old), at(900), None).await,
        Written::Refused,
        "replaced already"
    );
    assert_eq!(store.list_api_keys(org_id(1)).await.unwrap().len(), 2);

    // The new one may be replaced in its turn, and never lives longer for it.
    let third = in_place(3, &new);
    assert_eq!(rotate(&third, at(2_000_000), None).await, Written::Done);
    assert_eq!(
        now(&store, new.id).await.expires_at,
        new.expires_at,
        "an overlap only shortens"
    );
    store
        .revoke_api_key(org_id(1), third.id, at(101), None)
        .await
        .unwrap();
    assert_eq!(
        rotate(&in_place(4, &third), at(900), None).await,
        Written::Refused,
        "revoked"
    );
    let mut late = in_place(5, &new);
    late.created_at = at(1_000_000);
    assert_eq!(rotate(&late, at(1_000_001), None).await, Written::Refused);
}

pub(super) async fn of_many_rotations_at_once_one_succeeds(store: Arc<dyn IdentityStore>) {
    two_tenants(&store).await;
    let old = api_key(1, org_id(1), user_id(1));
    store.add_api_key(old.clone(), None).await.unwrap();
    let mut racing = Vec::new();
    for n in 2..10 {
        let (store, new) = (Arc::clone(&store), in_place(n, &old));
        racing.push(tokio::spawn(async move {
            (new.id, store.rotate_api_key(new, at(500), None).await.unwrap())
        }));
    }
    let mut won = Vec::new();
    for racer in racing {
        let (id, written) = racer.await.unwrap();
        match written {
            Written::Done => won.push(id),
            other => assert_eq!(other, Written::Refused),
        }
    }
    let keys = store.list_api_keys(org_id(1)).await.unwrap();
    assert_eq!((won.len(), keys.len()), (1, 2));
    assert_eq!(now(&store, old.id).await.replaced_by, won.first().copied());
}

pub(super) async fn a_service_account_is_a_member_that_cannot_sign_in(store: Arc<dyn IdentityStore>) {
    two_tenants(&store).await;
    let robot = service_account(1, org_id(1));
    let add = async |account: &ServiceAccount, most| {
        store
            .add_service_account(account.clone(), most, None)
            .await
            .unwrap()
    };
    assert_eq!(
        add(&service_account(9, org_id(9)), 5).await,
        Written::Refused,
        "no such organisation"
    );
    assert_eq!(add(&robot, 0).await, Written::Refused, "there may be none");
    assert_eq!(add(&robot, 2).await, Written::Done);
    assert_eq!(add(&robot, 2).await, Written::Refused, "the same id");
    assert_eq!(store.find_user(&robot.address()).await.unwrap(), None);
    assert_eq!(store.count_members(org_id(1)).await.unwrap(), 2);
    assert_eq!(store.count_members(org_id(2)).await.unwrap(), 1);

    let mut held = api_key(1, org_id(1), robot.id);
    held.expires_at = None;
    assert_eq!(
        store.add_api_key(held.clone(), None).await.unwrap(),
        Written::Done
    );
    let found = async || store.find_api_key(&held.hash).await.unwrap().unwrap();
    let identity = found().await;
    assert_eq!(
        (identity.role, identity.service.as_deref()),
        (Some(Role::Member), Some("robot 1"))
    );
    let person = api_key(2, org_id(1), user_id(1));
    store.add_api_key(person.clone(), None).await.unwrap();
    assert_eq!(
        store.find_api_key(&person.hash).await.unwrap().unwrap().service,
        None
    );

    let second = service_account(2, org_id(1));
    add(&second, 2).await;
    assert_eq!(add(&service_account(3, org_id(1)), 2).await, Written::Refused);
    let list = async |org| store.list_service_accounts(org).await.unwrap();
    assert_eq!(list(org_id(1)).await, [second.clone(), robot.clone()]);
    assert_eq!(list(org_id(2)).await, []);

    let promoted = ServiceAccount {
        name: "nightly".into(),
        role: Role::Admin,
        ..robot.clone()
    };
    let update = async |account: ServiceAccount| store.update_service_account(account, None).await.unwrap();
    assert_eq!(
        update(ServiceAccount {
            org: org_id(2),
            ..promoted.clone()
        })
        .await,
        Written::Refused
    );
    assert_eq!(
        update(ServiceAccount {
            id: user_id(1),
            ..promoted.clone()
        })
        .await,
        Written::Refused,
        "a person is none"
    );
    assert_eq!(update(promoted.clone()).await, Written::Done);
    assert_eq!(list(org_id(1)).await, [second, promoted.clone()]);
    let identity = found().await;
    assert_eq!(
        (identity.role, identity.service.as_deref()),
        (Some(Role::Admin), Some("nightly"))
    );

    let remove = async |org, id, entry| store.remove_service_account(org, id, at(9), entry).await.unwrap();
    assert_eq!(remove(org_id(2), robot.id, None).await, Written::Refused);
    assert_eq!(remove(org_id(1), user_id(1), None).await, Written::Refused);
    let entry = || Some(key("d", 1, "null"));
    assert_eq!(remove(org_id(1), robot.id, entry()).await, Written::Done);
    assert_eq!(
        remove(org_id(1), robot.id, entry()).await,
        Written::Replayed("null".into())
    );
    assert_eq!(remove(org_id(1), robot.id, None).await, Written::Refused);
    assert_eq!(update(promoted).await, Written::Refused);
    let identity = found().await;
    assert_eq!((identity.role, identity.key.revoked_at), (None, Some(at(9))));
    assert_eq!(
        store
            .find_api_key(&person.hash)
            .await
            .unwrap()
            .unwrap()
            .key
            .revoked_at,
        None
    );
    assert_eq!(list(org_id(1)).await.len(), 1);
}
