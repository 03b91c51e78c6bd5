//! Events as server-sent events.

use axum::body::Body;
use http::header;
use serde_json::json;

use crate::house::House;
pub(crate) use crate::server_sent::Stream;

#[tokio::test]
async fn a_stream_replays_goes_on_live_and_resumes_without_gap_or_repeat() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("one")).await;
    let path = format!("/v1/sessions/{id}/events");
    let page = ana.get(&path).await.ok().json();
    let head = page["head"].as_u64().unwrap();
    assert!(head >= 2);
    assert_eq!(page["next_after"], head);

    let mut stream = Stream::open(&ana, &path, None).await;
    let mut seen = 0;
    while seen < head {
        let (seq, event) = stream.next().await.unwrap();
        assert_eq!((seq, event["seq"].as_u64()), (seen + 1, Some(seq)));
        seen = seq;
    }
    ana.post(&format!("/v1/sessions/{id}/prompts"), json!({"text": "two"}))
        .await
        .ok();
    loop {
        let (seq, event) = stream.next().await.unwrap();
        assert_eq!(seq, seen + 1);
        seen = seq;
        if event["type"] == "prompt.queued" {
            assert_eq!(event["data"]["text"], "two");
            break;
        }
    }
    drop(stream);

    ana.call("PATCH", &format!("/v1/sessions/{id}"), json!({"title": "new"}))
        .await
        .ok();
    let mut resumed = Stream::open(&ana, &path, Some(seen - 1)).await;
    assert_eq!(resumed.next().await.unwrap().0, seen);
    loop {
        let (seq, event) = resumed.next().await.unwrap();
        assert_eq!(seq, seen + 1);
        seen = seq;
        if event["type"] == "session.renamed" {
            break;
        }
    }
    // The session goes, and the stream ends.
    ana.delete(&format!("/v1/sessions/{id}")).await;
    while resumed.next().await.is_some() {}
}

#[tokio::test]
async fn pages_cover_everything_once() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    for n in 0..9 {
        ana.call(
            "PATCH",
            &format!("/v1/sessions/{id}"),
            json!({"title": format!("t{n}")}),
        )
        .await
        .ok();
    }
    let (mut after, mut seqs) = (0, Vec::new());
    loop {
        let page = ana
            .get(&format!("/v1/sessions/{id}/events?after={after}&limit=4"))
            .await
            .ok()
            .json();
        let events = page["events"].as_array().unwrap();
        seqs.extend(events.iter().map(|event| event["seq"].as_u64().unwrap()));
        after = page["next_after"].as_u64().unwrap();
        if after == page["head"].as_u64().unwrap() {
            break;
        }
    }
    assert!(seqs.len() >= 10);
    assert_eq!(seqs, (1..=after).collect::<Vec<u64>>());
}

#[tokio::test]
async fn bad_cursors_of_a_stream_are_refused_before_it_begins() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    for last in ["x", "-1", "4711"] {
        let request = ana
            .request("GET", &format!("/v1/sessions/{id}/events"))
            .header(header::ACCEPT, "text/event-stream")
            .header("Last-Event-ID", last);
        let answer = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.problem(), "invalid_cursor", "{last}");
    }
}
