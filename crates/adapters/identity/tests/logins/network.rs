//! Addresses that may not be connected to, and answers that are too slow, too large, or lead elsewhere.

use domain::sign_in::ProviderKind;
use ports::logins::LoginError;
use serde_json::json;

use crate::double::{Double, Odd, Wrong};

const DISCOVERY: &str = "/.well-known/openid-configuration";

fn unavailable<T: std::fmt::Debug>(outcome: Result<T, LoginError>) -> String {
    match outcome {
        Err(LoginError::Unavailable(why)) => why,
        other => panic!("not unavailable: {other:?}"),
    }
}

#[tokio::test]
async fn private_addresses_are_closed_unless_the_operator_opens_them() {
    let double = Double::start();
    let why = unavailable(double.sign_in(&double.guarded(ProviderKind::Oidc, "")).await);
    assert!(why.contains("COORDINATOR_ALLOW_PRIVATE_NETWORKS"), "{why}");
    assert_eq!(double.asked(DISCOVERY), 0);
    // Opened for another port alone.
    let closed = double.guarded(ProviderKind::Oidc, "127.0.0.0/8:1");
    unavailable(double.sign_in(&closed).await);
    assert_eq!(double.asked(DISCOVERY), 0);
}

/// Discovery is the provider's own word: what it names is judged like everything else.
#[tokio::test]
async fn endpoints_that_discovery_names_are_judged_like_the_issuer() {
    for forbidden in [
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/token",
        "https://[fd00:ec2::254]/token",
        "http://10.0.0.1/token",
        "https://10.0.0.1/token",
        "http://evil.example/token",
        "https://user:pass@127.0.0.1/token",
        "https://0x7f.1:1/token",
    ] {
        for endpoint in ["token_endpoint", "jwks_uri"] {
            let double = Double::lying(Wrong {
                discovery: Some(Box::new(move |document| document[endpoint] = json!(forbidden))),
                ..Wrong::default()
            });
            let logins = double.guarded(ProviderKind::Oidc, "127.0.0.0/8");
            let outcome = double.sign_in(&logins).await;
            assert!(outcome.is_err(), "{forbidden} as {endpoint}");
            assert_eq!(double.asked("/token"), 0);
        }
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    for path in [DISCOVERY, "/keys", "/token"] {
        let double = Double::start();
        let elsewhere = format!("{}/elsewhere", double.url);
        double
            .wrong
            .lock()
            .unwrap()
            .paths
            .insert(path, Odd::Redirect(elsewhere));
        let outcome = double.sign_in(&double.logins(ProviderKind::Oidc)).await;
        assert!(outcome.is_err(), "{path}");
        assert_eq!(double.asked("/elsewhere"), 0);
    }
}

#[tokio::test]
async fn answers_have_a_largest_size() {
    for path in [DISCOVERY, "/keys", "/token"] {
        for odd in [Odd::Huge, Odd::HugeInPieces] {
            let double = Double::lying(Wrong {
                paths: [(path, odd)].into(),
                ..Wrong::default()
            });
            let why = unavailable(double.sign_in(&double.logins(ProviderKind::Oidc)).await);
            assert!(why.contains("bytes"), "{path}: {why}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answers_have_a_longest_time() {
    let double = Double::lying(Wrong {
        paths: [(DISCOVERY, Odd::Slow)].into(),
        ..Wrong::default()
    });
    unavailable(double.sign_in(&double.logins(ProviderKind::Oidc)).await);
}

#[tokio::test]
async fn an_issuer_that_is_down_is_not_one_that_lies() {
    for status in [500, 503, 429] {
        let double = Double::lying(Wrong {
            paths: [(DISCOVERY, Odd::Status(status))].into(),
            ..Wrong::default()
        });
        unavailable(double.sign_in(&double.logins(ProviderKind::Oidc)).await);
    }
    for odd in [Odd::Status(404), Odd::Text("<html>".into())] {
        let double = Double::lying(Wrong {
            paths: [(DISCOVERY, odd)].into(),
            ..Wrong::default()
        });
        let outcome = double.sign_in(&double.logins(ProviderKind::Oidc)).await;
        assert!(matches!(outcome, Err(LoginError::Refused(_))));
    }
}
