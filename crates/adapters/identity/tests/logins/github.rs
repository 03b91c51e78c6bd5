//! GitHub's own ways, against a double of it.

use std::collections::HashMap;

use domain::sign_in::{ProviderKind, VerifiedIdentity};
use ports::logins::LoginError;
use serde_json::{Value, json};

use crate::double::{Double, Odd, Wrong};

async fn with(api: &[(&str, Value)]) -> Result<VerifiedIdentity, LoginError> {
    let api: HashMap<String, Value> = api
        .iter()
        .map(|(path, said)| ((*path).to_owned(), said.clone()))
        .collect();
    let double = Double::lying(Wrong {
        api,
        ..Wrong::default()
    });
    double.sign_in(&double.logins(ProviderKind::Github)).await
}

#[tokio::test]
async fn only_a_primary_address_that_is_verified_counts() {
    for emails in [
        json!([]),
        json!([{"email": "a@example.org", "primary": true, "verified": false}]),
        json!([{"email": "a@example.org", "primary": false, "verified": true}]),
        json!([{"email": "a@example.org\r\nBcc: eve@example.org", "primary": true, "verified": true}]),
        json!([{"email": "a@example.org"}]),
    ] {
        let who = with(&[("/api/v3/user/emails", emails)]).await.unwrap();
        assert_eq!(who.verified_email(), None);
    }
}

#[tokio::test]
async fn a_person_is_their_number_whatever_they_are_called() {
    let user = |login: &str| json!({"id": 42, "login": login, "name": null});
    let first = with(&[("/api/v3/user", user("ana"))]).await.unwrap();
    let renamed = with(&[("/api/v3/user", user("ana-new"))]).await.unwrap();
    assert_eq!((first.subject.as_str(), renamed.subject.as_str()), ("42", "42"));
    assert_eq!(renamed.name.as_deref(), Some("ana-new"));
    for nobody in [
        json!({"id": 0, "login": "x"}),
        json!({"login": "x"}),
        json!({"id": "1", "login": "x"}),
        json!([]),
    ] {
        let outcome = with(&[("/api/v3/user", nobody)]).await;
        assert!(matches!(outcome, Err(LoginError::Refused(_))));
    }
}

#[tokio::test]
async fn organisations_are_read_to_their_end() {
    let page = |from: usize, n: usize| -> Value {
        (from..from + n)
            .map(|n| json!({"login": format!("org-{n}")}))
            .collect()
    };
    let path = |n: usize| format!("/api/v3/user/orgs?per_page=100&page={n}");
    let who = with(&[(&path(1), page(0, 100)), (&path(2), page(100, 3))])
        .await
        .unwrap();
    assert_eq!(who.organisations.len(), 103);
}

#[tokio::test]
async fn an_api_that_does_not_answer_lets_nobody_in() {
    for (path, status, down) in [
        ("/api/v3/user", 503, true),
        ("/api/v3/user/emails", 403, false),
        ("/api/v3/user/orgs", 500, true),
        ("/api/v3/user/orgs", 403, false),
        ("/login/oauth/access_token", 404, false),
    ] {
        let double = Double::lying(Wrong {
            paths: [(path, Odd::Status(status))].into(),
            ..Wrong::default()
        });
        let outcome = double.sign_in(&double.logins(ProviderKind::Github)).await;
        match outcome {
            Err(LoginError::Unavailable(_)) => assert!(down, "{path} {status}"),
            Err(LoginError::Refused(_)) => assert!(!down, "{path} {status}"),
            other => panic!("{path} {status}: {other:?}"),
        }
    }
}
