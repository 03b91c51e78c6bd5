//! Environment secrets: a part of the contract of the tenants' configuration.

use std::sync::Arc;

use domain::{
    sealed::Sealed,
    secret::{EnvironmentSecret, MOST_IN_SCOPE, MOST_SCOPE_BYTES, Unfit},
};
use ports::{TenantStore, idempotency::Written, secrets::SecretWritten};
use protocol::api::{SecretPhase, SecretScope};

use crate::sample::{at, environment, key, model_provider, org_id, secret};

pub(super) async fn run(adapter: &str, make: impl Fn() -> Arc<dyn TenantStore>) {
    super::cases!(
        "tenants",
        adapter,
        make,
        [
            secrets_come_back_as_written,
            a_name_is_taken_once_in_a_scope,
            secrets_of_another_organisation_are_absent,
            a_scope_has_limits,
            secrets_go_with_their_environment,
            secret_writes_repeat_by_key,
            old_formats_are_found_and_replaced_once,
        ]
    );
}

fn done() -> SecretWritten {
    SecretWritten::Written(Written::Done)
}

fn refused() -> SecretWritten {
    SecretWritten::Written(Written::Refused)
}

async fn add(store: &Arc<dyn TenantStore>, row: EnvironmentSecret) -> SecretWritten {
    store.add_secret(row, None).await.unwrap()
}

async fn secrets_come_back_as_written(store: Arc<dyn TenantStore>) {
    let env = environment(1, org_id(1));
    store.add_environment(env.clone(), None).await.unwrap();
    let of_env = EnvironmentSecret {
        scope: SecretScope::EnvironmentId(env.id),
        phase: SecretPhase::Setup,
        ..secret(2, org_id(1))
    };
    for row in [secret(1, org_id(1)), of_env.clone()] {
        assert_eq!(store.update_secret(row.clone(), None).await.unwrap(), refused());
        assert_eq!(add(&store, row.clone()).await, done());
        assert_eq!(store.lookup_secret(org_id(1), row.id).await.unwrap(), Some(row));
    }
    let changed = EnvironmentSecret {
        phase: SecretPhase::Agent,
        size: 99,
        updated_at: at(9),
        sealed: Sealed {
            version: 2,
            key_id: "k".into(),
            data: "ZGF0YQ==".into(),
        },
        ..secret(1, org_id(1))
    };
    assert_eq!(store.update_secret(changed.clone(), None).await.unwrap(), done());
    assert_eq!(
        store.list_secrets(org_id(1)).await.unwrap(),
        [of_env, changed.clone()]
    );
    for expected in [Written::Done, Written::Refused] {
        let gone = store.delete_secret(org_id(1), changed.id, None).await.unwrap();
        assert_eq!(gone, expected);
    }
}

async fn a_name_is_taken_once_in_a_scope(store: Arc<dyn TenantStore>) {
    let env = environment(1, org_id(1));
    store.add_environment(env.clone(), None).await.unwrap();
    let named = |n, org, scope| EnvironmentSecret {
        name: "TOKEN".into(),
        scope,
        ..secret(n, org_id(org))
    };
    assert_eq!(add(&store, named(1, 1, SecretScope::Organisation)).await, done());
    assert_eq!(
        add(&store, named(2, 1, SecretScope::Organisation)).await,
        refused()
    );
    assert_eq!(
        add(&store, named(3, 1, SecretScope::EnvironmentId(env.id))).await,
        done()
    );
    assert_eq!(
        add(&store, named(4, 1, SecretScope::EnvironmentId(env.id))).await,
        refused()
    );
    assert_eq!(add(&store, named(5, 2, SecretScope::Organisation)).await, done());
    let other_case = EnvironmentSecret {
        name: "token".into(),
        ..secret(6, org_id(1))
    };
    assert_eq!(add(&store, other_case).await, done());
}

async fn secrets_of_another_organisation_are_absent(store: Arc<dyn TenantStore>) {
    let (mine, env) = (secret(1, org_id(1)), environment(1, org_id(1)));
    store.add_environment(env.clone(), None).await.unwrap();
    assert_eq!(add(&store, mine.clone()).await, done());
    assert_eq!(store.lookup_secret(org_id(2), mine.id).await.unwrap(), None);
    assert_eq!(store.list_secrets(org_id(2)).await.unwrap(), []);
    let gone = store.delete_secret(org_id(2), mine.id, None).await.unwrap();
    assert_eq!(gone, Written::Refused);
    let stolen = EnvironmentSecret {
        org: org_id(2),
        ..mine.clone()
    };
    assert_eq!(store.update_secret(stolen, None).await.unwrap(), refused());
    let planted = EnvironmentSecret {
        scope: SecretScope::EnvironmentId(env.id),
        ..secret(2, org_id(2))
    };
    assert_eq!(
        add(&store, planted).await,
        refused(),
        "the environment is another's"
    );
    assert_eq!(store.lookup_secret(org_id(1), mine.id).await.unwrap(), Some(mine));
}

async fn a_scope_has_limits(store: Arc<dyn TenantStore>) {
    for n in 0..MOST_IN_SCOPE as u64 {
        assert_eq!(add(&store, secret(n, org_id(1))).await, done());
    }
    let full = |unfit| SecretWritten::Full(unfit);
    assert_eq!(add(&store, secret(100, org_id(1))).await, full(Unfit::TooMany));
    let env = environment(1, org_id(1));
    store.add_environment(env.clone(), None).await.unwrap();
    let sized = |n, size| EnvironmentSecret {
        scope: SecretScope::EnvironmentId(env.id),
        size,
        ..secret(n, org_id(1))
    };
    assert_eq!(add(&store, sized(101, MOST_SCOPE_BYTES - 10)).await, done());
    assert_eq!(add(&store, sized(102, 11)).await, full(Unfit::TooMuch));
    assert_eq!(add(&store, sized(102, 10)).await, done());
    let update = async |row| store.update_secret(row, None).await.unwrap();
    assert_eq!(update(sized(102, 11)).await, full(Unfit::TooMuch));
    assert_eq!(
        update(sized(101, 20)).await,
        done(),
        "its own size does not count twice"
    );
    assert_eq!(add(&store, secret(103, org_id(2))).await, done());
}

async fn secrets_go_with_their_environment(store: Arc<dyn TenantStore>) {
    for n in [1, 2] {
        let env = environment(n, org_id(1));
        store.add_environment(env.clone(), None).await.unwrap();
        let row = EnvironmentSecret {
            scope: SecretScope::EnvironmentId(env.id),
            ..secret(n, org_id(1))
        };
        assert_eq!(add(&store, row).await, done());
    }
    assert_eq!(add(&store, secret(3, org_id(1))).await, done());
    let gone = environment(1, org_id(1)).id;
    assert_eq!(
        store.delete_environment(org_id(2), gone, None).await.unwrap(),
        Written::Refused
    );
    assert_eq!(store.list_secrets(org_id(1)).await.unwrap().len(), 3);
    assert_eq!(
        store.delete_environment(org_id(1), gone, None).await.unwrap(),
        Written::Done
    );
    let left = store.list_secrets(org_id(1)).await.unwrap();
    assert_eq!(
        left.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["SECRET_3", "SECRET_2"]
    );
}

async fn secret_writes_repeat_by_key(store: Arc<dyn TenantStore>) {
    let written = |written| SecretWritten::Written(written);
    let add = async |n, entry| store.add_secret(secret(n, org_id(1)), Some(entry)).await.unwrap();
    assert_eq!(add(1, key("a", 1, "\"1\"")).await, done());
    assert_eq!(
        add(2, key("a", 1, "\"2\"")).await,
        written(Written::Replayed("\"1\"".into()))
    );
    assert_eq!(add(2, key("a", 2, "\"2\"")).await, written(Written::Conflict));
    let update = async |entry| {
        store
            .update_secret(secret(1, org_id(1)), Some(entry))
            .await
            .unwrap()
    };
    assert_eq!(update(key("u", 1, "\"u\"")).await, done());
    assert_eq!(
        update(key("u", 1, "\"v\"")).await,
        written(Written::Replayed("\"u\"".into()))
    );
    let id = secret(1, org_id(1)).id;
    let delete = async |entry| store.delete_secret(org_id(1), id, Some(entry)).await.unwrap();
    assert_eq!(delete(key("d", 1, "null")).await, Written::Done);
    assert_eq!(
        delete(key("d", 1, "null")).await,
        Written::Replayed("null".into())
    );
    assert_eq!(delete(key("d", 2, "null")).await, Written::Conflict);
}

async fn old_formats_are_found_and_replaced_once(store: Arc<dyn TenantStore>) {
    let mut new = model_provider(3, org_id(2));
    new.sealed_key.version = 2;
    store.add_model_provider(new, None).await.unwrap();
    for n in [1, 2] {
        store
            .add_model_provider(model_provider(n, org_id(n)), None)
            .await
            .unwrap();
    }
    assert_eq!(store.count_old_sealed().await.unwrap(), 2);
    assert_eq!(store.old_sealed(1).await.unwrap().len(), 1);
    let old = store.old_sealed(10).await.unwrap();
    assert_eq!(
        old.iter().map(|row| row.org).collect::<Vec<_>>(),
        [org_id(1), org_id(2)]
    );
    let sealed = Sealed {
        version: 2,
        key_id: "k".into(),
        data: "bmV3".into(),
    };
    let mut other = old[0].clone();
    other.sealed.data = "b3RoZXI=".into();
    assert!(
        !store.reseal(other, sealed.clone()).await.unwrap(),
        "it has changed meanwhile"
    );
    assert!(store.reseal(old[0].clone(), sealed.clone()).await.unwrap());
    assert!(!store.reseal(old[0].clone(), sealed.clone()).await.unwrap());
    assert_eq!(store.count_old_sealed().await.unwrap(), 1);
    let row = store
        .lookup_model_provider(org_id(1), old[0].provider)
        .await
        .unwrap();
    assert_eq!(row.unwrap().sealed_key, sealed);
}
