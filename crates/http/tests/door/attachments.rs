//! Files that come along with a prompt: in at both doors, out as what they are.

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::house::{House, Tenant, demo_session};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

fn file(name: &str, media_type: &str, bytes: &[u8]) -> Value {
    json!({"name": name, "media_type": media_type, "data": BASE64.encode(bytes)})
}

async fn session(ana: &Tenant<'_>, attachments: Value) -> Value {
    let mut body = demo_session();
    body["prompt"] = json!("look");
    body["attachments"] = attachments;
    ana.post("/v1/sessions", body).await.ok().json()
}

#[tokio::test]
async fn a_file_comes_back_as_what_it_is_and_never_as_a_page() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let script = b"<script>alert(1)</script>";
    let files = json!([
        file("a \"b\".png", "text/html", PNG),
        file("page.html", "image/png", script),
        file("x.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
    ]);
    let session = session(&ana, files).await;
    let path = format!("/v1/sessions/{}/prompts", session["id"].as_str().unwrap());
    let prompts = ana.get(&path).await.ok().json();
    let prompt = &prompts["items"][0];
    assert_eq!(prompt["attachments"][1]["name"], "page.html");
    assert_eq!(prompt["attachments"][0]["size_bytes"], PNG.len());
    assert_eq!(prompt["author"]["name"], "acme@example.org");
    let path = format!("{path}/{}/attachments", prompt["id"].as_str().unwrap());

    let picture = ana.get(&format!("{path}/0")).await.ok();
    assert_eq!(picture.bytes, PNG);
    let header =
        |answer: &crate::house::Answer, name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header(&picture, "content-type"), "image/png");
    assert_eq!(
        header(&picture, "content-disposition"),
        "inline; filename*=UTF-8''a%20%22b%22.png"
    );
    for (index, content) in [(1, &script[..]), (2, b"<svg onload='alert(1)'/>")] {
        let other = ana.get(&format!("{path}/{index}")).await.ok();
        assert_eq!(other.bytes, content);
        assert_eq!(header(&other, "content-type"), "application/octet-stream");
        assert!(header(&other, "content-disposition").starts_with("attachment; "));
        assert_eq!(header(&other, "x-content-type-options"), "nosniff");
        assert_eq!(
            header(&other, "content-security-policy"),
            "default-src 'none'; sandbox"
        );
        assert!(header(&other, "cache-control").starts_with("private"));
    }
    for wrong in ["3", "-1", "x", "99999999999"] {
        assert_eq!(ana.get(&format!("{path}/{wrong}")).await.problem(), "not_found");
    }
    assert_eq!(house.get(&format!("{path}/0")).await.problem(), "unauthenticated");
}

#[tokio::test]
async fn a_later_prompts_files_are_its_own() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let session = session(&ana, json!([file("one", "text/plain", b"one")])).await;
    let path = format!("/v1/sessions/{}/prompts", session["id"].as_str().unwrap());
    let body = json!({"text": "and this", "attachments": [file("two", "text/plain", b"two")]});
    let second = ana.post(&path, body).await.ok().json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let first = ana.get(&path).await.ok().json()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let content = async |id: &str| ana.get(&format!("{path}/{id}/attachments/0")).await.ok().text();
    assert_eq!(
        (content(&first).await, content(&second).await),
        ("one".into(), "two".into())
    );
    let third = ana
        .post(&path, json!({"text": "nothing with it"}))
        .await
        .ok()
        .json();
    let none = ana
        .get(&format!("{path}/{}/attachments/0", third["id"].as_str().unwrap()))
        .await;
    assert_eq!(none.problem(), "not_found");
}

#[tokio::test]
async fn a_session_takes_files_within_the_limits_of_a_prompt() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let mut body = demo_session();
    body["attachments"] = json!([file("a", "text/plain", b"a")]);
    let refused = ana.post("/v1/sessions", body.clone()).await;
    assert_eq!(
        (refused.problem().as_str(), refused.json()["field"].as_str()),
        ("invalid_request", Some("attachments"))
    );
    body["prompt"] = json!("look");
    body["attachments"] = json!([file("big", "application/pdf", &vec![b'x'; (8 << 20) + 1])]);
    assert_eq!(
        ana.post("/v1/sessions", body.clone()).await.problem(),
        "prompt_too_large"
    );
    body["attachments"] = json!([file("big", "application/pdf", &vec![b'x'; 8 << 20])]);
    assert_eq!(ana.post("/v1/sessions", body.clone()).await.status, 201);
    body["attachments"] = json!([file("../up", "text/plain", b"a")]);
    assert_eq!(ana.post("/v1/sessions", body).await.problem(), "invalid_request");
    let spec = house.fakes.sandboxes.next_start().await;
    assert!(
        !format!("{spec:?}").contains("xxxxxxxx"),
        "files go with the prompt, not with the start"
    );
}
