//! Organisations: who may do what in them, how one comes in and goes, and how they end.

use std::time::Duration;

use axum::body::Body;
use domain::tenancy::Role;
use http::{Request, header};
use ports::{Catalog, IdentityStore, identity::Organisations};
use protocol::{OrgId, api::Bootstrapped};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, json_post, send},
    house::{Answer, House, Tenant, demo_session, provider},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// An organisation whose owner is Ana, with Bo in it as whatever is said; Bo owns another one, too.
async fn two<'a>(house: &'a House, role: Role) -> (Tenant<'a>, Tenant<'a>) {
    let (ana, bo) = (house.tenant("acme").await, house.tenant("bo").await);
    house
        .fakes
        .identity
        .set_role(ana.who.org_id, bo.who.user_id, Some(role));
    (ana, bo)
}

fn org(who: &Bootstrapped) -> String {
    format!("/v1/orgs/{}", who.org_id)
}

fn token(created: &Answer) -> String {
    let link = created.json()["link"].as_str().unwrap().to_owned();
    let (page, token) = link.split_once("#token=").unwrap();
    assert!(page.ends_with("/invitation"), "{page}");
    token.to_owned()
}

async fn call(browser: &Browser, method: &str, path: &str, key: &str, body: &Value) -> Answer {
    let request = browser
        .request(method, path)
        .header(header::CONTENT_TYPE, "application/json")
        .header("Idempotency-Key", key);
    browser
        .send(request.body(Body::from(body.to_string())).unwrap())
        .await
}

#[tokio::test]
async fn a_person_makes_organisations_and_a_key_has_one() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let browser = Browser::linked(&house, &ana.who).await;
    let body = json!({"slug": "second", "name": "Second Ltd"});
    let made = call(&browser, "POST", "/v1/orgs", "k", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(
        (made.json()["role"].as_str(), made.json()["name"].as_str()),
        (Some("owner"), Some("Second Ltd"))
    );
    let again = call(&browser, "POST", "/v1/orgs", "k", &body).await;
    assert!(again.replayed());
    assert_eq!(again.json(), made.json());
    let other = json!({"slug": "third"});
    let conflict = call(&browser, "POST", "/v1/orgs", "k", &other).await;
    assert_eq!(conflict.problem(), "idempotency_conflict");
    assert_eq!(
        browser.call("POST", "/v1/orgs", &body).await.problem(),
        "conflict"
    );
    for bad in ["", "-x", "Upper", "a b"] {
        let answer = browser.call("POST", "/v1/orgs", &json!({"slug": bad})).await;
        assert_eq!(answer.problem(), "invalid_request", "{bad}");
    }
    assert_eq!(ana.post("/v1/orgs", other).await.problem(), "forbidden");
    let all = browser.get("/v1/orgs").await.ok().json();
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    assert_eq!(all["items"][0]["slug"], "second");
    let own = ana.get("/v1/orgs").await.ok().json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    let me = browser.get("/v1/me").await.ok().json();
    assert_eq!(me["organisations"][1]["name"], "Second Ltd");
    assert_eq!(me["organisation"]["name"], "acme");

    let second = format!("/v1/orgs/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(
        ana.get(&second).await.problem(),
        "not_found",
        "a key is tied to one"
    );
    let renamed = browser.call("PATCH", &second, &json!({"name": " New "})).await;
    assert_eq!(renamed.ok().json()["name"], "New");
    assert_eq!(browser.get(&second).await.ok().json()["slug"], "second");
    for n in 0..19 {
        let body = json!({"slug": format!("more-{n}")});
        assert_eq!(browser.call("POST", "/v1/orgs", &body).await.status, 201);
    }
    let refused = browser
        .call("POST", "/v1/orgs", &json!({"slug": "too-many"}))
        .await;
    assert_eq!(refused.problem(), "organisation_limit");
    assert_eq!(refused.json()["limit"], 20);
}

#[tokio::test]
async fn what_is_not_theirs_is_not_there() {
    let house = House::new().await;
    let (ana, eve) = (house.tenant("acme").await, house.tenant("eve").await);
    let browser = Browser::linked(&house, &eve.who).await;
    let at = org(&ana.who);
    let member = format!("{at}/members/{}", ana.who.user_id);
    let invitation = format!("{at}/invitations/inv_{}", "0".repeat(26));
    for (method, path) in [
        ("GET", at.clone()),
        ("PATCH", at.clone()),
        ("DELETE", at.clone()),
        ("POST", format!("{at}/restore")),
        ("GET", format!("{at}/members")),
        ("PATCH", member.clone()),
        ("DELETE", member),
        ("POST", format!("{at}/leave")),
        ("POST", format!("{at}/transfer")),
        ("GET", format!("{at}/invitations")),
        ("POST", format!("{at}/invitations")),
        ("DELETE", invitation),
    ] {
        for body in [
            json!({}),
            json!("no object"),
            json!({"name": "x", "role": "owner"}),
        ] {
            for answer in [
                eve.call(method, &path, body.clone()).await,
                browser.call(method, &path, &body).await,
            ] {
                assert_eq!(answer.problem(), "not_found", "{method} {path}");
                assert_eq!(answer.json()["detail"], "There is no such organisation.");
            }
        }
        let bare = Request::builder()
            .method(method)
            .uri(&path)
            .body(Body::empty())
            .unwrap();
        assert_eq!(house.send(bare).await.problem(), "unauthenticated");
    }
}

#[tokio::test]
async fn roles_say_who_touches_whom() {
    let house = House::new().await;
    let (ana, bo) = two(&house, Role::Viewer).await;
    let browser = Browser::linked(&house, &bo.who).await;
    let at = org(&ana.who);
    let (ana_at, bo_at) = (
        format!("{at}/members/{}", ana.who.user_id),
        format!("{at}/members/{}", bo.who.user_id),
    );
    let members = browser.get(&format!("{at}/members?limit=1")).await.ok().json();
    assert!(members["next_cursor"].is_string());
    let may = async |role| {
        house
            .fakes
            .identity
            .set_role(ana.who.org_id, bo.who.user_id, Some(role));
        let invite = |role: &str| json!({ "role": role });
        let invitations = format!("{at}/invitations");
        let mut may = Vec::new();
        for (name, answer) in [
            ("rename", browser.call("PATCH", &at, &json!({"name": "n"})).await),
            (
                "invite a viewer",
                browser.call("POST", &invitations, &invite("viewer")).await,
            ),
            (
                "invite an admin",
                browser.call("POST", &invitations, &invite("admin")).await,
            ),
            (
                "invite an owner",
                browser.call("POST", &invitations, &invite("owner")).await,
            ),
            ("list invitations", browser.get(&invitations).await),
            (
                "demote an owner",
                browser.call("PATCH", &ana_at, &json!({"role": "owner"})).await,
            ),
            (
                "promote oneself",
                browser.call("PATCH", &bo_at, &json!({"role": "owner"})).await,
            ),
        ] {
            match answer.status.as_u16() {
                200 | 201 => may.push(name),
                _ => assert_eq!(answer.problem(), "forbidden", "{name}"),
            }
        }
        may
    };
    assert!(may(Role::Viewer).await.is_empty() && may(Role::Member).await.is_empty());
    assert_eq!(
        may(Role::Admin).await,
        ["rename", "invite a viewer", "invite an admin", "list invitations"]
    );
    assert_eq!(may(Role::Owner).await.len(), 7);
    let bad = browser.call("PATCH", &bo_at, &json!({"role": "emperor"})).await;
    assert_eq!(bad.problem(), "invalid_request");
    let nobody = format!("{at}/members/usr_{}", "0".repeat(26));
    let answer = browser.call("PATCH", &nobody, &json!({"role": "admin"})).await;
    assert_eq!(answer.problem(), "not_found");
    assert_eq!(
        browser.call("DELETE", &nobody, &json!({})).await.problem(),
        "not_found"
    );
}

#[tokio::test]
async fn who_loses_a_role_loses_their_keys_of_that_organisation() {
    let house = House::new().await;
    let (ana, bo) = two(&house, Role::Owner).await;
    let browser = Browser::linked(&house, &bo.who).await;
    let request = browser
        .request("POST", "/v1/api-keys")
        .header("Coordinator-Org", ana.who.org_id.to_string())
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({"name": "bo at acme"}).to_string()))
        .unwrap();
    let key = browser.send(request).await.ok().json()["key"]
        .as_str()
        .unwrap()
        .to_owned();
    let at_acme = Tenant {
        house: &house,
        who: Bootstrapped {
            api_key: key,
            ..ana.who.clone()
        },
    };
    at_acme.get("/v1/sessions").await.ok();
    let bo_at = format!("{}/members/{}", org(&ana.who), bo.who.user_id);
    let mut endings = house.app.endings();
    let actor = house.app.authenticate(&at_acme.who.api_key).await.unwrap();
    let lowered = ana.call("PATCH", &bo_at, json!({"role": "member"})).await;
    assert_eq!(lowered.ok().json()["role"], "member");
    tokio::time::timeout(Duration::from_secs(5), endings.concern(&actor))
        .await
        .unwrap();
    assert_eq!(at_acme.get("/v1/sessions").await.problem(), "unauthenticated");
    bo.get("/v1/sessions").await.ok();
    ana.get("/v1/sessions").await.ok();
    let remove = async || ana.post_with_key("DELETE", &bo_at, "r", &json!({})).await;
    assert_eq!(remove().await.status, 204);
    assert!(remove().await.ok().replayed());
    assert_eq!(ana.delete(&bo_at).await.problem(), "not_found");
    assert_eq!(browser.get(&org(&ana.who)).await.problem(), "not_found");
}

#[tokio::test]
async fn an_organisation_keeps_an_owner_and_can_be_handed_over() {
    let house = House::new().await;
    let (ana, bo) = two(&house, Role::Member).await;
    let (anas, bos) = (
        Browser::linked(&house, &ana.who).await,
        Browser::linked(&house, &bo.who).await,
    );
    let at = org(&ana.who);
    let leave = format!("{at}/leave");
    assert_eq!(
        anas.call("POST", &leave, &json!({})).await.problem(),
        "last_owner"
    );
    let ana_at = format!("{at}/members/{}", ana.who.user_id);
    assert_eq!(
        anas.call("DELETE", &ana_at, &json!({})).await.problem(),
        "last_owner"
    );
    let step_back = anas.call("PATCH", &ana_at, &json!({"role": "admin"})).await;
    assert_eq!(step_back.problem(), "last_owner");
    assert_eq!(ana.post(&leave, json!({})).await.problem(), "forbidden", "a key");

    let transfer = format!("{at}/transfer");
    let to_bo = json!({"user_id": bo.who.user_id});
    assert_eq!(
        ana.post(&transfer, to_bo.clone()).await.problem(),
        "forbidden",
        "a key"
    );
    assert_eq!(bos.call("POST", &transfer, &to_bo).await.problem(), "forbidden");
    for nobody in [json!(ana.who.user_id), json!(format!("usr_{}", "0".repeat(26)))] {
        let answer = anas.call("POST", &transfer, &json!({"user_id": nobody})).await;
        assert_eq!(answer.problem(), "invalid_request");
    }
    assert_eq!(anas.call("POST", &transfer, &to_bo).await.status, 204);
    assert_eq!(bos.get(&at).await.ok().json()["role"], "owner");
    assert_eq!(anas.get(&at).await.ok().json()["role"], "admin");
    assert_eq!(
        ana.get("/v1/me").await.problem(),
        "unauthenticated",
        "the former owner's keys ended with it"
    );
    let gone = call(&anas, "POST", &leave, "l", &json!({})).await;
    assert_eq!((gone.status.as_u16(), gone.replayed()), (204, false));
    assert!(call(&anas, "POST", &leave, "l", &json!({})).await.ok().replayed());
    assert_eq!(anas.call("POST", &leave, &json!({})).await.problem(), "not_found");
    // Who belongs nowhere can still begin anew.
    let made = anas.call("POST", "/v1/orgs", &json!({"slug": "anew"})).await;
    assert_eq!(made.status, 201, "{}", made.text());
}

#[tokio::test]
async fn an_invitation_leads_in_once() {
    let house = House::new().await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("bo").await);
    let eve = house.tenant("eve").await;
    let (bos, eves) = (
        Browser::linked(&house, &bo.who).await,
        Browser::linked(&house, &eve.who).await,
    );
    let invitations = format!("{}/invitations", org(&ana.who));
    let meant = json!({"email": "Bo@Example.org", "role": "member"});
    let made = ana.post_with_key("POST", &invitations, "i", &meant).await;
    assert_eq!(
        (made.status.as_u16(), made.json()["email"].as_str()),
        (201, Some("bo@example.org"))
    );
    let repeated = ana.post_with_key("POST", &invitations, "i", &meant).await;
    assert!(repeated.replayed() && repeated.json()["link"].is_null());
    let body = json!({"token": token(&made)});
    let listed = ana.get(&invitations).await.ok();
    assert!(!listed.text().contains(&token(&made)));
    assert_eq!(listed.json()["items"][0]["status"], "open");

    let preview = async |body: &Value| send(&house.router, json_post("/v1/invitations/preview", body)).await;
    let shown = preview(&body).await.ok().json();
    assert_eq!(
        (shown["organisation"].as_str(), shown["role"].as_str()),
        (Some("acme"), Some("member"))
    );
    assert!(!shown.to_string().contains("org_"), "{shown}");
    let accept = "/v1/invitations/accept";
    assert_eq!(
        send(&house.router, json_post(accept, &body)).await.problem(),
        "unauthenticated"
    );
    assert_eq!(
        bo.post(accept, body.clone()).await.problem(),
        "forbidden",
        "a key"
    );
    assert_eq!(
        eves.call("POST", accept, &body).await.problem(),
        "forbidden",
        "another address"
    );
    let joined = call(&bos, "POST", accept, "a", &body).await.ok();
    assert_eq!(
        (joined.json()["slug"].as_str(), joined.json()["role"].as_str()),
        (Some("acme"), Some("member"))
    );
    assert!(call(&bos, "POST", accept, "a", &body).await.ok().replayed());
    assert_eq!(bos.get(&org(&ana.who)).await.status, 200);
    let open = ana.post(&invitations, json!({"role": "viewer"})).await.ok();
    let open_body = json!({"token": token(&open)});
    assert_eq!(
        bos.call("POST", accept, &open_body).await.problem(),
        "conflict",
        "a member already"
    );
    let revoke = format!("{invitations}/{}", open.json()["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(ana.delete(&revoke).await.status, 204);
    }
    let used = format!("{invitations}/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(ana.delete(&used).await.problem(), "not_found");
    let late = ana.post(&invitations, json!({"role": "viewer"})).await.ok();
    house.fakes.clock.advance(DAY * 7);
    let eves = Browser::linked(&house, &eve.who).await;
    let mut said = Vec::new();
    for token in [
        token(&made),
        token(&open),
        token(&late),
        "0".repeat(64),
        "x".repeat(5000),
    ] {
        let body = json!({ "token": token });
        for answer in [preview(&body).await, eves.call("POST", accept, &body).await] {
            assert_eq!(answer.problem(), "invitation_expired");
            said.push(answer.json()["detail"].clone());
        }
    }
    said.dedup();
    assert_eq!(said.len(), 1, "used, revoked, outdated, unknown: all the same");
    // Links that do not work are held up after a while, those that do never are.
    for _ in 0..6 {
        preview(&json!({"token": "0".repeat(64)})).await;
    }
    let wrong = preview(&json!({"token": "0".repeat(64)})).await;
    assert_eq!(wrong.problem(), "rate_limited");
    let good = ana.post(&invitations, json!({"role": "viewer"})).await.ok();
    preview(&json!({"token": token(&good)})).await.ok();
    let now = house.app.now();
    for expires_at in [now, now.after(DAY * 31)] {
        let answer = ana
            .post(&invitations, json!({"role": "viewer", "expires_at": expires_at}))
            .await;
        assert_eq!(answer.problem(), "invalid_request");
    }
}

#[tokio::test]
async fn an_invitation_whose_answer_is_lost_is_accepted_once() {
    let (house, faults) = House::with_faults().await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("bo").await);
    let bos = Browser::linked(&house, &bo.who).await;
    let invitations = format!("{}/invitations", org(&ana.who));
    for (fault, problem) in [
        ("write_unavailable", "unavailable"),
        ("write_full", "storage_full"),
    ] {
        faults.identity.faults.inject(fault, 1);
        let answer = ana.post(&invitations, json!({"role": "viewer"})).await;
        assert_eq!(answer.problem(), problem);
        assert!(!answer.text().contains("token"));
    }
    let made = ana.post(&invitations, json!({"role": "viewer"})).await.ok();
    let body = json!({"token": token(&made)});
    faults.identity.faults.inject("accept_unknown_written", 1);
    let accept = async || call(&bos, "POST", "/v1/invitations/accept", "a", &body).await;
    assert_eq!(accept().await.problem(), "unavailable");
    assert!(accept().await.ok().replayed());
    let members = house.fakes.identity.list_members(ana.who.org_id, None, 9).await;
    assert_eq!(members.unwrap().items.len(), 2);
}

#[tokio::test]
async fn what_is_going_to_be_deleted_can_be_read_and_restored() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let session = ana.session("s", None).await;
    let at = org(&ana.who);
    let asked = ana.post_with_key("DELETE", &at, "d", &json!({})).await.ok();
    let deletion = asked.json()["deletion"].clone();
    let effective = house.app.now().after(DAY * 7);
    assert_eq!(deletion["effective_at"], json!(effective));
    assert!(
        ana.post_with_key("DELETE", &at, "d", &json!({}))
            .await
            .ok()
            .replayed()
    );
    house.fakes.clock.advance(DAY);
    assert_eq!(
        ana.delete(&at).await.ok().json()["deletion"],
        deletion,
        "the first date stays"
    );
    for path in ["/v1/sessions", "/v1/runs", "/v1/environments", "/v1/me"] {
        ana.get(path).await.ok();
    }
    let prompts = format!("/v1/sessions/{session}/prompts");
    for (method, path, body) in [
        ("POST", "/v1/sessions", demo_session()),
        ("POST", prompts.as_str(), json!({"text": "x"})),
        ("POST", "/v1/model-providers", provider()),
        ("POST", "/v1/api-keys", json!({"name": "k"})),
        ("PATCH", at.as_str(), json!({"name": "n"})),
    ] {
        let answer = ana.call(method, path, body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (409, "organisation_closing"),
            "{method} {path}"
        );
        let said = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            said.contains("/restore") && said.contains(&effective.to_string()),
            "{said}"
        );
    }
    assert_eq!(house.app.erase_organisations().await, 0);
    let restored = ana.post(&format!("{at}/restore"), json!({})).await.ok();
    assert!(restored.json()["deletion"].is_null());
    ana.post(&prompts, json!({"text": "x"})).await.ok();
    house.fakes.clock.advance(DAY * 30);
    assert_eq!(house.app.erase_organisations().await, 0);
    ana.get(&at).await.ok();
}

/// What is still kept of an organisation, and that nobody acts in it.
async fn remains(house: &House, org: OrgId) -> (usize, usize, bool) {
    let all = ports::catalog::SessionFilter {
        include_archived: true,
        include_reserved: true,
        ..Default::default()
    };
    let sessions = house.fakes.catalog.list(org, all, None, 99).await.unwrap();
    let providers = ports::TenantStore::list_model_providers(&*house.fakes.tenants, org).await;
    let row = house.fakes.identity.lookup_organisation(org).await.unwrap();
    (sessions.items.len(), providers.unwrap().len(), row.is_some())
}

/// Sweeps until it is gone: what a session leaves is removed in the background.
async fn sweep(house: &House, org: OrgId) {
    let gone = async {
        while house.app.erase_organisations().await == 0 {
            assert!(remains(house, org).await.2);
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.unwrap();
}

#[tokio::test]
async fn after_the_time_of_grace_nothing_is_left_whatever_broke_on_the_way() {
    let (house, faults) = House::with_faults().await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("other").await);
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(ana.session(&format!("s{n}"), None).await);
    }
    ana.post("/v1/model-providers", provider()).await.ok();
    ana.post("/v1/environments", json!({"name": "e", "setup": []}))
        .await
        .ok();
    let kept = bo.session("kept", None).await;
    bo.post("/v1/model-providers", provider()).await.ok();
    ana.delete(&org(&ana.who)).await.ok();
    house.fakes.clock.advance(DAY * 7);
    let org_id = ana.who.org_id;
    // The process ends after each step in turn: here, the step fails instead.
    faults.identity.faults.inject("read_unavailable", 1);
    assert_eq!(house.app.erase_organisations().await, 0);
    assert!(remains(&house, org_id).await.2);
    faults.master_key.faults.inject("shred_unavailable", 1);
    assert_eq!(house.app.erase_organisations().await, 0);
    assert!(
        remains(&house, org_id).await.2,
        "what cannot be destroyed now is not said to be gone"
    );
    faults.tenants.faults.inject("read_unavailable", 1);
    assert_eq!(house.app.erase_organisations().await, 0);
    assert_eq!(
        ana.get("/v1/sessions").await.problem(),
        "unauthenticated",
        "nobody is left"
    );
    faults.event_bus.faults.inject("forget_unavailable", 1);
    faults.audit.faults.inject("forget_unavailable", 1);
    faults.identity.faults.inject("erase_unavailable", 1);
    let seen = async {
        while house.app.erase_organisations().await == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), seen).await.unwrap();
    assert_eq!(remains(&house, org_id).await, (0, 0, false));
    let feed = house.fakes.event_bus.all(org_id);
    assert!(feed.is_empty(), "{feed:?}");
    let audit = house.fakes.audit.all(org_id);
    assert!(audit.is_empty(), "{audit:?}");
    // The other one is as it was, and the slug is free.
    assert_eq!(remains(&house, bo.who.org_id).await, (1, 1, true));
    bo.get(&format!("/v1/sessions/{kept}")).await.ok();
    let anew = house.tenant("acme").await;
    assert_ne!(anew.who.org_id, org_id);
    for id in ids {
        assert_eq!(
            anew.get(&format!("/v1/sessions/{id}")).await.problem(),
            "not_found"
        );
    }
    assert_eq!(house.app.erase_organisations().await, 0);
}

#[tokio::test]
async fn a_restoration_that_comes_too_late_finds_nothing() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let browser = Browser::linked(&house, &ana.who).await;
    ana.delete(&org(&ana.who)).await.ok();
    house.fakes.clock.advance(DAY * 7);
    sweep(&house, ana.who.org_id).await;
    let restore = format!("{}/restore", org(&ana.who));
    assert_eq!(ana.post(&restore, json!({})).await.problem(), "unauthenticated");
    let answer = browser.call("POST", &restore, &json!({})).await;
    assert!(["not_found", "unauthenticated"].contains(&answer.problem().as_str()));
}
