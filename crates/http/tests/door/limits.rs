//! How fast requests may come, how much there may be, and that one organisation's flood is its own.

use std::{net::SocketAddr, time::Duration};

use app::{Limits, Rates};
use axum::{body::Body, extract::ConnectInfo};
use domain::limits::{Quotas, Rate};
use http::{Request, header};
use serde_json::json;
use tower::ServiceExt as _;

use crate::{
    browser::{Browser, json_post, send},
    house::{Answer, House, Tenant, demo_session},
    socket::Socket,
};

fn few() -> Limits {
    Limits {
        rates: Rates {
            org: Rate::new(2, 10),
            failed: Rate::new(1, 3),
            open: Rate::new(1, 5),
            ..Rates::default()
        },
        ..Limits::default()
    }
}

async fn from(house: &House, address: &str, path: &str, key: Option<&str>) -> Answer {
    let peer: SocketAddr = format!("{address}:1000").parse().unwrap();
    let mut request = Request::get(path).extension(ConnectInfo(peer));
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    house.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn each_reply_says_what_is_left_and_past_it_when_to_come_back() {
    let house = House::with_limits(few()).await;
    let ana = house.tenant("acme").await;
    let first = ana.get("/v1/me").await.ok();
    assert_eq!(first.headers["ratelimit-policy"], "\"organisation\";q=10;w=5");
    assert_eq!(first.headers["ratelimit"], "\"organisation\";r=9;t=1");
    for _ in 0..9 {
        ana.get("/v1/me").await.ok();
    }
    let over = ana.get("/v1/me").await;
    assert_eq!(
        (over.status.as_u16(), over.problem().as_str()),
        (429, "rate_limited")
    );
    assert_eq!(over.headers[header::RETRY_AFTER], "1");
    assert_eq!(over.json()["limit"], 2);
    assert_eq!(over.headers["ratelimit"], "\"organisation\";r=0;t=5");
    // Whatever the credential: it is the organisation's stock. What is not the API's is not counted.
    let limits = ana.get("/v1/limits").await;
    assert_eq!(limits.problem(), "rate_limited");
    for _ in 0..20 {
        assert_eq!(from(&house, "192.0.2.1", "/health", None).await.status, 200);
        assert_eq!(from(&house, "192.0.2.1", "/metrics", None).await.status, 200);
    }
    house.fakes.clock.advance(Duration::from_secs(1));
    ana.get("/v1/me").await.ok();
    let limits = ana.get("/v1/limits").await.ok().json();
    assert_eq!(
        (
            limits["requests"]["remaining"].as_u64(),
            limits["requests"]["burst"].as_u64()
        ),
        (Some(0), Some(10))
    );
}

#[tokio::test]
async fn one_organisations_flood_is_its_own_and_costs_no_look_ups() {
    let house = House::with_limits(few()).await;
    let (loud, quiet) = (house.tenant("loud").await, house.tenant("quiet").await);
    let mut refused = 0;
    for _ in 0..200 {
        refused += usize::from(loud.get("/v1/me").await.status == 429);
    }
    assert_eq!(refused, 190);
    for _ in 0..10 {
        quiet.get("/v1/me").await.ok();
    }
    assert_eq!(quiet.get("/v1/me").await.status, 429, "by its own doing");
}

#[tokio::test]
async fn what_is_refused_is_not_looked_up() {
    let (house, faults) = House::with_faults().await;
    let ana = house.tenant("acme").await;
    let made = ana
        .post("/v1/api-keys", json!({"name": "slow", "rate_per_s": 1}))
        .await
        .ok()
        .json();
    let slow = Tenant {
        house: &house,
        who: protocol::api::Bootstrapped {
            api_key: made["key"].as_str().unwrap().into(),
            ..ana.who.clone()
        },
    };
    for left in (0..20).rev() {
        let answer = slow.get("/v1/agents").await.ok();
        let told = answer.headers["ratelimit"].to_str().unwrap();
        assert!(told.starts_with(&format!("\"key\";r={left};")), "{told}");
    }
    // A store that does not answer is not asked.
    faults.identity.faults.inject("read_unavailable", 1);
    assert_eq!(slow.get("/v1/agents").await.problem(), "rate_limited");
    assert_eq!(ana.get("/v1/agents").await.problem(), "unavailable");
    ana.get("/v1/agents").await.ok();
    house.fakes.clock.advance(Duration::from_secs(1));
    slow.get("/v1/agents").await.ok();
}

#[tokio::test]
async fn wrong_credentials_never_throttle_valid_ones_from_the_same_address() {
    let house = House::with_limits(few()).await;
    let ana = house.tenant("acme").await;
    let wrong = domain::api_key::text(&[9; 32]);
    for _ in 0..3 {
        assert_eq!(
            from(&house, "192.0.2.1", "/v1/me", Some(&wrong)).await.problem(),
            "unauthenticated"
        );
    }
    for _ in 0..50 {
        let told = from(&house, "192.0.2.1", "/v1/me", Some(&wrong)).await;
        assert_eq!(told.problem(), "rate_limited");
        assert!(told.headers.contains_key(header::RETRY_AFTER) && !told.headers.contains_key("ratelimit"));
    }
    let good = from(&house, "192.0.2.1", "/v1/me", Some(&ana.who.api_key))
        .await
        .ok();
    assert_eq!(
        good.headers["ratelimit"], "\"organisation\";r=9;t=1",
        "the others took nothing from it"
    );
    assert_eq!(
        from(&house, "192.0.2.2", "/v1/me", Some(&wrong)).await.problem(),
        "unauthenticated"
    );
    house.fakes.clock.advance(Duration::from_secs(1));
    assert_eq!(
        from(&house, "192.0.2.1", "/v1/me", Some(&wrong)).await.problem(),
        "unauthenticated"
    );
}

#[tokio::test]
async fn visitors_are_counted_by_address() {
    let house = House::with_limits(few()).await;
    for _ in 0..5 {
        assert_eq!(from(&house, "192.0.2.1", "/openapi.json", None).await.status, 200);
    }
    assert_eq!(
        from(&house, "192.0.2.1", "/openapi.json", None).await.problem(),
        "rate_limited"
    );
    assert_eq!(from(&house, "192.0.2.2", "/openapi.json", None).await.status, 200);
    let ana = house.tenant("acme").await;
    from(&house, "192.0.2.1", "/v1/me", Some(&ana.who.api_key))
        .await
        .ok();
}

#[tokio::test]
async fn links_that_are_looked_at_count_for_visitors() {
    let house = House::with_limits(few()).await;
    let look = async || {
        let request = json_post("/v1/invitations/preview", &json!({"token": "0".repeat(64)}));
        send(&house.router, request).await.problem()
    };
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(look().await);
    }
    assert_eq!(answers[0], "invitation_expired");
    assert_eq!(answers[5], "rate_limited");
}

#[tokio::test]
async fn who_belongs_nowhere_is_counted_by_address() {
    let house = House::with_limits(few()).await;
    let ana = house.tenant("acme").await;
    let browser = Browser::linked(&house, &ana.who).await;
    house
        .fakes
        .identity
        .set_role(ana.who.org_id, ana.who.user_id, None);
    let mut answers = Vec::new();
    for n in 0..8 {
        let body = json!({"slug": format!("not a slug {n}")});
        answers.push(browser.call("POST", "/v1/orgs", &body).await.problem());
    }
    assert!(answers.contains(&"invalid_request".to_owned()), "{answers:?}");
    assert_eq!(answers[7], "rate_limited");
}

#[tokio::test]
async fn quotas_end_with_a_word_of_how_much_there_may_be() {
    let quotas = Quotas {
        sessions: 3,
        turns: 1,
        ..Quotas::default()
    };
    let house = House::with_limits(Limits {
        quotas,
        ..Limits::default()
    })
    .await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("other").await);
    let first = ana.session("one", Some("go")).await;
    let idle = ana.session("two", None).await;
    let mut body = demo_session();
    body["prompt"] = json!("go");
    let busy = ana.post("/v1/sessions", body).await;
    assert_eq!(
        (busy.status.as_u16(), busy.problem().as_str()),
        (409, "quota_exceeded")
    );
    assert_eq!(
        (
            busy.json()["limit"].as_u64(),
            busy.headers[header::RETRY_AFTER].to_str().ok()
        ),
        (Some(1), Some("5"))
    );
    let prompts = |id| format!("/v1/sessions/{id}/prompts");
    assert_eq!(
        ana.post(&prompts(idle), json!({"text": "go"})).await.problem(),
        "quota_exceeded"
    );
    assert_eq!(
        ana.post(&prompts(first), json!({"text": "more"})).await.status,
        202,
        "it has its turn already"
    );

    let key = |n: &'static str| (n, demo_session());
    let (name, body) = key("third");
    let third = ana.post_with_key("POST", "/v1/sessions", name, &body).await.ok();
    let full = ana.post("/v1/sessions", demo_session()).await;
    assert_eq!(full.problem(), "quota_exceeded");
    assert!(
        !full.headers.contains_key(header::RETRY_AFTER),
        "time does not help"
    );
    let again = ana.post_with_key("POST", "/v1/sessions", name, &body).await.ok();
    assert!(again.replayed());
    assert_eq!(again.json()["id"], third.json()["id"]);
    bo.post("/v1/sessions", demo_session()).await.ok();

    let limits = ana.get("/v1/limits").await.ok().json();
    assert_eq!(limits["quotas"]["sessions"], json!({"limit": 3, "used": 3}));
    assert_eq!(limits["quotas"]["turns"], json!({"limit": 1, "used": 1}));
    assert_eq!(limits["quotas"]["members"]["used"], 1);
    assert_eq!(ana.delete(&format!("/v1/sessions/{idle}")).await.status, 204);
    ana.post("/v1/sessions", demo_session()).await.ok();
}

fn with_quotas(quotas: Quotas) -> Limits {
    Limits {
        quotas,
        ..Limits::default()
    }
}

#[tokio::test]
async fn what_is_kept_is_bounded_and_deleting_makes_room() {
    let step = ports::catalog::KEPT_STEP;
    let house = House::with_limits(with_quotas(Quotas {
        storage: 2 * step,
        ..Quotas::default()
    }))
    .await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("other").await);
    let first = ana.session("one", None).await;
    let second = ana.session("two", None).await;
    let limits = ana.get("/v1/limits").await.ok().json();
    assert_eq!(
        limits["quotas"]["storage"],
        json!({"limit": 2 * step, "used": 2 * step}),
        "a session is a step at least"
    );
    let third = ana.post("/v1/sessions", demo_session()).await;
    assert_eq!(third.problem(), "quota_exceeded");
    assert!(
        third.json()["detail"]
            .as_str()
            .unwrap()
            .contains("Delete sessions"),
        "{}",
        third.text()
    );
    assert!(
        !third.headers.contains_key(header::RETRY_AFTER),
        "time does not help"
    );
    // Nor a prompt, nor a file.
    let prompt = ana
        .post(&format!("/v1/sessions/{first}/prompts"), json!({"text": "go"}))
        .await;
    assert_eq!(prompt.problem(), "quota_exceeded");
    let file = ana
        .request("POST", &format!("/v1/sessions/{first}/artifacts?name=a.txt"))
        .header(header::CONTENT_TYPE, "text/plain")
        .body(Body::from("kept"))
        .unwrap();
    assert_eq!(house.send(file).await.problem(), "quota_exceeded");
    bo.post("/v1/sessions", demo_session()).await.ok();
    assert_eq!(ana.delete(&format!("/v1/sessions/{second}")).await.status, 204);
    ana.post("/v1/sessions", demo_session()).await.ok();
}

#[tokio::test]
async fn an_artifact_counts_until_it_is_deleted() {
    let house = House::with_limits(with_quotas(Quotas {
        storage: 1 << 20,
        ..Quotas::default()
    }))
    .await;
    let ana = house.tenant("acme").await;
    let id = ana.session("one", None).await;
    let upload = async |bytes: usize| {
        let request = ana
            .request("POST", &format!("/v1/sessions/{id}/artifacts?name=a.bin"))
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(header::CONTENT_LENGTH, bytes)
            .body(Body::from(vec![7; bytes]))
            .unwrap();
        house.send(request).await
    };
    let large = upload(900_000).await.ok().json();
    assert_eq!(upload(200_000).await.problem(), "quota_exceeded");
    let artifact = large["id"].as_str().unwrap();
    let gone = ana
        .delete(&format!("/v1/sessions/{id}/artifacts/{artifact}"))
        .await;
    assert_eq!(gone.status, 204);
    // The row follows the commit in its own time.
    let mut used = u64::MAX;
    for _ in 0..1_000 {
        let limits = ana.get("/v1/limits").await.ok().json();
        used = limits["quotas"]["storage"]["used"].as_u64().unwrap();
        if used <= 128 << 10 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(used <= 128 << 10, "{used}");
    upload(200_000).await.ok();
}

#[tokio::test]
async fn an_organisation_has_so_many_streams_open() {
    let house = House::with_limits(with_quotas(Quotas {
        sockets: 2,
        ..Quotas::default()
    }))
    .await;
    let (ana, bo) = (house.tenant("acme").await, house.tenant("other").await);
    let id = ana.session("one", None).await;
    let open = async |who: &Tenant<'_>, path: &str| {
        let request = who
            .request("GET", path)
            .header(header::ACCEPT, "text/event-stream")
            .body(Body::empty())
            .unwrap();
        house.router.clone().oneshot(request).await.unwrap()
    };
    let events = format!("/v1/sessions/{id}/events");
    let held = [open(&ana, &events).await, open(&ana, "/v1/events").await];
    assert!(held.iter().all(|response| response.status() == 200));
    let over = open(&ana, &events).await;
    assert_eq!(
        (over.status().as_u16(), &over.headers()[header::RETRY_AFTER]),
        (409, &"5".parse().unwrap())
    );
    assert_eq!(open(&bo, "/v1/events").await.status(), 200);
    let limits = ana.get("/v1/limits").await.ok().json();
    assert_eq!(limits["quotas"]["sockets"], json!({"limit": 2, "used": 2}));
    drop(held);
    assert_eq!(open(&ana, &events).await.status(), 200);
}

#[tokio::test]
async fn what_a_socket_asks_for_counts_as_a_request() {
    let house = House::with_limits(few()).await;
    let ana = house.tenant("acme").await;
    let id = ana.session("one", None).await;
    let address = house.listen().await;
    let key = [("authorization", format!("Bearer {}", ana.who.api_key))];
    let path = format!("/v1/sessions/{id}/ws");
    let mut socket = Socket::open(&address, &path, &key).await.ok().unwrap();
    // Two of the ten are used: making the session, and this socket.
    for _ in 0..8 {
        socket.send(json!({"type": "subscribe", "after": 0})).await;
        socket.until("caught_up").await;
    }
    socket
        .send(json!({"type": "prompt", "text": "go", "idempotency_key": "k"}))
        .await;
    let refused = socket.until("error").await;
    assert_eq!(
        (&refused["code"], &refused["idempotency_key"]),
        (&json!("rate_limited"), &json!("k"))
    );
    // A sign of life costs nothing, and time brings requests back.
    socket.send(json!({"type": "ping"})).await;
    socket.until("pong").await;
    house.fakes.clock.advance(Duration::from_secs(1));
    socket.send(json!({"type": "prompt", "text": "go"})).await;
    socket.until("accepted").await;
}
