//! What is deleted is gone from the disk, whoever deletes it: a person, or the operator's retention. And a damaged
//! session file is nobody else's trouble.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{
    fs,
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use e2e::{Client, PATIENCE, Server, Start};
use reqwest::Method;
use serde_json::{Value, json};

/// Every file and directory below.
fn everything(dir: &Path) -> Vec<PathBuf> {
    let (mut found, mut todo) = (Vec::new(), vec![dir.to_path_buf()]);
    while let Some(dir) = todo.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            found.push(entry.path());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                todo.push(entry.path());
            }
        }
    }
    found
}

/// Files that have these bytes in them, or in their name. Shared databases are left out: they use the pages of removed
/// rows again, and until then the bytes stay; that the rows are gone is asked through the API.
fn with(dir: &Path, mark: &str) -> Vec<PathBuf> {
    let shared = |path: &Path| path.parent() == Some(dir) && path.to_string_lossy().contains(".db");
    let has = |path: &PathBuf| {
        let inside = || {
            fs::read(path).is_ok_and(|bytes| bytes.windows(mark.len()).any(|part| part == mark.as_bytes()))
        };
        path.to_string_lossy().contains(mark) || (path.is_file() && inside())
    };
    let all = everything(dir).into_iter();
    all.filter(|path| !shared(path)).filter(has).collect()
}

async fn gone(server: &Server, marks: &[&str]) {
    let left = || -> Vec<PathBuf> {
        let data = server.data_dir();
        marks.iter().flat_map(|mark| with(&data, mark)).collect()
    };
    for _ in 0..600 {
        if left().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("still there: {:#?}", left());
}

/// A session with work, an artifact and a finished turn, each with a mark that can be looked for.
async fn worked(client: &Client, word: &str) -> String {
    let body = json!({"agent": "opencode", "model": "demo/scripted"});
    let made = client.post("/v1/sessions", &body).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let prompt = json!({"text": format!("write: work-{word}.txt=content-{word}\\n\nsay: spoke-{word}")});
    let events = client.turn(&id, &prompt, PATIENCE).await;
    assert_eq!(events.last().unwrap()["type"], "prompt.completed", "{events:#?}");
    let upload = json!({"artifact": format!("artifact-{word}")});
    client
        .post(&format!("/v1/sessions/{id}/artifacts?name=a.json"), &upload)
        .await;
    client
        .get_until("/v1/runs", |runs| runs.to_string().contains(&id))
        .await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_sessions_go_when_their_time_is_over_and_leave_nothing() {
    let mut server = Server::start(Start::default()).await;
    let client = server.client();
    let (old, kept) = (
        worked(&client, "chartreuse").await,
        worked(&client, "vermilion").await,
    );
    let data = server.data_dir();
    for mark in [
        "work-chartreuse",
        "spoke-chartreuse",
        "artifact-chartreuse",
        old.as_str(),
    ] {
        assert!(!with(&data, mark).is_empty(), "{mark} can be found at all");
    }
    server.cli(&["sessions", "archive", &old]).await;
    server.stop();
    server.set("COORDINATOR_KEEP_ARCHIVED", "1s");
    server.run().await;
    let client = server.client();
    let path = format!("/v1/sessions/{old}");
    for _ in 0..600 {
        if client.call(Method::GET, &path, None).await.0 == 404 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(client.call(Method::GET, &path, None).await.0, 404);
    let marks = ["work-chartreuse", "content-chartreuse", "artifact-chartreuse"];
    gone(&server, &marks).await;
    let files: Vec<PathBuf> = everything(&data)
        .into_iter()
        .filter(|path| path.to_string_lossy().contains(&old))
        .collect();
    assert!(files.is_empty(), "{files:#?}");
    assert!(server.log().contains("retention"), "said why");
    let runs = client.get("/v1/runs").await;
    assert!(
        !runs.to_string().contains(&old) && runs.to_string().contains(&kept),
        "{runs}"
    );
    let listed = client.get("/v1/sessions?include_archived=true").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(client.get(&format!("/v1/sessions/{kept}")).await["id"], kept);
    assert!(!with(&data, "work-vermilion").is_empty());

    // Runs have a time of their own.
    server.stop();
    server.set("COORDINATOR_KEEP_RUNS", "1s");
    server.run().await;
    server
        .client()
        .get_until("/v1/runs", |runs| runs["items"] == json!([]))
        .await;
    assert_eq!(
        server.client().get(&format!("/v1/sessions/{kept}")).await["id"],
        kept
    );
}

fn file_of(server: &Server, id: &str) -> PathBuf {
    let shard = &id[id.len() - 2..];
    server
        .data_dir()
        .join("sessions")
        .join(shard)
        .join(format!("{id}.db"))
}

fn damage(path: &Path) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    file.seek(SeekFrom::Start(0)).unwrap();
    file.write_all(&b"garbage!".repeat(usize::try_from(length / 8).unwrap()))
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_session_says_so_and_the_others_go_on() {
    let mut server = Server::start(Start::default()).await;
    let client = server.client();
    let (broken, whole) = (worked(&client, "ochre").await, worked(&client, "indigo").await);
    // Killed: both are marked awake, so the next start takes them over.
    server.crash();
    let path = file_of(&server, &broken);
    damage(&path);
    for companion in ["db-wal", "db-shm"] {
        let _ = fs::remove_file(path.with_extension(companion));
    }
    let damaged = fs::read(&path).unwrap();
    server.run().await;
    let client = server.client();

    let shown = client.get(&format!("/v1/sessions/{broken}")).await;
    assert_eq!(
        (shown["status"].as_str(), shown["why"]["cause"].as_str()),
        (Some("failed"), Some("log_corrupt")),
        "{shown}"
    );
    let listed = client
        .get_until("/v1/sessions", |list| {
            let items = list["items"].as_array().cloned().unwrap_or_default();
            items.iter().any(|row| row["why"]["cause"] == "log_corrupt")
        })
        .await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    for (method, path, body) in [
        (Method::POST, "prompts", r#"{"text":"hello"}"#),
        (Method::GET, "events", ""),
        (Method::GET, "bundle", ""),
    ] {
        let problem = client
            .refusal(method, &format!("/v1/sessions/{broken}/{path}"), body)
            .await;
        assert_eq!(problem["type"], "/problems/log_corrupt", "{path}: {problem}");
    }
    let events = client
        .turn(&whole, &json!({"text": "say: still well"}), PATIENCE)
        .await;
    assert_eq!(events.last().unwrap()["type"], "prompt.completed", "{events:#?}");

    let doctor = server.cli_at_data_dir(&["doctor", "--json"]);
    let findings: Value = doctor.json();
    let named = findings["findings"].as_array().unwrap().iter().any(|finding| {
        finding["check"] == "session_files"
            && finding["detail"]
                .as_str()
                .unwrap()
                .contains(&path.display().to_string())
    });
    assert!(named, "{findings:#}");
    assert_eq!(fs::read(&path).unwrap(), damaged, "left as it was found");

    // It stays so over another start, and can be deleted.
    server.stop();
    server.run().await;
    let client = server.client();
    let shown = client.get(&format!("/v1/sessions/{broken}")).await;
    assert_eq!(shown["why"]["cause"], "log_corrupt");
    let (status, _) = client
        .call(Method::DELETE, &format!("/v1/sessions/{broken}"), None)
        .await;
    assert_eq!(status, 204);
    gone(&server, &["work-ochre", "content-ochre", "artifact-ochre"]).await;
    let files: Vec<PathBuf> = everything(&server.data_dir())
        .into_iter()
        .filter(|path| path.to_string_lossy().contains(&broken))
        .collect();
    assert!(files.is_empty(), "{files:#?}");
    let doctor = server.cli_at_data_dir(&["doctor", "--json"]).json();
    assert!(
        doctor.to_string().contains("no damaged ones are known"),
        "{doctor:#}"
    );
}
