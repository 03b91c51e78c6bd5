//! An issuer, or somebody on the way, who does everything wrong that one could do: nobody is vouched for.

use domain::sign_in::ProviderKind;
use ports::{Clock, logins::LoginError};
use protocol::api::Secret;
use serde_json::{Value, json};

use crate::{
    double::{CLIENT, Double, Wrong},
    jwt::Signed,
};

async fn refused(double: &Double) -> String {
    match double.sign_in(&double.logins(ProviderKind::Oidc)).await {
        Err(LoginError::Refused(why)) => why,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn claims_that_do_not_hold() {
    let now = Double::start().clock.now().as_ms() / 1000;
    type Change = Box<dyn Fn(&mut Value) + Send>;
    let set =
        |name: &'static str, value: Value| -> Change { Box::new(move |claims| claims[name] = value.clone()) };
    let without = |name: &'static str| -> Change {
        Box::new(move |claims| {
            claims.as_object_mut().unwrap().remove(name);
        })
    };
    let cases: Vec<(&str, Change)> = vec![
        ("another issuer", set("iss", json!("https://evil.example"))),
        (
            "the issuer with a slash more",
            Box::new(|claims| {
                let iss = format!("{}/", claims["iss"].as_str().unwrap());
                claims["iss"] = json!(iss);
            }),
        ),
        ("no issuer", without("iss")),
        ("for another client", set("aud", json!("client-2"))),
        ("for nobody", set("aud", json!([]))),
        (
            "for another client as well",
            set("aud", json!([CLIENT, "client-2"])),
        ),
        ("no audience", without("aud")),
        ("made for another party", set("azp", json!("client-2"))),
        ("another attempt's nonce", set("nonce", json!("nonce-of-another"))),
        ("an empty nonce", set("nonce", json!(""))),
        ("no nonce", without("nonce")),
        (
            "over",
            Box::new(move |claims| {
                claims["iat"] = json!(now - 400);
                claims["exp"] = json!(now - 61);
            }),
        ),
        ("no end", without("exp")),
        ("from the future", set("iat", json!(now + 120))),
        ("kept for long", set("iat", json!(now - 3600))),
        ("no beginning", without("iat")),
        ("nobody", set("sub", json!(""))),
        ("somebody with a long name", set("sub", json!("x".repeat(256)))),
        ("somebody with a line break", set("sub", json!("a\nb"))),
        ("no subject", without("sub")),
        (
            "another access token's hash",
            set("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        ),
    ];
    for (what, change) in cases {
        let double = Double::lying(Wrong {
            claims: Some(change),
            ..Wrong::default()
        });
        let why = refused(&double).await;
        assert!(
            !why.is_empty() && why.len() <= 1200 && !why.contains('\n'),
            "{what}: {why}"
        );
    }
}

#[tokio::test]
async fn signatures_that_do_not_hold() {
    for signed in [
        Signed::ByAnother,
        Signed::ByUnknown,
        Signed::None,
        Signed::Empty,
        Signed::WithPublicKey,
        Signed::WithSecret,
        Signed::Changed,
    ] {
        let double = Double::lying(Wrong {
            signed: Some(signed),
            ..Wrong::default()
        });
        refused(&double).await;
        assert!(
            double.asked("/keys") <= 2,
            "{signed:?}: keys are asked for once more, and that is it"
        );
    }
}

#[tokio::test]
async fn keys_that_are_not_there_or_too_many() {
    for keys in [vec![], vec![("two", 2)]] {
        let double = Double::lying(Wrong {
            keys: Some(keys),
            ..Wrong::default()
        });
        refused(&double).await;
    }
}

#[tokio::test]
async fn tokens_that_are_none() {
    type Change = Box<dyn Fn(&mut Value) + Send>;
    let cases: Vec<Change> = vec![
        Box::new(|tokens| {
            tokens.as_object_mut().unwrap().remove("id_token");
        }),
        Box::new(|tokens| tokens["id_token"] = json!("a.b.c")),
        Box::new(|tokens| tokens["id_token"] = json!("")),
        Box::new(|tokens| tokens["access_token"] = json!(7)),
        Box::new(|tokens| *tokens = json!([])),
        Box::new(|tokens| *tokens = json!({"error": "invalid_grant"})),
    ];
    for change in cases {
        let double = Double::lying(Wrong {
            tokens: Some(change),
            ..Wrong::default()
        });
        let why = refused(&double).await;
        assert!(!why.contains("access-1"), "no word of a token: {why}");
    }
}

#[tokio::test]
async fn information_about_somebody_else_or_nobody() {
    type Change = Box<dyn Fn(&mut Value) + Send>;
    let cases: Vec<Change> = vec![
        Box::new(|claims| claims["sub"] = json!("subject-2")),
        Box::new(|claims| {
            claims.as_object_mut().unwrap().remove("sub");
        }),
        Box::new(|claims| *claims = json!("no")),
    ];
    for change in cases {
        let double = Double::lying(Wrong {
            claims: Some(Box::new(|claims| {
                claims.as_object_mut().unwrap().remove("email");
            })),
            user_info: Some(change),
            ..Wrong::default()
        });
        refused(&double).await;
    }
}

#[tokio::test]
async fn discovery_that_names_another_issuer_or_takes_no_pkce() {
    type Change = Box<dyn Fn(&mut Value) + Send>;
    let cases: Vec<Change> = vec![
        Box::new(|document| document["issuer"] = json!("https://accounts.google.com")),
        Box::new(|document| {
            let with_slash = format!("{}/", document["issuer"].as_str().unwrap());
            document["issuer"] = json!(with_slash);
        }),
        Box::new(|document| {
            document.as_object_mut().unwrap().remove("issuer");
        }),
        Box::new(|document| document["code_challenge_methods_supported"] = json!(["plain"])),
        Box::new(|document| document["authorization_endpoint"] = json!("javascript:alert(1)")),
        Box::new(|document| document["authorization_endpoint"] = json!("http://evil.example/authorize")),
    ];
    for change in cases {
        let double = Double::lying(Wrong {
            discovery: Some(change),
            ..Wrong::default()
        });
        refused(&double).await;
    }
}

/// RFC 9207: the code of an honest issuer is not carried to the token endpoint of another.
#[tokio::test]
async fn an_answer_of_another_issuer_does_not_reach_the_token_endpoint() {
    let promising = || {
        Double::lying(Wrong {
            discovery: Some(Box::new(|document| {
                document["authorization_response_iss_parameter_supported"] = json!(true);
            })),
            ..Wrong::default()
        })
    };
    for (double, issuer) in [
        (Double::start(), Some("https://evil.example")),
        (Double::start(), Some("")),
        (promising(), Some("https://evil.example")),
        (promising(), None),
    ] {
        let logins = double.logins(ProviderKind::Oidc);
        let outcome = double
            .sign_in_with(&logins, |answer| answer.issuer = issuer.map(str::to_owned))
            .await;
        assert!(matches!(outcome, Err(LoginError::Refused(_))));
        assert_eq!(double.asked("/token"), 0, "the code went nowhere");
    }
}

/// Whoever learns a code, or puts one in, has nothing without what was kept of the attempt.
#[tokio::test]
async fn codes_of_others_and_without_their_verifier() {
    let double = Double::start();
    let logins = double.logins(ProviderKind::Oidc);
    let outcome = double
        .sign_in_with(&logins, |answer| answer.verifier = Secret::new("x".repeat(43)))
        .await;
    assert!(matches!(outcome, Err(LoginError::Refused(_))));
    let outcome = double
        .sign_in_with(&logins, |answer| answer.nonce = Secret::new("another"))
        .await;
    assert!(matches!(outcome, Err(LoginError::Refused(_))));
}
