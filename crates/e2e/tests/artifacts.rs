//! Files that a session leaves behind, with real processes: from the command line, and from inside the sandbox.

use std::fs;

use e2e::{PATIENCE, Server, Start};
use serde_json::{Value, json};

fn events<'a>(turn: &'a [Value], kind: &'a str) -> Vec<&'a Value> {
    turn.iter().filter(|event| event["type"] == kind).collect()
}

/// What the agent puts into the directory that is named to it is with the session before the turn has ended, once,
/// with the prompt; what is no plain file stays inside.
#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_leaves_is_kept() {
    let server = Server::start(Start::default().with("COORDINATOR_SCRIPTED_AGENT", "true")).await;
    let client = server.client();
    let new = json!({"agent": "scripted", "model": "demo/scripted"});
    let made = client.post("/v1/sessions", &new).await;
    let session = made["id"].as_str().unwrap_or_default();

    let script = "run: cd \"$COORDINATOR_ARTIFACTS\" && echo '# Report' > report.md && echo x > \"a b.txt\" && ln -s /etc/hostname link && mkdir deep && echo y > deep/file";
    let first = client.turn(session, &json!({"text": script}), PATIENCE).await;
    let created = events(&first, "artifact.created");
    let names: Vec<&Value> = created.iter().map(|event| &event["data"]["name"]).collect();
    assert_eq!(names, ["a b.txt", "report.md"], "{first:#?}");
    assert_eq!(created[1]["data"]["media_type"], "text/markdown");
    assert_eq!(created[1]["data"]["size_bytes"], 9);
    assert!(created[0]["data"].get("by").is_none());
    let end = first.last().cloned().unwrap_or_default();
    assert_eq!(end["type"], "prompt.completed", "{end:#}");
    assert_eq!(created[1]["prompt_id"], end["prompt_id"]);

    // The same again is nothing new; another content under the same name is.
    let script = "run: cd \"$COORDINATOR_ARTIFACTS\" && echo x > \"a b.txt\" && echo '# Second' > report.md";
    let second = client.turn(session, &json!({"text": script}), PATIENCE).await;
    let created = events(&second, "artifact.created");
    assert_eq!(created.len(), 1, "{second:#?}");
    assert_eq!(created[0]["data"]["name"], "report.md");
    let list = client.get(&format!("/v1/sessions/{session}/artifacts")).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(3), "{list:#}");

    let place = tempfile::tempdir().unwrap_or_else(|error| panic!("no directory: {error}"));
    let to = place.path().join("back.md");
    let id = created[0]["data"]["artifact_id"].as_str().unwrap_or_default();
    let to_text = to.to_str().unwrap_or_default();
    let got = server
        .cli(&["sessions", "artifacts", "get", session, id, "--output", to_text])
        .await;
    assert_eq!(got.code, Some(0), "{got:?}");
    assert_eq!(fs::read_to_string(&to).unwrap_or_default(), "# Second\n");
}

/// Up, listed, down, away; still there after a kill; gone from the disk with the session.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_keeps_files() {
    let mut server = Server::start(Start::default()).await;
    let client = server.client();
    let new = json!({"agent": "opencode", "model": "demo/scripted"});
    let made = client.post("/v1/sessions", &new).await;
    let session = made["id"].as_str().unwrap_or_default().to_owned();
    let place = tempfile::tempdir().unwrap_or_else(|error| panic!("no directory: {error}"));
    let file = place.path().join("large.bin");
    let bytes: Vec<u8> = (0..5_000_000u32).flat_map(|n| n.to_le_bytes()).collect();
    fs::write(&file, &bytes).unwrap_or_else(|error| panic!("{error}"));
    let file_text = file.to_str().unwrap_or_default();

    let put = server
        .cli(&["sessions", "artifacts", "put", &session, file_text, "--json"])
        .await;
    assert_eq!(put.code, Some(0), "{put:?}");
    let artifact = put.json();
    assert_eq!(artifact["size_bytes"], 20_000_000);
    let id = artifact["id"].as_str().unwrap_or_default().to_owned();

    server.crash();
    server.run().await;
    let list = server.cli(&["sessions", "artifacts", "list", &session]).await;
    assert!(list.stdout.contains("large.bin"), "{list:?}");
    let back = place.path().join("back.bin");
    let back_text = back.to_str().unwrap_or_default();
    let got = server
        .cli(&["sessions", "artifacts", "get", &session, &id, "-o", back_text])
        .await;
    assert_eq!(got.code, Some(0), "{got:?}");
    assert!(
        fs::read(&back).unwrap_or_default() == bytes,
        "the bytes are the same after a kill"
    );

    let doctor = server.cli_at_data_dir(&["doctor"]);
    assert!(doctor.stdout.contains("artifact_store"), "{doctor:?}");
    let kept = server.data_dir().join("artifacts");
    let deleted = server.cli(&["sessions", "delete", &session, "--yes"]).await;
    assert_eq!(deleted.code, Some(0), "{deleted:?}");
    let waiting = async {
        while holds_file(&kept) {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    assert!(
        tokio::time::timeout(PATIENCE, waiting).await.is_ok(),
        "bytes are left of a deleted session"
    );
}

fn holds_file(directory: &std::path::Path) -> bool {
    let Ok(entries) = fs::read_dir(directory) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() { holds_file(&path) } else { true }
    })
}

/// An S3 server of this process, over a directory; ends with the test.
async fn bucket_server(root: &std::path::Path) -> String {
    let files = s3s_fs::FileSystem::new(root).unwrap_or_else(|error| panic!("{error:?}"));
    let mut service = s3s::service::S3ServiceBuilder::new(files);
    service.set_auth(s3s::auth::SimpleAuth::from_single("me", "hunter2hunter2"));
    let service = service.build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.unwrap_or_else(|error| panic!("no port: {error}"));
    let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let executor = hyper_util::rt::TokioExecutor::new();
                let http = hyper_util::server::conn::auto::Builder::new(executor);
                let io = hyper_util::rt::TokioIo::new(socket);
                let _ = http.serve_connection(io, service).await;
            });
        }
    });
    format!("http://{address}")
}

/// The same with a bucket: set by settings, named by `doctor`, emptied with the session; the secret is in no output.
#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_keeps_files_too() {
    let place = tempfile::tempdir().unwrap_or_else(|error| panic!("no directory: {error}"));
    let bucket = place.path().join("s3/files");
    fs::create_dir_all(&bucket).unwrap_or_else(|error| panic!("{error}"));
    let endpoint = bucket_server(&place.path().join("s3")).await;
    let start = Start::default()
        .with("COORDINATOR_ARTIFACT_STORE", "s3://files/team")
        .with("COORDINATOR_S3_ENDPOINT", endpoint)
        .with("COORDINATOR_S3_ACCESS_KEY_ID", "me")
        .with("COORDINATOR_S3_SECRET_ACCESS_KEY", "hunter2hunter2")
        .with("COORDINATOR_SCRIPTED_AGENT", "true");
    let server = Server::start(start).await;
    let client = server.client();
    let new = json!({"agent": "scripted", "model": "demo/scripted"});
    let made = client.post("/v1/sessions", &new).await;
    let session = made["id"].as_str().unwrap_or_default();
    let script = "run: head -c 12000000 /dev/urandom > \"$COORDINATOR_ARTIFACTS/large.bin\"; sha256sum < \"$COORDINATOR_ARTIFACTS/large.bin\"";
    let turn = client.turn(session, &json!({"text": script}), PATIENCE).await;
    let created = events(&turn, "artifact.created");
    assert_eq!(created.len(), 1, "{turn:#?}");
    let said = events(&turn, "tool_call.completed")[0]["data"]["output"].to_string();
    let hash = created[0]["data"]["sha256"].as_str().unwrap_or_default();
    assert!(hash.len() == 64 && said.contains(hash), "{said}");
    assert!(holds_file(&bucket.join("team")), "the bytes are in the bucket");
    assert!(!server.data_dir().join("artifacts").exists(), "and not here");

    let to = place.path().join("back.bin");
    let to_text = to.to_str().unwrap_or_default();
    let id = created[0]["data"]["artifact_id"].as_str().unwrap_or_default();
    let got = server
        .cli(&["sessions", "artifacts", "get", session, id, "-o", to_text])
        .await;
    assert_eq!(got.code, Some(0), "{got:?}");
    assert_eq!(
        fs::metadata(&to).map(|meta| meta.len()).unwrap_or_default(),
        12_000_000
    );

    let doctor = tokio::task::block_in_place(|| server.cli_at_data_dir(&["doctor"]));
    assert!(doctor.stdout.contains("bucket files"), "{doctor:?}");
    assert!(doctor.stdout.contains("writable"), "{doctor:?}");
    for said in [server.log(), doctor.stdout, doctor.stderr] {
        assert!(!said.contains("hunter2hunter2"), "{said}");
    }
    let deleted = server.cli(&["sessions", "delete", session, "--yes"]).await;
    assert_eq!(deleted.code, Some(0), "{deleted:?}");
    let waiting = async {
        while holds_file(&bucket) {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    assert!(
        tokio::time::timeout(PATIENCE, waiting).await.is_ok(),
        "bytes are left of a deleted session"
    );
}
