//! The journey with providers that the user added: the upstream gets the tenant's key, the sandbox never does.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use e2e::{GitServer, Repositories, Server, Start};
use serde_json::{Value, json};
use testkit::model_server::ModelServer;

const KEY: &str = "sk-tenant-7f3a9c51e2";

async fn journey(provider: &str, api: &str, base_url: impl Fn(&ModelServer) -> String) {
    let models = ModelServer::start().await.unwrap();
    models.accept_keys([KEY]);
    let repositories = Repositories::new();
    repositories.add_javascript("sample");
    let git = GitServer::start(repositories.path()).await;
    let allow = format!("{},127.0.0.0/8:{}", git.allowance(), models.address().port());
    let server = Server::start(Start::default().with("COORDINATOR_ALLOW_PRIVATE_NETWORKS", allow)).await;
    let body = json!({
        "provider": provider, "api": api, "base_url": base_url(&models), "api_key": KEY,
        "models": [{"id": "scripted", "price": {"input": 3_000_000, "output": 15_000_000}}],
    });
    let made = server.client().post("/v1/model-providers", &body).await;
    assert!(!made.to_string().contains(KEY), "write-only");
    let test = server.cli(&["providers", "test", provider]).await;
    assert_eq!(test.code, Some(0), "{test:?}");

    let model = format!("{provider}/scripted");
    let url = git.url("sample");
    let output = server
        .cli(&["journey", "--model", &model, "--repo", &url, "--json", "--keep"])
        .await;
    let report = output.json();
    assert_eq!(report["passed"], 6, "{report:#}");
    assert!(
        report["checks"][5]["figures"]["cost_micro_usd"]
            .as_u64()
            .is_some_and(|cost| cost > 0),
        "{report:#}"
    );

    let requests = models.requests();
    assert!(
        requests
            .iter()
            .filter(|request| request.key() == Some(KEY))
            .count()
            >= 4,
        "the upstream got the key"
    );
    assert!(
        requests.iter().all(|request| request.key() == Some(KEY)),
        "and nothing else"
    );

    let session = report["session_id"].as_str().unwrap_or_default();
    // The pattern does not match itself, so neither the prompt nor the search is found.
    let pattern = "tenant-7f3a[9]c51e2";
    let search = format!(
        "run: grep -rasl '{pattern}' /home /workspace /tmp /etc /run /var 2>/dev/null; env | grep -c '{pattern}'; \
         grep -asl '{pattern}' /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null; echo searched"
    );
    let output = server
        .cli(&["run", &search, "--session", session, "--json"])
        .await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let call = output
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let printed: Vec<String> = call
        .filter(|event| event["type"] == "tool_call.completed")
        .filter_map(|event| event["data"]["output"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(
        printed.concat().trim(),
        "0\nsearched",
        "the key is nowhere in the sandbox"
    );
    assert!(!server.log().contains(KEY), "nor in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_openai_compatible_provider() {
    journey("hub", "openai-chat", ModelServer::url_openai).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anthropic_compatible_provider() {
    journey("claude-like", "anthropic", ModelServer::url_anthropic).await;
}
