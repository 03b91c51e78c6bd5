//! A private repository: the token is used where it belongs and is nowhere in the sandbox.

use base64::Engine as _;
use e2e::{GitServer, PATIENCE, Repositories, Server, Start};
use serde_json::json;

const TOKEN: &str = "ghp-e2e-5d21c07bb9";

#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_brokered_and_never_stored_inside() {
    let repositories = Repositories::new();
    repositories.add_javascript("secret");
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("x-access-token:{TOKEN}"));
    let git = GitServer::private(repositories.path(), &format!("Basic {basic}")).await;
    let server =
        Server::start(Start::default().with("COORDINATOR_ALLOW_PRIVATE_NETWORKS", git.allowance())).await;
    let client = server.client();

    let body = |token: Option<&str>, prompt: &str| {
        let mut repository = json!({"url": git.url("secret")});
        if let Some(token) = token {
            repository["token"] = json!(token);
        }
        json!({"agent": "opencode", "model": "demo/scripted", "prompt": prompt, "repository": repository})
    };
    let search = "run: ls; grep -rasl 'ghp-e2e-[5]d21c07bb9' /home /workspace /tmp /etc /run 2>/dev/null; env | grep -c 'ghp-e2e-[5]d'; git fetch --quiet && echo fetched";
    let made = client.post("/v1/sessions", &body(Some(TOKEN), search)).await;
    assert!(!made.to_string().contains(TOKEN), "write-only");
    let session = made["id"].as_str().unwrap_or_default();
    let events = client
        .events_until(session, PATIENCE, |event| {
            event["type"] == "prompt.completed" || event["type"] == "prompt.failed"
        })
        .await;
    let call = events.iter().find(|event| event["type"] == "tool_call.completed");
    let output = call
        .and_then(|event| event["data"]["output"].as_str())
        .unwrap_or_default();
    assert!(output.contains("package.json"), "cloned: {events:#?}");
    assert!(output.trim_end().ends_with("0\nfetched"), "{output}");
    assert!(
        !output.contains("/home") && !output.contains("/tmp/"),
        "found inside: {output}"
    );
    assert!(!server.log().contains(TOKEN));

    let made = client.post("/v1/sessions", &body(None, "hello")).await;
    let session = made["id"].as_str().unwrap_or_default();
    let events = client
        .events_until(session, PATIENCE, |event| event["type"] == "prompt.failed")
        .await;
    let failed = events
        .iter()
        .find(|event| event["type"] == "prompt.failed")
        .cloned()
        .unwrap_or_default();
    let next = failed["data"]["error"]["next_step"].as_str().unwrap_or_default();
    assert!(next.contains("token"), "{failed:#}");
}
