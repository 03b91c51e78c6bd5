//! Permissions and questions.

use serde_json::json;

use crate::{house::House, runner::Runner};

#[tokio::test]
async fn a_permission_and_a_question_are_answered_once() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let id = ana.session("s", Some("work")).await;
    let path = format!("/v1/sessions/{id}");
    let mut runner = Runner::ready(&house).await;
    let prompt = runner.command().await["prompt_id"].as_str().unwrap().to_owned();
    let event = |kind: &str, data| json!({"kind": "event", "event": {"type": kind, "data": data}});
    runner.report(Some(&prompt), event("permission.requested", json!({
        "permission_id": "per_1", "tool": "bash", "title": "rm -rf build", "patterns": [], "details": {}
    }))).await;
    runner.report(Some(&prompt), event("question.asked", json!({
        "question_id": "que_1",
        "questions": [{"header": "H", "question": "Which?", "options": [{"label": "A", "description": "a"}], "multiple": false}]
    }))).await;
    runner.acked().await;
    let session = ana.get(&path).await.ok().json();
    assert_eq!(
        (session["status"].as_str(), &session["pending"]["permissions"]),
        (Some("waiting"), &json!(["per_1"]))
    );

    let bad = ana
        .post(&format!("{path}/permissions/per_1"), json!({"reply": "maybe"}))
        .await;
    assert_eq!(bad.problem(), "invalid_request");
    let body = json!({"reply": "once"});
    let answered = ana
        .post_with_key("POST", &format!("{path}/permissions/per_1"), "a", &body)
        .await;
    assert_eq!(answered.status, 200, "{}", answered.text());
    assert!(
        ana.post_with_key("POST", &format!("{path}/permissions/per_1"), "a", &body)
            .await
            .ok()
            .replayed()
    );
    assert_eq!(
        runner.command().await,
        json!({"command": "permission", "permission_id": "per_1", "reply": "once", "message": null})
    );

    let none = ana.post(&format!("{path}/questions/que_1"), json!({})).await;
    assert_eq!(
        (none.problem().as_str(), none.json()["field"].as_str()),
        ("invalid_request", Some("answers"))
    );
    ana.post(&format!("{path}/questions/que_1"), json!({"answers": [["A"]]}))
        .await
        .ok();
    assert_eq!(runner.command().await["answers"], json!([["A"]]));
    assert_eq!(ana.get(&path).await.json()["status"], "running");
    let twice = ana
        .post(&format!("{path}/questions/que_1"), json!({"answers": [["A"]]}))
        .await;
    assert!(["not_found", "already_answered"].contains(&twice.problem().as_str()));
}
