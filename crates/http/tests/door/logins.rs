//! Signing in, signing up and linking through a provider, as a browser goes through it; and everything that somebody who
//! means harm would try on the way.

use std::time::Duration;

use app::AccountSettings;
use axum::body::Body;
use domain::{
    mail::MailAddress,
    sign_in::{ATTEMPT_LIFE, ProviderKind, ProviderRules, SignUpPolicy, VerifiedIdentity},
    totp::shown_at,
};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use testkit::registry::Faults;

use crate::{
    browser::{Browser, door, json_post, send},
    house::{Answer, House},
};

const SERVER: &str = "https://agents.example.org";
const PASSWORD: &str = "a long one that only I know";

fn rules(id: &str) -> ProviderRules {
    ProviderRules {
        id: id.parse().unwrap(),
        name: id.to_uppercase(),
        kind: ProviderKind::Oidc,
        sign_up: None,
        domains: Vec::new(),
        organisations: Vec::new(),
    }
}

fn configure(house: &House, sign_up: SignUpPolicy, providers: Vec<ProviderRules>) {
    let _ = house.app.clone().with_accounts(AccountSettings {
        sign_up,
        url: SERVER.into(),
        providers,
        ..AccountSettings::default()
    });
}

async fn house(sign_up: SignUpPolicy) -> House {
    let house = House::roomy().await;
    configure(&house, sign_up, vec![rules("corp"), rules("evil")]);
    house
}

async fn faulty() -> (House, Faults) {
    let (house, faults) = House::with_faults().await;
    configure(&house, SignUpPolicy::Open, vec![rules("corp")]);
    (house, faults)
}

fn who(subject: &str, email: &str) -> VerifiedIdentity {
    VerifiedIdentity {
        issuer: "https://login.example.org".into(),
        subject: subject.into(),
        email: MailAddress::read(email).ok(),
        email_verified: true,
        name: Some("Ana".into()),
        hosted_domain: None,
        organisations: Vec::new(),
    }
}

/// The value of a cookie that an answer sets; empty when it takes it away.
fn set(answer: &Answer, name: &str) -> Option<String> {
    answer
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok()?.split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, rest)| rest.split(';').next().unwrap().to_owned())
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.headers[header::LOCATION].to_str().unwrap()
}

/// An attempt as the browser that began it sees it.
struct Attempt {
    url: String,
    cookie: String,
}

impl Attempt {
    async fn begin(house: &House, path: &str) -> Self {
        let answer = house.get(path).await;
        let cookie = set(&answer, "coordinator-attempt").unwrap();
        Self {
            url: location(&answer).to_owned(),
            cookie: format!("coordinator-attempt={cookie}"),
        }
    }

    /// As a page that may post does it.
    fn of(answer: &Answer) -> Self {
        let cookie = set(answer, "coordinator-attempt").unwrap();
        Self {
            url: answer.json()["url"].as_str().unwrap().to_owned(),
            cookie: format!("coordinator-attempt={cookie}"),
        }
    }

    fn state(&self) -> &str {
        self.url.split_once("state=").unwrap().1
    }

    /// The person says yes: the path that the provider sends the browser to.
    fn approved(&self, house: &House, who: VerifiedIdentity) -> String {
        let code = house.fakes.logins.approve(&self.url, who).unwrap();
        format!(
            "/v1/auth/providers/corp/callback?code={code}&state={}",
            self.state()
        )
    }
}

async fn begin(house: &House) -> Attempt {
    Attempt::begin(house, "/v1/auth/providers/corp/start?return_to=/sessions").await
}

async fn go(house: &House, path: &str, cookie: &str) -> Answer {
    let request = Request::get(path).header(header::COOKIE, cookie);
    house.send(request.body(Body::empty()).unwrap()).await
}

/// Through all of it, as the one who began.
async fn through(house: &House, who: VerifiedIdentity) -> Answer {
    let attempt = begin(house).await;
    let path = attempt.approved(house, who);
    go(house, &path, &attempt.cookie).await
}

fn trouble(answer: &Answer) -> &str {
    assert_eq!(set(answer, "coordinator"), None, "nobody is signed in");
    let to = location(answer);
    to.strip_prefix("/sign-in?trouble=")
        .unwrap_or_else(|| panic!("no trouble at {to}"))
}

/// The browser that an answer signed in.
async fn signed_in(house: &House, answer: &Answer) -> Browser {
    let cookie = format!("coordinator={}", set(answer, "coordinator").unwrap());
    let me = go(house, "/v1/me", &cookie).await.ok().json();
    let mut browser = Browser::bare(&house.router);
    browser.cookie = cookie;
    browser.csrf = me["csrf_token"].as_str().unwrap().to_owned();
    browser
}

async fn email(browser: &Browser) -> String {
    let me = browser.get("/v1/me").await.ok().json();
    me["user"]["email"].as_str().unwrap().to_owned()
}

/// Links an identity to whoever is signed in.
async fn link(house: &House, browser: &Browser, who: VerifiedIdentity) -> Answer {
    let body = json!({"return_to": "/settings/profile"});
    let answer = browser
        .call("POST", "/v1/auth/providers/corp/link", &body)
        .await
        .ok();
    let attempt = Attempt::of(&answer);
    let path = attempt.approved(house, who);
    let cookies = format!("{}; {}", browser.cookie, attempt.cookie);
    go(house, &path, &cookies).await
}

/// How often something was noted, in all organisations.
fn audited(house: &House, action: &str) -> usize {
    let audit = &house.fakes.audit;
    let words = audit.organisations().into_iter().flat_map(|org| audit.words(org));
    words.filter(|word| word.contains(action)).count()
}

#[tokio::test]
async fn the_ways_in_are_listed_for_everybody() {
    let house = house(SignUpPolicy::Open).await;
    let ways = house.get("/v1/auth/providers").await.ok().json();
    assert_eq!(
        ways,
        json!({"password": true, "sign_up": "open", "providers": [
            {"id": "corp", "name": "CORP", "kind": "oidc"},
            {"id": "evil", "name": "EVIL", "kind": "oidc"}
        ]})
    );
}

#[tokio::test]
async fn somebody_new_gets_an_account_and_comes_back_to_it() {
    let house = house(SignUpPolicy::Open).await;
    let answer = through(&house, who("1", "ana@example.org")).await;
    assert_eq!(location(&answer), "/sessions");
    assert_eq!(answer.headers[header::REFERRER_POLICY], "no-referrer");
    assert_eq!(set(&answer, "coordinator-attempt").as_deref(), Some(""));
    let browser = signed_in(&house, &answer).await;
    assert_eq!(email(&browser).await, "ana@example.org");
    assert_eq!(audited(&house, "user.sign_up_provider"), 1);
    // The address changes at the provider: it is the same person, in the same account.
    let again = through(&house, who("1", "ana@new.example")).await;
    let again = signed_in(&house, &again).await;
    assert_eq!(email(&again).await, "ana@example.org");
    assert_eq!(audited(&house, "user.sign_in_provider"), 1);
    let own = again.get("/v1/auth/identities").await.ok().json();
    assert_eq!(own["items"][0]["email"], "ana@new.example");
    assert_eq!(own["items"][0]["provider"], "corp");
    assert!(own["items"][0]["last_used_at"].is_string() && own["items"].as_array().unwrap().len() == 1);
}

#[tokio::test]
async fn an_address_opens_nobodys_account() {
    let house = house(SignUpPolicy::Open).await;
    let acme = house.tenant("acme").await;
    let victim = Browser::linked(&house, &acme.who).await;
    victim.set_password(PASSWORD, None).await.ok();
    let answer = through(&house, who("1", "acme@example.org")).await;
    assert_eq!(trouble(&answer), "identity_not_linked");
    // An address that nobody vouches for is not even looked up.
    let mut unverified = who("1", "acme@example.org");
    unverified.email_verified = false;
    assert_eq!(trouble(&through(&house, unverified).await), "email_not_verified");
    let mut without = who("1", "acme@example.org");
    without.email = None;
    assert_eq!(trouble(&through(&house, without).await), "email_not_verified");
    // Its owner links it, and from then on it opens.
    let linked = link(&house, &victim, who("1", "acme@example.org")).await;
    assert_eq!(location(&linked), "/settings/profile");
    assert_eq!(audited(&house, "identity.link"), 1);
    let answer = through(&house, who("1", "elsewhere@example.net")).await;
    let browser = signed_in(&house, &answer).await;
    assert_eq!(email(&browser).await, "acme@example.org");
    house.app.letters_written().await;
    let letter = house.fakes.mailer.newest_to("acme@example.org").unwrap();
    assert_eq!(letter.kind(), "identity_changed");
}

#[tokio::test]
async fn signing_up_keeps_to_the_servers_rules() {
    let closed = house(SignUpPolicy::Closed).await;
    let answer = through(&closed, who("1", "ana@example.org")).await;
    assert_eq!(trouble(&answer), "sign_up_closed");
    let invited = house(SignUpPolicy::InviteOnly).await;
    let answer = through(&invited, who("1", "ana@example.org")).await;
    assert_eq!(trouble(&answer), "sign_up_closed");
    // With an invitation, which goes in a body and is in no address.
    let acme = invited.tenant("acme").await;
    let made = acme
        .post(
            &format!("/v1/orgs/{}/invitations", acme.who.org_id),
            json!({"email": "ana@example.org", "role": "member"}),
        )
        .await
        .ok()
        .json();
    let token = made["link"]
        .as_str()
        .unwrap()
        .split_once("#token=")
        .unwrap()
        .1
        .to_owned();
    for (subject, address, outcome) in [
        ("1", "eve@example.org", Some("sign_up_closed")),
        ("2", "ana@example.org", None),
    ] {
        let body = json!({"invitation": token, "return_to": "/sessions"});
        let begun = send(&invited.router, json_post("/v1/auth/providers/corp/start", &body))
            .await
            .ok();
        assert!(!begun.json()["url"].as_str().unwrap().contains(&token));
        let attempt = Attempt::of(&begun);
        let path = attempt.approved(&invited, who(subject, address));
        let answer = go(&invited, &path, &attempt.cookie).await;
        match outcome {
            Some(slug) => assert_eq!(trouble(&answer), slug),
            None => {
                let browser = signed_in(&invited, &answer).await;
                let orgs = browser.get("/v1/orgs").await.ok().json();
                assert_eq!(orgs["items"][0]["slug"], "acme");
                assert_eq!(orgs["items"].as_array().unwrap().len(), 1);
            }
        }
    }
}

#[tokio::test]
async fn a_provider_has_rules_of_its_own_each_time() {
    let house = House::roomy().await;
    let corp = ProviderRules {
        sign_up: Some(SignUpPolicy::Open),
        domains: vec!["example.org".into()],
        organisations: vec!["acme".into()],
        ..rules("corp")
    };
    configure(&house, SignUpPolicy::Closed, vec![corp]);
    let member = |email| VerifiedIdentity {
        organisations: vec!["acme".into()],
        ..who("1", email)
    };
    for refused in [who("1", "ana@example.org"), member("ana@other.example")] {
        assert_eq!(trouble(&through(&house, refused).await), "identity_not_allowed");
    }
    let answer = through(&house, member("ana@example.org")).await;
    signed_in(&house, &answer).await;
    // Who has left the organisation does not come in any more.
    let answer = through(&house, who("1", "ana@example.org")).await;
    assert_eq!(trouble(&answer), "identity_not_allowed");
}

#[tokio::test]
async fn the_second_factor_is_asked_for_all_the_same() {
    let house = house(SignUpPolicy::Open).await;
    let answer = through(&house, who("1", "ana@example.org")).await;
    let browser = signed_in(&house, &answer).await;
    let started = browser
        .call("POST", "/v1/auth/totp", &json!({}))
        .await
        .ok()
        .json();
    let secret = started["secret"].as_str().unwrap().to_owned();
    let code = shown_at(&secret, house.app.now()).unwrap();
    browser
        .call("POST", "/v1/auth/totp/confirm", &json!({"code": code}))
        .await
        .ok();
    house.fakes.clock.advance(Duration::from_secs(30));
    let answer = through(&house, who("1", "ana@example.org")).await;
    assert_eq!(set(&answer, "coordinator"), None);
    let (page, challenge) = location(&answer).split_once("#challenge=").unwrap();
    assert_eq!(page, "/sign-in?second_factor=1&return=/sessions");
    let sign_in = async |code: String| {
        let body = json!({"challenge": challenge, "code": code});
        send(&house.router, json_post("/v1/auth/sign-in/second-factor", &body)).await
    };
    assert_eq!(sign_in("000000".into()).await.problem(), "second_factor_failed");
    let done = sign_in(shown_at(&secret, house.app.now()).unwrap()).await.ok();
    assert_eq!(done.json()["me"]["user"]["email"], "ana@example.org");
}

#[tokio::test]
async fn an_attempt_is_worth_nothing_elsewhere_later_or_again() {
    let house = house(SignUpPolicy::Open).await;
    let ana = || who("1", "ana@example.org");
    // Another browser, or one without a cookie: what somebody else sends a victim to does nothing.
    for cookie in [begin(&house).await.cookie, "a=b".to_owned(), String::new()] {
        let attempt = begin(&house).await;
        let path = attempt.approved(&house, ana());
        assert_eq!(
            trouble(&go(&house, &path, &cookie).await),
            "provider_sign_in_expired"
        );
        // And it is used up, for its own browser, too.
        let again = go(&house, &path, &attempt.cookie).await;
        assert_eq!(trouble(&again), "provider_sign_in_expired");
    }
    // Two cookies: which one is the browser's own, nobody can say.
    let attempt = begin(&house).await;
    let path = attempt.approved(&house, ana());
    let tossed = format!("coordinator-attempt=x; {}", attempt.cookie);
    assert_eq!(
        trouble(&go(&house, &path, &tossed).await),
        "provider_sign_in_expired"
    );
    // Once.
    let attempt = begin(&house).await;
    let path = attempt.approved(&house, ana());
    signed_in(&house, &go(&house, &path, &attempt.cookie).await).await;
    let again = go(&house, &path, &attempt.cookie).await;
    assert_eq!(trouble(&again), "provider_sign_in_expired");
    // In time.
    let attempt = begin(&house).await;
    let path = attempt.approved(&house, ana());
    house.fakes.clock.advance(ATTEMPT_LIFE);
    let late = go(&house, &path, &attempt.cookie).await;
    assert_eq!(trouble(&late), "provider_sign_in_expired");
    // A state that never was, and none.
    for path in ["?code=x&state=made-up", "?code=x", "", "?state="] {
        let path = format!("/v1/auth/providers/corp/callback{path}");
        let answer = go(&house, &path, &attempt.cookie).await;
        assert_eq!(trouble(&answer), "provider_sign_in_expired");
    }
}

#[tokio::test]
async fn one_provider_does_not_finish_what_was_begun_at_another() {
    let house = house(SignUpPolicy::Open).await;
    // The answer of the attempt at corp is brought to the address of evil, and names another issuer.
    let attempt = begin(&house).await;
    let path = attempt.approved(&house, who("1", "ana@example.org"));
    let elsewhere = path.replace("/corp/", "/evil/");
    let answer = go(&house, &elsewhere, &attempt.cookie).await;
    assert_eq!(trouble(&answer), "provider_sign_in_expired");
    let attempt = begin(&house).await;
    let path = attempt.approved(&house, who("1", "ana@example.org"));
    let path = format!("{path}&iss=https%3A%2F%2Fevil.example");
    let answer = go(&house, &path, &attempt.cookie).await;
    assert_eq!(trouble(&answer), "provider_sign_in_failed");
    // A code that was given for another attempt, of an attacker's own, is not taken in this one.
    let (own, victims) = (begin(&house).await, begin(&house).await);
    let path = own.approved(&house, who("666", "eve@example.org"));
    let injected = path.replace(own.state(), victims.state());
    let answer = go(&house, &injected, &victims.cookie).await;
    assert_eq!(trouble(&answer), "provider_sign_in_failed");
}

#[tokio::test]
async fn what_the_provider_says_no_to_is_no() {
    let house = house(SignUpPolicy::Open).await;
    for extra in [
        "error=access_denied",
        "error=access_denied&error_description=%3Cscript%3E",
        "error=x&code=code-1",
        "code=",
        "code=made-up",
        "code=a&session_state=theirs&scope=openid",
    ] {
        let attempt = begin(&house).await;
        let path = format!(
            "/v1/auth/providers/corp/callback?state={}&{extra}",
            attempt.state()
        );
        let answer = go(&house, &path, &attempt.cookie).await;
        assert_eq!(trouble(&answer), "provider_sign_in_failed", "{extra}");
    }
}

#[tokio::test]
async fn nothing_leads_to_another_host() {
    let house = house(SignUpPolicy::Open).await;
    for (n, to) in [
        "https://evil.example",
        "//evil.example",
        "/%5Cevil.example",
        "%2F%2Fevil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
        "sessions",
        "",
    ]
    .into_iter()
    .enumerate()
    {
        let path = format!("/v1/auth/providers/corp/start?return_to={to}");
        let attempt = Attempt::begin(&house, &path).await;
        let path = attempt.approved(&house, who(&n.to_string(), &format!("ana{n}@example.org")));
        let answer = go(&house, &path, &attempt.cookie).await;
        assert_eq!(location(&answer), "/", "{to}");
    }
    // Whatever a proxy or a client says the host is, the provider is told the public address.
    let request = Request::get("/v1/auth/providers/corp/start")
        .header(header::HOST, "evil.example")
        .header("X-Forwarded-Host", "evil.example");
    let answer = house.send(request.body(Body::empty()).unwrap()).await;
    assert!(!location(&answer).contains("evil"));
}

#[tokio::test]
async fn linking_is_for_the_browser_that_asked_for_it() {
    let house = house(SignUpPolicy::Open).await;
    let (acme, other) = (house.tenant("acme").await, house.tenant("other").await);
    let victim = Browser::linked(&house, &acme.who).await;
    let eve = Browser::linked(&house, &other.who).await;
    // Only with the CSRF token, and never with a key.
    let request = Request::post("/v1/auth/providers/corp/link")
        .header(header::COOKIE, &victim.cookie)
        .header(header::CONTENT_TYPE, "application/json");
    let refused = house.send(request.body(Body::from("{}")).unwrap()).await;
    assert_eq!(refused.problem(), "csrf_failed");
    let refused = acme.post("/v1/auth/providers/corp/link", json!({})).await;
    assert_eq!(refused.problem(), "forbidden");
    // Eve begins, and has the victim's browser finish: with its session, with hers, and with none.
    let begin = async || {
        let answer = eve.call("POST", "/v1/auth/providers/corp/link", &json!({})).await;
        Attempt::of(&answer.ok())
    };
    for session in [victim.cookie.as_str(), "a=b"] {
        let attempt = begin().await;
        let path = attempt.approved(&house, who("666", "eve@example.org"));
        let answer = go(&house, &path, &format!("{session}; {}", attempt.cookie)).await;
        let to = location(&answer).to_owned();
        assert!(to.starts_with("/?trouble="), "{to}");
    }
    let own = victim.get("/v1/auth/identities").await.ok().json();
    assert_eq!(own["items"], json!([]));
    // An identity that signs somebody in signs nobody else in.
    assert_eq!(
        location(&link(&house, &eve, who("666", "eve@example.org")).await),
        "/settings/profile"
    );
    let taken = link(&house, &victim, who("666", "eve@example.org")).await;
    assert_eq!(location(&taken), "/settings/profile?trouble=identity_taken");
    // The same again is fine for its owner.
    assert_eq!(
        location(&link(&house, &eve, who("666", "eve@example.org")).await),
        "/settings/profile"
    );
    let own = eve.get("/v1/auth/identities").await.ok().json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn identities_are_ones_own_and_the_last_way_in_stays() {
    let house = house(SignUpPolicy::Open).await;
    let ana = signed_in(&house, &through(&house, who("1", "ana@example.org")).await).await;
    let bo = signed_in(&house, &through(&house, who("2", "bo@example.org")).await).await;
    let id = async |browser: &Browser| {
        let own: Value = browser.get("/v1/auth/identities").await.ok().json();
        own["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let path = format!("/v1/auth/identities/{}", id(&ana).await);
    assert_eq!(bo.call("DELETE", &path, &json!({})).await.problem(), "not_found");
    assert_eq!(
        ana.call("DELETE", &path, &json!({})).await.problem(),
        "last_way_in"
    );
    ana.set_password(PASSWORD, None).await.ok();
    assert_eq!(
        ana.call("DELETE", &path, &json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(ana.call("DELETE", &path, &json!({})).await.problem(), "not_found");
    // It opens nothing any more; the password does.
    let answer = through(&house, who("1", "ana@example.org")).await;
    assert_eq!(trouble(&answer), "identity_not_linked");
    Browser::signed_in(&house, "ana@example.org", PASSWORD).await;
}

#[tokio::test]
async fn a_provider_that_is_down_or_lies_lets_nobody_in() {
    let (house, faults) = faulty().await;
    faults.logins.faults.inject("start_unavailable", 1);
    let answer = house.get("/v1/auth/providers/corp/start").await;
    assert_eq!(trouble(&answer), "provider_unreachable");
    for (fault, slug) in [
        ("finish_unavailable", "provider_unreachable"),
        ("finish_refused", "provider_sign_in_failed"),
    ] {
        let attempt = begin(&house).await;
        let path = attempt.approved(&house, who("1", "ana@example.org"));
        faults.logins.faults.inject(fault, 1);
        assert_eq!(trouble(&go(&house, &path, &attempt.cookie).await), slug);
        let again = go(&house, &path, &attempt.cookie).await;
        assert_eq!(trouble(&again), "provider_sign_in_expired");
    }
    signed_in(&house, &through(&house, who("1", "ana@example.org")).await).await;
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_account() {
    let (house, faults) = faulty().await;
    faults
        .identity
        .faults
        .inject("federated_sign_up_unknown_written", 1);
    let answer = through(&house, who("1", "ana@example.org")).await;
    assert_eq!(set(&answer, "coordinator"), None);
    assert!(
        location(&answer).starts_with("/sign-in?trouble="),
        "{}",
        location(&answer)
    );
    let browser = signed_in(&house, &through(&house, who("1", "ana@example.org")).await).await;
    assert_eq!(email(&browser).await, "ana@example.org");
    let own = browser.get("/v1/auth/identities").await.ok().json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn over_https_the_cookies_belong_to_this_host_alone() {
    let house = house(SignUpPolicy::Open).await;
    let door = door(&house, true, Some(SERVER));
    let request = Request::get("/v1/auth/providers/corp/start")
        .body(Body::empty())
        .unwrap();
    let answer = send(&door, request).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-coordinator-attempt="), "{cookie}");
    for part in [
        "; Path=/",
        "; Max-Age=600",
        "; HttpOnly",
        "; SameSite=Lax",
        "; Secure",
    ] {
        assert!(cookie.contains(part), "{part}");
    }
    assert!(!cookie.contains("Domain"));
}
