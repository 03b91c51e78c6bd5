//! The second factor: set up, asked for, and taken away; and that nobody guesses it.

use domain::{
    sign_in::{CHALLENGE_GUESSES, CHALLENGE_LIFE},
    totp::shown_at,
};
use http::header;
use serde_json::{Value, json};
use std::time::Duration;

use crate::{
    browser::{Browser, json_post, send},
    house::{Answer, House},
};

const PASSWORD: &str = "a long one that only I know";
const EMAIL: &str = "acme@example.org";

struct Person {
    browser: Browser,
    secret: String,
    recovery: Vec<String>,
}

impl Person {
    async fn set_up(house: &House) -> Self {
        let ana = house.tenant("acme").await;
        let browser = Browser::linked(house, &ana.who).await;
        browser.set_password(PASSWORD, None).await.ok();
        let (secret, recovery) = enrol(house, &browser).await;
        next_step(house);
        Self {
            browser,
            secret,
            recovery,
        }
    }

    fn code(&self, house: &House) -> String {
        shown_at(&self.secret, house.app.now()).unwrap()
    }
}

fn next_step(house: &House) {
    house.fakes.clock.advance(Duration::from_secs(30));
}

async fn enrol(house: &House, browser: &Browser) -> (String, Vec<String>) {
    let started = browser
        .call("POST", "/v1/auth/totp", &json!({}))
        .await
        .ok()
        .json();
    let secret = started["secret"].as_str().unwrap().to_owned();
    let uri = started["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/agent-coordinator:acme@example.org?") && uri.contains(&secret));
    let code = shown_at(&secret, house.app.now()).unwrap();
    let confirmed = browser
        .call("POST", "/v1/auth/totp/confirm", &json!({"code": code}))
        .await
        .ok()
        .json();
    let codes = confirmed["recovery_codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap().to_owned())
        .collect();
    (secret, codes)
}

async fn password(house: &House) -> Answer {
    let body = json!({"email": EMAIL, "password": PASSWORD});
    send(&house.router, json_post("/v1/auth/sign-in", &body)).await
}

async fn challenge(house: &House) -> String {
    let answer = password(house).await.ok();
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    let told = answer.json();
    assert_eq!(told["second_factor"], true);
    assert!(told.get("me").is_none() && told.get("csrf_token").is_none());
    told["challenge"].as_str().unwrap().to_owned()
}

async fn answer(house: &House, challenge: &str, code: &str) -> Answer {
    let body: Value = json!({"challenge": challenge, "code": code});
    send(&house.router, json_post("/v1/auth/sign-in/second-factor", &body)).await
}

#[tokio::test]
async fn signing_in_takes_a_code_that_works_once() {
    let house = House::new().await;
    let ana = Person::set_up(&house).await;
    assert_eq!(ana.recovery.len(), 10);
    assert_eq!(ana.browser.get("/v1/me").await.ok().json()["second_factor"], true);
    let (first, second) = (challenge(&house).await, challenge(&house).await);
    let code = ana.code(&house);
    let signed_in = answer(&house, &first, &code).await.ok();
    let browser = Browser::of(&house.router, &signed_in);
    browser.get("/v1/me").await.ok();
    // Neither the code nor the challenge a second time.
    for (challenge, code) in [(&second, &code), (&first, &ana.recovery[9])] {
        let refused = answer(&house, challenge, code).await;
        assert_eq!(
            (refused.status.as_u16(), refused.problem().as_str()),
            (401, "second_factor_failed")
        );
        assert!(!refused.headers.contains_key(header::SET_COOKIE));
    }
    next_step(&house);
    answer(&house, &second, &ana.code(&house)).await.ok();
    // A recovery code stands for it, once, as people write it.
    let spoken = ana.recovery[0].to_uppercase().replace('-', " ");
    answer(&house, &challenge(&house).await, &spoken).await.ok();
    let again = answer(&house, &challenge(&house).await, &ana.recovery[0]).await;
    assert_eq!(again.problem(), "second_factor_failed");
    // Too late.
    let late = challenge(&house).await;
    house.fakes.clock.advance(CHALLENGE_LIFE);
    let late = answer(&house, &late, &ana.code(&house)).await;
    assert_eq!(late.problem(), "second_factor_failed");
    // A new password in between voids what the old one began.
    let begun = challenge(&house).await;
    let changed = ana
        .browser
        .set_password("another long one of mine", Some(PASSWORD))
        .await;
    changed.ok();
    let refused = answer(&house, &begun, &ana.recovery[1]).await;
    assert_eq!(refused.problem(), "sign_in_failed");
}

#[tokio::test]
async fn codes_are_not_guessed_and_guessing_locks_nobody_out() {
    let house = House::new().await;
    let ana = Person::set_up(&house).await;
    let wrong = |n: u32| {
        if ana.code(&house) == format!("{n:06}") {
            "999999".to_owned()
        } else {
            format!("{n:06}")
        }
    };
    let one = challenge(&house).await;
    for n in 0..CHALLENGE_GUESSES {
        assert_eq!(
            answer(&house, &one, &wrong(n)).await.problem(),
            "second_factor_failed"
        );
    }
    let spent = answer(&house, &one, &ana.code(&house)).await;
    assert_eq!(spent.problem(), "second_factor_failed", "five guesses, then none");
    for unknown in ["", "x", &"0".repeat(64)] {
        let refused = answer(&house, unknown, &ana.code(&house)).await;
        assert_eq!(refused.problem(), "second_factor_failed");
    }
    // Somebody who knows the password goes on, with challenge after challenge.
    let mut held = None;
    'guessing: for _ in 0..20 {
        let challenge = challenge(&house).await;
        for n in 0..CHALLENGE_GUESSES {
            let refused = answer(&house, &challenge, &wrong(n)).await;
            if refused.status == 429 {
                held = Some(refused);
                break 'guessing;
            }
        }
    }
    assert_eq!(held.unwrap().problem(), "rate_limited");
    // The person still gets in.
    answer(&house, &challenge(&house).await, &ana.recovery[0])
        .await
        .ok();
    house.fakes.clock.advance(Duration::from_secs(6 * 3600));
    answer(&house, &challenge(&house).await, &ana.code(&house))
        .await
        .ok();
}

#[tokio::test]
async fn it_is_set_up_and_taken_away_by_its_owner_alone() {
    let house = House::new().await;
    let acme = house.tenant("acme").await;
    let browser = Browser::linked(&house, &acme.who).await;
    browser.set_password(PASSWORD, None).await.ok();
    let confirm = async |code: &str| {
        browser
            .call("POST", "/v1/auth/totp/confirm", &json!({"code": code}))
            .await
    };
    assert_eq!(
        confirm("123456").await.problem(),
        "conflict",
        "nothing was started"
    );
    let first = browser
        .call("POST", "/v1/auth/totp", &json!({}))
        .await
        .ok()
        .json();
    for code in ["", "12345", "abcdef", "000000 000000"] {
        assert_eq!(confirm(code).await.problem(), "second_factor_failed", "{code}");
    }
    password(&house).await.ok();
    assert_eq!(
        browser.get("/v1/me").await.ok().json()["second_factor"],
        false,
        "what is not confirmed asks for nothing"
    );
    let (secret, recovery) = enrol(&house, &browser).await;
    assert_ne!(first["secret"], json!(secret));
    for (method, path, body) in [
        ("POST", "/v1/auth/totp", json!({})),
        ("POST", "/v1/auth/totp/confirm", json!({"code": "123456"})),
    ] {
        assert_eq!(browser.call(method, path, &body).await.problem(), "conflict");
    }
    let remove = async |body: Value| browser.call("DELETE", "/v1/auth/totp", &body).await;
    for body in [
        json!({}),
        json!({"password": PASSWORD, "code": recovery[0]}),
        json!({"password": "a wrong long one"}),
    ] {
        let refused = remove(body).await;
        assert_eq!(refused.problem(), "invalid_request");
        assert_eq!(refused.json()["field"], "password");
    }
    assert_eq!(
        remove(json!({"code": "none"})).await.problem(),
        "second_factor_failed"
    );
    for (method, path) in [
        ("POST", "/v1/auth/totp"),
        ("POST", "/v1/auth/totp/confirm"),
        ("DELETE", "/v1/auth/totp"),
    ] {
        let refused = acme.call(method, path, json!({"code": "123456"})).await;
        assert_eq!(refused.status, 403, "no key does it: {path}");
    }
    challenge(&house).await;
    remove(json!({"password": PASSWORD})).await.ok();
    assert!(password(&house).await.ok().json().get("second_factor").is_none());
    // With a code as well.
    let (_, recovery) = enrol(&house, &browser).await;
    remove(json!({"code": recovery[3]})).await.ok();
    house.app.letters_written().await;
    let kinds: Vec<_> = house
        .fakes
        .mailer
        .all()
        .iter()
        .map(|message| message.letter.subject())
        .collect();
    assert_eq!(kinds.len(), 4, "the owner is told each time: {kinds:?}");
}

#[tokio::test]
async fn what_fails_lets_nobody_in_and_costs_nobody_a_guess() {
    let (house, faults) = House::with_faults().await;
    let ana = Person::set_up(&house).await;
    faults.identity.faults.inject("second_factor_unavailable", 1);
    let refused = password(&house).await;
    assert_eq!(refused.problem(), "unavailable", "not in without the code");
    assert!(!refused.headers.contains_key(header::SET_COOKIE));
    let challenge = challenge(&house).await;
    faults.master_key.faults.inject("open_unavailable", 12);
    for _ in 0..12 {
        let refused = answer(&house, &challenge, &ana.code(&house)).await;
        assert_eq!(refused.problem(), "unavailable");
    }
    answer(&house, &challenge, &ana.code(&house)).await.ok();
}
