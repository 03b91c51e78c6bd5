//! Signing in: links, passwords, and what is said to those who may not.

use std::{net::SocketAddr, time::Duration};

use axum::{body::Body, extract::ConnectInfo};
use domain::sign_in::{LINK_LIFE, LINK_TRUST};
use http::{Request, header};
use ports::IdentityStore;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, door, json_post, send},
    house::{Answer, House},
};

const PASSWORD: &str = "a long one that only ana knows";

async fn try_link(house: &House, token: &str) -> Answer {
    send(
        &house.router,
        json_post("/v1/auth/link", &json!({"token": token})),
    )
    .await
}

async fn try_password(house: &House, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    send(&house.router, json_post("/v1/auth/sign-in", &body)).await
}

#[tokio::test]
async fn a_link_signs_in_once() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let link = house
        .app
        .sign_in_link(ana.who.user_id, ana.who.org_id)
        .await
        .unwrap();
    let answer = try_link(&house, link.expose()).await.ok();
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        set.starts_with("coordinator=") && set.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"),
        "{set}"
    );
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    let told = answer.json();
    assert_eq!(told["me"]["user"]["email"], "acme@example.org");
    assert_eq!(told["me"]["role"], "owner");
    assert_eq!(told["me"]["has_password"], false);
    assert_eq!(told["me"]["csrf_token"], told["csrf_token"]);

    let browser = Browser::of(&house.router, &answer);
    assert_eq!(browser.get("/v1/me").await.ok().json(), told["me"]);
    let made = browser
        .call("POST", "/v1/sessions", &crate::house::demo_session())
        .await;
    assert_eq!(made.status, 201, "{}", made.text());

    for token in [link.expose(), "", "nonsense", &"0".repeat(64)] {
        let refused = try_link(&house, token).await;
        assert_eq!(
            (refused.status.as_u16(), refused.problem().as_str()),
            (410, "link_expired")
        );
        assert!(!refused.headers.contains_key(header::SET_COOKIE));
    }
    let late = house
        .app
        .sign_in_link(ana.who.user_id, ana.who.org_id)
        .await
        .unwrap();
    house.fakes.clock.advance(LINK_LIFE);
    assert_eq!(try_link(&house, late.expose()).await.problem(), "link_expired");
    // A link for somebody who was put out meanwhile signs nobody in.
    let void = house
        .app
        .sign_in_link(ana.who.user_id, ana.who.org_id)
        .await
        .unwrap();
    house
        .fakes
        .identity
        .set_role(ana.who.org_id, ana.who.user_id, None);
    assert_eq!(try_link(&house, void.expose()).await.problem(), "link_expired");
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_host_and_encryption() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let link = house
        .app
        .sign_in_link(ana.who.user_id, ana.who.org_id)
        .await
        .unwrap();
    let secure = door(&house, true, Some("https://agents.example.org"));
    let answer = send(
        &secure,
        json_post("/v1/auth/link", &json!({"token": link.expose()})),
    )
    .await
    .ok();
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        set.starts_with("__Host-coordinator=")
            && set.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"),
        "{set}"
    );
    let browser = Browser::of(&secure, &answer);
    browser.get("/v1/me").await.ok();
    let token = browser.cookie.split_once('=').unwrap().1;
    let with = |name: &str| {
        Request::get("/v1/me")
            .header(header::COOKIE, format!("{name}={token}"))
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(send(&secure, with("coordinator")).await.status, 401);
    assert_eq!(send(&house.router, with("__Host-coordinator")).await.status, 401);
    let out = browser.sign_out().await.ok();
    assert_eq!(
        out.headers[header::SET_COOKIE],
        "__Host-coordinator=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
    );
}

#[tokio::test]
async fn who_may_not_sign_in_costs_the_same_work_and_hears_the_same() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    house.tenant("silent").await;
    let browser = Browser::linked(&house, &ana.who).await;
    assert_eq!(browser.set_password(PASSWORD, None).await.status, 204);
    let mut answers = Vec::new();
    for (email, password) in [
        ("acme@example.org", "wrong, but long enough"),
        ("nobody@example.org", "wrong, but long enough"),
        ("silent@example.org", "wrong, but long enough"),
        ("not an address", ""),
    ] {
        let before = house.fakes.passwords.work();
        let answer = try_password(&house, email, password).await;
        assert_eq!(house.fakes.passwords.work() - before, 1, "{email}");
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (401, "sign_in_failed")
        );
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
        let mut told = answer.json();
        told.as_object_mut().unwrap().remove("request_id");
        answers.push(told);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    let before = house.fakes.passwords.work();
    let answer = try_password(&house, " ACME@example.org ", PASSWORD).await.ok();
    assert_eq!(house.fakes.passwords.work() - before, 1);
    assert_eq!(answer.json()["me"]["has_password"], true);
    // A member nowhere: nothing is told to who has not the password, and who has it comes in.
    house
        .fakes
        .identity
        .set_role(ana.who.org_id, ana.who.user_id, None);
    let answer = try_password(&house, "acme@example.org", "wrong, but long enough").await;
    assert_eq!(answer.problem(), "sign_in_failed");
    let answer = try_password(&house, "acme@example.org", PASSWORD).await.ok();
    assert!(answer.json()["me"]["organisation"].is_null());
}

#[tokio::test]
async fn guessing_ends_in_a_break_for_the_guesser_alone() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let browser = Browser::linked(&house, &ana.who).await;
    browser.set_password(PASSWORD, None).await.ok();
    let from = async |address: &str, password: &str| {
        let body = json!({"email": "acme@example.org", "password": password});
        let mut request = json_post("/v1/auth/sign-in", &body);
        let peer: SocketAddr = address.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        send(&house.router, request).await
    };
    for _ in 0..10 {
        let answer = from("192.0.2.1:1000", "wrong, but long enough").await;
        assert_eq!(answer.problem(), "sign_in_failed");
    }
    let work = house.fakes.passwords.work();
    let answer = from("192.0.2.1:2000", PASSWORD).await;
    assert_eq!(
        (answer.status.as_u16(), answer.problem().as_str()),
        (429, "rate_limited")
    );
    assert_eq!(answer.headers[header::RETRY_AFTER], "300");
    assert_eq!(house.fakes.passwords.work(), work, "no work for who is throttled");
    from("192.0.2.2:1000", PASSWORD).await.ok();
    house.fakes.clock.advance(Duration::from_secs(300));
    from("192.0.2.1:3000", PASSWORD).await.ok();
}

#[tokio::test]
async fn a_password_is_set_by_who_is_signed_in() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let browser = Browser::linked(&house, &ana.who).await;
    let long = "x1".repeat(600);
    for (weak, limit) in [
        ("short", json!(12)),
        ("acme@example.org", Value::Null),
        ("passwordpassword", Value::Null),
        (long.as_str(), json!(1024)),
    ] {
        let refused = browser.set_password(weak, None).await;
        assert_eq!(refused.problem(), "invalid_request", "{weak}");
        let told = refused.json();
        assert_eq!(
            (&told["field"], &told["limit"]),
            (&json!("password"), &limit),
            "{weak}"
        );
        assert!(!refused.text().contains(weak));
    }
    browser.set_password(PASSWORD, None).await.ok();
    let other = Browser::signed_in(&house, "acme@example.org", PASSWORD).await;
    // The link of just now stands for the present password; a password that opened the session does not.
    let refused = other.set_password("another good long one", None).await;
    assert_eq!(refused.json()["field"], "current_password");
    let refused = other
        .set_password("another good long one", Some("a wrong long one"))
        .await;
    assert_eq!(refused.json()["field"], "current_password");
    browser.get("/v1/me").await.ok();
    other
        .set_password("another good long one", Some(PASSWORD))
        .await
        .ok();
    assert_eq!(
        browser.get("/v1/me").await.status,
        401,
        "the other browsers are signed out"
    );
    other.get("/v1/me").await.ok();
    assert_eq!(
        try_password(&house, "acme@example.org", PASSWORD).await.status,
        401
    );
    let linked = Browser::linked(&house, &ana.who).await;
    linked.set_password("forgot the other one", None).await.ok();
    house.fakes.clock.advance(LINK_TRUST);
    let refused = linked.set_password("and again another one", None).await;
    assert_eq!(refused.json()["field"], "current_password");
    // No key does any of it: a stolen key is not to become a way to sign in.
    for (method, path) in [("PUT", "/v1/auth/password"), ("POST", "/v1/auth/sign-out")] {
        let answer = ana.call(method, path, json!({"password": PASSWORD})).await;
        assert_eq!(answer.problem(), "forbidden", "{path}");
    }
}

#[tokio::test]
async fn a_new_sign_in_takes_the_place_of_the_one_before() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let before = Browser::linked(&house, &ana.who).await;
    let link = house
        .app
        .sign_in_link(ana.who.user_id, ana.who.org_id)
        .await
        .unwrap();
    let mut request = json_post("/v1/auth/link", &json!({"token": link.expose()}));
    request
        .headers_mut()
        .insert(header::COOKIE, before.cookie.parse().unwrap());
    send(&house.router, request).await.ok();
    assert_eq!(before.get("/v1/me").await.status, 401);
    assert_eq!(house.fakes.identity.browsers(), 1);
}

#[tokio::test]
async fn what_fails_while_signing_in_signs_nobody_in() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    let browser = Browser::linked(&house, &ana.who).await;
    faults.passwords.faults.inject("hash_unavailable", 1);
    assert_eq!(
        browser.set_password(PASSWORD, None).await.problem(),
        "unavailable"
    );
    assert_eq!(browser.get("/v1/me").await.ok().json()["has_password"], false);
    browser.set_password(PASSWORD, None).await.ok();
    let at_start = house.fakes.identity.browsers();
    for (fault, problem) in [("verify_unavailable", "unavailable"), ("unreadable", "internal")] {
        // More often than one may guess: what could not be judged is no guess.
        faults.passwords.faults.inject(fault, 12);
        for _ in 0..12 {
            let answer = try_password(&house, "acme@example.org", PASSWORD).await;
            assert_eq!(answer.problem(), problem);
        }
    }
    for (fault, problem) in [
        ("write_unavailable", "unavailable"),
        ("write_full", "storage_full"),
    ] {
        faults.identity.faults.inject(fault, 1);
        let answer = try_password(&house, "acme@example.org", PASSWORD).await;
        assert_eq!(answer.problem(), problem);
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
    }
    assert_eq!(house.fakes.identity.browsers(), at_start);
    let link = house
        .app
        .sign_in_link(ana.who.user_id, ana.who.org_id)
        .await
        .unwrap();
    faults.identity.faults.inject("redeem_unknown_written", 1);
    let answer = try_link(&house, link.expose()).await;
    assert_eq!(answer.problem(), "unavailable");
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    assert_eq!(try_link(&house, link.expose()).await.problem(), "link_expired");
    faults.identity.faults.inject("read_unavailable", 1);
    assert_eq!(
        browser.get("/v1/me").await.problem(),
        "unavailable",
        "not turned out"
    );
    house.fakes.clock.advance(Duration::from_secs(3600));
    faults.identity.faults.inject("touch_unavailable", 1);
    browser.get("/v1/me").await.ok();
    let hash = domain::sign_in::TokenHash::of(browser.cookie.split_once('=').unwrap().1);
    tokio::task::yield_now().await;
    let kept = house
        .fakes
        .identity
        .find_browser_session(hash)
        .await
        .unwrap()
        .unwrap();
    assert!(kept.session.last_seen_at < house.app.now());
}
