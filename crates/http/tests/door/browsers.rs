//! Browsers that are signed in: what they have to prove, where they may go, and when they end.

use std::time::Duration;

use axum::body::Body;
use domain::{
    sign_in::{SESSION_IDLE, SESSION_LIFE},
    tenancy::Role,
};
use futures::StreamExt;
use http::header;
use serde_json::json;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::{
    browser::{Browser, door, json_post, send},
    house::{House, demo_session},
    socket::Socket,
};

#[tokio::test]
async fn whatever_changes_something_comes_from_our_own_page() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let browser = Browser::linked(&house, &ana.who).await;
    let other = Browser::linked(&house, &ana.who).await;
    let id = ana.session("s", None).await;
    let path = format!("/v1/sessions/{id}");
    for csrf in [None, Some(""), Some("wrong"), Some(other.csrf.as_str())] {
        for (method, path) in [
            ("POST", "/v1/sessions"),
            ("PATCH", path.as_str()),
            ("DELETE", path.as_str()),
            ("PUT", "/v1/auth/password"),
            ("POST", "/v1/auth/sign-out"),
        ] {
            let mut request = http::Request::builder()
                .method(method)
                .uri(path)
                .header(header::COOKIE, &browser.cookie)
                .header(header::CONTENT_TYPE, "application/json");
            if let Some(csrf) = csrf {
                request = request.header("Coordinator-CSRF", csrf);
            }
            let answer = house.send(request.body(Body::from("{}")).unwrap()).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (403, "csrf_failed"),
                "{method} {path}"
            );
        }
    }
    for (origin, own) in [
        ("http://127.0.0.1:8080", true),
        ("http://127.0.0.1:8081", false),
        ("https://127.0.0.1:8080", false),
        ("https://evil.example", false),
        ("null", false),
    ] {
        for method in ["GET", "PATCH"] {
            let request = browser
                .request(method, &path)
                .header(header::HOST, "127.0.0.1:8080")
                .header(header::ORIGIN, origin)
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(json!({"title": "t"}).to_string()))
                .unwrap();
            let answer = house.send(request).await;
            if own {
                answer.ok();
            } else {
                assert_eq!(answer.problem(), "csrf_failed", "{method} {origin}");
            }
        }
    }
    // The public address counts, wherever the proxy sends it.
    let secure = door(&house, true, Some("https://agents.example.org"));
    let link = house
        .app
        .sign_in_link(ana.who.user_id, ana.who.org_id)
        .await
        .unwrap();
    let token = json!({"token": link.expose()});
    for (origin, status) in [("https://evil.example", 403), ("https://agents.example.org", 200)] {
        let mut request = json_post("/v1/auth/link", &token);
        request
            .headers_mut()
            .insert(header::ORIGIN, origin.parse().unwrap());
        assert_eq!(
            send(&secure, request).await.status,
            status,
            "no page of others signs anybody in"
        );
    }
    // A key needs no proof, and wins over a cookie.
    let request = ana
        .request("PATCH", &path)
        .header(header::COOKIE, &browser.cookie)
        .header(header::ORIGIN, "https://evil.example")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({"title": "t"}).to_string()))
        .unwrap();
    house.send(request).await.ok();
}

#[tokio::test]
async fn a_person_of_several_organisations_chooses_one() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    house.app.bootstrap("acme@example.org", "second").await.unwrap();
    let foreign = house.tenant("other").await;
    let browser = Browser::linked(&house, &ana.who).await;
    let me = browser.get("/v1/me").await.ok().json();
    assert_eq!(me["organisation"]["slug"], "acme");
    let slugs: Vec<_> = me["organisations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|org| (org["slug"].as_str().unwrap(), org["role"].as_str().unwrap()))
        .collect();
    assert_eq!(slugs, [("acme", "owner"), ("second", "owner")]);
    let second = me["organisations"][1]["id"].as_str().unwrap().to_owned();
    let there = |method: &str, path: &str, org: &str, body: String| {
        let request = browser
            .request(method, path)
            .header("Coordinator-Org", org)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap();
        browser.send(request)
    };
    let chosen = there("GET", "/v1/me", &second, String::new()).await.ok().json();
    assert_eq!(chosen["organisation"]["slug"], "second");
    for org in [
        foreign.who.org_id.to_string(),
        "org_nonsense".into(),
        String::new(),
    ] {
        for (method, path) in [
            ("GET", "/v1/me"),
            ("GET", "/v1/sessions"),
            ("POST", "/v1/sessions"),
        ] {
            let answer = there(method, path, &org, demo_session().to_string()).await;
            assert_eq!(answer.problem(), "not_found", "{method} {path} {org}");
        }
    }
    // A session's organisation counts, whichever is chosen.
    let made = there("POST", "/v1/sessions", &second, demo_session().to_string())
        .await
        .ok();
    let path = format!("/v1/sessions/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(
        ana.get(&path).await.problem(),
        "not_found",
        "the key is of the first one"
    );
    assert_eq!(browser.get("/v1/sessions").await.json()["items"], json!([]));
    for method in ["GET", "PATCH"] {
        browser.call(method, &path, &json!({"title": "t"})).await.ok();
    }
    let acme = ana.who.org_id.to_string();
    there("DELETE", &path, &acme, String::new()).await.ok();
    assert_eq!(browser.get(&path).await.problem(), "not_found");
    // A key tells nothing of its owner's other organisations.
    let me = ana.get("/v1/me").await.ok().json();
    assert_eq!(me["organisations"].as_array().unwrap().len(), 1);
    assert!(me["csrf_token"].is_null());
}

#[tokio::test]
async fn a_browser_session_ends_by_age_idleness_and_membership() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let me = async |browser: &Browser| browser.get("/v1/me").await.status.as_u16();
    let idle = Browser::linked(&house, &ana.who).await;
    house.fakes.clock.advance(SESSION_IDLE - Duration::from_secs(1));
    assert_eq!(me(&idle).await, 200);
    tokio::task::yield_now().await;
    house.fakes.clock.advance(SESSION_IDLE - Duration::from_secs(1));
    assert_eq!(me(&idle).await, 200, "use keeps it");
    tokio::task::yield_now().await;
    house.fakes.clock.advance(SESSION_IDLE);
    assert_eq!(me(&idle).await, 401);
    let old = Browser::linked(&house, &ana.who).await;
    for _ in 0..4 {
        house.fakes.clock.advance(SESSION_IDLE - Duration::from_secs(1));
        assert_eq!(me(&old).await, 200);
        tokio::task::yield_now().await;
    }
    house
        .fakes
        .clock
        .advance(SESSION_LIFE - SESSION_IDLE * 4 + Duration::from_secs(4));
    assert_eq!(me(&old).await, 401, "however much it is used");
    let put_out = Browser::linked(&house, &ana.who).await;
    let id = ana.session("s", None).await;
    house
        .fakes
        .identity
        .set_role(ana.who.org_id, ana.who.user_id, Some(Role::Viewer));
    let created = put_out.call("POST", "/v1/sessions", &demo_session()).await;
    assert_eq!(created.problem(), "forbidden", "the role is that of now");
    house
        .fakes
        .identity
        .set_role(ana.who.org_id, ana.who.user_id, None);
    let nowhere = put_out.get("/v1/me").await.ok().json();
    assert!(nowhere["organisation"].is_null() && nowhere["role"].is_null());
    let gone = put_out.get(&format!("/v1/sessions/{id}")).await;
    assert_eq!(
        (gone.status.as_u16(), gone.problem().as_str()),
        (403, "no_organisation")
    );
}

#[tokio::test]
async fn signing_out_ends_what_is_open_at_once() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let browser = Browser::linked(&house, &ana.who).await;
    let stays = Browser::linked(&house, &ana.who).await;
    let id = ana.session("s", None).await;
    let address = house.listen().await;
    let path = format!("/v1/sessions/{id}/ws");
    let open = async |browser: &Browser, origin: Option<String>| {
        let mut headers = vec![("cookie", browser.cookie.clone())];
        headers.extend(origin.map(|origin| ("origin", origin)));
        Socket::open(&address, &path, &headers).await
    };
    let own = || Some(format!("http://{address}"));
    for foreign in [
        None,
        Some("https://evil.example".to_owned()),
        Some("null".to_owned()),
    ] {
        assert_eq!(open(&browser, foreign).await.err(), Some(403));
    }
    let mut socket = open(&browser, own()).await.ok().unwrap();
    let mut other = open(&stays, own()).await.ok().unwrap();
    socket.send(json!({"type": "prompt", "text": "a"})).await;
    socket.until("accepted").await;

    let stream = async |browser: &Browser| {
        let request = browser
            .request("GET", &format!("/v1/sessions/{id}/events"))
            .header(header::ACCEPT, "text/event-stream")
            .body(Body::empty())
            .unwrap();
        let response = house.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        response.into_body().into_data_stream()
    };
    let mut events = stream(&browser).await;
    events.next().await.unwrap().unwrap();
    let ticket = browser
        .call("POST", "/v1/tickets", &json!({"scope": id}))
        .await
        .ok()
        .json();

    let out = browser.sign_out().await.ok();
    assert_eq!(out.status, 204);
    assert_eq!(
        out.headers[header::SET_COOKIE],
        "coordinator=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    );
    assert_eq!(browser.get("/v1/me").await.status, 401);
    assert_eq!(browser.sign_out().await.status, 401);
    // Far sooner than the half minute after which it is looked anyway.
    let ends = async {
        while socket.next().await.is_some() {}
        while events.next().await.is_some() {}
    };
    timeout(Duration::from_secs(20), ends)
        .await
        .expect("they end at once");
    assert_eq!(open(&browser, own()).await.err(), Some(401));
    let ticketed = format!("{path}?ticket={}", ticket["ticket"].as_str().unwrap());
    assert_eq!(house.get(&ticketed).await.problem(), "unauthenticated");

    other.send(json!({"type": "prompt", "text": "b"})).await;
    other.until("accepted").await;
    // A new password elsewhere ends it, too.
    let elsewhere = Browser::linked(&house, &ana.who).await;
    elsewhere
        .set_password("a long one that ana knows", None)
        .await
        .ok();
    timeout(Duration::from_secs(20), async {
        while other.next().await.is_some() {}
    })
    .await
    .expect("it ends at once");
}
