//! The journey with providers that the user added: the upstream gets the tenant's key, the sandbox never does.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use e2e::{GitServer, PATIENCE, Repositories, Server, Start};
use serde_json::json;
use testkit::model_server::ModelServer;

const KEY: &str = "sk-tenant-7f3a9c51e2";

/// These match what is looked for and not themselves, so neither the prompt nor the search is found.
const KEY_PATTERN: &str = "tenant-7f3a[9]c51e2";
const DECOY_PATTERN: &str = "decoy-41c7[-]b0e2";

/// Looks through every file that is a sandbox's own, the environment, and what processes were started with.
fn search(pattern: &str) -> String {
    format!(
        "grep -rasl '{pattern}' /home /workspace /tmp /etc /run /var 2>/dev/null; env | grep -c '{pattern}'; \
         grep -asl '{pattern}' /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null; echo searched"
    )
}

/// A search that finds nothing proves something only if it would have found it: a decoy in each kind of place where a
/// key could be is found by the very same search.
async fn finds_what_is_there(server: &Server, session: &str) {
    // Put together by the shell, so that the prompt does not hold it.
    let plant = "m=decoy-41c7; m=$m-b0e2; for d in ~ /workspace /tmp; do mkdir -p $d/.decoy; printf 'x\\0%s' $m > $d/.decoy/file; done";
    let start = "bash -c 'sleep 3458; true' $m >/dev/null 2>&1 & p=$!; export DECOY=$m; sleep 3459 >/dev/null 2>&1 & q=$!";
    let clear = "pkill -P $p; kill $p $q; rm -r ~/.decoy /workspace/.decoy /tmp/.decoy";
    let command = format!("{plant}; {start}; {}; {clear}", search(DECOY_PATTERN));
    let printed = server.client().output_of(session, &command, PATIENCE).await;
    let lines: Vec<&str> = printed.lines().collect();
    let found = |start: &str, end: &str| {
        lines
            .iter()
            .any(|line| line.starts_with(start) && line.ends_with(end))
    };
    for (start, end) in [
        ("/home/", "/.decoy/file"),
        ("/workspace/", ".decoy/file"),
        ("/tmp/", ".decoy/file"),
        ("1", ""),
        ("/proc/", "/environ"),
        ("/proc/", "/cmdline"),
        ("searched", ""),
    ] {
        assert!(found(start, end), "{start}…{end} is not found: {printed}");
    }
}

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
    finds_what_is_there(&server, session).await;
    let printed = server
        .client()
        .output_of(session, &search(KEY_PATTERN), PATIENCE)
        .await;
    assert_eq!(printed.trim(), "0\nsearched", "the key is nowhere in the sandbox");
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
