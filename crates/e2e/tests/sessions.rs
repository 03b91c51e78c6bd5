//! Driving sessions: interrupts, permissions, the work out, deletion.

use std::time::Duration;

use e2e::{PATIENCE, Server, Start};
use reqwest::Method;
use serde_json::{Value, json};

async fn begin(server: &Server, prompt: &str, permissions: &str) -> String {
    let body =
        json!({"agent": "opencode", "model": "demo/scripted", "prompt": prompt, "permissions": permissions});
    let made = server.client().post("/v1/sessions", &body).await;
    made["id"].as_str().map(str::to_owned).unwrap_or_default()
}

fn is(kind: &'static str) -> impl Fn(&Value) -> bool {
    move |event| event["type"] == kind
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_the_turn_and_its_processes_and_the_session_goes_on() {
    let server = Server::start(Start::default()).await;
    let session = begin(&server, "run: echo begun; sleep 4321", "allow").await;
    let client = server.client();
    client
        .events_until(&session, PATIENCE, is("tool_call.started"))
        .await;
    let output = server.cli(&["sessions", "interrupt", &session]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let events = client
        .events_until(&session, PATIENCE, is("prompt.cancelled"))
        .await;
    let cancelled = events
        .iter()
        .find(|event| is("prompt.cancelled")(event))
        .cloned()
        .unwrap_or_default();
    assert_eq!(cancelled["data"]["cause"], "interrupted");
    let output = server
        .cli(&[
            "run",
            "run: pgrep -fc 'sleep [4]321'; true",
            "--session",
            &session,
        ])
        .await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.stdout.contains("│ 0"), "{}", output.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_is_asked_and_answered_from_elsewhere() {
    let server = Server::start(Start::default()).await;
    let output = server
        .cli(&[
            "run",
            "run: echo consented",
            "--model",
            "demo/scripted",
            "--permissions",
            "ask",
        ])
        .await;
    assert_eq!(output.code, Some(3), "{output:?}");
    let command = output
        .stdout
        .lines()
        .find_map(|line| line.split_once("coordinator sessions answer "));
    let words: Vec<&str> = command.unwrap_or_default().1.split_whitespace().collect();
    let [session, id, ..] = words.as_slice() else {
        panic!("{output:?}")
    };
    let output = server.cli(&["sessions", "answer", session, id, "once"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let events = server
        .client()
        .events_until(session, PATIENCE, is("prompt.completed"))
        .await;
    let ran = events.iter().any(|event| {
        event["data"]["output"]
            .as_str()
            .is_some_and(|text| text.contains("consented"))
    });
    assert!(ran, "{events:#?}");
    let again = server.cli(&["sessions", "answer", session, id, "once"]).await;
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.stderr.contains("already_answered"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_work_comes_out_and_a_deleted_session_leaves_nothing() {
    let server = Server::start(Start::default()).await;
    let prompt = "write: docs/note.txt=hello from the agent\\n\nrun: mkdir -p a && echo inside > a/b.txt";
    let session = begin(&server, prompt, "allow").await;
    let client = server.client();
    client
        .events_until(&session, PATIENCE, is("prompt.completed"))
        .await;

    let diff = server.cli(&["sessions", "diff", &session]).await;
    assert_eq!(diff.code, Some(0), "{diff:?}");
    assert!(
        diff.stdout.contains("+hello from the agent") && diff.stdout.contains("b/a/b.txt"),
        "{}",
        diff.stdout
    );
    let file = server.cli(&["sessions", "files", &session, "a/b.txt"]).await;
    assert_eq!(file.stdout, "inside\n");
    let listing = server.cli(&["sessions", "files", &session]).await;
    assert!(listing.stdout.contains("docs"), "{}", listing.stdout);
    let tar = server.place().join("work.tar");
    let path = tar.display().to_string();
    let archive = server
        .cli(&["sessions", "archive-download", &session, "--output", &path])
        .await;
    assert_eq!(archive.code, Some(0), "{archive:?}");
    let bytes = std::fs::read(&tar).unwrap();
    assert!(bytes.windows(20).any(|part| part == b"hello from the agent"));
    let (status, _) = client
        .call(
            Method::GET,
            &format!("/v1/sessions/{session}/files?path=../../etc/passwd"),
            None,
        )
        .await;
    assert_eq!(status, 400);

    let deleted = server.cli(&["sessions", "delete", &session, "--yes"]).await;
    assert_eq!(deleted.code, Some(0), "{deleted:?}");
    let (status, _) = client
        .call(Method::GET, &format!("/v1/sessions/{session}"), None)
        .await;
    assert_eq!(status, 404);
    let left = || {
        let output = std::process::Command::new("find")
            .arg(server.data_dir())
            .arg("-name")
            .arg(format!("*{session}*"))
            .output();
        String::from_utf8_lossy(&output.unwrap().stdout).into_owned()
    };
    for _ in 0..600 {
        if left().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("left behind: {}", left());
}
