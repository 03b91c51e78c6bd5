//! Several people, or several tabs, at one session.

use serde_json::json;

use crate::{
    house::{House, Tenant},
    runner::Runner,
    socket::Socket,
};

#[tokio::test]
async fn the_first_answer_counts_and_both_see_whose_it_was() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let bo = Tenant {
        house: &house,
        who: house.app.bootstrap("bo@example.org", "acme").await.unwrap(),
    };
    let id = ana.session("s", Some("work")).await;
    let path = format!("/v1/sessions/{id}");
    let mut runner = Runner::ready(&house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    let asked = json!({"kind": "event", "event": {"type": "permission.requested", "data": {
        "permission_id": "per_1", "tool": "bash", "title": "ls", "patterns": [], "details": {}
    }}});
    runner.report(Some(&prompt), asked).await;
    runner.acked().await;

    let address = house.listen().await;
    let open = async |who: &Tenant<'_>| {
        let key = [("authorization", format!("Bearer {}", who.who.api_key))];
        let mut socket = Socket::open(&address, &format!("{path}/ws"), &key)
            .await
            .ok()
            .unwrap();
        socket.send(json!({"type": "subscribe", "after": 0})).await;
        socket.until("caught_up").await;
        socket
    };
    let (mut hers, mut his) = (open(&ana).await, open(&bo).await);
    let answer = |reply: &str| json!({"type": "permission", "permission_id": "per_1", "reply": reply});
    his.send(answer("reject")).await;
    for socket in [&mut hers, &mut his] {
        let resolved = socket.until_event("permission.resolved").await;
        assert_eq!(resolved["data"]["reply"], "reject");
        assert_eq!(resolved["data"]["by"]["name"], "bo@example.org");
        assert_eq!(resolved["data"]["by"]["user_id"], json!(bo.who.user_id));
    }
    hers.send(answer("once")).await;
    assert_eq!(hers.until("error").await["code"], "already_answered");
    let late = ana
        .post(&format!("{path}/permissions/per_1"), json!({"reply": "always"}))
        .await;
    assert_eq!(late.problem(), "already_answered");
    let events = ana.get(&format!("{path}/events?limit=1000")).await.ok().text();
    assert_eq!(events.matches("\"permission.resolved\"").count(), 1);
}
