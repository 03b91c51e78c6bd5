//! Model providers and environments: one organisation never sees or changes another's.

use std::sync::Arc;

use domain::{environment_definition::EnvironmentDefinition, models::ModelProvider};
use ports::{TenantStore, idempotency::Written};
use protocol::agent::Dialect;

use crate::sample::{at, environment, key, model_provider, org_id};

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn TenantStore>) {
    super::cases!(
        "tenants",
        adapter,
        make,
        [
            providers_come_back_as_written,
            a_slug_is_taken_once_in_an_organisation,
            providers_of_another_organisation_are_absent,
            updating_a_provider_needs_the_row,
            provider_writes_repeat_by_key,
            environments_come_back_as_written,
            environments_of_another_organisation_are_absent,
            environment_writes_repeat_by_key,
            deletions_repeat_by_key,
        ]
    );
    super::secrets::run(adapter, make).await;
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(crate::fake::tenants::Fake::default())).await;
    let quiet = || crate::fault::tenants::Faulty::around(Arc::new(crate::fake::tenants::Fake::default()));
    run("fake behind faults", || quiet()).await;
}

async fn providers_come_back_as_written(store: Arc<dyn TenantStore>) {
    let mut bare = model_provider(2, org_id(1));
    bare.base_url = None;
    bare.models.clear();
    bare.dialect = Dialect::Anthropic;
    for provider in [model_provider(1, org_id(1)), bare] {
        assert_eq!(
            store.add_model_provider(provider.clone(), None).await.unwrap(),
            Written::Done
        );
        assert_eq!(
            store.lookup_model_provider(org_id(1), provider.id).await.unwrap(),
            Some(provider.clone())
        );
        assert_eq!(
            store
                .find_model_provider(org_id(1), &provider.slug)
                .await
                .unwrap(),
            Some(provider)
        );
    }
    let slugs: Vec<String> = store
        .list_model_providers(org_id(1))
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.slug)
        .collect();
    assert_eq!(slugs, ["provider-2", "provider-1"], "newest first");
    let id = model_provider(1, org_id(1)).id;
    assert_eq!(
        store.delete_model_provider(org_id(1), id, None).await.unwrap(),
        Written::Done
    );
    assert_eq!(
        store.delete_model_provider(org_id(1), id, None).await.unwrap(),
        Written::Refused
    );
    assert_eq!(store.lookup_model_provider(org_id(1), id).await.unwrap(), None);
}

async fn a_slug_is_taken_once_in_an_organisation(store: Arc<dyn TenantStore>) {
    let first = model_provider(1, org_id(1));
    store.add_model_provider(first.clone(), None).await.unwrap();
    let named = |n, org| ModelProvider {
        slug: first.slug.clone(),
        ..model_provider(n, org)
    };
    assert_eq!(
        store.add_model_provider(named(2, org_id(1)), None).await.unwrap(),
        Written::Refused
    );
    assert_eq!(
        store.add_model_provider(named(3, org_id(2)), None).await.unwrap(),
        Written::Done
    );
    store
        .add_model_provider(model_provider(4, org_id(1)), None)
        .await
        .unwrap();
    assert_eq!(
        store
            .update_model_provider(named(4, org_id(1)), None)
            .await
            .unwrap(),
        Written::Refused
    );
    assert_eq!(
        store.update_model_provider(first.clone(), None).await.unwrap(),
        Written::Done
    );
    store
        .delete_model_provider(org_id(1), first.id, None)
        .await
        .unwrap();
    assert_eq!(
        store.add_model_provider(named(2, org_id(1)), None).await.unwrap(),
        Written::Done
    );
}

async fn providers_of_another_organisation_are_absent(store: Arc<dyn TenantStore>) {
    let mine = model_provider(1, org_id(1));
    store.add_model_provider(mine.clone(), None).await.unwrap();
    assert_eq!(
        store.lookup_model_provider(org_id(2), mine.id).await.unwrap(),
        None
    );
    assert_eq!(
        store.find_model_provider(org_id(2), &mine.slug).await.unwrap(),
        None
    );
    assert_eq!(store.list_model_providers(org_id(2)).await.unwrap(), vec![]);
    assert_eq!(
        store
            .delete_model_provider(org_id(2), mine.id, None)
            .await
            .unwrap(),
        Written::Refused
    );
    let stolen = ModelProvider {
        org: org_id(2),
        slug: "stolen".into(),
        ..mine.clone()
    };
    assert_eq!(
        store.update_model_provider(stolen.clone(), None).await.unwrap(),
        Written::Refused
    );
    assert_eq!(
        store.add_model_provider(stolen, None).await.unwrap(),
        Written::Refused
    );
    assert_eq!(
        store.lookup_model_provider(org_id(1), mine.id).await.unwrap(),
        Some(mine)
    );
}

async fn updating_a_provider_needs_the_row(store: Arc<dyn TenantStore>) {
    let provider = model_provider(1, org_id(1));
    assert_eq!(
        store.update_model_provider(provider.clone(), None).await.unwrap(),
        Written::Refused
    );
    store.add_model_provider(provider.clone(), None).await.unwrap();
    let mut rotated = provider.clone();
    rotated.sealed_key.data = "b3RoZXI=".into();
    rotated.key_hint = "…9999".into();
    rotated.models.clear();
    rotated.updated_at = at(9);
    assert_eq!(
        store.update_model_provider(rotated.clone(), None).await.unwrap(),
        Written::Done
    );
    assert_eq!(
        store.lookup_model_provider(org_id(1), provider.id).await.unwrap(),
        Some(rotated)
    );
}

async fn provider_writes_repeat_by_key(store: Arc<dyn TenantStore>) {
    let add = async |n, entry| {
        store
            .add_model_provider(model_provider(n, org_id(1)), Some(entry))
            .await
            .unwrap()
    };
    assert_eq!(add(1, key("a", 1, "\"1\"")).await, Written::Done);
    assert_eq!(
        add(2, key("a", 1, "\"2\"")).await,
        Written::Replayed("\"1\"".into())
    );
    assert_eq!(add(2, key("a", 2, "\"2\"")).await, Written::Conflict);
    assert_eq!(store.list_model_providers(org_id(1)).await.unwrap().len(), 1);
    let update = async |hint: &str, entry| {
        let changed = ModelProvider {
            key_hint: hint.into(),
            ..model_provider(1, org_id(1))
        };
        store.update_model_provider(changed, Some(entry)).await.unwrap()
    };
    assert_eq!(update("one", key("u", 1, "\"u\"")).await, Written::Done);
    assert_eq!(
        update("two", key("u", 1, "\"v\"")).await,
        Written::Replayed("\"u\"".into())
    );
    assert_eq!(update("two", key("u", 2, "\"v\"")).await, Written::Conflict);
    assert_eq!(
        store.list_model_providers(org_id(1)).await.unwrap()[0].key_hint,
        "one"
    );
}

async fn environments_come_back_as_written(store: Arc<dyn TenantStore>) {
    let bare = EnvironmentDefinition {
        repository: None,
        setup: vec![],
        ..environment(2, org_id(1))
    };
    for definition in [environment(1, org_id(1)), bare] {
        assert_eq!(
            store.update_environment(definition.clone(), None).await.unwrap(),
            Written::Refused
        );
        assert_eq!(
            store.add_environment(definition.clone(), None).await.unwrap(),
            Written::Done
        );
        assert_eq!(
            store.add_environment(definition.clone(), None).await.unwrap(),
            Written::Refused
        );
        assert_eq!(
            store.lookup_environment(org_id(1), definition.id).await.unwrap(),
            Some(definition)
        );
    }
    let changed = EnvironmentDefinition {
        name: "other".into(),
        setup: vec!["make".into()],
        ..environment(1, org_id(1))
    };
    assert_eq!(
        store.update_environment(changed.clone(), None).await.unwrap(),
        Written::Done
    );
    let list = store.list_environments(org_id(1)).await.unwrap();
    assert_eq!(
        list.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["environment 2", "other"],
        "newest first"
    );
    assert_eq!(
        store
            .delete_environment(org_id(1), changed.id, None)
            .await
            .unwrap(),
        Written::Done
    );
    assert_eq!(
        store
            .delete_environment(org_id(1), changed.id, None)
            .await
            .unwrap(),
        Written::Refused
    );
}

async fn environments_of_another_organisation_are_absent(store: Arc<dyn TenantStore>) {
    let mine = environment(1, org_id(1));
    store.add_environment(mine.clone(), None).await.unwrap();
    assert_eq!(store.lookup_environment(org_id(2), mine.id).await.unwrap(), None);
    assert_eq!(store.list_environments(org_id(2)).await.unwrap(), vec![]);
    assert_eq!(
        store.delete_environment(org_id(2), mine.id, None).await.unwrap(),
        Written::Refused
    );
    let stolen = EnvironmentDefinition {
        org: org_id(2),
        ..mine.clone()
    };
    assert_eq!(
        store.update_environment(stolen, None).await.unwrap(),
        Written::Refused
    );
    assert_eq!(
        store.lookup_environment(org_id(1), mine.id).await.unwrap(),
        Some(mine)
    );
}

async fn environment_writes_repeat_by_key(store: Arc<dyn TenantStore>) {
    let add = async |n, entry| {
        store
            .add_environment(environment(n, org_id(1)), Some(entry))
            .await
            .unwrap()
    };
    assert_eq!(add(1, key("a", 1, "\"1\"")).await, Written::Done);
    assert_eq!(
        add(2, key("a", 1, "\"2\"")).await,
        Written::Replayed("\"1\"".into())
    );
    assert_eq!(add(2, key("a", 2, "\"2\"")).await, Written::Conflict);
    let update = async |name: &str, entry| {
        let changed = EnvironmentDefinition {
            name: name.into(),
            ..environment(1, org_id(1))
        };
        store.update_environment(changed, Some(entry)).await.unwrap()
    };
    assert_eq!(update("one", key("u", 1, "\"u\"")).await, Written::Done);
    assert_eq!(
        update("two", key("u", 1, "\"v\"")).await,
        Written::Replayed("\"u\"".into())
    );
    let list = store.list_environments(org_id(1)).await.unwrap();
    assert_eq!(
        list.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["one"]
    );
}

async fn deletions_repeat_by_key(store: Arc<dyn TenantStore>) {
    for n in [1, 2] {
        store
            .add_model_provider(model_provider(n, org_id(1)), None)
            .await
            .unwrap();
        store
            .add_environment(environment(n, org_id(1)), None)
            .await
            .unwrap();
    }
    let provider = async |n, entry| {
        let id = model_provider(n, org_id(1)).id;
        store
            .delete_model_provider(org_id(1), id, Some(entry))
            .await
            .unwrap()
    };
    let refused = provider(9, key("p", 9, "null")).await;
    assert_eq!(refused, Written::Refused, "which leaves no key behind");
    assert_eq!(provider(1, key("p", 1, "null")).await, Written::Done);
    assert_eq!(
        provider(1, key("p", 1, "null")).await,
        Written::Replayed("null".into())
    );
    assert_eq!(provider(2, key("p", 2, "null")).await, Written::Conflict);
    assert_eq!(provider(1, key("q", 1, "null")).await, Written::Refused);
    assert_eq!(store.list_model_providers(org_id(1)).await.unwrap().len(), 1);
    let definition = async |n, entry| {
        let id = environment(n, org_id(1)).id;
        store
            .delete_environment(org_id(1), id, Some(entry))
            .await
            .unwrap()
    };
    assert_eq!(definition(1, key("e", 1, "null")).await, Written::Done);
    assert_eq!(
        definition(1, key("e", 1, "null")).await,
        Written::Replayed("null".into())
    );
    assert_eq!(definition(2, key("e", 2, "null")).await, Written::Conflict);
    assert_eq!(store.list_environments(org_id(1)).await.unwrap().len(), 1);
}
