//! Organisations on their way to the end: what waits in them, and what is left of what never began.

use std::time::Duration;

use ports::{Catalog, IdentityStore, catalog::SessionFilter};
use serde_json::{Value, json};
use testkit::sample::{session_id, session_row};

use crate::house::{House, Tenant};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn statuses(ana: &Tenant<'_>, session: &str) -> Vec<String> {
    let listed = ana
        .get(&format!("/v1/sessions/{session}/prompts"))
        .await
        .ok()
        .json();
    let items = listed["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|prompt| prompt["status"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn prompts_that_wait_are_cancelled_and_none_are_taken() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let other = house.tenant("other").await;
    let session = ana.session("s", None).await.to_string();
    let kept = other.session("kept", None).await.to_string();
    let prompt = async |tenant: &Tenant<'_>, session: &str| {
        let path = format!("/v1/sessions/{session}/prompts");
        tenant.post(&path, json!({"text": "run: ls"})).await
    };
    for _ in 0..3 {
        prompt(&ana, &session).await.ok();
        prompt(&other, &kept).await.ok();
    }
    let running = statuses(&ana, &session)
        .await
        .iter()
        .filter(|status| *status != "queued")
        .count();
    let waiting = 3 - running;
    assert!(waiting >= 2, "behind the first");
    ana.delete(&format!("/v1/orgs/{}", ana.who.org_id)).await.ok();
    let now = statuses(&ana, &session).await;
    let cancelled = now.iter().filter(|status| *status == "cancelled").count();
    assert_eq!(cancelled, waiting, "{now:?}");
    assert_eq!(prompt(&ana, &session).await.problem(), "organisation_closing");
    // Those of others wait as before.
    let theirs = statuses(&other, &kept).await;
    assert!(!theirs.contains(&"cancelled".to_owned()), "{theirs:?}");
}

#[tokio::test]
async fn what_never_began_and_programs_go_with_the_organisation() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let body = json!({"name": "robot", "role": "member"});
    let program: Value = ana.post("/v1/service-accounts", body).await.ok().json();
    let org = ana.who.org_id;
    let mut reserved = session_row(77, org);
    reserved.position = 0;
    house.fakes.catalog.reserve(reserved, None).await.unwrap();
    assert!(!house.fakes.audit.all(org).is_empty());
    ana.delete(&format!("/v1/orgs/{org}")).await.ok();
    house.fakes.clock.advance(DAY * 7);
    let gone = async {
        while house.app.erase_organisations().await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
    assert_eq!(house.fakes.catalog.lookup(session_id(77)).await.unwrap(), None);
    let everything = SessionFilter {
        include_archived: true,
        include_reserved: true,
        ..SessionFilter::default()
    };
    let rest = house.fakes.catalog.list(org, everything, None, 9).await.unwrap();
    assert!(rest.items.is_empty());
    let id = program["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(house.fakes.identity.lookup_user(id).await.unwrap(), None);
    assert!(
        house.fakes.audit.all(org).is_empty(),
        "nothing says who did what in it"
    );
    assert!(
        house
            .fakes
            .identity
            .lookup_user(ana.who.user_id)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn the_operator_is_told_that_a_name_is_not_free_yet() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    ana.delete(&format!("/v1/orgs/{}", ana.who.org_id)).await.ok();
    // Until the time of grace is over the operator can help.
    house.app.bootstrap("helper@example.org", "acme").await.unwrap();
    house.fakes.clock.advance(DAY * 7);
    faults.master_key.faults.inject("shred_unavailable", 1);
    assert_eq!(house.app.erase_organisations().await, 0, "begun, and not done");
    let refused = house.app.bootstrap("late@example.org", "acme").await.unwrap_err();
    assert_eq!(
        (refused.code.slug(), refused.field.as_deref()),
        ("conflict", Some("org"))
    );
    let nobody = house.fakes.identity.find_user("late@example.org").await.unwrap();
    assert_eq!(nobody, None);
    house.fakes.clock.advance(DAY);
    let gone = async {
        while house.app.erase_organisations().await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
    house.app.bootstrap("late@example.org", "acme").await.unwrap();
}
