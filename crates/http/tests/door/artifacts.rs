//! Artifacts: in and out as bytes, within limits, never as a page.

use axum::body::Body;
use data_encoding::HEXLOWER;
use futures::{StreamExt, stream};
use http::{StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::contract::artifacts::pattern;

use crate::{
    house::{Answer, House, Tenant},
    runner::{Runner, SECRET, caller},
};

fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

async fn upload(ana: &Tenant<'_>, id: &str, name: &str, kind: &str, bytes: &[u8]) -> Answer {
    let request = ana
        .request("POST", &format!("/v1/sessions/{id}/artifacts?name={name}"))
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(bytes.to_vec()))
        .unwrap();
    ana.house.send(request).await
}

async fn with_key(ana: &Tenant<'_>, id: &str, key: &str, bytes: &[u8]) -> Answer {
    let request = ana
        .request("POST", &format!("/v1/sessions/{id}/artifacts?name=a.txt"))
        .header("Idempotency-Key", key)
        .body(Body::from(bytes.to_vec()))
        .unwrap();
    ana.house.send(request).await
}

async fn with(ana: &Tenant<'_>, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let mut request = ana.request("GET", path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    ana.house.send(request.body(Body::empty()).unwrap()).await
}

async fn events(ana: &Tenant<'_>, id: &str, kind: &str) -> Vec<Value> {
    let page = ana.get(&format!("/v1/sessions/{id}/events")).await.ok().json();
    let events = page["events"].as_array().unwrap().clone();
    events.into_iter().filter(|event| event["type"] == kind).collect()
}

#[tokio::test]
async fn a_file_is_kept_listed_given_back_and_taken_away() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    let bytes = pattern(300_000);
    let made = upload(&ana, &id, "report.pdf", "application/pdf; v=1", &bytes).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert_eq!(made["name"], "report.pdf");
    assert_eq!(made["media_type"], "application/pdf");
    assert_eq!(made["size_bytes"], 300_000);
    assert_eq!(made["sha256"], hash(&bytes));
    assert_eq!(made["by"]["name"], "acme@example.org");
    let artifact = made["id"].as_str().unwrap();

    let created = events(&ana, &id, "artifact.created").await;
    assert_eq!(created.len(), 1);
    assert_eq!(created[0]["data"]["artifact_id"], made["id"]);
    assert_eq!(created[0]["data"]["sha256"], made["sha256"]);
    assert_eq!(created[0]["data"]["by"], made["by"]);

    let list = format!("/v1/sessions/{id}/artifacts");
    assert_eq!(ana.get(&list).await.ok().json()["items"], json!([made]));
    let path = format!("{list}/{artifact}");
    let back = ana.get(&path).await.ok();
    assert!(back.bytes == bytes);
    assert_eq!(back.headers[header::CONTENT_LENGTH], "300000");
    assert_eq!(back.headers[header::CONTENT_TYPE], "application/pdf");
    assert_eq!(
        back.headers[header::CONTENT_DISPOSITION],
        "attachment; filename*=UTF-8''report.pdf"
    );

    assert_eq!(ana.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ana.get(&path).await.problem(), "not_found");
    assert_eq!(ana.delete(&path).await.problem(), "not_found");
    assert_eq!(ana.get(&list).await.ok().json()["items"], json!([]));
    assert!(house.fakes.artifacts.all().is_empty());
    let removed = events(&ana, &id, "artifact.removed").await;
    assert_eq!(removed.len(), 1);
    assert_eq!(removed[0]["data"]["name"], "report.pdf");
    let metrics = ana.get("/metrics").await.text();
    assert!(
        metrics.contains("coordinator_artifact_bytes_stored_total 300000"),
        "{metrics}"
    );
}

#[tokio::test]
async fn parts_and_what_the_client_has_already() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    let bytes = pattern(200_000);
    let made = upload(&ana, &id, "a.bin", "application/x-odd", &bytes)
        .await
        .ok()
        .json();
    let path = format!("/v1/sessions/{id}/artifacts/{}", made["id"].as_str().unwrap());
    let tag = format!("\"{}\"", hash(&bytes));

    let part = with(&ana, &path, &[(header::RANGE, "bytes=1000-70999")]).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers[header::CONTENT_RANGE], "bytes 1000-70999/200000");
    assert_eq!(part.headers[header::ETAG], tag.as_str());
    assert!(part.bytes == bytes[1000..71_000]);
    let beyond = with(&ana, &path, &[(header::RANGE, "bytes=200000-")]).await;
    assert_eq!(beyond.problem(), "range_not_satisfiable");
    assert_eq!(beyond.headers[header::CONTENT_RANGE], "bytes */200000");
    let resumed = [(header::RANGE, "bytes=100-"), (header::IF_RANGE, "\"other\"")];
    assert!(with(&ana, &path, &resumed).await.ok().bytes == bytes);
    let same = with(&ana, &path, &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!((same.status, same.bytes.len()), (StatusCode::NOT_MODIFIED, 0));

    let head = ana.request("HEAD", &path).body(Body::empty()).unwrap();
    let head = house.send(head).await.ok();
    assert_eq!(head.headers[header::CONTENT_LENGTH], "200000");
    assert!(head.bytes.is_empty());

    let empty = upload(&ana, &id, "empty", "text/plain", b"").await.ok().json();
    let path = format!("/v1/sessions/{id}/artifacts/{}", empty["id"].as_str().unwrap());
    assert!(ana.get(&path).await.ok().bytes.is_empty());
}

#[tokio::test]
async fn no_artifact_is_ever_a_page() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    for (name, kind) in [
        ("a.html", "text/html"),
        ("a.svg", "image/svg+xml"),
        ("a.js", "text/javascript"),
        ("a.xml", "application/xhtml+xml"),
    ] {
        let made = upload(&ana, &id, name, kind, b"<script>alert(1)</script>")
            .await
            .ok()
            .json();
        assert_eq!(made["media_type"], kind, "the list says what it was given as");
        let path = format!("/v1/sessions/{id}/artifacts/{}", made["id"].as_str().unwrap());
        let back = ana.get(&path).await.ok();
        assert_eq!(back.headers[header::CONTENT_TYPE], "application/octet-stream");
        assert_eq!(back.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(
            back.headers[header::CONTENT_SECURITY_POLICY],
            "default-src 'none'; sandbox"
        );
        let place = back.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(place.starts_with("attachment;"), "{place}");
    }
}

#[tokio::test]
async fn names_that_are_no_names_are_refused() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    for name in ["", "a%2Fb", "..", "a%0Ab", "%E2%80%AEx"] {
        let refused = upload(&ana, &id, name, "text/plain", b"x").await;
        assert_eq!(refused.problem(), "invalid_request", "{name}");
        assert_eq!(refused.json()["field"], "name");
    }
    let nameless = ana.post(&format!("/v1/sessions/{id}/artifacts"), json!({})).await;
    assert_eq!(nameless.json()["field"], "name");
    assert!(house.fakes.artifacts.all().is_empty());
}

#[tokio::test]
async fn what_is_foreign_is_not_there_and_a_viewer_only_looks() {
    let house = House::new().await;
    let (ana, bob) = (house.tenant("acme").await, house.tenant("other").await);
    let (mine, his) = (
        ana.session("s", None).await.to_string(),
        bob.session("s", None).await.to_string(),
    );
    let made = upload(&ana, &mine, "a.txt", "text/plain", b"secret")
        .await
        .ok()
        .json();
    let artifact = made["id"].as_str().unwrap();
    for session in [&mine, &his] {
        let path = format!("/v1/sessions/{session}/artifacts/{artifact}");
        assert_eq!(bob.get(&path).await.problem(), "not_found");
        assert_eq!(bob.delete(&path).await.problem(), "not_found");
    }
    assert_eq!(
        bob.get(&format!("/v1/sessions/{mine}/artifacts")).await.problem(),
        "not_found"
    );
    assert_eq!(
        upload(&bob, &mine, "x", "text/plain", b"x").await.problem(),
        "not_found"
    );
    assert_eq!(house.fakes.artifacts.all().len(), 1);
}

#[tokio::test]
async fn a_repeat_under_the_same_key_keeps_one() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    let first = with_key(&ana, &id, "k1", b"content").await.ok();
    assert!(!first.replayed());
    let again = with_key(&ana, &id, "k1", b"content").await.ok();
    assert!(again.replayed());
    assert_eq!(again.json(), first.json());
    let other = with_key(&ana, &id, "k1", b"another").await;
    assert_eq!(other.problem(), "idempotency_conflict");
    assert_eq!(
        house.fakes.artifacts.all().len(),
        1,
        "what was sent again is not kept"
    );
    with_key(&ana, &id, "k2", b"content").await.ok();
    assert_eq!(
        house.fakes.artifacts.all().len(),
        2,
        "another key is another artifact"
    );
}

#[tokio::test]
async fn limits_are_said_and_held() {
    let house = House::with_artifact_limits(1000, 3, 1500).await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    let refused = upload(&ana, &id, "a", "text/plain", &[7; 1001]).await;
    assert_eq!(
        (refused.problem().as_str(), refused.json()["limit"].clone()),
        ("body_too_large", json!(1000))
    );
    // Without a length nobody knows before.
    let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(vec![7; 100])).take(50);
    let request = ana
        .request("POST", &format!("/v1/sessions/{id}/artifacts?name=a"))
        .body(Body::from_stream(endless))
        .unwrap();
    let refused = house.send(request).await;
    assert_eq!(
        (refused.problem().as_str(), refused.json()["limit"].clone()),
        ("body_too_large", json!(1000))
    );

    upload(&ana, &id, "a", "text/plain", &[7; 1000]).await.ok();
    let full = upload(&ana, &id, "b", "text/plain", &[7; 501]).await;
    assert_eq!(
        (full.problem().as_str(), full.json()["limit"].clone()),
        ("artifact_limit", json!(1500))
    );
    let request = ana
        .request("POST", &format!("/v1/sessions/{id}/artifacts?name=b"))
        .body(Body::from_stream(stream::iter(
            [(), ()].map(|()| Ok::<_, std::io::Error>(vec![7; 300])),
        )))
        .unwrap();
    let full = house.send(request).await;
    assert_eq!(
        (full.problem().as_str(), full.json()["limit"].clone()),
        ("artifact_limit", json!(1500))
    );
    for name in ["b", "c"] {
        upload(&ana, &id, name, "text/plain", b"x").await.ok();
    }
    let many = upload(&ana, &id, "d", "text/plain", b"x").await;
    assert_eq!(
        (many.problem().as_str(), many.json()["limit"].clone()),
        ("artifact_limit", json!(3))
    );
    // A repeat of one that was kept is no further one.
    let list = ana
        .get(&format!("/v1/sessions/{id}/artifacts?limit=2"))
        .await
        .ok()
        .json();
    let rest = format!(
        "/v1/sessions/{id}/artifacts?cursor={}",
        list["next_cursor"].as_str().unwrap()
    );
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        ana.get(&rest).await.ok().json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        house.fakes.artifacts.all().len(),
        3,
        "nothing is left of what was refused"
    );

    let all = ana.get(&format!("/v1/sessions/{id}/artifacts")).await.ok().json();
    let all = all["items"].as_array().unwrap();
    let large = all.iter().find(|one| one["name"] == "a").unwrap();
    let first = large["id"].as_str().unwrap();
    ana.delete(&format!("/v1/sessions/{id}/artifacts/{first}"))
        .await
        .ok();
    upload(&ana, &id, "d", "text/plain", &[7; 900]).await.ok();
}

#[tokio::test]
async fn an_archived_session_gives_but_takes_no_more() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    let made = upload(&ana, &id, "a", "text/plain", b"x").await.ok().json();
    ana.post(&format!("/v1/sessions/{id}/archive"), json!({}))
        .await
        .ok();
    assert_eq!(
        upload(&ana, &id, "b", "text/plain", b"x").await.problem(),
        "session_archived"
    );
    let path = format!("/v1/sessions/{id}/artifacts/{}", made["id"].as_str().unwrap());
    ana.get(&path).await.ok();
    ana.delete(&path).await.ok();
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_leaves_nothing_half_done() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    let bytes = pattern(200_000);
    let store = &faults.artifacts.faults;
    for (fault, problem) in [
        ("put_unavailable", "unavailable"),
        ("put_full", "storage_full"),
        ("put_breaks_midway", "unavailable"),
        ("put_unknown_written", "unavailable"),
        ("put_hangs", "unavailable"),
    ] {
        store.inject(fault, 1);
        let refused = upload(&ana, &id, "a.bin", "text/plain", &bytes).await;
        assert_eq!(refused.problem(), problem, "{fault}");
        assert!(events(&ana, &id, "artifact.created").await.is_empty(), "{fault}");
        assert!(house.fakes.artifacts.all().is_empty(), "{fault}");
    }
    let made = upload(&ana, &id, "a.bin", "text/plain", &bytes).await.ok().json();
    let path = format!("/v1/sessions/{id}/artifacts/{}", made["id"].as_str().unwrap());

    store.inject("get_unavailable", 1);
    assert_eq!(ana.get(&path).await.problem(), "unavailable");
    store.inject("get_lost", 1);
    assert_eq!(ana.get(&path).await.problem(), "internal");
    for fault in ["get_short", "get_altered", "get_hangs"] {
        store.inject(fault, 1);
        let request = ana.request("GET", &path).body(Body::empty()).unwrap();
        let got = house.read_until_it_breaks(request).await;
        assert!(got < bytes.len(), "{fault}: {got} bytes came and looked whole");
    }
    assert!(ana.get(&path).await.ok().bytes == bytes);

    store.inject("delete_unavailable", 1);
    ana.delete(&path).await.ok();
    assert_eq!(ana.get(&path).await.problem(), "not_found");
    assert_eq!(
        house.fakes.artifacts.all().len(),
        1,
        "its bytes are collected later"
    );
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_stops_sending_is_not_waited_for() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await.to_string();
    let stuck = stream::iter([Ok::<_, std::io::Error>("abc")]).chain(stream::pending());
    let broken = stream::iter([Ok("abc"), Err(std::io::Error::other("reset"))]);
    for body in [Body::from_stream(stuck), Body::from_stream(broken)] {
        let request = ana
            .request("POST", &format!("/v1/sessions/{id}/artifacts?name=a"))
            .body(body)
            .unwrap();
        assert_eq!(house.send(request).await.problem(), "invalid_request");
    }
    assert!(house.fakes.artifacts.all().is_empty());
    assert!(events(&ana, &id, "artifact.created").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_deleted_session_takes_its_artifacts_along() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    let (id, other) = (
        ana.session("s", None).await.to_string(),
        ana.session("t", None).await.to_string(),
    );
    for session in [&id, &other] {
        upload(&ana, session, "a", "text/plain", b"x").await.ok();
    }
    let mut orphan = house.fakes.artifacts.all()[0].0;
    orphan.session = id.parse().unwrap();
    orphan.artifact = protocol::ArtifactId::from_bits(1);
    house.fakes.artifacts.plant(orphan, "left by a crash");
    faults.artifacts.faults.inject("delete_session_unavailable", 2);
    ana.delete(&format!("/v1/sessions/{id}")).await.ok();
    assert_eq!(
        ana.get(&format!("/v1/sessions/{id}/artifacts")).await.problem(),
        "not_found"
    );
    while house.fakes.artifacts.all().len() > 1 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let left = house.fakes.artifacts.all();
    assert_eq!(left[0].0.session.to_string(), other);
}

#[tokio::test]
async fn an_agents_files_come_through_the_uplink_once() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("make a report")).await.to_string();
    let mut runner = Runner::ready(&house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    let offer = async |secret: &str, name: &str, bytes: &'static [u8]| {
        let url = format!("/artifacts?name={name}&sha256={}", hash(bytes));
        let request = http::Request::post(url)
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .header(header::CONTENT_TYPE, "text/markdown")
            .body(Body::from(bytes))
            .unwrap();
        house.send_uplink(caller(&runner.spec), request).await
    };
    assert_eq!(
        offer("wrong", "a.md", b"# One").await.problem(),
        "unauthenticated"
    );
    let kept = offer(SECRET, "a.md", b"# One").await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text());
    let known = offer(SECRET, "a.md", b"# One").await;
    assert_eq!((known.status, known.json()), (StatusCode::OK, kept.json()));
    assert_eq!(offer(SECRET, "a.md", b"# Two").await.status, StatusCode::CREATED);
    assert_eq!(offer(SECRET, "..", b"# Two").await.problem(), "invalid_request");
    let created = events(&ana, &id, "artifact.created").await;
    assert_eq!(created.len(), 2);
    assert_eq!(created[0]["prompt_id"], prompt.as_str());
    assert!(created[0]["data"].get("by").is_none());
    assert_eq!(house.fakes.artifacts.all().len(), 2);
}
