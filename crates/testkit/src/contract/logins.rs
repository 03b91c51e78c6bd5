//! Providers that vouch for people: what goes there tells no secret, and a code is worth something once, for whoever
//! began.

use std::sync::Arc;

use async_trait::async_trait;
use domain::sign_in::{ProviderId, VerifiedIdentity};
use ports::{
    LoginProvider,
    logins::{LoginAnswer, LoginError, LoginStart},
};
use protocol::api::Secret;

use crate::fake::logins::{Fake, UNKNOWN};

/// An adapter together with the provider behind it.
#[async_trait]
pub trait Stage: Send + Sync {
    fn logins(&self) -> Arc<dyn LoginProvider>;

    /// A provider that it knows.
    fn provider(&self) -> ProviderId;

    /// The person with this number says yes at this address: the code that their browser brings back.
    async fn approve(&self, url: &str, person: u64) -> String;

    /// What the provider is to be understood to say about them.
    fn person(&self, person: u64) -> VerifiedIdentity;
}

/// Runs the suite.
pub async fn run(adapter: &str, make: impl Fn() -> Arc<dyn Stage>) {
    super::cases!(
        "logins",
        adapter,
        make,
        [
            what_goes_to_the_provider_tells_no_secret,
            a_code_says_who_it_is_once,
            people_are_told_apart_and_known_again,
            what_was_begun_is_finished_by_the_same,
            a_made_up_code_is_worth_nothing,
            the_answer_of_another_issuer_is_refused,
            what_is_not_configured_is_not_there,
        ]
    );
}

/// Runs the suite on the fake, and on the fault decorator while it injects nothing.
pub async fn on_fake() {
    run("fake", || Arc::new(Played::new(false))).await;
    run("fake behind faults", || Arc::new(Played::new(true))).await;
}

struct Played {
    fake: Arc<Fake>,
    logins: Arc<dyn LoginProvider>,
}

impl Played {
    fn new(behind_faults: bool) -> Self {
        let fake = Arc::new(Fake::default());
        let logins: Arc<dyn LoginProvider> = if behind_faults {
            crate::fault::logins::Faulty::around(fake.clone())
        } else {
            fake.clone()
        };
        Self { fake, logins }
    }
}

#[async_trait]
impl Stage for Played {
    fn logins(&self) -> Arc<dyn LoginProvider> {
        Arc::clone(&self.logins)
    }

    fn provider(&self) -> ProviderId {
        "corp".parse().unwrap()
    }

    async fn approve(&self, url: &str, person: u64) -> String {
        self.fake.approve(url, self.person(person)).unwrap()
    }

    fn person(&self, person: u64) -> VerifiedIdentity {
        crate::sample::verified_identity(person)
    }
}

/// An attempt with secrets of its own.
#[must_use]
pub fn start(provider: ProviderId, n: u64) -> LoginStart {
    let secret = |name: &str| Secret::new(format!("{name}{n:0>60}"));
    LoginStart {
        provider,
        redirect_uri: "https://agents.example.org/v1/auth/providers/corp/callback".into(),
        state: secret("state"),
        nonce: secret("nonce"),
        verifier: secret("verifier"),
    }
}

/// What the browser brings back of it.
#[must_use]
pub fn answer(start: &LoginStart, code: &str) -> LoginAnswer {
    LoginAnswer {
        provider: start.provider.clone(),
        redirect_uri: start.redirect_uri.clone(),
        nonce: start.nonce.clone(),
        verifier: start.verifier.clone(),
        code: Secret::new(code),
        issuer: None,
    }
}

fn is_refused(outcome: &Result<VerifiedIdentity, LoginError>) -> bool {
    matches!(outcome, Err(LoginError::Refused(_)))
}

async fn what_goes_to_the_provider_tells_no_secret(stage: Arc<dyn Stage>) {
    let start = start(stage.provider(), 1);
    let url = stage.logins().start(&start).await.unwrap();
    assert!(url.expose().contains(start.state.expose()), "{}", url.expose());
    assert!(!url.expose().contains(start.verifier.expose()));
}

async fn a_code_says_who_it_is_once(stage: Arc<dyn Stage>) {
    let (start, logins) = (start(stage.provider(), 1), stage.logins());
    let url = logins.start(&start).await.unwrap();
    let code = stage.approve(url.expose(), 1).await;
    let who = logins.finish(&answer(&start, &code)).await.unwrap();
    assert_eq!(who, stage.person(1));
    assert!(is_refused(&logins.finish(&answer(&start, &code)).await), "used");
}

async fn people_are_told_apart_and_known_again(stage: Arc<dyn Stage>) {
    let logins = stage.logins();
    let mut seen = Vec::new();
    for (n, person) in [(1, 1), (2, 2), (3, 1)] {
        let start = start(stage.provider(), n);
        let url = logins.start(&start).await.unwrap();
        let code = stage.approve(url.expose(), person).await;
        let who = logins.finish(&answer(&start, &code)).await.unwrap();
        seen.push((who.issuer, who.subject));
    }
    assert_eq!(seen[0], seen[2]);
    assert_ne!(seen[0], seen[1]);
}

/// Nobody can put their own code into somebody else's attempt, or the other way round.
async fn what_was_begun_is_finished_by_the_same(stage: Arc<dyn Stage>) {
    let logins = stage.logins();
    let other = start(stage.provider(), 99);
    for n in 1..=2 {
        let start = start(stage.provider(), n);
        let url = logins.start(&start).await.unwrap();
        let code = stage.approve(url.expose(), 1).await;
        let mut wrong = answer(&start, &code);
        match n {
            1 => wrong.verifier = other.verifier.clone(),
            _ => wrong.redirect_uri = "https://evil.example/callback".into(),
        }
        assert!(is_refused(&logins.finish(&wrong).await), "{n}");
    }
}

async fn a_made_up_code_is_worth_nothing(stage: Arc<dyn Stage>) {
    let (start, logins) = (start(stage.provider(), 1), stage.logins());
    logins.start(&start).await.unwrap();
    for code in ["made-up", "", "a&b=c", "x\r\ny"] {
        assert!(
            is_refused(&logins.finish(&answer(&start, code)).await),
            "{code:?}"
        );
    }
}

async fn the_answer_of_another_issuer_is_refused(stage: Arc<dyn Stage>) {
    let (start, logins) = (start(stage.provider(), 1), stage.logins());
    let url = logins.start(&start).await.unwrap();
    let code = stage.approve(url.expose(), 1).await;
    let mut mixed = answer(&start, &code);
    mixed.issuer = Some("https://evil.example".into());
    assert!(is_refused(&logins.finish(&mixed).await));
}

async fn what_is_not_configured_is_not_there(stage: Arc<dyn Stage>) {
    let start = start(UNKNOWN.parse().unwrap(), 1);
    let logins = stage.logins();
    assert!(matches!(logins.start(&start).await, Err(LoginError::Unknown)));
    let finished = logins.finish(&answer(&start, "code")).await;
    assert!(matches!(finished, Err(LoginError::Unknown)));
}
