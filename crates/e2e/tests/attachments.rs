//! Files that come along with a prompt reach the agent and its model, and come back as they were given.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use e2e::{PATIENCE, Server, Start};
use serde_json::json;
use testkit::model_server::ModelServer;

const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_texts_reach_the_model_and_any_file_the_tools() {
    let models = ModelServer::start().await.unwrap();
    let allow = format!("127.0.0.0/8:{}", models.address().port());
    let server = Server::start(Start::default().with("COORDINATOR_ALLOW_PRIVATE_NETWORKS", allow)).await;
    let client = server.client();
    let provider = json!({
        "provider": "hub", "api": "openai-chat", "base_url": models.url_openai(), "api_key": "sk-1", "models": ["scripted"],
    });
    let tried = client.post("/v1/model-providers/test", &provider).await;
    assert_eq!(tried["ok"], true, "{tried}");
    assert_eq!(
        client.get("/v1/model-providers").await["items"],
        json!([]),
        "nothing is kept"
    );
    client.post("/v1/model-providers", &provider).await;

    let zip = b"PK\x03\x04\x00\xff\x00not really";
    let body = json!({
        "agent": "opencode", "model": "hub/scripted", "prompt": "What is this?",
        "setup": ["echo set up > /tmp/done"],
        "attachments": [
            {"name": "notes.md", "media_type": "text/markdown", "data": STANDARD.encode("the heron's notes")},
            {"name": "dot.png", "media_type": "image/png", "data": PNG},
            {"name": "a b.zip", "media_type": "application/zip", "data": STANDARD.encode(zip)},
        ],
    });
    let session = client.post("/v1/sessions", &body).await;
    let id = session["id"].as_str().unwrap();
    let prompt = client.get(&format!("/v1/sessions/{id}/prompts")).await["items"][0].clone();
    let events = client.end_of(id, &prompt["id"], PATIENCE).await;
    assert_eq!(events.last().unwrap()["type"], "prompt.completed", "{events:#?}");
    let requests = models.requests();
    let asked = requests
        .iter()
        .rfind(|request| !request.tools.is_empty())
        .unwrap();
    let sent = asked.body.to_string();
    assert!(
        sent.contains("the heron's notes"),
        "the text reaches the model: {sent}"
    );
    assert!(sent.contains(PNG), "the picture reaches the model: {sent}");
    assert!(sent.contains("What is this?"));

    let place = sent
        .split("- /")
        .find_map(|rest| rest.split_once("a b.zip"))
        .unwrap()
        .0;
    let printed = client
        .output_of(
            id,
            &format!("od -An -N4 -tx1 '/{place}a b.zip'; ls '/{place}' | wc -l"),
            PATIENCE,
        )
        .await;
    assert_eq!(
        printed.split_whitespace().collect::<Vec<_>>(),
        ["50", "4b", "03", "04", "3"]
    );
    let diff = server.cli(&["sessions", "diff", id]).await;
    assert_eq!(
        (diff.code, diff.stdout.as_str()),
        (Some(0), ""),
        "none of it is in the work"
    );

    let printed = client.output_of(id, "cat /tmp/done", PATIENCE).await;
    assert_eq!(printed, "set up\n", "set-up commands ran");
    let path = format!(
        "/v1/sessions/{id}/prompts/{}/attachments",
        prompt["id"].as_str().unwrap()
    );
    for (index, status) in [(0, 200), (1, 200), (2, 200), (3, 404)] {
        let (answer, _) = client
            .call(reqwest::Method::GET, &format!("{path}/{index}"), None)
            .await;
        assert_eq!(answer, status);
    }
}
