//! The session's socket.

use serde_json::json;

use crate::house::House;
pub(crate) use crate::web_socket::Socket;

#[tokio::test]
async fn subscribe_replay_prompt_live_and_resume() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    let address = house.listen().await;
    let (path, bearer) = (
        format!("/v1/sessions/{id}/ws"),
        format!("Bearer {}", ana.who.api_key),
    );
    let mut socket = Socket::open(&address, &path, &[("authorization", bearer.clone())])
        .await
        .ok()
        .unwrap();
    let hello = socket.next().await.unwrap();
    assert_eq!(hello["type"], "hello");
    let head = hello["head"].as_u64().unwrap();
    assert_eq!(hello["version"], "9.9.9");
    assert_eq!(
        socket.until("presence").await["people"],
        json!([{"user_id": ana.who.user_id, "name": "acme@example.org"}])
    );

    socket.send(json!({"type": "subscribe", "after": 0})).await;
    assert_eq!(socket.until("event").await["event"]["seq"], 1);
    assert_eq!(socket.until("caught_up").await["head"].as_u64(), Some(head));

    let prompt = json!({"type": "prompt", "text": "hi", "idempotency_key": "p1"});
    socket.send(prompt.clone()).await;
    let accepted = socket.until("accepted").await;
    assert_eq!(accepted["idempotency_key"], "p1");
    socket.send(prompt).await;
    assert_eq!(
        socket.until("accepted").await["prompt_id"],
        accepted["prompt_id"],
        "the same prompt"
    );
    socket
        .send(json!({"type": "prompt", "text": "other", "idempotency_key": "p1"}))
        .await;
    assert_eq!(socket.until("error").await["code"], "idempotency_conflict");

    socket.send(json!({"type": "subscribe", "after": head})).await;
    let queued = socket.until_event("prompt.queued").await;
    assert_eq!(
        (queued["data"]["text"].as_str(), queued["prompt_id"].as_str()),
        (Some("hi"), accepted["prompt_id"].as_str())
    );
    let mut last = queued["seq"].as_u64().unwrap();
    drop(socket);

    ana.post(&format!("/v1/sessions/{id}/prompts"), json!({"text": "again"}))
        .await
        .ok();
    let mut socket = Socket::open(&address, &path, &[("authorization", bearer)])
        .await
        .ok()
        .unwrap();
    socket.send(json!({"type": "subscribe", "after": last})).await;
    loop {
        let event = socket.until("event").await["event"].clone();
        assert_eq!(event["seq"].as_u64(), Some(last + 1));
        last += 1;
        if event["type"] == "prompt.queued" {
            assert_eq!(event["data"]["text"], "again");
            break;
        }
    }
    ana.delete(&format!("/v1/sessions/{id}")).await;
    while socket.next().await.is_some() {}
}

#[tokio::test]
async fn what_is_not_understood_is_said_and_the_socket_stays() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", None).await;
    let address = house.listen().await;
    let ticket = ana.post("/v1/tickets", json!({"scope": id})).await.json()["ticket"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/sessions/{id}/ws?ticket={ticket}");
    let mut socket = Socket::open(&address, &path, &[]).await.ok().unwrap();
    for (frame, code) in [
        (json!({"type": "dance"}), "invalid_request"),
        (json!({"type": "subscribe"}), "invalid_request"),
        (
            json!({"type": "subscribe", "after": 0, "before": 1}),
            "invalid_request",
        ),
        (json!({"type": "subscribe", "after": 999}), "invalid_cursor"),
        (
            json!({"type": "prompt", "text": "x".repeat(70_000)}),
            "prompt_too_large",
        ),
        (
            json!({"type": "prompt", "text": "x", "idempotency_key": "a b"}),
            "invalid_request",
        ),
        (json!({"type": "interrupt"}), "conflict"),
        (
            json!({"type": "permission", "permission_id": "p", "reply": "once"}),
            "not_found",
        ),
        (
            json!({"type": "answer", "question_id": "q", "answers": [["x"]]}),
            "not_found",
        ),
        (
            json!({"type": "cancel", "prompt_id": format!("prm_{}", "0".repeat(26))}),
            "not_found",
        ),
    ] {
        socket.send(frame.clone()).await;
        assert_eq!(socket.until("error").await["code"], code, "{frame}");
    }
    socket.send(json!({"type": "ping"})).await;
    socket.until("pong").await;
    assert_eq!(
        Socket::open(&address, &path, &[]).await.err(),
        Some(401),
        "a ticket is used once"
    );
}

#[tokio::test]
async fn presence_comes_and_goes() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    house.app.bootstrap("bo@example.org", "acme").await.unwrap();
    let bo = crate::house::Tenant {
        house: &house,
        who: house.app.bootstrap("bo@example.org", "acme").await.unwrap(),
    };
    let id = ana.session("s", None).await;
    let address = house.listen().await;
    let path = format!("/v1/sessions/{id}/ws");
    let key = |who: &crate::house::Tenant<'_>| [("authorization", format!("Bearer {}", who.who.api_key))];
    let person =
        |who: &crate::house::Tenant<'_>, name: &str| json!({"user_id": who.who.user_id, "name": name});
    let (a, b) = (person(&ana, "acme@example.org"), person(&bo, "bo@example.org"));
    let mut first = Socket::open(&address, &path, &key(&bo)).await.ok().unwrap();
    assert_eq!(first.next().await.unwrap()["type"], "hello");
    assert_eq!(
        first.next().await.unwrap(),
        json!({"type": "presence", "people": [b]})
    );
    let mut second = Socket::open(&address, &path, &key(&ana)).await.ok().unwrap();
    let both = json!([a, b]);
    assert_eq!(second.until("presence").await["people"], both);
    assert_eq!(first.until("presence").await["people"], both);
    let mut tab = Socket::open(&address, &path, &key(&ana)).await.ok().unwrap();
    assert_eq!(
        tab.until("presence").await["people"],
        both,
        "two tabs are one person"
    );
    drop(second);
    drop(tab);
    assert_eq!(first.until("presence").await["people"], json!([b]));
}
