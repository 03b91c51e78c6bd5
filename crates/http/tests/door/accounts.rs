//! Accounts: signing up, forgotten passwords, one's browsers; and that none of it tells who has one.

use std::{net::SocketAddr, time::Duration};

use app::AccountSettings;
use axum::extract::ConnectInfo;
use domain::{
    mail::Letter,
    sign_in::{RESET_LIFE, SIGN_UP_LIFE, SignUpPolicy},
};
use http::header;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, json_post, send},
    house::{Answer, House},
};

const PASSWORD: &str = "a long one that only I know";
const OTHER: &str = "another long one of mine";

/// A house where everybody may sign up.
async fn open_house() -> House {
    let house = House::new().await;
    let _ = house.app.clone().with_accounts(settings(SignUpPolicy::Open));
    house
}

fn settings(sign_up: SignUpPolicy) -> AccountSettings {
    AccountSettings {
        sign_up,
        url: "https://agents.example.org".into(),
        ..AccountSettings::default()
    }
}

async fn post(house: &House, path: &str, body: Value) -> Answer {
    send(&house.router, json_post(path, &body)).await
}

async fn post_from(house: &House, peer: &str, path: &str, body: Value) -> Answer {
    let mut request = json_post(path, &body);
    let peer: SocketAddr = peer.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    request
        .headers_mut()
        .insert(header::USER_AGENT, agent.parse().unwrap());
    send(&house.router, request).await
}

fn sign_up(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD})
}

/// The token of the newest letter to an address.
async fn token(house: &House, email: &str) -> String {
    house.app.letters_written().await;
    match house.fakes.mailer.newest_to(email) {
        Some(Letter::VerifyEmail { link } | Letter::ResetPassword { link }) => {
            link.token().expose().to_owned()
        }
        other => panic!("no letter with a link: {other:?}"),
    }
}

/// Everything but what differs between any two answers: the number of the request.
fn words(answer: &Answer) -> (u16, Value, Vec<(String, String)>) {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("request_id");
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "coordinator-request-id")
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    (answer.status.as_u16(), body, headers)
}

#[tokio::test]
async fn a_sign_up_becomes_an_account_once_its_address_is_proved() {
    let house = open_house().await;
    let asked = post(&house, "/v1/auth/sign-up", sign_up(" Ana.B@Example.org ")).await;
    assert_eq!(asked.status, 202, "{}", asked.text());
    let email = "ana.b@example.org";
    let token = token(&house, email).await;
    let try_in = async || post(&house, "/v1/auth/sign-in", sign_up(email)).await;
    assert_eq!(try_in().await.problem(), "sign_in_failed", "not proved yet");
    // Who has the message alone, or the password alone, has nothing.
    let verify = async |token: &str, password: &str| {
        let body = json!({"token": token, "password": password});
        post(&house, "/v1/auth/verify-email", body).await
    };
    assert_eq!(verify(&token, OTHER).await.problem(), "sign_in_failed");
    assert_eq!(verify(&"0".repeat(64), PASSWORD).await.problem(), "link_expired");
    let answer = verify(&token, PASSWORD).await.ok();
    let told = answer.json();
    assert_eq!(told["me"]["user"]["email"], email);
    assert_eq!(
        (&told["me"]["role"], &told["me"]["second_factor"]),
        (&json!("owner"), &json!(false))
    );
    let slug = told["me"]["organisation"]["slug"].as_str().unwrap();
    assert!(slug.starts_with("ana-b-"), "an organisation of one's own: {slug}");
    Browser::of(&house.router, &answer).get("/v1/me").await.ok();
    assert_eq!(verify(&token, PASSWORD).await.problem(), "link_expired", "once");
    try_in().await.ok();
    // Too late.
    post(&house, "/v1/auth/sign-up", sign_up("late@example.org"))
        .await
        .ok();
    let token = self::token(&house, "late@example.org").await;
    house.fakes.clock.advance(SIGN_UP_LIFE);
    assert_eq!(verify(&token, PASSWORD).await.problem(), "link_expired");
}

#[tokio::test]
async fn who_may_sign_up_is_said_by_the_operator() {
    let house = House::new().await;
    let refused = post(&house, "/v1/auth/sign-up", sign_up("ana@example.org")).await;
    assert_eq!(
        (refused.status.as_u16(), refused.problem().as_str()),
        (403, "sign_up_closed"),
        "invitations alone unless it is said"
    );
    let mut uninvited = sign_up("ana@example.org");
    uninvited["invitation"] = json!("0".repeat(64));
    let refused = post(&house, "/v1/auth/sign-up", uninvited.clone()).await;
    assert_eq!(refused.problem(), "sign_up_closed");
    assert_eq!(refused.json()["field"], "invitation");
    let house = House::new().await;
    let _ = house.app.clone().with_accounts(settings(SignUpPolicy::Closed));
    let refused = post(&house, "/v1/auth/sign-up", uninvited).await;
    assert_eq!(refused.problem(), "sign_up_closed");
    let house = House::new().await;
    let _ = house.app.clone().with_accounts(AccountSettings {
        domains: vec!["example.org".into()],
        ..settings(SignUpPolicy::Open)
    });
    let refused = post(
        &house,
        "/v1/auth/sign-up",
        sign_up("ana@example.org.evil.example"),
    )
    .await;
    assert_eq!(refused.problem(), "sign_up_closed");
    assert_eq!(refused.json()["field"], "email");
    post(&house, "/v1/auth/sign-up", sign_up("ana@example.org"))
        .await
        .ok();
    house.app.letters_written().await;
    assert_eq!(house.fakes.mailer.all().len(), 1);
}

#[tokio::test]
async fn nothing_tells_whether_an_account_exists() {
    let house = open_house().await;
    let ana = house.tenant("acme").await;
    house.tenant("silent").await;
    Browser::linked(&house, &ana.who)
        .await
        .set_password(PASSWORD, None)
        .await
        .ok();
    let invitations = format!("/v1/orgs/{}/invitations", ana.who.org_id);
    let made = ana
        .post(&invitations, json!({"role": "member"}))
        .await
        .ok()
        .json();
    let link = made["link"].as_str().unwrap().to_owned();
    let invited = |email: &str| {
        let mut body = sign_up(email);
        body["invitation"] = json!(link.split_once("#token=").unwrap().1);
        body
    };
    for (path, known, absent) in [
        (
            "/v1/auth/sign-in",
            json!({"email": "acme@example.org", "password": OTHER}),
            json!({"email": "nobody@example.org", "password": OTHER}),
        ),
        (
            "/v1/auth/sign-in",
            json!({"email": "silent@example.org", "password": OTHER}),
            json!({"email": "nobody@example.org", "password": OTHER}),
        ),
        (
            "/v1/auth/sign-up",
            sign_up("acme@example.org"),
            sign_up("nobody@example.org"),
        ),
        (
            "/v1/auth/sign-up",
            invited("acme@example.org"),
            invited("guest@example.org"),
        ),
        (
            "/v1/auth/reset",
            json!({"email": "acme@example.org"}),
            json!({"email": "nobody@example.org"}),
        ),
    ] {
        let cost = async |body: Value| {
            let before = house.fakes.passwords.work();
            let answer = post(&house, path, body).await;
            (words(&answer), house.fakes.passwords.work() - before)
        };
        let (known, absent) = (cost(known).await, cost(absent).await);
        assert_eq!(known, absent, "{path}: the same words for the same work");
        house.app.letters_written().await;
    }
    // The mail tells, and only those who read it.
    assert!(matches!(
        house.fakes.mailer.newest_to("nobody@example.org"),
        Some(Letter::VerifyEmail { .. })
    ));
    let kinds: Vec<_> = house
        .fakes
        .mailer
        .all()
        .iter()
        .filter(|message| message.to.as_str() == "acme@example.org")
        .map(|message| message.letter.kind())
        .collect();
    assert_eq!(
        kinds,
        ["already_registered", "already_registered", "reset_password"]
    );
    // A sign-up that waits is no account either.
    let waiting = post(&house, "/v1/auth/sign-in", sign_up("nobody@example.org")).await;
    assert_eq!(waiting.problem(), "sign_in_failed");
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_once_and_everybody_is_signed_out() {
    let house = open_house().await;
    let ana = house.tenant("acme").await;
    let browser = Browser::linked(&house, &ana.who).await;
    browser.set_password(PASSWORD, None).await.ok();
    let email = "acme@example.org";
    let ask = async || {
        let asked = post(&house, "/v1/auth/reset", json!({"email": email})).await;
        assert_eq!(asked.status, 202);
        token(&house, email).await
    };
    let confirm = async |token: &str, password: &str| {
        let body = json!({"token": token, "password": password});
        post(&house, "/v1/auth/reset/confirm", body).await
    };
    let (first, second) = (ask().await, ask().await);
    assert_ne!(first, second);
    for weak in ["short", "i am acme@example.org", "acme is where I work"] {
        let refused = confirm(&first, weak).await;
        assert_eq!(refused.json()["field"], "password", "{weak}");
        assert!(!refused.text().contains(weak));
    }
    assert_eq!(confirm(&"0".repeat(64), OTHER).await.problem(), "link_expired");
    browser.get("/v1/me").await.ok();
    let done = confirm(&first, OTHER).await;
    assert_eq!(done.status, 204, "{}", done.text());
    assert!(
        !done.headers.contains_key(header::SET_COOKIE),
        "it signs nobody in"
    );
    assert_eq!(browser.get("/v1/me").await.status, 401);
    for used in [&first, &second] {
        assert_eq!(confirm(used, PASSWORD).await.problem(), "link_expired");
    }
    house.app.letters_written().await;
    let newest = house.fakes.mailer.newest_to(email).unwrap();
    assert_eq!(newest.kind(), "password_changed");
    Browser::signed_in(&house, email, OTHER).await;
    let late = ask().await;
    house.fakes.clock.advance(RESET_LIFE);
    assert_eq!(confirm(&late, PASSWORD).await.problem(), "link_expired");
}

#[tokio::test]
async fn messages_are_bounded_and_strangers_lock_nobody_out() {
    let house = open_house().await;
    let ana = house.tenant("acme").await;
    Browser::linked(&house, &ana.who)
        .await
        .set_password(PASSWORD, None)
        .await
        .ok();
    // She has signed in from here.
    let home = "192.0.2.1:1000";
    post_from(&house, home, "/v1/auth/sign-in", sign_up("acme@example.org"))
        .await
        .ok();
    let reset = async |peer: &str| {
        let body = json!({"email": "acme@example.org"});
        let answer = post_from(&house, peer, "/v1/auth/reset", body).await;
        house.app.letters_written().await;
        answer
    };
    for _ in 0..5 {
        assert_eq!(reset("198.51.100.1:1").await.status, 202);
    }
    let held = reset("198.51.100.1:1").await;
    assert_eq!(
        (held.status.as_u16(), held.problem().as_str()),
        (429, "rate_limited")
    );
    assert!(held.headers.contains_key(header::RETRY_AFTER));
    for n in 2..30 {
        assert_eq!(reset(&format!("198.51.100.{n}:1")).await.status, 202);
    }
    assert_eq!(house.fakes.mailer.all().len(), 10, "no more than that in an hour");
    assert_eq!(reset(home).await.status, 202);
    assert_eq!(house.fakes.mailer.all().len(), 11, "but from where she signs in");
    house.fakes.clock.advance(Duration::from_secs(3600));
    assert_eq!(reset("198.51.100.1:1").await.status, 202);
    assert_eq!(house.fakes.mailer.all().len(), 12);
}

#[tokio::test]
async fn ones_browsers_are_seen_and_signed_out() {
    let house = open_house().await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("umbrella").await);
    let linked = Browser::linked(&house, &ana.who).await;
    linked.set_password(PASSWORD, None).await.ok();
    house.fakes.clock.advance(Duration::from_secs(1));
    let signed_in = post_from(
        &house,
        "192.0.2.7:1000",
        "/v1/auth/sign-in",
        sign_up("acme@example.org"),
    )
    .await
    .ok();
    let other = Browser::of(&house.router, &signed_in);
    let stranger = Browser::linked(&house, &bo.who).await;
    let list = async |browser: &Browser| {
        browser.get("/v1/auth/sessions").await.ok().json()["items"]
            .as_array()
            .unwrap()
            .clone()
    };
    let seen = list(&linked).await;
    assert_eq!(seen.len(), 2);
    assert_eq!(
        (&seen[0]["device"], &seen[0]["address"], &seen[0]["by_link"]),
        (&json!("Firefox on Linux"), &json!("192.0.2.7"), &json!(false))
    );
    assert_eq!(
        (&seen[0]["current"], &seen[1]["current"], &seen[1]["by_link"]),
        (&json!(false), &json!(true), &json!(true))
    );
    let text = serde_json::to_string(&seen).unwrap();
    let secret = other.cookie.split_once('=').unwrap().1;
    let hash = domain::session::hash_secret(secret);
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!text.contains(secret) && !text.contains(&hash));
    let path = format!("/v1/auth/sessions/{}", seen[0]["id"].as_str().unwrap());
    // Not there for anybody else, and no key does it.
    let nobody = format!("/v1/auth/sessions/brw_{}", "0".repeat(26));
    for (browser, path) in [
        (&stranger, path.as_str()),
        (&linked, &nobody),
        (&linked, "/v1/auth/sessions/x"),
    ] {
        let refused = browser.call("DELETE", path, &json!({})).await;
        assert_eq!(
            (refused.status.as_u16(), refused.problem().as_str()),
            (404, "not_found")
        );
    }
    assert_eq!(ana.delete(&path).await.problem(), "forbidden");
    assert_eq!(ana.get("/v1/auth/sessions").await.problem(), "forbidden");
    let mut listening = house.app.endings();
    let actor = house.app.authenticate_browser(secret).await.unwrap();
    let actor = actor.actor(None).unwrap();
    linked.call("DELETE", &path, &json!({})).await.ok();
    listening.concern(&actor).await;
    assert_eq!(other.get("/v1/me").await.status, 401);
    assert_eq!(list(&linked).await.len(), 1);

    let other = Browser::signed_in(&house, "acme@example.org", PASSWORD).await;
    let everywhere = async |body: Value| {
        linked
            .call("POST", "/v1/auth/sign-out-everywhere", &body)
            .await
            .ok()
    };
    everywhere(json!({})).await;
    assert_eq!(other.get("/v1/me").await.status, 401);
    linked.get("/v1/me").await.ok();
    let gone = everywhere(json!({"include_current": true})).await;
    assert!(
        gone.headers[header::SET_COOKIE]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(linked.get("/v1/me").await.status, 401);
    stranger.get("/v1/me").await.ok();
}

#[tokio::test]
async fn what_is_malformed_is_refused_by_name() {
    let house = open_house().await;
    let long = "x1".repeat(600);
    let token = "0".repeat(64);
    for (path, body, field) in [
        ("/v1/auth/sign-up", json!({"password": PASSWORD}), "email"),
        ("/v1/auth/sign-up", sign_up("ana"), "email"),
        (
            "/v1/auth/sign-up",
            sign_up("ana@example.org\r\nBcc: eve@example.org"),
            "email",
        ),
        (
            "/v1/auth/sign-up",
            json!({"email": "a@b.example", "password": "short"}),
            "password",
        ),
        (
            "/v1/auth/sign-up",
            json!({"email": "a@b.example", "password": long}),
            "password",
        ),
        (
            "/v1/auth/sign-up",
            json!({"email": "anabel@b.example", "password": "my name is anabel"}),
            "password",
        ),
        (
            "/v1/auth/sign-up",
            json!({"email": "a@b.example", "password": PASSWORD, "role": "owner"}),
            "role",
        ),
        ("/v1/auth/verify-email", json!({"token": token}), "password"),
        ("/v1/auth/reset", json!({}), "email"),
        ("/v1/auth/reset", json!({"email": "a b@c"}), "email"),
        ("/v1/auth/reset/confirm", json!({"token": token}), "password"),
        (
            "/v1/auth/sign-in/second-factor",
            json!({"challenge": token}),
            "code",
        ),
    ] {
        let refused = post(&house, path, body).await;
        assert_eq!(refused.problem(), "invalid_request", "{path}");
        assert_eq!(refused.json()["field"], field, "{path}");
    }
    house.app.letters_written().await;
    assert!(house.fakes.mailer.all().is_empty());
    // Another site's page asks for nothing here.
    for path in ["/v1/auth/sign-up", "/v1/auth/reset", "/v1/auth/verify-email"] {
        let mut request = json_post(path, &sign_up("ana@example.org"));
        request
            .headers_mut()
            .insert(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert_eq!(send(&house.router, request).await.problem(), "csrf_failed");
    }
}

#[tokio::test(start_paused = true)]
async fn what_fails_behind_the_answer_is_tried_again_or_asked_for_again() {
    let (house, faults) = House::with_faults().await;
    let _ = house.app.clone().with_accounts(settings(SignUpPolicy::Open));
    let ask = async |email: &str| {
        let asked = post(&house, "/v1/auth/sign-up", sign_up(email)).await;
        assert_eq!(asked.status, 202);
        house.app.letters_written().await;
    };
    faults.mailer.faults.inject("send_unavailable", 2);
    ask("ana@example.org").await;
    assert_eq!(house.fakes.mailer.all().len(), 1, "the third try");
    faults.mailer.faults.inject("send_refused", 1);
    ask("bo@example.org").await;
    assert_eq!(house.fakes.mailer.all().len(), 1, "not tried again");
    faults.identity.faults.inject("read_unavailable", 1);
    ask("bo@example.org").await;
    faults.identity.faults.inject("write_full", 1);
    ask("bo@example.org").await;
    assert_eq!(house.fakes.mailer.all().len(), 1);
    ask("bo@example.org").await;
    assert_eq!(house.fakes.mailer.all().len(), 2, "a repeat works");

    let verify = json!({"token": token(&house, "bo@example.org").await, "password": PASSWORD});
    faults
        .identity
        .faults
        .inject("complete_sign_up_unknown_written", 1);
    let answer = post(&house, "/v1/auth/verify-email", verify.clone()).await;
    assert_eq!(answer.problem(), "unavailable");
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    let again = post(&house, "/v1/auth/verify-email", verify).await;
    assert_eq!(again.problem(), "link_expired");
    let browser = Browser::signed_in(&house, "bo@example.org", PASSWORD).await;

    post(&house, "/v1/auth/reset", json!({"email": "bo@example.org"}))
        .await
        .ok();
    let confirm = json!({"token": token(&house, "bo@example.org").await, "password": OTHER});
    faults.passwords.faults.inject("hash_unavailable", 1);
    let answer = post(&house, "/v1/auth/reset/confirm", confirm.clone()).await;
    assert_eq!(answer.problem(), "unavailable");
    browser.get("/v1/me").await.ok();
    faults.identity.faults.inject("redeem_reset_unknown_written", 1);
    let answer = post(&house, "/v1/auth/reset/confirm", confirm).await;
    assert_eq!(answer.problem(), "unavailable");
    let old = post(&house, "/v1/auth/sign-in", sign_up("bo@example.org")).await;
    assert_eq!(old.problem(), "sign_in_failed");
    Browser::signed_in(&house, "bo@example.org", OTHER).await;
}
