//! Wrapped keys: one for each organisation, replaced only by whoever knows what is there, and gone for good when gone.

use std::sync::Arc;

use domain::sealed::{KeptKey, WrappedKey};
use ports::OrganisationKeys;

use crate::sample::org_id;

/// Runs the suite.
pub async fn run(make: impl Fn() -> Arc<dyn OrganisationKeys>) {
    the_first_key_stays(make()).await;
    only_what_is_known_is_replaced(make()).await;
    what_is_destroyed_stays_so(make()).await;
    those_of_others_are_found(make()).await;
}

fn key(org: u64, key_id: &str, data: &str) -> WrappedKey {
    WrappedKey {
        org: org_id(org),
        version: 1,
        key_id: key_id.into(),
        data: data.into(),
    }
}

async fn the_first_key_stays(keys: Arc<dyn OrganisationKeys>) {
    assert_eq!(keys.lookup(org_id(1)).await.unwrap(), KeptKey::Absent);
    let first = key(1, "a", "one");
    for attempt in [first.clone(), key(1, "b", "two")] {
        let kept = keys.ensure(attempt).await.unwrap();
        assert_eq!(kept, KeptKey::Wrapped(first.clone()));
    }
    assert_eq!(keys.lookup(org_id(1)).await.unwrap(), KeptKey::Wrapped(first));
    assert_eq!(keys.lookup(org_id(2)).await.unwrap(), KeptKey::Absent);
}

async fn only_what_is_known_is_replaced(keys: Arc<dyn OrganisationKeys>) {
    let (first, second) = (key(1, "a", "one"), key(1, "b", "two"));
    assert!(!keys.replace(first.clone(), second.clone()).await.unwrap());
    keys.ensure(first.clone()).await.unwrap();
    assert!(keys.replace(first.clone(), second.clone()).await.unwrap());
    assert!(!keys.replace(first, key(1, "c", "three")).await.unwrap());
    assert!(!keys.replace(second.clone(), key(2, "c", "three")).await.unwrap());
    assert_eq!(keys.lookup(org_id(1)).await.unwrap(), KeptKey::Wrapped(second));
    assert_eq!(keys.lookup(org_id(2)).await.unwrap(), KeptKey::Absent);
}

async fn what_is_destroyed_stays_so(keys: Arc<dyn OrganisationKeys>) {
    let (mine, other) = (key(1, "a", "one"), key(2, "a", "two"));
    keys.ensure(mine.clone()).await.unwrap();
    keys.ensure(other.clone()).await.unwrap();
    for _ in 0..2 {
        keys.shred(org_id(1)).await.unwrap();
        assert_eq!(keys.lookup(org_id(1)).await.unwrap(), KeptKey::Shredded);
        assert_eq!(keys.ensure(mine.clone()).await.unwrap(), KeptKey::Shredded);
        assert!(!keys.replace(mine.clone(), key(1, "b", "x")).await.unwrap());
    }
    keys.shred(org_id(3)).await.unwrap();
    assert_eq!(keys.ensure(key(3, "a", "x")).await.unwrap(), KeptKey::Shredded);
    assert_eq!(keys.lookup(org_id(2)).await.unwrap(), KeptKey::Wrapped(other));
    assert_eq!(keys.count_wrapped_by_others("b").await.unwrap(), 1);
}

async fn those_of_others_are_found(keys: Arc<dyn OrganisationKeys>) {
    for (org, key_id) in [(1, "a"), (2, "b"), (3, "a")] {
        keys.ensure(key(org, key_id, "x")).await.unwrap();
    }
    let found = keys.wrapped_by_others("b", 10).await.unwrap();
    assert_eq!(
        found.iter().map(|key| key.org).collect::<Vec<_>>(),
        [org_id(1), org_id(3)]
    );
    assert_eq!(keys.wrapped_by_others("b", 1).await.unwrap().len(), 1);
    assert_eq!(keys.count_wrapped_by_others("b").await.unwrap(), 2);
    assert_eq!(keys.count_wrapped_by_others("c").await.unwrap(), 3);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn on_the_fake() {
        run(|| Arc::new(crate::fake::MemoryOrganisationKeys::default())).await;
    }
}
