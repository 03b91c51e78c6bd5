//! Bodies that are too large, too deep, of the wrong kind, or no text at all, for every operation that takes one.

use axum::body::Body;
use serde_json::Value;

use crate::{
    harness::{Range, json_of, mutations, raw},
    row::Payload,
};

const JSON: Option<&str> = Some("application/json");

/// Above the largest body that any operation takes as JSON, bytes.
const HUGE: usize = (13 << 20) + 1;

#[tokio::test]
async fn what_is_no_json_object_is_refused() {
    let mut range = Range::new().await;
    for row in mutations() {
        let Some(body) = json_of(&row, &range.stage) else {
            continue;
        };
        let good = body.to_string();
        let inside = |text: &str| format!("{{\"deep\":{text},{}", &good[1..]);
        let mut cases: Vec<(String, Vec<u8>)> = vec![
            ("nothing".into(), b"".to_vec()),
            ("white space".into(), b" \r\n\t".to_vec()),
            ("null".into(), b"null".to_vec()),
            ("true".into(), b"true".to_vec()),
            ("a number".into(), b"1".to_vec()),
            ("a number without end".into(), b"1e999".to_vec()),
            ("a text".into(), b"\"{}\"".to_vec()),
            ("a list".into(), b"[]".to_vec()),
            ("a list of the object".into(), format!("[{good}]").into_bytes()),
            ("the object twice".into(), format!("{good}{good}").into_bytes()),
            ("words after it".into(), format!("{good} x").into_bytes()),
            ("cut off".into(), good.as_bytes()[..good.len() - 1].to_vec()),
            (
                "a comma too many".into(),
                format!("{},}}", &good[..good.len() - 1]).into_bytes(),
            ),
            ("a comment".into(), format!("/* */{good}").into_bytes()),
            ("single quotes".into(), good.replace('"', "'").into_bytes()),
            ("a byte order mark".into(), format!("\u{feff}{good}").into_bytes()),
            (
                "UTF-16".into(),
                good.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            ),
            ("NUL before it".into(), format!("\0{good}").into_bytes()),
            ("NaN".into(), inside("NaN").into_bytes()),
            ("half a surrogate".into(), inside("\"\\ud800\"").into_bytes()),
            (
                "a bare line break in a text".into(),
                inside("\"a\nb\"").into_bytes(),
            ),
            ("lists without end".into(), "[".repeat(100_000).into_bytes()),
            (
                "objects without end".into(),
                "{\"a\":".repeat(50_000).into_bytes(),
            ),
            (
                "deep lists inside".into(),
                inside(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))).into_bytes(),
            ),
            (
                "deep objects inside".into(),
                inside(&format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000))).into_bytes(),
            ),
        ];
        let mut not_text = inside("\"?\"").into_bytes();
        let at = not_text.iter().position(|byte| *byte == b'?').unwrap();
        for (what, bytes) in [
            ("a byte that is no text", vec![0xff]),
            ("an overlong slash", vec![0xc0, 0xaf]),
            ("a surrogate as bytes", vec![0xed, 0xa0, 0x80]),
        ] {
            let mut body = not_text.clone();
            body.splice(at..=at, bytes);
            cases.push((what.into(), body));
        }
        not_text.clear();
        // The same field twice: the first, or the second, would count for somebody who only looked at one of them.
        for (name, value) in body.as_object().unwrap() {
            let again = serde_json::to_string(name).unwrap();
            cases.push((
                format!("`{name}` twice"),
                format!("{{{again}:{value},{}", &good[1..]).into_bytes(),
            ));
        }
        // Every field of another kind.
        for (name, value) in body.as_object().unwrap() {
            for other in [
                Value::Bool(true),
                serde_json::json!(1.5e300),
                serde_json::json!(-1),
                serde_json::json!([[[]]]),
                serde_json::json!({"a": {"b": {}}}),
            ] {
                if std::mem::discriminant(&other) == std::mem::discriminant(value) {
                    continue;
                }
                let mut body = body.clone();
                body[name] = other.clone();
                cases.push((format!("`{name}` as {other}"), body.to_string().into_bytes()));
            }
        }
        for (what, bytes) in cases {
            let request = raw(&range, &row, JSON, bytes);
            // Some operations take less than others.
            let problems: &[&str] = if what.contains("without end") || what.starts_with("deep") {
                &["invalid_request", "body_too_large"]
            } else {
                &["invalid_request"]
            };
            range
                .refused(request, problems, &format!("{} as {what}", row.name()))
                .await;
        }
        range.unharmed(&row.name()).await;
    }
    println!("{}", range.over("bodies").await);
}

#[tokio::test]
async fn what_is_too_large_is_refused_whether_it_says_so_or_not() {
    let mut range = Range::new().await;
    let padding = vec![b' '; HUGE];
    for row in mutations() {
        if matches!(row.body(&range.stage), Payload::Bytes(..)) {
            continue;
        }
        let at = format!("{} with {HUGE} bytes", row.name());
        let request = raw(&range, &row, JSON, padding.clone());
        range.refused(request, &["body_too_large"], &at).await;
        let chunks: Vec<Result<Vec<u8>, std::io::Error>> =
            padding.chunks(1 << 20).map(|chunk| Ok(chunk.to_vec())).collect();
        let request = raw(
            &range,
            &row,
            JSON,
            Body::from_stream(futures::stream::iter(chunks)),
        );
        range
            .refused(request, &["body_too_large"], &format!("{at}, in chunks"))
            .await;
        // A length that is a lie.
        for length in ["99999999999999999999", "-1", "0x10", "1 1", "+5"] {
            let mut request = raw(&range, &row, JSON, "{\"a\":");
            request
                .headers_mut()
                .insert("content-length", length.parse().unwrap());
            let answer = range.sent(request, &at).await;
            assert!(
                answer.status.is_client_error(),
                "{at} {length}: {}",
                answer.text()
            );
        }
    }
    println!("{}", range.over("sizes").await);
}

#[tokio::test]
async fn what_is_called_something_else_than_json_is_refused() {
    let mut range = Range::new().await;
    for row in mutations() {
        let Some(body) = json_of(&row, &range.stage) else {
            continue;
        };
        for kind in [
            None,
            Some(""),
            Some("text/plain"),
            Some("text/json"),
            Some("application/x-www-form-urlencoded"),
            Some("multipart/form-data; boundary=x"),
            Some("application/xml"),
            Some("application/jsonp"),
            Some("application/json5"),
            Some("application/javascript"),
            Some("text/plain; application/json"),
            Some("text/plain, application/json"),
            Some("application/octet-stream"),
            Some("application / json"),
        ] {
            let request = raw(&range, &row, kind, body.to_string());
            range
                .refused(
                    request,
                    &["unsupported_media_type"],
                    &format!("{} as {kind:?}", row.name()),
                )
                .await;
        }
    }
    println!("{}", range.over("kinds").await);
}
