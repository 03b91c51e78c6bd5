//! People who belong to no organisation, and the ways into one: an invitation that is accepted, one that came by mail, and
//! one that a sign-up began with.

use app::{AccountSettings, Limits};
use domain::{limits::Quotas, mail::Letter, sign_in::SignUpPolicy, tenancy::Role};
use ports::{IdentityStore, identity::Organisations};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, json_post, send},
    house::{Answer, House, Tenant},
};

const PASSWORD: &str = "a long one that only I know";

async fn post(house: &House, path: &str, body: Value) -> Answer {
    send(&house.router, json_post(path, &body)).await
}

/// Somebody with an account and a password who was a member once.
async fn outsider(house: &House) -> Browser {
    let bo = house.tenant("bo").await;
    let browser = Browser::linked(house, &bo.who).await;
    browser.set_password(PASSWORD, None).await.ok();
    house.fakes.identity.set_role(bo.who.org_id, bo.who.user_id, None);
    Browser::signed_in(house, "bo@example.org", PASSWORD).await
}

async fn invite(ana: &Tenant<'_>, email: Option<&str>) -> Answer {
    let path = format!("/v1/orgs/{}/invitations", ana.who.org_id);
    ana.post(&path, json!({"email": email, "role": "member"}))
        .await
        .ok()
}

fn token(created: &Answer) -> String {
    let link = created.json()["link"].as_str().unwrap().to_owned();
    link.split_once("#token=").unwrap().1.to_owned()
}

#[tokio::test]
async fn somebody_who_belongs_nowhere_signs_in_and_accepts_an_invitation() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let bo = outsider(&house).await;
    let me = bo.get("/v1/me").await.ok().json();
    assert_eq!(me["user"]["email"], "bo@example.org");
    assert!(me["organisation"].is_null() && me["role"].is_null());
    assert_eq!(
        (&me["organisations"], &me["has_password"]),
        (&json!([]), &json!(true))
    );
    assert_eq!(me["csrf_token"], bo.csrf.as_str());
    // Everything that is done in an organisation says what is missing, whichever is named.
    let acme = ana.who.org_id;
    for (method, path) in [
        ("GET", "/v1/sessions".to_owned()),
        ("POST", "/v1/sessions".to_owned()),
        ("GET", "/v1/api-keys".to_owned()),
        ("GET", "/v1/models".to_owned()),
        ("GET", "/v1/orgs".to_owned()),
        ("GET", format!("/v1/orgs/{acme}")),
        ("GET", format!("/v1/orgs/org_{}", "0".repeat(26))),
    ] {
        let refused = match method {
            "GET" => bo.get(&path).await,
            _ => bo.call(method, &path, &json!({})).await,
        };
        assert_eq!(
            (refused.status.as_u16(), refused.problem().as_str()),
            (403, "no_organisation"),
            "{method} {path}"
        );
    }
    // What is their own is theirs all the same.
    bo.get("/v1/auth/sessions").await.ok();
    let body = json!({"token": token(&invite(&ana, None).await)});
    let joined = bo.call("POST", "/v1/invitations/accept", &body).await.ok();
    assert_eq!(joined.json()["slug"], "acme");
    let me = bo.get("/v1/me").await.ok().json();
    assert_eq!(
        (&me["organisation"]["slug"], &me["role"]),
        (&json!("acme"), &json!("member"))
    );
    bo.get("/v1/sessions").await.ok();
}

#[tokio::test]
async fn an_invitation_with_an_address_is_sent_there_and_says_nothing_of_accounts() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    house.tenant("known").await;
    let path = format!("/v1/orgs/{}/invitations", ana.who.org_id);
    let shown = async |email: &str| {
        let before = house.fakes.passwords.work();
        let made = invite(&ana, Some(email)).await;
        assert_eq!(house.fakes.passwords.work(), before);
        house.app.letters_written().await;
        let Some(Letter::Invitation {
            organisation,
            invited_by,
            link,
        }) = house.fakes.mailer.newest_to(email)
        else {
            panic!("no invitation was sent to {email}")
        };
        assert_eq!(
            (organisation.as_str(), invited_by.as_str()),
            ("acme", "acme@example.org")
        );
        assert_eq!(link.token().expose(), token(&made), "the same link");
        let mut body = made.json();
        for name in ["id", "link", "email", "expires_at"] {
            assert!(body.as_object_mut().unwrap().remove(name).is_some());
        }
        let headers: Vec<String> = made.headers.keys().map(ToString::to_string).collect();
        (made.status.as_u16(), body, headers)
    };
    assert_eq!(
        shown("known@example.org").await,
        shown("nobody@example.org").await
    );
    // A repeat with the same key sends nothing again, and without an address there is nobody to send it to.
    let meant = json!({"email": "once@example.org", "role": "member"});
    for _ in 0..2 {
        ana.post_with_key("POST", &path, "i", &meant).await.ok();
    }
    invite(&ana, None).await;
    house.app.letters_written().await;
    assert_eq!(house.fakes.mailer.all().len(), 3);
    // Nobody's mailbox is filled.
    for _ in 0..30 {
        invite(&ana, Some("full@example.org")).await;
    }
    house.app.letters_written().await;
    assert_eq!(house.fakes.mailer.all().len(), 13);
}

#[tokio::test]
async fn an_invited_sign_up_is_a_member_or_nobody() {
    let (house, faults) = House::with_faults().await;
    let _ = house.app.clone().with_accounts(AccountSettings {
        sign_up: SignUpPolicy::InviteOnly,
        ..AccountSettings::default()
    });
    let ana = house.tenant("acme").await;
    let verify = async |email: &str, invitation: &str| {
        let body = json!({"email": email, "password": PASSWORD, "invitation": invitation});
        assert_eq!(post(&house, "/v1/auth/sign-up", body).await.status, 202);
        house.app.letters_written().await;
        match house.fakes.mailer.newest_to(email) {
            Some(Letter::VerifyEmail { link }) => {
                json!({"token": link.token().expose(), "password": PASSWORD})
            }
            other => panic!("no letter with a link: {other:?}"),
        }
    };
    let made = invite(&ana, None).await;
    let proof = verify("bo@example.org", &token(&made)).await;
    // The answer is lost, and the sign-up was used up with everything that belongs to it.
    faults
        .identity
        .faults
        .inject("complete_sign_up_unknown_written", 1);
    let lost = post(&house, "/v1/auth/verify-email", proof.clone()).await;
    assert_eq!(lost.problem(), "unavailable");
    assert_eq!(
        post(&house, "/v1/auth/verify-email", proof).await.problem(),
        "link_expired"
    );
    let bo = Browser::signed_in(&house, "bo@example.org", PASSWORD).await;
    let me = bo.get("/v1/me").await.ok().json();
    assert_eq!(
        (&me["organisation"]["slug"], &me["role"]),
        (&json!("acme"), &json!("member"))
    );
    assert_eq!(me["organisations"].as_array().unwrap().len(), 1);
    // One that is withdrawn before the address is proved makes nobody.
    let made = invite(&ana, None).await;
    let proof = verify("eve@example.org", &token(&made)).await;
    let id = made.json()["id"].as_str().unwrap().to_owned();
    ana.delete(&format!("/v1/orgs/{}/invitations/{id}", ana.who.org_id))
        .await
        .ok();
    let refused = post(&house, "/v1/auth/verify-email", proof).await;
    assert_eq!(refused.problem(), "sign_up_closed");
    let nobody = house.fakes.identity.find_user("eve@example.org").await.unwrap();
    assert_eq!(nobody, None);
}

#[tokio::test]
async fn an_organisation_takes_no_more_members_than_it_may() {
    let house = House::with_limits(Limits {
        quotas: Quotas {
            members: 2,
            ..Quotas::default()
        },
        ..Limits::default()
    })
    .await;
    let ana = house.tenant("acme").await;
    let bo = outsider(&house).await;
    let path = "/v1/service-accounts";
    let program = ana.post(path, json!({"name": "robot"})).await.ok().json();
    let body = json!({"token": token(&invite(&ana, None).await)});
    let full = bo.call("POST", "/v1/invitations/accept", &body).await;
    assert_eq!(full.problem(), "quota_exceeded");
    // It is not used up.
    let id = program["id"].as_str().unwrap();
    ana.delete(&format!("{path}/{id}")).await.ok();
    bo.call("POST", "/v1/invitations/accept", &body).await.ok();
    // Who is a member already is told that, however full it is.
    let again = json!({"token": token(&invite(&ana, None).await)});
    let member = bo.call("POST", "/v1/invitations/accept", &again).await;
    assert_eq!(member.problem(), "conflict");
}

#[tokio::test]
async fn programs_are_no_members_to_be_changed() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let body = json!({"name": "robot", "role": "member"});
    let program = ana.post("/v1/service-accounts", body).await.ok().json();
    let members = format!("/v1/orgs/{}/members", ana.who.org_id);
    let listed = ana.get(&members).await.ok().json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    let one = format!("{members}/{}", program["id"].as_str().unwrap());
    for (method, body) in [("PATCH", json!({"role": "admin"})), ("DELETE", json!({}))] {
        assert_eq!(ana.call(method, &one, body).await.problem(), "not_found");
    }
    let owner = Browser::linked(&house, &ana.who).await;
    let to = json!({"user_id": program["id"]});
    let transfer = format!("/v1/orgs/{}/transfer", ana.who.org_id);
    assert_eq!(
        owner.call("POST", &transfer, &to).await.problem(),
        "invalid_request"
    );
    let all = ana.get("/v1/service-accounts").await.ok().json();
    assert_eq!(all["items"][0]["role"], "member");
    let owners = house
        .fakes
        .identity
        .find_member(ana.who.org_id, ana.who.user_id)
        .await;
    assert_eq!(owners.unwrap().unwrap().role, Role::Owner);
}
