//! Streams of events that are asked to go on from where nobody was.

use http::{HeaderValue, header};

use crate::{
    caller::Credential,
    dice::{Dice, seeds},
    harness::{Range, leak},
    row::Payload,
};

const LAST: &str = "last-event-id";

#[tokio::test]
async fn no_stream_goes_on_from_where_nobody_was() {
    for seed in seeds() {
        let mut dice = Dice::new(seed);
        let mut range = Range::new().await;
        let stranger = Credential::key(&range.stage.stranger.api_key);
        let mut values: Vec<Vec<u8>> = [
            "-1",
            "+1",
            "1.0",
            "1e1",
            "0x1",
            "",
            " ",
            "1 1",
            "1,2",
            "18446744073709551616",
            "null",
            "NaN",
            "*",
            "\u{661}",
            "\u{ff11}",
            "ses_1",
            "1;2",
            "1\t2",
            "\"1\"",
        ]
        .map(|text| text.as_bytes().to_vec())
        .to_vec();
        // Beyond what there is.
        for n in [100_000, u64::MAX, dice.next() | 1 << 40] {
            values.push(n.to_string().into_bytes());
        }
        for _ in 0..20 {
            let count = 1 + dice.below(40);
            let noise: Vec<u8> = dice
                .bytes(count)
                .into_iter()
                .filter(|byte| *byte >= 0x80)
                .collect();
            if !noise.is_empty() {
                values.push(noise);
            }
        }
        values.push(vec![b'9'; 6_000]);
        let session = format!("/v1/sessions/{}/events", range.stage.busy);
        for target in [session.as_str(), "/v1/events"] {
            for value in &values {
                let shown = String::from_utf8_lossy(&value[..value.len().min(40)]).into_owned();
                let at = format!("seed {seed}: {target} after {shown:?}");
                let mut request = range.key.request("GET", target, &Payload::Nothing);
                let headers = request.headers_mut();
                headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
                headers.insert(LAST, HeaderValue::from_bytes(value).unwrap());
                range.refused(request, &["invalid_cursor"], &at).await;
            }
            // Twice says two things; and a page has the header looked at as well.
            let mut request = range.key.request("GET", target, &Payload::Nothing);
            let headers = request.headers_mut();
            headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
            headers.append(LAST, HeaderValue::from_static("1"));
            headers.append(LAST, HeaderValue::from_static("0"));
            range.refused(request, &["invalid_cursor"], target).await;
            let mut request = range.key.request("GET", target, &Payload::Nothing);
            request.headers_mut().insert(LAST, HeaderValue::from_static("x"));
            range.refused(request, &["invalid_cursor"], target).await;
        }
        // A number that is the victim's opens nothing of theirs.
        for last in 0..20 {
            let mut request = stranger.request("GET", &session, &Payload::Nothing);
            let headers = request.headers_mut();
            headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream"));
            headers.insert(LAST, HeaderValue::from(last));
            let at = format!("a stranger after {last}");
            let answer = range.refused(request, &["not_found"], &at).await;
            assert_eq!(leak(&range.stage, &answer), None, "{at}");
        }
        println!("seed {seed}: {}", range.over("streams").await);
    }
}
