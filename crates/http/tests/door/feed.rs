//! The feed of an organisation: pages, streams, sockets, and whose it is.

use std::time::Duration;

use axum::body::Body;
use http::header;
use ports::{
    Clock, EventBus,
    event_bus::{Batch, Publication},
};
use protocol::{EnvironmentId, OrgEventBody, OrgId, event::EnvironmentChanged};
use serde_json::{Value, json};
use testkit::sample;

use crate::{
    browser::Browser,
    house::{House, Tenant},
    socket::Socket,
    streams::Stream,
};

/// Everything told so far but what the audit log notes, when it has been told.
async fn told(ana: &Tenant<'_>, last: &str) -> Vec<Value> {
    for _ in 0..1000 {
        let page = ana.get("/v1/events?after=0").await.ok().json();
        let mut events = page["events"].as_array().unwrap().clone();
        events.retain(|event| event["type"] != "audit.event");
        if events.last().is_some_and(|event| event["type"] == last) {
            return events;
        }
        tokio::task::yield_now().await;
    }
    panic!("`{last}` was not told");
}

async fn environment(ana: &Tenant<'_>, name: &str) -> String {
    ana.id_of("/v1/environments", json!({"name": name, "setup": ["true"]}))
        .await
}

/// Events that were told long ago, or not so long.
async fn publish(house: &House, org: OrgId, range: std::ops::RangeInclusive<u64>) {
    let publications = range.map(|n| Publication {
        org,
        session: None,
        at: house.fakes.clock.now(),
        body: OrgEventBody::EnvironmentChanged(EnvironmentChanged {
            environment_id: EnvironmentId::from_bits(u128::from(n)),
            change: "created".into(),
        }),
        key: format!("{org} {n}"),
    });
    let batch = Batch {
        publications: publications.collect(),
        marks: Vec::new(),
    };
    house.fakes.event_bus.publish(batch).await.unwrap();
}

#[tokio::test]
async fn what_happens_is_told_in_pages() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let empty = ana.get("/v1/events").await.ok().json();
    assert_eq!(
        empty,
        json!({"events": [], "next_after": 0, "head": 0, "oldest": 1})
    );
    let id = ana.session("first", None).await;
    told(&ana, "session.created").await;
    ana.call("PATCH", &format!("/v1/sessions/{id}"), json!({"title": "second"}))
        .await
        .ok();
    told(&ana, "session.renamed").await;
    ana.post(&format!("/v1/sessions/{id}/archive"), json!({}))
        .await
        .ok();
    told(&ana, "session.archived").await;
    ana.delete(&format!("/v1/sessions/{id}")).await.ok();
    let events = told(&ana, "session.deleted").await;
    for event in &events {
        assert_eq!(event["session_id"], id.to_string());
        assert!(event["at"].is_string() && event["data"].is_object());
    }

    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let page = ana
            .get(&format!("/v1/events?after={after}&limit=2"))
            .await
            .ok()
            .json();
        seen.extend(
            page["events"]
                .as_array()
                .unwrap()
                .iter()
                .map(|event| (event["seq"].clone(), event["type"].clone())),
        );
        after = page["next_after"].as_u64().unwrap();
        if after == page["head"].as_u64().unwrap() {
            break;
        }
    }
    for ((seq, _), expected) in seen.iter().zip(1..) {
        assert_eq!(seq, expected);
    }
    seen.retain(|(_, kind)| kind != "audit.event");
    assert_eq!(
        seen.into_iter().map(|(seq, _)| seq).collect::<Vec<_>>(),
        events
            .iter()
            .map(|event| event["seq"].clone())
            .collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_row_of_the_list_can_be_kept_from_the_feed_alone() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    told(&ana, "session.created").await;
    ana.post(&format!("/v1/sessions/{id}/prompts"), json!({"text": "do it"}))
        .await
        .ok();
    let events = told(&ana, "session.status_changed").await;
    assert_eq!(events[0]["type"], "session.created");
    let mut row = events.last().unwrap()["data"].clone();
    let previous = row.as_object_mut().unwrap().remove("previous").unwrap();
    assert!(previous.is_string());
    let mut listed = ana.get("/v1/sessions").await.ok().json()["items"][0].clone();
    // Moves with every commit.
    row.as_object_mut().unwrap().remove("updated_at");
    listed.as_object_mut().unwrap().remove("updated_at");
    assert_eq!(row["id"], id.to_string());
    assert_eq!(row, listed);
}

#[tokio::test]
async fn changes_of_environments_are_told_once_however_often_they_are_asked_for() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let body = json!({"name": "shop", "setup": ["true"]});
    let made = ana
        .post_with_key("POST", "/v1/environments", "k1", &body)
        .await
        .ok();
    let id = made.json()["id"].as_str().unwrap().to_owned();
    // The first was told before its answer came; a repeat finds it told.
    assert!(
        ana.post_with_key("POST", "/v1/environments", "k1", &body)
            .await
            .replayed()
    );
    let path = format!("/v1/environments/{id}");
    ana.call("PATCH", &path, json!({"name": "shop 2"})).await.ok();
    ana.delete(&path).await.ok();
    ana.call("PATCH", &path, json!({"name": "shop 3"}))
        .await
        .problem();
    let events = told(&ana, "environment.changed").await;
    let changes: Vec<_> = events
        .iter()
        .map(|event| {
            assert_eq!(
                (event["type"].as_str(), event.get("session_id")),
                (Some("environment.changed"), None)
            );
            assert_eq!(event["data"]["environment_id"], id.as_str());
            event["data"]["change"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(changes, ["created", "updated", "deleted"]);
}

#[tokio::test]
async fn a_feed_that_takes_nothing_does_not_fail_what_is_to_be_told() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    faults.event_bus.faults.inject("publish_unavailable", 2);
    let id = environment(&ana, "shop").await;
    let event = loop {
        let page = ana.get("/v1/events").await.ok().json();
        let events = page["events"].as_array().unwrap();
        if let Some(event) = events.iter().find(|event| event["type"] == "environment.changed") {
            break event.clone();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(event["data"]["environment_id"], id.as_str());
    faults.event_bus.faults.inject("read_unavailable", 1);
    assert_eq!(ana.get("/v1/events").await.problem(), "unavailable");
}

#[tokio::test]
async fn a_stream_replays_goes_on_live_and_resumes() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    publish(&house, ana.who.org_id, 1..=300).await;
    let mut stream = Stream::open(&ana, "/v1/events", None).await;
    for expected in 1..=300 {
        let (id, event) = stream.next().await.unwrap();
        assert_eq!((id, event["seq"].as_u64()), (expected, Some(expected)));
    }
    environment(&ana, "live").await;
    for (expected, kind) in [(301, "audit.event"), (302, "environment.changed")] {
        let (id, event) = stream.next().await.unwrap();
        assert_eq!((id, event["type"].as_str()), (expected, Some(kind)));
    }
    drop(stream);
    publish(&house, ana.who.org_id, 303..=310).await;
    let mut resumed = Stream::open(&ana, "/v1/events?after=5", Some(299)).await;
    for expected in 300..=310 {
        assert_eq!(resumed.next().await.unwrap().0, expected);
    }
    let metrics = house.get("/metrics").await.text();
    assert!(metrics.contains("coordinator_feed_readers 1\n"), "{metrics}");
    assert!(metrics.contains("coordinator_feed_events_total 2\n"), "{metrics}");
    // The key ends, and the stream with it.
    let keys = ana.get("/v1/api-keys").await.json();
    ana.delete(&format!(
        "/v1/api-keys/{}",
        keys["items"][0]["id"].as_str().unwrap()
    ))
    .await
    .ok();
    assert!(resumed.next().await.is_none());
}

#[tokio::test]
async fn cursors_of_the_future_and_of_the_past_are_refused() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    publish(&house, ana.who.org_id, 1..=10).await;
    house.fakes.event_bus.trim(sample::at(0), 4).await.unwrap();
    let status = async |path: &str| {
        let answer = ana.get(path).await;
        (answer.status.as_u16(), answer.problem())
    };
    for (after, expected) in [
        ("11", (400, "invalid_cursor")),
        ("x", (400, "invalid_cursor")),
        ("-1", (400, "invalid_cursor")),
        ("", (400, "invalid_cursor")),
        ("99999999999999999999", (400, "invalid_cursor")),
        ("0", (410, "cursor_expired")),
        ("5", (410, "cursor_expired")),
    ] {
        let (code, slug) = status(&format!("/v1/events?after={after}")).await;
        assert_eq!((code, slug.as_str()), expected, "{after}");
        let request = ana
            .request("GET", "/v1/events")
            .header(header::ACCEPT, "text/event-stream")
            .header("Last-Event-ID", after);
        let answer = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            expected,
            "stream {after}"
        );
    }
    for path in [
        "/v1/events?limit=0",
        "/v1/events?limit=1001",
        "/v1/events?limit=x",
        "/v1/events?before=1",
    ] {
        assert_eq!(status(path).await.1, "invalid_request", "{path}");
    }
    let page = ana.get("/v1/events?after=6").await.ok().json();
    assert_eq!(
        (page["events"][0]["seq"].as_u64(), page["oldest"].as_u64()),
        (Some(7), Some(7))
    );
    let page = ana.get("/v1/events?limit=1").await.ok().json();
    assert_eq!(page["events"][0]["seq"], 7, "from what there is");
    let page = ana.get("/v1/events?after=10").await.ok().json();
    assert_eq!(
        (page["next_after"].as_u64(), page["head"].as_u64()),
        (Some(10), Some(10))
    );
}

#[tokio::test]
async fn a_socket_says_where_the_feed_stands_replays_and_goes_on() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    publish(&house, ana.who.org_id, 1..=120).await;
    house.fakes.event_bus.trim(sample::at(0), 110).await.unwrap();
    let address = house.listen().await;
    let bearer = [("authorization", format!("Bearer {}", ana.who.api_key))];
    let mut socket = Socket::open(&address, "/v1/events", &bearer).await.ok().unwrap();
    assert_eq!(
        socket.next().await.unwrap(),
        json!({"type": "hello", "org_id": ana.who.org_id, "head": 120, "oldest": 11, "version": "9.9.9"})
    );
    for (frame, code) in [
        (json!({"type": "dance"}), "invalid_request"),
        (json!({"type": "subscribe"}), "invalid_request"),
        (
            json!({"type": "subscribe", "after": 1, "before": 2}),
            "invalid_request",
        ),
        (json!({"type": "subscribe", "after": 121}), "invalid_cursor"),
        (json!({"type": "subscribe", "after": 9}), "cursor_expired"),
    ] {
        socket.send(frame.clone()).await;
        let answer = socket.next().await.unwrap();
        assert_eq!(
            (&answer["type"], &answer["code"]),
            (&json!("error"), &json!(code)),
            "{frame}"
        );
    }
    socket.send(json!({"type": "ping"})).await;
    assert_eq!(socket.next().await.unwrap(), json!({"type": "pong"}));

    socket.send(json!({"type": "subscribe", "after": 10})).await;
    for seq in 11..=120 {
        let frame = socket.next().await.unwrap();
        assert_eq!(
            (&frame["type"], frame["event"]["seq"].as_u64()),
            (&json!("event"), Some(seq))
        );
    }
    assert_eq!(
        socket.next().await.unwrap(),
        json!({"type": "caught_up", "head": 120})
    );
    let id = ana.session("live", None).await;
    let created = socket.until_event("session.created").await;
    assert_eq!(
        (created["seq"].as_u64(), &created["session_id"]),
        (Some(121), &json!(id))
    );
    assert_eq!(created["data"]["title"], "live");
    drop(socket);

    environment(&ana, "meanwhile").await;
    let mut socket = Socket::open(&address, "/v1/events", &bearer).await.ok().unwrap();
    socket.send(json!({"type": "subscribe", "after": 121})).await;
    let frame = socket.until("event").await;
    assert_eq!(frame["event"]["seq"].as_u64(), Some(122));
    let keys = ana.get("/v1/api-keys").await.json();
    ana.delete(&format!(
        "/v1/api-keys/{}",
        keys["items"][0]["id"].as_str().unwrap()
    ))
    .await
    .ok();
    while socket.next().await.is_some() {}
}

#[tokio::test]
async fn a_client_that_talks_without_end_is_shown_out() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let address = house.listen().await;
    let bearer = [("authorization", format!("Bearer {}", ana.who.api_key))];
    let mut socket = Socket::open(&address, "/v1/events", &bearer).await.ok().unwrap();
    socket.until("hello").await;
    let mut answers = 0;
    loop {
        socket.try_send(json!({"type": "ping"})).await;
        match socket.next().await {
            Some(_) => answers += 1,
            None => break,
        }
        assert!(answers < 1000);
    }
    assert!(answers >= 100);
}

#[tokio::test]
async fn tickets_open_the_feed_once_and_nothing_else() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    let address = house.listen().await;
    let ticket = async |scope: &str| {
        ana.post("/v1/tickets", json!({"scope": scope})).await.ok().json()["ticket"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let open = async |path: String| Socket::open(&address, &path, &[]).await.map(|_| ()).err();
    let good = ticket("events").await;
    assert_eq!(open(format!("/v1/events?ticket={good}")).await, None);
    assert_eq!(open(format!("/v1/events?ticket={good}")).await, Some(401), "used");
    let session = ticket(&id.to_string()).await;
    assert_eq!(
        open(format!("/v1/events?ticket={session}")).await,
        Some(401),
        "for a session"
    );
    let feed = ticket("events").await;
    assert_eq!(
        open(format!("/v1/sessions/{id}/ws?ticket={feed}")).await,
        Some(401),
        "for the feed"
    );
    let other = ticket("events").await;
    let foreign = OrgId::from_bits(7);
    assert_eq!(
        open(format!("/v1/events?ticket={other}&org={foreign}")).await,
        Some(404)
    );
    // A page takes no ticket.
    let page = house
        .get(&format!("/v1/events?ticket={}", ticket("events").await))
        .await;
    assert_eq!(page.problem(), "unauthenticated");
    assert_eq!(open("/v1/events".into()).await, Some(401));
}

#[tokio::test]
async fn another_organisations_feed_is_not_there() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let bo = house.tenant("umbrella").await;
    ana.session("Zanzibar plans", None).await;
    told(&ana, "session.created").await;
    let page = bo.get("/v1/events").await.ok();
    assert_eq!(page.json()["head"], 0);
    assert!(!page.text().contains("Zanzibar"));
    let (own, other) = (bo.who.org_id, ana.who.org_id);
    bo.get(&format!("/v1/events?org={own}")).await.ok();
    for org in [
        other.to_string(),
        OrgId::from_bits(9).to_string(),
        "nonsense".into(),
        String::new(),
    ] {
        let path = format!("/v1/events?org={org}");
        for accept in ["application/json", "text/event-stream"] {
            let request = bo.request("GET", &path).header(header::ACCEPT, accept);
            let answer = house.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (404, "not_found"),
                "{path}"
            );
        }
        // Who asks and what is there come before what is wrong with the rest.
        assert_eq!(bo.get(&format!("{path}&after=x")).await.problem(), "not_found");
    }
    assert_eq!(house.get("/v1/events?after=x").await.problem(), "unauthenticated");
    let address = house.listen().await;
    let bearer = [("authorization", format!("Bearer {}", bo.who.api_key))];
    let socket = Socket::open(&address, &format!("/v1/events?org={other}"), &bearer).await;
    assert_eq!(socket.err(), Some(404));
}

#[tokio::test]
async fn a_browser_chooses_among_its_organisations() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let second = Tenant {
        house: &house,
        who: house.app.bootstrap("acme@example.org", "umbrella").await.unwrap(),
    };
    let third = house.tenant("tyrell").await;
    publish(&house, ana.who.org_id, 1..=1).await;
    publish(&house, second.who.org_id, 1..=2).await;
    let browser = Browser::linked(&house, &ana.who).await;
    let head = async |path: &str| {
        let request = browser.request("GET", path).body(Body::empty()).unwrap();
        house.send(request).await
    };
    // Their environments tell them apart, whatever else is told.
    let environments = async |path: &str| {
        let page = head(path).await.ok().json();
        let events = page["events"].as_array().unwrap().iter();
        events
            .filter(|event| event["type"] == "environment.changed")
            .count()
    };
    assert_eq!(environments("/v1/events").await, 1);
    let path = |who: &Tenant<'_>| format!("/v1/events?org={}", who.who.org_id);
    assert_eq!(environments(&path(&ana)).await, 1);
    assert_eq!(environments(&path(&second)).await, 2);
    assert_eq!(head(&path(&third)).await.problem(), "not_found");
    assert_eq!(head("/v1/events?org=%0A").await.problem(), "not_found");

    let address = house.listen().await;
    let open = async |origin: Option<String>, path: &str| {
        let mut headers = vec![("cookie", browser.cookie.clone())];
        headers.extend(origin.map(|origin| ("origin", origin)));
        Socket::open(&address, path, &headers).await
    };
    let own = || Some(format!("http://{address}"));
    assert_eq!(open(None, "/v1/events").await.err(), Some(403));
    assert_eq!(
        open(Some("https://evil.example".into()), "/v1/events")
            .await
            .err(),
        Some(403)
    );
    assert_eq!(open(own(), &path(&third)).await.err(), Some(404));
    let mut socket = open(own(), &path(&second)).await.ok().unwrap();
    let hello = socket.until("hello").await;
    assert_eq!(hello["org_id"], json!(second.who.org_id));
    assert!(hello["head"].as_u64() >= Some(2), "{hello}");
}

#[tokio::test]
async fn who_may_list_sessions_may_read_the_feed() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    for (scopes, allowed) in [
        (json!(["sessions:read"]), true),
        (json!(["sessions:write"]), true),
        (json!(["runs:read"]), false),
    ] {
        let key = ana
            .post("/v1/api-keys", json!({"name": "k", "scopes": scopes}))
            .await
            .ok()
            .json()["key"]
            .as_str()
            .unwrap()
            .to_owned();
        let request = http::Request::get("/v1/events").header(header::AUTHORIZATION, format!("Bearer {key}"));
        let answer = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            answer.status.as_u16(),
            if allowed { 200 } else { 403 },
            "{scopes}"
        );
    }
}
