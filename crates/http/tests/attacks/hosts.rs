//! The name that a request was sent to, and names that proxies are said to have seen: nothing that goes out is made
//! from them.

use http::{HeaderValue, header};

use crate::{
    caller::Credential,
    harness::{Range, raw},
    row::{Asks, Payload},
    rows,
};

#[tokio::test]
async fn no_answer_repeats_the_host_that_was_asked_for() {
    let mut range = Range::new().await;
    let named: &[(&str, &str)] = &[
        ("host", "evil.example"),
        ("host", "own.example:80@evil.example"),
        ("host", "evil.example#own.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-forwarded-server", "evil.example"),
        ("x-original-host", "evil.example"),
        ("x-host", "evil.example"),
        ("x-original-url", "/v1/auth/evil.example"),
        ("x-rewrite-url", "/v1/evil.example"),
        ("referer", "http://evil.example/"),
    ];
    let reads = rows::all()
        .into_iter()
        .filter(|row| row.only_reads() && !matches!(row.asks, Asks::Runner));
    for row in reads {
        for (name, value) in named {
            let mut request = raw(&range, &row, None, "");
            request
                .headers_mut()
                .insert(*name, HeaderValue::from_static(value));
            let at = format!("{} with {name}: {value}", row.name());
            let answer = range.sent(request, &at).await;
            let said = format!("{:?}{}", answer.headers, answer.text());
            assert!(!said.contains("evil.example"), "{at}: {said}");
        }
    }
    println!("{}", range.over("hosts").await);
}

/// A header can't turn a request into another one.
#[tokio::test]
async fn no_header_changes_what_is_asked_for() {
    let mut range = Range::new().await;
    let quiet = format!("/v1/sessions/{}", range.stage.quiet);
    for (name, value) in [
        ("x-http-method-override", "DELETE"),
        ("x-http-method", "DELETE"),
        ("x-method-override", "DELETE"),
        ("x-original-url", "/v1/sessions"),
        ("x-rewrite-url", "/v1/sessions"),
        ("x-forwarded-user", "ana@zanzibar.example"),
        ("x-forwarded-email", "ana@zanzibar.example"),
        ("x-remote-user", "ana@zanzibar.example"),
        ("x-user-id", "1"),
        ("x-org-id", "1"),
        ("x-role", "owner"),
        ("x-coordinator-org", "1"),
    ] {
        // As the owner it is what it was; as a stranger, and as nobody, it is refused.
        let owner = range.key.clone();
        let stranger = Credential::key(&range.stage.stranger.api_key);
        for (who, expected) in [(owner, 200), (stranger, 404), (Credential::Nothing, 401)] {
            let mut request = who.request("GET", &quiet, &Payload::Nothing);
            request
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
            let at = format!("{name}: {value}");
            assert_eq!(range.sent(request, &at).await.status, expected, "{at}");
        }
    }
    // Of two that contradict each other, neither reaches what is not the caller's.
    let (owner, stranger) = (
        range.stage.owner.api_key.clone(),
        range.stage.stranger.api_key.clone(),
    );
    for keys in [
        [format!("Bearer {stranger}"), format!("Bearer {owner}x")],
        [format!("Bearer {owner}x"), format!("Bearer {stranger}")],
        [format!("Bearer {stranger}, Bearer {owner}"), "Basic x".into()],
    ] {
        let mut request = Credential::Nothing.request("GET", &quiet, &Payload::Nothing);
        for key in &keys {
            request
                .headers_mut()
                .append(header::AUTHORIZATION, HeaderValue::from_str(key).unwrap());
        }
        let answer = range.sent(request, "two keys").await;
        assert!([401, 404].contains(&answer.status.as_u16()), "{}", answer.text());
    }
    println!("{}", range.over("headers").await);
}
