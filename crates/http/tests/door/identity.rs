//! Keys, who they stand for, and what they may do.

use axum::body::Body;
use http::{Request, header};
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn without_a_valid_key_nothing_is_said() {
    let house = House::new().await;
    let anonymous = house.get("/v1/sessions").await;
    assert_eq!(anonymous.status, 401);
    assert_eq!(anonymous.problem(), "unauthenticated");
    assert_eq!(anonymous.headers[header::WWW_AUTHENTICATE], "Bearer");
    for credential in ["Bearer ack_wrong", "Bearer ", "Basic ack_x", "ack_x", "Bearer x"] {
        let request = Request::get("/v1/me")
            .header(header::AUTHORIZATION, credential)
            .body(Body::empty())
            .unwrap();
        assert_eq!(house.send(request).await.status, 401, "{credential}");
    }
}

#[tokio::test]
async fn a_key_is_shown_once_works_and_can_be_revoked() {
    let house = House::new().await;
    let owner = house.tenant("acme").await;
    let me = owner.get("/v1/me").await.ok().json();
    assert_eq!(me["organisation"]["slug"], "acme");
    assert_eq!(me["role"], "owner");

    let made = owner
        .post("/v1/api-keys", json!({"name": "ci", "scopes": ["sessions:read"]}))
        .await;
    assert_eq!(made.status, 201);
    let key = made.json()["key"].as_str().unwrap().to_owned();
    assert!(key.starts_with("ack_") && key.len() == 53, "{key}");
    let list = owner.get("/v1/api-keys").await.ok();
    assert!(!list.text().contains(&key[10..]));
    assert_eq!(list.json()["items"].as_array().unwrap().len(), 2);

    let reader = crate::house::Tenant {
        house: &house,
        who: protocol::api::Bootstrapped {
            api_key: key,
            ..owner.who.clone()
        },
    };
    assert_eq!(reader.get("/v1/sessions").await.status, 200);
    assert_eq!(
        reader
            .post("/v1/sessions", crate::house::demo_session())
            .await
            .problem(),
        "forbidden"
    );
    assert_eq!(
        reader
            .post("/v1/api-keys", json!({"name": "more"}))
            .await
            .problem(),
        "forbidden"
    );
    assert_eq!(reader.get("/v1/runs").await.problem(), "forbidden");

    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(owner.delete(&format!("/v1/api-keys/{id}")).await.status, 204);
    assert_eq!(owner.delete(&format!("/v1/api-keys/{id}")).await.status, 204);
    assert_eq!(reader.get("/v1/sessions").await.problem(), "unauthenticated");
}

#[tokio::test]
async fn a_key_expires() {
    let house = House::new().await;
    let owner = house.tenant("acme").await;
    let past = owner
        .post(
            "/v1/api-keys",
            json!({"name": "x", "expires_at": "2020-01-01T00:00:00Z"}),
        )
        .await;
    assert_eq!(
        (past.problem().as_str(), past.json()["field"].as_str()),
        ("invalid_request", Some("expires_at"))
    );
    let end = house
        .app
        .now()
        .after(std::time::Duration::from_secs(60))
        .to_string();
    let made = owner
        .post("/v1/api-keys", json!({"name": "x", "expires_at": end}))
        .await
        .ok()
        .json();
    let short = crate::house::Tenant {
        house: &house,
        who: protocol::api::Bootstrapped {
            api_key: made["key"].as_str().unwrap().into(),
            ..owner.who.clone()
        },
    };
    assert_eq!(short.get("/v1/me").await.status, 200);
    house.fakes.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(short.get("/v1/me").await.status, 401);
}

#[tokio::test]
async fn a_ticket_opens_one_session_once() {
    let house = House::new().await;
    let owner = house.tenant("acme").await;
    let id = owner.session("mine", None).await;
    let made = owner.post("/v1/tickets", json!({"scope": id})).await;
    assert_eq!(made.status, 201);
    let ticket = made.json()["ticket"].as_str().unwrap().to_owned();
    // No handshake here: a valid ticket gets as far as being asked for one, and is used up by that.
    let path = format!("/v1/sessions/{id}/ws?ticket={ticket}");
    assert_eq!(house.get(&path).await.problem(), "invalid_request");
    assert_eq!(house.get(&path).await.problem(), "unauthenticated");
    assert_eq!(
        owner
            .post("/v1/tickets", json!({"scope": "everything"}))
            .await
            .problem(),
        "invalid_request"
    );
    let late = owner.post("/v1/tickets", json!({"scope": id})).await.json()["ticket"]
        .as_str()
        .unwrap()
        .to_owned();
    house.fakes.clock.advance(std::time::Duration::from_secs(61));
    let path = format!("/v1/sessions/{id}/ws?ticket={late}");
    assert_eq!(house.get(&path).await.problem(), "unauthenticated");
}

#[tokio::test]
async fn a_revoked_key_drives_nothing_through_a_socket_that_is_open() {
    let house = House::new().await;
    let owner = house.tenant("acme").await;
    let made = owner.post("/v1/api-keys", json!({"name": "x"})).await.ok().json();
    let id = owner.session("s", None).await;
    let address = house.listen().await;
    let bearer = format!("Bearer {}", made["key"].as_str().unwrap());
    let path = format!("/v1/sessions/{id}/ws");
    let mut socket = crate::socket::Socket::open(&address, &path, &[("authorization", bearer)])
        .await
        .ok()
        .unwrap();
    socket.send(json!({"type": "prompt", "text": "a"})).await;
    socket.until("accepted").await;
    owner
        .delete(&format!("/v1/api-keys/{}", made["id"].as_str().unwrap()))
        .await
        .ok();
    // Told to go at once; what is sent all the same is not carried out.
    socket.send(json!({"type": "prompt", "text": "b"})).await;
    while let Some(frame) = socket.next().await {
        assert_ne!(frame["type"], "accepted");
    }
    assert_eq!(
        owner.get(&format!("/v1/sessions/{id}")).await.json()["queue"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
