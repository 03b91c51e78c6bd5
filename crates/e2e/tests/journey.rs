//! The main job from end to end, with the real agent and the demo model.

use e2e::{GitServer, Repositories, Server, Start};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn six_of_six_with_the_demo_model() {
    let repositories = Repositories::new();
    repositories.add_javascript("sample");
    let git = GitServer::start(repositories.path()).await;
    let start = Start::default().with("COORDINATOR_ALLOW_PRIVATE_NETWORKS", git.allowance());
    let server = Server::start(start).await;

    let url = git.url("sample");
    let arguments = [
        "journey",
        "--model",
        "demo/scripted",
        "--repo",
        &url,
        "--timeout",
        "300",
        "--json",
    ];
    let output = server.cli(&arguments).await;
    let report = output.json();
    assert_eq!(output.code, Some(0), "{report:#}");
    assert_eq!(
        report.get("passed").and_then(Value::as_u64),
        Some(6),
        "{report:#}"
    );

    // The journey deletes its session; the list follows.
    let empty = |list: &Value| list["items"].as_array().is_some_and(Vec::is_empty);
    server.client().get_until("/v1/sessions", empty).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn run_streams_an_answer_and_a_commands_output() {
    let server = Server::start(Start::default()).await;
    let output = server
        .cli(&["run", "run: echo demo-$((20+3))", "--model", "demo/scripted"])
        .await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.stdout.contains("│ demo-23"), "{}", output.stdout);
    assert!(
        output.stdout.contains("exit 0") && output.stdout.contains("completed"),
        "{}",
        output.stdout
    );
    assert!(
        output.stdout.contains("unknown price") || output.stdout.contains('$'),
        "{}",
        output.stdout
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_default_model() {
    let server = Server::start(Start::default()).await;
    let output = server.cli(&["run", "hello"]).await;
    assert_eq!(output.code, Some(2), "{output:?}");
    assert!(
        output.stderr.contains("--model demo/scripted"),
        "{}",
        output.stderr
    );
}
