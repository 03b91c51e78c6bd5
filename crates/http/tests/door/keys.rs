//! Keys that change: rotation, narrowing, whose they are; and the accounts of machines.

use std::time::Duration;

use domain::tenancy::Role;
use ports::idempotency::Written;
use protocol::api::Bootstrapped;
use serde_json::{Value, json};

use crate::house::{House, Tenant, demo_session};

/// Somebody who acts with this key.
fn with<'a>(house: &'a House, like: &Tenant<'_>, key: &Value) -> Tenant<'a> {
    Tenant {
        house,
        who: Bootstrapped {
            api_key: key["key"].as_str().unwrap().to_owned(),
            ..like.who.clone()
        },
    }
}

/// A person with a role in an organisation that another owns.
async fn member<'a>(house: &'a House, owner: &Tenant<'_>, name: &str, role: Role) -> Tenant<'a> {
    let own = house.tenant(name).await;
    let (org, user) = (owner.who.org_id, own.who.user_id);
    house.fakes.identity.set_role(org, user, Some(role));
    let text = domain::api_key::text(&[u8::try_from(name.len()).unwrap(); 32]);
    let mut key = testkit::sample::api_key(name.len() as u64, org, user);
    key.hash = domain::session::hash_secret(&text);
    key.scopes.clear();
    key.expires_at = None;
    let added = ports::IdentityStore::add_api_key(&*house.fakes.identity, key, None).await;
    assert_eq!(added.unwrap(), Written::Done);
    Tenant {
        house,
        who: Bootstrapped {
            org_id: org,
            api_key: text,
            ..own.who
        },
    }
}

#[tokio::test]
async fn a_key_is_replaced_and_both_work_until_the_overlap_is_over() {
    let house = House::new().await;
    let owner = house.tenant("acme").await;
    let body = json!({"name": "ci", "scopes": ["sessions:read"], "rate_per_s": 50});
    let old = owner.post("/v1/api-keys", body).await.ok().json();
    let path = format!("/v1/api-keys/{}/rotate", old["id"].as_str().unwrap());
    let long = owner.post(&path, json!({"overlap_s": 2_592_001})).await;
    assert_eq!(
        (long.problem().as_str(), long.json()["field"].as_str()),
        ("invalid_request", Some("overlap_s"))
    );

    let hour = json!({"overlap_s": 3600});
    let made = owner.post_with_key("POST", &path, "r", &hour).await;
    assert_eq!(made.status, 201);
    let new = made.json();
    for name in ["name", "scopes", "rate_per_s", "user_id"] {
        assert_eq!(new[name], old[name], "{name}");
    }
    assert_eq!(new["replaces"], old["id"]);
    let again = owner.post_with_key("POST", &path, "r", &hour).await;
    assert!(again.replayed() && again.json()["key"].is_null());
    assert_eq!(again.json()["id"], new["id"]);
    assert_eq!(owner.post(&path, json!({})).await.problem(), "conflict");

    let list = owner.get("/v1/api-keys").await.ok().json();
    let listed = |id: &Value| {
        let items = list["items"].as_array().unwrap();
        items.iter().find(|item| item["id"] == *id).unwrap().clone()
    };
    assert_eq!(listed(&old["id"])["replaced_by"], new["id"]);
    assert_eq!(listed(&old["id"])["expires_at"], new["replaced_expires_at"]);
    assert_eq!(listed(&new["id"])["replaces"], old["id"]);

    let (before, after) = (with(&house, &owner, &old), with(&house, &owner, &new));
    assert_eq!(before.get("/v1/sessions").await.status, 200);
    assert_eq!(after.get("/v1/sessions").await.status, 200);
    house.fakes.clock.advance(Duration::from_secs(3600));
    assert_eq!(before.get("/v1/sessions").await.problem(), "unauthenticated");
    assert_eq!(after.get("/v1/sessions").await.status, 200);
}

#[tokio::test]
async fn a_rotation_whose_answer_is_lost_makes_one_key() {
    let (house, faults) = House::with_faults().await;
    let owner = house.tenant("acme").await;
    let old = owner
        .post("/v1/api-keys", json!({"name": "ci"}))
        .await
        .ok()
        .json();
    let path = format!("/v1/api-keys/{}/rotate", old["id"].as_str().unwrap());
    faults.identity.faults.inject("rotate_unknown_written", 1);
    let lost = owner.post_with_key("POST", &path, "r", &json!({})).await;
    assert_eq!(lost.problem(), "unavailable");
    assert!(!lost.text().contains("ack_"));
    let again = owner.post_with_key("POST", &path, "r", &json!({})).await.ok();
    assert!(again.replayed() && again.json()["key"].is_null());
    assert_eq!(with(&house, &owner, &old).get("/v1/sessions").await.status, 200);
    let list = owner.get("/v1/api-keys").await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn members_manage_their_own_keys_and_admins_all_but_never_hold_anothers() {
    let house = House::new().await;
    let owner = house.tenant("acme").await;
    let ana = member(&house, &owner, "ana", Role::Member).await;
    let eva = member(&house, &owner, "evelyn", Role::Admin).await;
    let own = ana
        .post("/v1/api-keys", json!({"name": "mine"}))
        .await
        .ok()
        .json();
    let count = async |who: &Tenant<'_>| {
        let list = who.get("/v1/api-keys").await.ok().json();
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((count(&ana).await, count(&eva).await), (2, 4));

    let listed = owner.get("/v1/api-keys").await.json();
    let of_owner = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["user_id"] == json!(owner.who.user_id));
    let foreign = format!("/v1/api-keys/{}", of_owner.unwrap()["id"].as_str().unwrap());
    let rotate = format!("{foreign}/rotate");
    assert_eq!(ana.delete(&foreign).await.problem(), "not_found");
    assert_eq!(ana.post(&rotate, json!({})).await.problem(), "not_found");
    assert_eq!(
        ana.call("PATCH", &foreign, json!({"name": "x"})).await.problem(),
        "not_found"
    );
    // An admin who held an owner's key would be an owner.
    assert_eq!(eva.post(&rotate, json!({})).await.problem(), "forbidden");
    assert_eq!(
        eva.call("PATCH", &foreign, json!({"name": "x"})).await.status,
        200
    );

    let mine = format!("/v1/api-keys/{}", own["id"].as_str().unwrap());
    let patch = async |who: &Tenant<'_>, body| who.call("PATCH", &mine, body).await;
    let narrowed = patch(&eva, json!({"scopes": ["sessions:read"], "rate_per_s": 5}))
        .await
        .ok();
    assert_eq!(narrowed.json()["rate_per_s"], 5);
    assert_eq!(
        patch(&eva, json!({"scopes": ["admin"]})).await.problem(),
        "forbidden"
    );
    assert_eq!(
        patch(&ana, json!({"scopes": ["sessions:all"]})).await.problem(),
        "invalid_request"
    );
    assert_eq!(
        patch(&ana, json!({"rate_per_s": 0})).await.problem(),
        "invalid_request"
    );
    let wider = patch(&ana, json!({"scopes": ["sessions:write"], "rate_per_s": null}))
        .await
        .ok()
        .json();
    assert!(wider["rate_per_s"].is_null());
    assert_eq!(ana.delete(&mine).await.status, 204);
    assert_eq!(patch(&ana, json!({"name": "y"})).await.problem(), "conflict");
}

#[tokio::test]
async fn keys_of_before_there_were_checksums_go_on_working() {
    let house = House::new().await;
    let owner = house.tenant("acme").await;
    let text = format!("ack_{}", "aB3-_".repeat(9).get(..43).unwrap());
    let mut key = testkit::sample::api_key(7, owner.who.org_id, owner.who.user_id);
    key.hash = domain::session::hash_secret(&text);
    key.expires_at = None;
    ports::IdentityStore::add_api_key(&*house.fakes.identity, key, None)
        .await
        .unwrap();
    let old = with(&house, &owner, &json!({"key": text}));
    assert_eq!(old.get("/v1/sessions").await.status, 200);
    // A slip of one character is told without asking anybody: the store is down here, and it is 401 all the same.
    let (house, faults) = House::with_faults().await;
    let owner = house.tenant("acme").await;
    let mut slip = owner.who.api_key.clone();
    let last = if slip.ends_with('0') { '1' } else { '0' };
    slip.pop();
    slip.push(last);
    faults.identity.faults.inject("read_unavailable", 1);
    let wrong = with(&house, &owner, &json!({"key": slip}));
    assert_eq!(wrong.get("/v1/sessions").await.problem(), "unauthenticated");
    faults.heal();
}

#[tokio::test]
async fn a_service_account_acts_through_keys_and_nothing_else() {
    let house = House::new().await;
    let owner = house.tenant("acme").await;
    let stranger = house.tenant("other").await;
    let eva = member(&house, &owner, "evelyn", Role::Admin).await;
    let robots = "/v1/service-accounts";
    assert_eq!(
        owner
            .post(robots, json!({"name": "x", "role": "owner"}))
            .await
            .problem(),
        "invalid_request"
    );
    let robot = eva
        .post(robots, json!({"name": "nightly", "role": "member"}))
        .await;
    assert_eq!(robot.status, 201);
    let robot = robot.json();
    assert_eq!(robot["kind"], "service");
    let id = robot["id"].as_str().unwrap();
    let path = format!("{robots}/{id}");
    assert_eq!(
        stranger
            .call("PATCH", &path, json!({"name": "x"}))
            .await
            .problem(),
        "not_found"
    );
    assert_eq!(stranger.delete(&path).await.problem(), "not_found");
    let for_it = json!({"name": "k", "service_account": id});
    let foreign = stranger.post("/v1/api-keys", for_it.clone()).await;
    assert_eq!(
        (foreign.problem().as_str(), foreign.json()["field"].as_str()),
        ("invalid_request", Some("service_account"))
    );
    let key = eva.post("/v1/api-keys", for_it).await.ok().json();
    assert_eq!(key["user_id"], robot["id"]);
    let acts = with(&house, &owner, &key);
    let made = acts.post("/v1/sessions", demo_session()).await.ok().json();
    assert_eq!(acts.get("/v1/me").await.ok().json()["user"]["id"], robot["id"]);
    assert!(made.to_string().contains("nightly"), "{made}");

    // The key outlives the admin who made it.
    house
        .fakes
        .identity
        .set_role(owner.who.org_id, eva.who.user_id, None);
    assert_eq!(eva.get("/v1/me").await.problem(), "unauthenticated");
    assert_eq!(acts.get("/v1/sessions").await.status, 200);

    // Signing in as it looks like signing in as nobody.
    let sign_in = async |email: String| {
        let body = json!({"email": email, "password": "a long one that nobody has"});
        let request = http::Request::post("/v1/auth/sign-in")
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(axum::body::Body::from(body.to_string()))
            .unwrap();
        house.send(request).await.problem()
    };
    assert_eq!(sign_in(format!("{id}@service.invalid")).await, "sign_in_failed");
    assert_eq!(sign_in("nobody@example.org".into()).await, "sign_in_failed");

    let demoted = owner
        .call("PATCH", &path, json!({"role": "viewer", "name": "reader"}))
        .await
        .ok();
    assert_eq!(demoted.json()["role"], "viewer");
    assert_eq!(
        acts.post("/v1/sessions", demo_session()).await.problem(),
        "forbidden"
    );
    let list = owner.get(robots).await.ok().json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(owner.delete(&path).await.status, 204);
    assert_eq!(owner.delete(&path).await.problem(), "not_found");
    assert_eq!(acts.get("/v1/sessions").await.problem(), "unauthenticated");
}
