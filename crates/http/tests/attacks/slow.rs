//! Bodies that come slowly, or not at all. Time is the test's own here.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use http::{Request, header};
use serde_json::json;

use crate::house::House;

/// One byte each time, and the next one later, without end.
fn drops(pause: Duration) -> Body {
    Body::from_stream(stream::unfold((), move |()| async move {
        tokio::time::sleep(pause).await;
        Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
    }))
}

#[tokio::test]
async fn nobody_waits_for_a_body_without_end() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let session = ana.session("s", None).await;
    tokio::time::pause();
    let mut cases = 0;
    for path in [
        "/v1/sessions".to_owned(),
        "/v1/api-keys".to_owned(),
        "/v1/environments".to_owned(),
        "/v1/secrets".to_owned(),
        "/v1/tickets".to_owned(),
        "/v1/auth/sign-in".to_owned(),
        "/v1/auth/reset".to_owned(),
        format!("/v1/sessions/{session}/prompts"),
    ] {
        for pause in [1, 30, 100, 1_000_000] {
            cases += 1;
            let begun = tokio::time::Instant::now();
            let request = Request::post(&path)
                .header(header::AUTHORIZATION, format!("Bearer {}", ana.who.api_key))
                .header(header::CONTENT_TYPE, "application/json")
                .body(drops(Duration::from_secs(pause)))
                .unwrap();
            let answer = house.send(request).await;
            assert_eq!(answer.problem(), "invalid_request", "{path} every {pause} s");
            let waited = begun.elapsed();
            assert!(
                waited <= Duration::from_secs(121),
                "{path} every {pause} s: {waited:?}"
            );
        }
    }
    tokio::time::resume();
    let me = ana
        .call("POST", "/v1/api-keys", json!({"name": "others are served"}))
        .await;
    assert_eq!(me.status, 201, "{}", me.text());
    println!("{cases} cases");
}
