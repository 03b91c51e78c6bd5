//! What one organisation was given, used by another: keys of repeats, cursors, tags, and ranges of what is kept.

use http::{HeaderValue, header};
use serde_json::json;

use crate::{
    caller::{Credential, Who},
    dice::{Dice, seeds},
    harness::{Range, leak, mutations, private, raw},
    house::Answer,
    row::{Asks, Payload, Row},
    rows,
    stage::Stage,
};

const REPLAYED: &str = "idempotency-replayed";

fn under(row: &Row, stage: &Stage, who: &Credential, key: &str) -> http::Request<axum::body::Body> {
    let mut request = who.request(row.method, &row.target(stage), &row.body(stage));
    request
        .headers_mut()
        .insert("idempotency-key", HeaderValue::from_str(key).unwrap());
    request
}

/// The owner does everything under keys that a stranger, a viewer and another owner's browser use as well: nobody gets
/// the answer of somebody else.
#[tokio::test]
async fn no_key_of_a_repeat_opens_the_answer_of_another() {
    let mut cases = 0;
    for row in private(mutations()) {
        let stage = Stage::new().await;
        let by_person = matches!(row.asks, Asks::Person | Asks::PersonInside(_));
        let (owner, others) = if by_person {
            (
                Who::Browser(domain::tenancy::Role::Owner),
                [Who::StrangerBrowser, Who::Browser(domain::tenancy::Role::Viewer)],
            )
        } else {
            (
                Who::Key(domain::tenancy::Role::Owner),
                [Who::StrangerKey, Who::Key(domain::tenancy::Role::Viewer)],
            )
        };
        let owner = stage.credential(owner).await;
        let mut credentials = Vec::new();
        for who in others {
            credentials.push((who, stage.credential(who).await));
        }
        let key = "the-very-same-key";
        let done = stage.house.send(under(&row, &stage, &owner, key)).await;
        assert_eq!(done.status.as_u16(), row.done, "{}: {}", row.name(), done.text());
        for (who, credential) in &credentials {
            cases += 1;
            let at = format!("{} as {who:?}", row.name());
            let answer = stage.house.send(under(&row, &stage, credential, key)).await;
            assert!(answer.status.as_u16() < 500, "{at}: {}", answer.text());
            assert!(!answer.headers.contains_key(REPLAYED), "{at}: {}", answer.text());
            if *who == others[0] {
                assert_eq!(leak(&stage, &answer), None, "{at}: {}", answer.text());
            }
        }
    }
    println!("{cases} cases");
}

/// Cursors that the victim got, that can be made of the victim's ids, and drawn ones: a stranger's list stays their own.
#[tokio::test]
async fn no_cursor_of_another_organisation_leads_there() {
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let mut range = Range::new().await;
        let stranger = Credential::key(&range.stage.stranger.api_key);
        let mut cursors: Vec<String> = range
            .stage
            .ids()
            .iter()
            .map(|id| {
                let rest = id.split_once('_').unwrap().1;
                let id: protocol::SessionId = format!("ses_{rest}").parse().unwrap();
                format!("{:032x}", id.bits().wrapping_add(1))
            })
            .collect();
        cursors.push("f".repeat(32));
        for _ in 0..20 {
            cursors.push(format!("{:016x}{:016x}", dice.next(), dice.next()));
        }
        let lists: Vec<String> = rows::all()
            .iter()
            .filter(|row| row.only_reads() && !row.path.contains('{') && takes_cursor(row.path))
            .map(|row| row.path.to_owned())
            .collect();
        assert!(lists.len() >= 8, "{lists:?}");
        for list in &lists {
            let first = range
                .key
                .request("GET", &format!("{list}?limit=1"), &Payload::Nothing);
            let page = range.sent(first, list).await.json();
            let given = page["next_cursor"].as_str().map(str::to_owned);
            for cursor in cursors.iter().chain(&given) {
                let target = format!("{list}?cursor={cursor}&limit=200");
                let at = format!("seed {seed}: {target}");
                let request = stranger.request("GET", &target, &Payload::Nothing);
                let answer = range.sent(request, &at).await;
                assert!(
                    [200, 400].contains(&answer.status.as_u16()),
                    "{at}: {}",
                    answer.text()
                );
                assert_eq!(leak(&range.stage, &answer), None, "{at}: {}", answer.text());
            }
        }
        println!("seed {seed}: {}", range.over("cursors").await);
    }
}

fn takes_cursor(path: &str) -> bool {
    crate::operations::operations()
        .iter()
        .filter(|known| known.method == "GET" && known.path == path)
        .flat_map(|known| known.said["parameters"].as_array().cloned().unwrap_or_default())
        .any(|parameter| parameter["name"] == "cursor")
}

/// Bytes of the artifact on the stage.
const CONTENT: &[u8] = b"a chart of zanzibar";

fn ranges(dice: &mut Dice) -> Vec<String> {
    let mut all: Vec<String> = [
        "bytes=0-",
        "bytes=-1",
        "bytes=0-0,-1",
        "bytes=0-18446744073709551615",
        "bytes=18446744073709551615-",
        "bytes=-18446744073709551616",
        "bytes=9-3",
        "bytes=-0",
        "bytes=--1",
        "bytes= 1 - 2 ",
        "bytes=1-2;3-4",
        "BYTES=0-1",
        "bytes:0-1",
        "items=0-1",
        "bytes=0x1-0x2",
        "bytes=1.5-2",
        "bytes=\u{661}-2",
        "none",
        "",
        "bytes=0-1\t",
        "bytes=*",
        "bytes=*/19",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push(format!(
        "bytes={}",
        (0..1_300).map(|n| format!("{n}-")).collect::<Vec<_>>().join(",")
    ));
    all.push(format!("bytes={}", vec!["0-"; 2_000].join(",")));
    for _ in 0..40 {
        let (a, b) = (dice.below(30), dice.below(30));
        all.push(format!("bytes={a}-{b}"));
        all.push(format!("bytes={}-{}", dice.next(), dice.next()));
        all.push(format!("bytes=-{}", dice.next()));
        all.push(format!("bytes={a}-{b},{b}-{a}"));
    }
    all
}

/// What came is a part of the content and says which, or all of it, or nothing.
fn is_a_part(answer: &Answer, at: &str) {
    let said = |name: header::HeaderName| answer.headers.get(name).and_then(|value| value.to_str().ok());
    match answer.status.as_u16() {
        200 => assert_eq!(answer.bytes, CONTENT, "{at}"),
        206 => {
            let range = said(header::CONTENT_RANGE)
                .unwrap()
                .strip_prefix("bytes ")
                .unwrap();
            let (part, size) = range.split_once('/').unwrap();
            let (first, last) = part.split_once('-').unwrap();
            let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
            assert_eq!(size, CONTENT.len().to_string(), "{at}");
            assert_eq!(answer.bytes, &CONTENT[first..=last], "{at}");
        }
        304 => assert!(answer.bytes.is_empty(), "{at}"),
        416 => {
            assert_eq!(answer.problem(), "range_not_satisfiable", "{at}");
            assert_eq!(said(header::CONTENT_RANGE), Some("bytes */19"), "{at}");
        }
        other => panic!("{at}: {other} {}", answer.text()),
    }
}

#[tokio::test]
async fn no_range_is_more_than_there_is_and_no_tag_tells_a_stranger() {
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let mut range = Range::new().await;
        let (quiet, artifact) = (range.stage.quiet.clone(), range.stage.artifact.clone());
        let path = format!("/v1/sessions/{quiet}/artifacts/{artifact}");
        let whole = range.key.request("GET", &path, &Payload::Nothing);
        let whole = range.sent(whole, &path).await.ok();
        let tag = whole.headers[header::ETAG].to_str().unwrap().to_owned();
        let stranger = Credential::key(&range.stage.stranger.api_key);
        let conditions: Vec<Option<(header::HeaderName, String)>> = vec![
            None,
            Some((header::IF_RANGE, tag.clone())),
            Some((header::IF_RANGE, "\"another\"".into())),
            Some((header::IF_RANGE, format!("W/{tag}"))),
            Some((header::IF_NONE_MATCH, "\"another\"".into())),
            Some((header::IF_NONE_MATCH, tag.clone())),
            Some((header::IF_NONE_MATCH, "*".into())),
            Some((header::IF_NONE_MATCH, vec![tag.as_str(); 500].join(","))),
            Some((header::IF_MATCH, "\"another\"".into())),
            Some((header::IF_MODIFIED_SINCE, "Fri, 31 Feb 2999 25:61:61 GMT".into())),
        ];
        for wanted in ranges(&mut dice) {
            let condition = dice.pick(&conditions).clone();
            for (who, is_owner) in [(range.key.clone(), true), (stranger.clone(), false)] {
                let mut request = who.request("GET", &path, &Payload::Nothing);
                let headers = request.headers_mut();
                headers.insert(header::RANGE, HeaderValue::from_bytes(wanted.as_bytes()).unwrap());
                if let Some((name, value)) = &condition {
                    headers.insert(name.clone(), HeaderValue::from_str(value).unwrap());
                }
                let shown: String = wanted.chars().take(80).collect();
                let at = format!("seed {seed}: {shown:?} {condition:?}");
                let answer = range.sent(request, &at).await;
                if is_owner {
                    is_a_part(&answer, &at);
                } else {
                    assert_eq!(
                        (answer.status.as_u16(), answer.problem().as_str()),
                        (404, "not_found"),
                        "{at}"
                    );
                    assert_eq!(leak(&range.stage, &answer), None, "{at}");
                }
            }
        }
        // What is no file has no ranges.
        for row in private(rows::all())
            .iter()
            .filter(|row| row.only_reads() && row.done == 200)
        {
            let mut request = raw(&range, row, None, "");
            request
                .headers_mut()
                .insert(header::RANGE, HeaderValue::from_static("bytes=0-0"));
            let answer = range.sent(request, &row.name()).await;
            let may = if row.path.ends_with("{artifact_id}") {
                206
            } else {
                200
            };
            assert_eq!(answer.status.as_u16(), may, "{}: {}", row.name(), answer.text());
        }
        println!("seed {seed}: {}", range.over("ranges").await);
    }
}

/// A body that says that it is packed is not taken, whatever is in it.
#[tokio::test]
async fn nothing_that_comes_in_is_unpacked() {
    let mut range = Range::new().await;
    for row in mutations() {
        let body: Vec<u8> = match row.body(&range.stage) {
            Payload::Nothing => continue,
            Payload::Json(body) => body.to_string().into_bytes(),
            Payload::Bytes(_, bytes) => bytes,
        };
        let kind = if matches!(row.body(&range.stage), Payload::Json(_)) {
            "application/json"
        } else {
            "application/octet-stream"
        };
        for encoding in [
            "gzip",
            "GZIP",
            "deflate",
            "br",
            "zstd",
            "compress",
            "x-gzip",
            "identity, gzip",
            "aes128gcm",
            "\"\"",
        ] {
            let mut request = raw(&range, &row, Some(kind), body.clone());
            request
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            let at = format!("{} as {encoding}", row.name());
            range.refused(request, &["unsupported_media_type"], &at).await;
        }
    }
    // Nor is a packed answer given.
    let mut request = range.key.request("GET", "/v1/sessions", &Payload::Nothing);
    request.headers_mut().insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("gzip, br, zstd, *;q=1"),
    );
    let answer = range.sent(request, "packed").await.ok();
    assert!(!answer.headers.contains_key(header::CONTENT_ENCODING));
    let key = json!({"name": "as it is"});
    let mut request = range.key.request("POST", "/v1/api-keys", &Payload::Json(key));
    request
        .headers_mut()
        .insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    let made = range.sent(request, "as it is").await.ok();
    let undo = format!("/v1/api-keys/{}", made.json()["id"].as_str().unwrap());
    let undo = range.key.request("DELETE", &undo, &Payload::Nothing);
    range.sent(undo, "taken back").await.ok();
    println!("packed bodies: done");
}
