//! Methods that an operation does not have, and headers, fields and queries that are said to stand for another one.

use http::{HeaderValue, Method};
use serde_json::json;

use crate::{
    dice::{Dice, seeds},
    harness::Range,
    operations::operations,
    row::Payload,
    rows,
};

fn methods(dice: &mut Dice) -> Vec<String> {
    let mut all: Vec<String> = [
        "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "TRACK", "PROPFIND", "COPY",
        "MOVE", "LOCK", "SEARCH", "QUERY", "PURGE", "DEBUG", "get", "Post", "delete", "GETX", "XGET",
    ]
    .map(str::to_owned)
    .to_vec();
    for _ in 0..3 {
        all.push(
            (0..1 + dice.below(12))
                .map(|_| char::from(b'A' + dice.next().to_le_bytes()[0] % 26))
                .collect(),
        );
    }
    all
}

#[tokio::test]
async fn no_other_method_does_anything() {
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let mut range = Range::new().await;
        let known = operations();
        for row in rows::all() {
            let target = row.target(&range.stage);
            for method in methods(&mut dice) {
                let is_described = known
                    .iter()
                    .any(|one| one.path == row.path && one.method == method);
                if is_described || Method::from_bytes(method.as_bytes()).is_err() {
                    continue;
                }
                for credential in [range.key.clone(), range.browser.clone()] {
                    let request = credential.request(&method, &target, &Payload::Nothing);
                    let at = format!("seed {seed}: {method} {target}");
                    let answer = range.refused(request, &["method_not_allowed"], &at).await;
                    assert!(answer.headers.contains_key("allow"), "{at}");
                }
            }
        }
        println!("seed {seed}: {}", range.over("methods").await);
    }
}

/// A read stays a read, and what would have been deleted is there.
#[tokio::test]
async fn no_word_turns_a_method_into_another() {
    let mut range = Range::new().await;
    let wanted = ["DELETE", "PUT", "PATCH", "POST", "delete"];
    for row in rows::all()
        .iter()
        .filter(|row| row.only_reads() && row.done == 200)
    {
        let target = row.target(&range.stage);
        for word in wanted {
            for name in [
                "x-http-method-override",
                "x-http-method",
                "x-method-override",
                "x-override-method",
            ] {
                let mut request = range.key.request("GET", &target, &Payload::Nothing);
                request.headers_mut().insert(name, HeaderValue::from_static(word));
                range.sent(request, &row.name()).await;
            }
            for field in ["_method", "_METHOD", "method", "httpMethod"] {
                let glue = if target.contains('?') { '&' } else { '?' };
                let queried = format!("{target}{glue}{field}={word}");
                let request = range.key.request("GET", &queried, &Payload::Nothing);
                range.sent(request, &row.name()).await;
                let body = Payload::Json(json!({ field: word }));
                let request = range.key.request("GET", &target, &body);
                range.sent(request, &row.name()).await;
            }
        }
        range.unharmed(&row.name()).await;
    }
    println!("{}", range.over("overrides").await);
}
