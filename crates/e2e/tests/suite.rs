//! A real project: cloned over HTTP, dependencies from the registry through the egress proxy, its own test suite
//! run by the agent's tool call.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{process::Command, time::Duration};

use e2e::{GitServer, Repositories, Server, Start};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(400);
/// A published package that carries its own tests.
const PACKAGE: &str = "object-inspect@1.13.4";

/// The package as a repository: what the registry serves, committed.
fn publish(repositories: &Repositories) {
    let place = repositories.path().join("package");
    std::fs::create_dir_all(&place).unwrap();
    let packed = Command::new("npm")
        .args(["pack", "--silent", PACKAGE])
        .current_dir(&place)
        .output()
        .unwrap();
    assert!(
        packed.status.success(),
        "{}",
        String::from_utf8_lossy(&packed.stderr)
    );
    let name = String::from_utf8_lossy(&packed.stdout).trim().to_owned();
    let unpacked = Command::new("tar")
        .args(["-xzf", &name])
        .current_dir(&place)
        .status()
        .unwrap();
    assert!(unpacked.success());
    repositories.add_directory("object-inspect", &place.join("package"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_package_is_installed_and_tested() {
    let repositories = Repositories::new();
    publish(&repositories);
    let git = GitServer::start(repositories.path()).await;
    let server =
        Server::start(Start::default().with("COORDINATOR_ALLOW_PRIVATE_NETWORKS", git.allowance())).await;
    let client = server.client();

    let plan = client
        .post(
            "/v1/environments/detect",
            &json!({"repository": {"url": git.url("object-inspect")}}),
        )
        .await;
    assert_eq!(plan["package_manager"], "npm", "{plan}");
    let setup = plan["install"].clone();
    let environment = client
        .post(
            "/v1/environments",
            &json!({"name": "object-inspect", "setup": setup}),
        )
        .await;

    let made = client
        .post(
            "/v1/sessions",
            &json!({
                "agent": "opencode", "model": "demo/scripted", "repository": {"url": git.url("object-inspect")},
                "environment_id": environment["id"], "prompt": "run: npm run tests-only 2>&1 | grep '^# '",
            }),
        )
        .await;
    let session = made["id"].as_str().unwrap_or_default();
    let over = |event: &Value| matches!(event["type"].as_str(), Some("prompt.completed" | "prompt.failed"));
    let events = client.events_until(session, PATIENCE, over).await;

    let phases: Vec<(&str, &str)> = events
        .iter()
        .filter(|event| event["type"] == "workspace.progress")
        .filter_map(|event| Some((event["data"]["phase"].as_str()?, event["data"]["state"].as_str()?)))
        .collect();
    let end = events.last().cloned().unwrap_or_default();
    for phase in ["clone", "setup", "agent"] {
        assert!(
            phases.contains(&(phase, "completed")),
            "{phase}: {phases:?} {end:#}"
        );
    }
    let call = events
        .iter()
        .find(|event| event["type"] == "tool_call.completed")
        .cloned()
        .unwrap_or_default();
    let output = call["data"]["output"].as_str().unwrap_or_default();
    let figure = |word: &str| -> Option<u64> {
        output
            .lines()
            .find_map(|line| line.strip_prefix("# ")?.strip_prefix(word)?.trim().parse().ok())
    };
    let (tests, passed) = (figure("tests"), figure("pass"));
    assert!(
        tests.is_some_and(|tests| tests > 200),
        "the suite's own summary: {output}"
    );
    assert_eq!(tests, passed, "{output}");

    let allowed: Vec<&Value> = events
        .iter()
        .filter(|event| event["type"] == "egress.decided")
        .collect();
    assert!(
        allowed
            .iter()
            .any(|event| event["data"]["host"] == "registry.npmjs.org"
                && event["data"]["decision"] == "allowed"),
        "through the proxy, and recorded: {allowed:?}"
    );
}
