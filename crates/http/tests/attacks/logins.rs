//! Attempts to sign in through a provider, mixed: states, cookies, codes and addresses of several attempts put together in
//! every way, of which one is right; and every spelling of an address to come back to that leads elsewhere.

use app::AccountSettings;
use axum::body::Body;
use domain::{
    mail::MailAddress,
    sign_in::{ProviderKind, ProviderRules, SignUpPolicy, VerifiedIdentity},
};
use http::{Request, header};
use serde_json::json;
use url::Url;

use crate::{
    browser::{json_post, send},
    dice::{Dice, seeds},
    house::{Answer, House},
};

const OWN: &str = "https://agents.example.org";

async fn house() -> House {
    let house = House::roomy().await;
    let rules = |id: &str| ProviderRules {
        id: id.parse().unwrap(),
        name: id.to_uppercase(),
        kind: ProviderKind::Oidc,
        sign_up: None,
        domains: Vec::new(),
        organisations: Vec::new(),
    };
    let _ = house.app.clone().with_accounts(AccountSettings {
        sign_up: SignUpPolicy::Open,
        url: OWN.into(),
        providers: vec![rules("corp"), rules("evil")],
        ..AccountSettings::default()
    });
    house
}

fn cookies(answer: &Answer) -> Vec<String> {
    let set = answer.headers.get_all(header::SET_COOKIE).iter();
    set.map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned())
        .collect()
}

/// An attempt that went to its provider and was approved there.
#[derive(Clone)]
struct Attempt {
    provider: &'static str,
    state: String,
    cookie: String,
    code: String,
}

async fn attempt(house: &House, provider: &'static str, person: &str) -> Attempt {
    let begun = house.get(&format!("/v1/auth/providers/{provider}/start")).await;
    let url = begun.headers[header::LOCATION].to_str().unwrap().to_owned();
    let who = VerifiedIdentity {
        issuer: format!("https://{provider}.example.test"),
        subject: person.into(),
        email: MailAddress::read(&format!("{person}@example.org")).ok(),
        email_verified: true,
        name: None,
        hosted_domain: None,
        organisations: Vec::new(),
    };
    Attempt {
        provider,
        state: url.split_once("state=").unwrap().1.to_owned(),
        cookie: cookies(&begun).remove(0),
        code: house.fakes.logins.approve(&url, who).unwrap(),
    }
}

/// Where somebody is sent, and whether they are somebody now.
fn outcome(answer: &Answer, at: &str) -> (String, bool) {
    assert_eq!(answer.status, 303, "{at}: {}", answer.text());
    let to = answer.headers[header::LOCATION].to_str().unwrap().to_owned();
    let signed_in = cookies(answer)
        .iter()
        .any(|cookie| cookie.starts_with("coordinator=") && cookie.len() > "coordinator=".len());
    (to, signed_in)
}

#[tokio::test]
async fn of_all_mixtures_of_attempts_one_signs_in() {
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let house = house().await;
        let (mut cases, mut right) = (0, 0);
        let drawn = format!("{:016x}{:016x}", dice.next(), dice.next());
        // 0 to 2: of that attempt; then drawn, none, and for cookies two at once.
        for state in 0..5 {
            for cookie in 0..6 {
                for code in 0..5 {
                    for provider in ["corp", "evil"] {
                        cases += 1;
                        let all = [
                            attempt(&house, "corp", "ana").await,
                            attempt(&house, "corp", "mallory").await,
                            attempt(&house, "evil", "trudy").await,
                        ];
                        let mut query = vec!["session_state=x".to_owned()];
                        match state {
                            0..3 => query.push(format!("state={}", all[state].state)),
                            3 => query.push(format!("state={drawn}")),
                            _ => {}
                        }
                        match code {
                            0..3 => query.push(format!("code={}", all[code].code)),
                            3 => query.push(format!("code={drawn}")),
                            _ => {}
                        }
                        let cookie_header = match cookie {
                            0..3 => Some(all[cookie].cookie.clone()),
                            3 => Some(format!("coordinator-attempt={drawn}")),
                            4 => None,
                            _ => Some(format!("{}; {}", all[1].cookie, all[0].cookie)),
                        };
                        let target = format!("/v1/auth/providers/{provider}/callback?{}", query.join("&"));
                        let mut request = Request::get(&target);
                        if let Some(cookie) = cookie_header {
                            request = request.header(header::COOKIE, cookie);
                        }
                        let answer = house.send(request.body(Body::empty()).unwrap()).await;
                        let at =
                            format!("seed {seed}: state {state}, cookie {cookie}, code {code} at {provider}");
                        let (to, signed_in) = outcome(&answer, &at);
                        let fits =
                            state < 3 && state == cookie && state == code && all[state].provider == provider;
                        right += usize::from(fits);
                        assert_eq!(signed_in, fits, "{at}: {to}");
                        assert_eq!(to == "/", fits, "{at}: {to}");
                        assert!(
                            fits || to.starts_with("/sign-in?trouble=provider_sign_in_"),
                            "{at}: {to}"
                        );
                    }
                }
            }
        }
        assert_eq!(right, 3);
        println!("seed {seed}: {cases} cases, {right} of them right");
    }
}

/// Spellings of another host, another scheme, or of nothing that is a path here.
fn elsewhere(dice: &mut Dice) -> Vec<String> {
    let mut all: Vec<String> = [
        "//evil.example",
        "///evil.example",
        "////evil.example/",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/\0/evil.example",
        "https://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "HTTPS://evil.example",
        "http://agents.example.org@evil.example",
        "https://agents.example.org.evil.example",
        "https://agents.example.org",
        "//agents.example.org@evil.example",
        "/@evil.example//",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "/javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://evil.example/x",
        "evil.example",
        ".evil.example",
        "@evil.example",
        ":80/evil.example",
        "?next=//evil.example",
        "#//evil.example",
        "",
        "/\u{3002}evil.example",
        "\u{ff0f}\u{ff0f}evil.example",
        "/\u{2215}evil.example",
        "/%09/evil.example",
        "/%2f%2fevil.example",
        "/%5cevil.example",
        "/.//evil.example",
        "/..//evil.example",
        "/x/../..//evil.example",
        "/;//evil.example",
        "/\"><script>alert(1)</script>",
        "/a\r\nSet-Cookie: coordinator=x",
        "/a%0d%0aSet-Cookie:%20coordinator=x",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push(format!("/{}", "a".repeat(100_000)));
    let parts = [
        "/",
        "/",
        "\\",
        "//",
        "http:",
        "https://",
        "evil.example",
        "@",
        "%2f",
        "%5c",
        "%0d%0a",
        "\t",
        "\n",
        "\0",
        "..",
        ".",
        "#",
        "?",
        ";",
        ":",
        "javascript:",
        "\u{3002}",
        "\u{ff0f}",
        "a",
    ];
    for _ in 0..200 {
        let count = 1 + dice.below(7);
        all.push((0..count).map(|_| *dice.pick(&parts)).collect());
    }
    all
}

/// A browser at one of our pages goes there and stays with us.
fn is_ours(to: &str, at: &str) {
    let base = Url::parse(&format!("{OWN}/v1/auth/providers/corp/callback")).unwrap();
    let reached = base.join(to).unwrap_or_else(|_| panic!("{at}: {to:?}"));
    assert_eq!(reached.origin(), base.origin(), "{at}: {to:?}");
    assert!(
        to.starts_with('/') && !to.starts_with("//") && !to.contains('\\'),
        "{at}: {to:?}"
    );
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn no_sign_in_leads_elsewhere() {
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let house = house().await;
        let mut cases = 0;
        for wanted in elsewhere(&mut dice) {
            for by_page in [false, true] {
                cases += 1;
                let shown: String = wanted.chars().take(60).collect();
                let at = format!("seed {seed}: {shown:?}, by a page: {by_page}");
                let (url, cookie) = if by_page {
                    let body = json!({"return_to": wanted});
                    let begun = send(&house.router, json_post("/v1/auth/providers/corp/start", &body)).await;
                    if begun.status == 400 || begun.status == 413 {
                        continue;
                    }
                    let url = begun.json()["url"].as_str().unwrap().to_owned();
                    (url, cookies(&begun).remove(0))
                } else {
                    let target = format!("/v1/auth/providers/corp/start?return_to={}", encoded(&wanted));
                    let Ok(request) = Request::get(&target).body(Body::empty()) else {
                        continue;
                    };
                    let begun = house.send(request).await;
                    let url = begun.headers[header::LOCATION].to_str().unwrap().to_owned();
                    (url, cookies(&begun).remove(0))
                };
                assert!(
                    url.starts_with("https://corp.example.test/authorize?state="),
                    "{at}: {url}"
                );
                let who = VerifiedIdentity {
                    issuer: "https://corp.example.test".into(),
                    // Another person each time: nobody has that many browsers.
                    subject: format!("ana{cases}"),
                    email: MailAddress::read(&format!("ana{cases}@example.org")).ok(),
                    email_verified: true,
                    name: None,
                    hosted_domain: None,
                    organisations: Vec::new(),
                };
                let code = house.fakes.logins.approve(&url, who).unwrap();
                let state = url.split_once("state=").unwrap().1;
                let target = format!("/v1/auth/providers/corp/callback?code={code}&state={state}");
                let request = Request::get(&target).header(header::COOKIE, &cookie);
                let answer = house.send(request.body(Body::empty()).unwrap()).await;
                let (to, signed_in) = outcome(&answer, &at);
                assert!(signed_in, "{at}: {to}");
                is_ours(&to, &at);
                assert_eq!(
                    answer.headers.get_all(header::SET_COOKIE).iter().count(),
                    2,
                    "{at}"
                );
            }
        }
        println!("seed {seed}: {cases} cases");
    }
}
