//! The contract, on both kinds of providers, bare and behind the fault decorator; and what an honest issuer may do.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{
    mail::MailAddress,
    sign_in::{ProviderId, ProviderKind, VerifiedIdentity},
};
use ports::LoginProvider;
use serde_json::json;
use testkit::{contract::logins as contract, fault};

use crate::{
    double::{Double, Wrong},
    jwt::Signed,
};

struct Stage {
    double: Arc<Double>,
    kind: ProviderKind,
    logins: Arc<dyn LoginProvider>,
}

impl Stage {
    fn behind(kind: ProviderKind, behind_faults: bool) -> Arc<dyn contract::Stage> {
        let double = Double::start();
        let adapter: Arc<dyn LoginProvider> = Arc::new(double.logins(kind));
        let logins: Arc<dyn LoginProvider> = if behind_faults {
            fault::logins::Faulty::around(adapter)
        } else {
            adapter
        };
        Arc::new(Self { double, kind, logins })
    }
}

#[async_trait]
impl contract::Stage for Stage {
    fn logins(&self) -> Arc<dyn LoginProvider> {
        Arc::clone(&self.logins)
    }

    fn provider(&self) -> ProviderId {
        "corp".parse().unwrap()
    }

    async fn approve(&self, url: &str, person: u64) -> String {
        self.double.approve(url, person)
    }

    fn person(&self, person: u64) -> VerifiedIdentity {
        let (subject, organisations) = match self.kind {
            ProviderKind::Oidc => (format!("subject-{person}"), Vec::new()),
            ProviderKind::Github => ((1000 + person).to_string(), vec!["acme".to_owned()]),
        };
        VerifiedIdentity {
            issuer: self.double.url.clone(),
            subject,
            email: MailAddress::read(&format!("user{person}@example.org")).ok(),
            email_verified: true,
            name: Some(format!("User {person}")),
            hosted_domain: None,
            organisations,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_contract() {
    for (name, kind) in [("oidc", ProviderKind::Oidc), ("github", ProviderKind::Github)] {
        contract::run(name, || Stage::behind(kind, false)).await;
        contract::run(&format!("{name} behind faults"), || Stage::behind(kind, true)).await;
    }
}

#[tokio::test]
async fn what_the_token_does_not_say_is_asked_for() {
    let double = Double::lying(Wrong {
        claims: Some(Box::new(|claims| {
            for name in ["email", "email_verified", "name"] {
                claims.as_object_mut().unwrap().remove(name);
            }
        })),
        ..Wrong::default()
    });
    let who = double.sign_in(&double.logins(ProviderKind::Oidc)).await.unwrap();
    assert_eq!(who.verified_email().unwrap().as_str(), "user1@example.org");
    assert_eq!(who.name.as_deref(), Some("User 1"));
    assert_eq!(double.asked("/userinfo"), 1);
}

#[tokio::test]
async fn an_address_is_verified_only_where_the_provider_says_so() {
    for (verified, expected) in [
        (json!(true), true),
        (json!("true"), true),
        (json!(false), false),
        (json!("false"), false),
        (json!(null), false),
    ] {
        let said = verified.clone();
        let double = Double::lying(Wrong {
            claims: Some(Box::new(move |claims| {
                claims["email_verified"] = verified.clone()
            })),
            ..Wrong::default()
        });
        let who = double.sign_in(&double.logins(ProviderKind::Oidc)).await.unwrap();
        assert_eq!(who.verified_email().is_some(), expected, "{said}");
    }
}

#[tokio::test]
async fn keys_and_discovery_are_kept_for_a_while_and_a_new_key_is_found_at_once() {
    let double = Double::start();
    let logins = double.logins(ProviderKind::Oidc);
    for _ in 0..3 {
        double.sign_in(&logins).await.unwrap();
    }
    assert_eq!(double.asked("/keys"), 1);
    // The issuer signs with another key from now on.
    {
        let mut wrong = double.wrong.lock().unwrap();
        wrong.signed = Some(Signed::ByUnknown);
        wrong.keys = Some(vec![("three", 3)]);
    }
    double.sign_in(&logins).await.unwrap();
    assert_eq!(double.asked("/keys"), 2);
    double.clock.advance(Duration::from_secs(3600));
    double.sign_in(&logins).await.unwrap();
    assert_eq!(double.asked("/keys"), 3);
}

#[tokio::test]
async fn clocks_may_differ_a_little() {
    for (iat, exp) in [(-30, -30), (30, 330), (0, 1)] {
        let double = Double::start();
        let now = {
            use ports::Clock;
            double.clock.now().as_ms() / 1000
        };
        double.wrong.lock().unwrap().claims = Some(Box::new(move |claims| {
            claims["iat"] = json!(now + iat);
            claims["exp"] = json!(now + exp);
        }));
        double.sign_in(&double.logins(ProviderKind::Oidc)).await.unwrap();
    }
}

#[tokio::test]
async fn an_issuer_that_promises_its_name_and_keeps_it_is_believed() {
    let double = Double::lying(Wrong {
        discovery: Some(Box::new(|document| {
            document["authorization_response_iss_parameter_supported"] = json!(true);
        })),
        ..Wrong::default()
    });
    let logins = double.logins(ProviderKind::Oidc);
    let url = double.url.clone();
    double
        .sign_in_with(&logins, |answer| answer.issuer = Some(url))
        .await
        .unwrap();
}

#[tokio::test]
async fn the_customers_domain_at_google_is_passed_on() {
    let double = Double::lying(Wrong {
        claims: Some(Box::new(|claims| claims["hd"] = json!("example.org"))),
        ..Wrong::default()
    });
    let who = double.sign_in(&double.logins(ProviderKind::Oidc)).await.unwrap();
    assert_eq!(who.hosted_domain.as_deref(), Some("example.org"));
}
