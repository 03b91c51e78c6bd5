//! A full disk: what changes something is refused with the reason, what reads still answers, and once there is room
//! everything goes on with nothing lost.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use e2e::{Client, PATIENCE, Server, Start};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use reqwest::Method;
use serde_json::{Value, json};

/// A small file system of its own, gone with the test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Self {
        std::fs::create_dir_all(at).unwrap_or_else(|error| panic!("{}: {error}", at.display()));
        let options = Some("size=128m,mode=0700");
        mount(Some("tmpfs"), at, Some("tmpfs"), MsFlags::empty(), options)
            .unwrap_or_else(|error| panic!("no tmpfs: {error}"));
        Self(at.to_owned())
    }

    /// Writes until nothing more fits.
    fn fill(&self) {
        let mut ballast =
            File::create(self.0.join("ballast")).unwrap_or_else(|error| panic!("no ballast: {error}"));
        for size in [1 << 20, 4096, 1] {
            while ballast.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn free(&self) {
        let _ = std::fs::remove_file(self.0.join("ballast"));
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = umount2(&self.0, MntFlags::MNT_DETACH);
        // What the server's own clearing away could not remove, because this was mounted there.
        if let Some(place) = self.0.parent() {
            let _ = std::fs::remove_dir_all(place);
        }
    }
}

async fn all(client: &Client, session: &str) -> Vec<Value> {
    client.events_until(session, PATIENCE, |_| true).await
}

/// Whoever spreads work over servers asks this.
async fn is_ready(client: &Client, ready: bool) {
    let (status, told) = client.call(Method::GET, "/ready", None).await;
    assert_eq!(
        (status, &told["ready"]),
        (if ready { 200 } else { 503 }, &json!(ready)),
        "{told}"
    );
    let reason = told["reason"].as_str().unwrap_or_default();
    assert_eq!(!ready, reason.contains("MiB are to be kept in reserve"), "{told}");
}

fn remembers(turn: &[Value]) {
    let end = turn.last().cloned().unwrap_or_default();
    assert_eq!(end["type"], "prompt.completed", "{end:#}");
    let said = turn.iter().any(|event| {
        event["type"] == "message.text" && event["data"]["text"].to_string().contains("heliotrope")
    });
    assert!(said, "{turn:#?}");
}

/// Said where it cannot be tried.
fn may_mount() -> bool {
    let root = nix::unistd::geteuid().is_root();
    if !root {
        let _ = writeln!(
            std::io::stderr(),
            "LEFT OUT: only root can mount the small file system that this test fills; run it as root"
        );
    }
    root
}

/// In mid-turn and in mid-commit, without anything else going wrong: nothing that was shown goes away, what the agent
/// says meanwhile is kept by its runner, and once there is room the turn goes on by itself to its end.
#[tokio::test(flavor = "multi_thread")]
async fn a_turn_waits_for_room_and_goes_on() {
    if !may_mount() {
        return;
    }
    let start = Start::default()
        .with("COORDINATOR_STORAGE_RESERVE", "16MiB")
        .with("COORDINATOR_SCRIPTED_AGENT", "true");
    let server = Server::prepare(start);
    let disk = SmallDisk::mount(&server.data_dir());
    let mut server = server;
    server.run().await;
    server.bootstrap("owner@example.org", "acme");
    let client = server.client();
    let body = json!({"agent": "scripted", "model": "demo/scripted"});
    let made = client.post("/v1/sessions", &body).await;
    let session = made["id"].as_str().unwrap_or_default();
    let path = format!("/v1/sessions/{session}");
    // Words come all the time, so the disk becomes full in the middle of commits.
    let wait = "run: sleep 0.3";
    let steps: Vec<String> = (0..20).map(|_| format!("burst: 50 2000\n{wait}")).collect();
    let prompt = json!({"text": steps.join("\n")});
    let prompt = client.post(&format!("{path}/prompts"), &prompt).await;
    let begun = |event: &Value| event["type"] == "tool_call.started" && event["prompt_id"] == prompt["id"];
    client.events_until(session, PATIENCE, begun).await;
    disk.fill();
    // Nothing more fits, so nothing more is shown.
    let stands_still = async {
        let mut seen = all(&client, session).await;
        loop {
            tokio::time::sleep(Duration::from_millis(1_500)).await;
            let now = all(&client, session).await;
            assert_eq!(&now[..seen.len()], &seen[..], "nothing acknowledged is lost");
            if now.len() == seen.len() {
                return seen;
            }
            seen = now;
        }
    };
    let seen = tokio::time::timeout(PATIENCE, stands_still)
        .await
        .unwrap_or_else(|_| panic!("it goes on and on"));
    let large = json!({"text": "x".repeat(60_000)}).to_string();
    let problem = client
        .refusal(Method::POST, &format!("{path}/prompts"), large)
        .await;
    assert_eq!(problem["type"], "/problems/storage_full", "{problem}");
    let over = |events: &[Value]| events.iter().any(|event| event["type"] == "prompt.completed");
    assert!(!over(&seen), "the disk was full before the turn was over");

    disk.free();
    let events = client.end_of(session, &prompt["id"], PATIENCE).await;
    let end = events.last().cloned().unwrap_or_default();
    assert_eq!(end["type"], "prompt.completed", "{end:#}");
    let now = all(&client, session).await;
    assert_eq!(&now[..seen.len()], &seen[..], "nothing acknowledged is lost");
    let texts: Vec<&str> = events
        .iter()
        .filter(|event| event["type"] == "message.text")
        .filter_map(|event| event["data"]["text"].as_str())
        .filter(|text| text.starts_with("burst "))
        .collect();
    assert_eq!(texts.len(), 20 * 50, "each once");
    for (n, text) in texts.iter().enumerate() {
        assert!(
            text.starts_with(&format!("burst {} of 50.", n % 50 + 1)),
            "in order: {n} {text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_survived() {
    if !may_mount() {
        return;
    }
    let server = Server::prepare(Start::default().with("COORDINATOR_STORAGE_RESERVE", "16MiB"));
    let disk = SmallDisk::mount(&server.data_dir());
    // Bound anew, so that the server goes before its disk does.
    let mut server = server;
    server.run().await;
    server.bootstrap("owner@example.org", "acme");
    let client = server.client();
    let body = json!({"agent": "opencode", "model": "demo/scripted"});
    let made = client.post("/v1/sessions", &body).await;
    let session = made["id"].as_str().unwrap_or_default();
    let path = format!("/v1/sessions/{session}");
    let word = json!({"text": "The word to remember is heliotrope."});
    client.turn(session, &word, PATIENCE).await;
    let made = client.post("/v1/sessions", &body).await;
    let idle = made["id"].as_str().unwrap_or_default();
    // Both sleep when it happens: reading them needs their files opened.
    let asleep = async {
        while server
            .status()
            .is_none_or(|status| status["sessions_in_memory"] != 0)
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, asleep).await.is_ok();
    assert!(in_time, "{:?}", server.status());
    is_ready(&client, true).await;
    let before = all(&client, session).await;

    disk.fill();
    is_ready(&client, false).await;
    let large = json!({"text": "x".repeat(60_000)}).to_string();
    for (target, body) in [
        (format!("{path}/prompts"), large.clone()),
        (format!("/v1/sessions/{idle}/prompts"), large.clone()),
        ("/v1/sessions".to_owned(), body.to_string()),
        (
            "/v1/environments".to_owned(),
            json!({"name": "n", "setup": ["x".repeat(8_000)]}).to_string(),
        ),
    ] {
        let problem = client.refusal(Method::POST, &target, body).await;
        assert_eq!(problem["type"], "/problems/storage_full", "{target}: {problem}");
        assert_eq!(problem["status"], 507);
    }
    let reads = [
        path.clone(),
        format!("/v1/sessions/{idle}"),
        format!("{path}/prompts"),
        "/v1/sessions".to_owned(),
        "/v1/runs".to_owned(),
        "/v1/me".to_owned(),
        "/health".to_owned(),
    ];
    for read in &reads {
        client.get(read).await;
    }
    assert_eq!(all(&client, session).await, before, "nothing came, nothing went");
    disk.free();
    is_ready(&client, true).await;
    let after = client
        .turn(session, &json!({"text": "Which word was it?"}), PATIENCE)
        .await;
    remembers(&after);

    // In mid-turn: it ends, as it should or with a reason.
    let prompt = json!({"text": "run: echo one; while [ ! -e /workspace/go ]; do sleep 0.1; done; echo two"});
    let prompt = client.post(&format!("{path}/prompts"), &prompt).await;
    let begun = |event: &Value| event["type"] == "tool_call.started" && event["prompt_id"] == prompt["id"];
    let before = client.events_until(session, PATIENCE, begun).await;
    disk.fill();
    let problem = client
        .refusal(Method::POST, &format!("{path}/prompts"), large)
        .await;
    assert_eq!(problem["type"], "/problems/storage_full", "{problem}");
    // A crash on top of it.
    server.crash();
    disk.free();
    server.run().await;
    for read in &reads {
        client.get(read).await;
    }
    let seen = all(&client, session).await;
    assert_eq!(&seen[..before.len()], &before[..], "nothing acknowledged is lost");
    let go = server
        .data_dir()
        .join("sandboxes")
        .join(session)
        .join("workspace/go");
    std::fs::write(&go, "").unwrap_or_else(|error| panic!("{}: {error}", go.display()));
    let events = client.end_of(session, &prompt["id"], PATIENCE).await;
    let end = events.last().cloned().unwrap_or_default();
    // The agent keeps files of its own on that disk, so its tool or all of it may have failed, which is then said.
    let failed = end["data"]["error"]["message"].is_string();
    let told = events.iter().any(|event| {
        event["type"] == "tool_call.completed"
            && (event["data"]["status"] == "failed" || event["data"]["output"] == "one\ntwo\n")
    });
    assert!(
        failed || (told && end["type"] == "prompt.completed"),
        "{events:#?}"
    );
    let seen = all(&client, session).await;
    assert_eq!(&seen[..before.len()], &before[..], "nothing acknowledged is lost");
    let after = client
        .turn(session, &json!({"text": "Which word was it?"}), PATIENCE)
        .await;
    remembers(&after);
}
