//! A session moves from one server to another and goes on there; a bundle of which anything was changed does not.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use e2e::{Client, PATIENCE, Server, Start};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::model_server::ModelServer;

async fn with_models(models: &ModelServer, user: &str) -> Server {
    let allow = format!("127.0.0.0/8:{}", models.address().port());
    let start = Start::default().with("COORDINATOR_ALLOW_PRIVATE_NETWORKS", allow);
    let server = Server::start(start).await;
    let body = json!({
        "provider": "hub", "api": "openai-chat", "base_url": models.url_openai(),
        "api_key": format!("sk-{user}"), "models": ["good"],
    });
    server.client().post("/v1/model-providers", &body).await;
    server
}

async fn session_with_a_conversation(client: &Client, prompt: &str) -> String {
    let body = json!({"agent": "opencode", "model": "hub/good", "title": "Heliotrope"});
    let made = client.post("/v1/sessions", &body).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let events = client.turn(&id, &json!({"text": prompt}), PATIENCE).await;
    assert_eq!(events.last().unwrap()["type"], "prompt.completed", "{events:#?}");
    id
}

/// Everything below a data directory that has this in its name.
fn named(dir: &Path, part: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut todo = vec![dir.to_path_buf()];
    while let Some(dir) = todo.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().contains(part) {
                found.push(entry.path());
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                todo.push(entry.path());
            }
        }
    }
    found
}

/// Name, offset of the header and size of each member, as any tar program sees them.
fn members(bundle: &[u8]) -> Vec<(String, usize, usize)> {
    let (mut at, mut found) = (0, Vec::new());
    while bundle[at] != 0 {
        let text = |range: std::ops::Range<usize>| {
            let bytes: Vec<u8> = bundle[range]
                .iter()
                .copied()
                .take_while(|byte| *byte != 0)
                .collect();
            String::from_utf8(bytes).unwrap()
        };
        let size = usize::from_str_radix(&text(at + 124..at + 136), 8).unwrap();
        found.push((text(at..at + 100), at, size));
        at += 512 + size.next_multiple_of(512);
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_moves_to_another_server_and_goes_on() {
    let models = ModelServer::start().await.unwrap();
    let (here, there) = (
        with_models(&models, "here").await,
        with_models(&models, "there").await,
    );
    let client = here.client();
    let id = session_with_a_conversation(
        &client,
        "run: mkdir -p src && echo kept-$((40+2)) > src/kept.txt && ln -s kept.txt src/link && chmod 750 src\nsay: The word is heliotrope.",
    )
    .await;

    let file = here.place().join("moved.bundle.tar");
    let path = file.display().to_string();
    let output = here.cli(&["sessions", "export", &id, "--output", &path]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.stderr.contains("verified"), "{output:?}");
    let bytes = fs::read(&file).unwrap();
    let names: Vec<String> = members(&bytes).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(
        names,
        [
            "manifest.json",
            "manifest.json.sha256",
            "log.jsonl.gz",
            "home.tar.gz",
            "workspace.tar.gz"
        ]
    );
    let shown = client.get(&format!("/v1/sessions/{id}")).await;
    assert_eq!(shown["status"], "hibernated", "it was stopped for the export");

    // Any tar program lists it.
    let listed = Command::new("tar").arg("tf").arg(&file).output().unwrap();
    assert!(listed.status.success() && String::from_utf8_lossy(&listed.stdout).contains("log.jsonl.gz"));

    let output = there.cli(&["sessions", "import", &path, "--json"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let made = output.json();
    let moved = made["id"].as_str().unwrap().to_owned();
    assert_ne!(moved, id);
    assert_eq!(made["imported_from"]["session_id"], id);
    assert_eq!(made["imported_from"]["installation"], here.url());
    assert_eq!(
        (made["status"].as_str(), made["title"].as_str()),
        (Some("hibernated"), Some("Heliotrope"))
    );
    let new = there.client();
    let listed = new.get("/v1/sessions").await;
    assert_eq!(listed["items"][0]["id"], moved);

    // The same events, of the same numbers; only whose they are is another.
    let old_events = client.get(&format!("/v1/sessions/{id}/events?limit=1000")).await;
    let new_events = new.get(&format!("/v1/sessions/{moved}/events?limit=1000")).await;
    let kinds = |page: &Value| -> Vec<String> {
        let events = page["events"].as_array().unwrap();
        events
            .iter()
            .map(|event| format!("{} {}", event["seq"], event["type"]))
            .collect()
    };
    assert_eq!(kinds(&old_events), kinds(&new_events));
    let me = new.get("/v1/me").await;
    let author = &new_events["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|event| event["type"] == "prompt.queued")
        .unwrap()["data"]["author"];
    assert_eq!(author["user_id"], me["user"]["id"]);
    assert_eq!(author["api_key_id"], Value::Null);
    assert_eq!(author["name"], "owner@example.org");
    // Nothing was run here yet, and nothing is counted twice.
    assert_eq!(new.get("/v1/runs").await["items"], json!([]));

    // The agent knows what was said, and its work is there.
    let before = models.requests().len();
    let events = new
        .turn(
            &moved,
            &json!({"text": "run: cat src/kept.txt src/link; stat -c %a src\nWhich word was it?"}),
            PATIENCE,
        )
        .await;
    assert_eq!(events.last().unwrap()["type"], "prompt.completed", "{events:#?}");
    let ran = events
        .iter()
        .find(|event| event["type"] == "tool_call.completed")
        .unwrap();
    assert_eq!(ran["data"]["output"], "kept-42\nkept-42\n750\n");
    let requests = models.requests();
    let asked: Vec<String> = requests[before..]
        .iter()
        .filter(|request| request.key() == Some("sk-there") && !request.tools.is_empty())
        .map(|request| request.body["messages"].to_string())
        .collect();
    assert!(!asked.is_empty());
    for messages in asked {
        assert!(
            messages.contains("heliotrope"),
            "the earlier conversation: {messages}"
        );
        assert!(messages.contains("Which word was it?"));
    }
    let all = new.get(&format!("/v1/sessions/{moved}/events?limit=1000")).await;
    let resumed: Vec<&Value> = all["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["type"] == "agent.ready")
        .map(|event| &event["data"]["resumed"])
        .collect();
    assert_eq!(resumed, [&json!(false), &json!(true)]);
    assert_eq!(new.get("/v1/runs").await["items"].as_array().unwrap().len(), 1);

    // The old one goes on as well.
    let events = client
        .turn(&id, &json!({"text": "say: still here"}), PATIENCE)
        .await;
    assert_eq!(events.last().unwrap()["type"], "prompt.completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_bundle_is_refused_and_leaves_nothing() {
    let models = ModelServer::start().await.unwrap();
    let server = with_models(&models, "here").await;
    let client = server.client();
    let id = session_with_a_conversation(&client, "run: echo work > work.txt").await;
    let (status, artifact) = client
        .call(
            Method::POST,
            &format!("/v1/sessions/{id}/artifacts?name=report.json"),
            Some(&json!({"a": 1})),
        )
        .await;
    assert_eq!(status, 201, "{artifact}");
    let file = server.place().join("good.bundle.tar");
    let path = file.display().to_string();
    let output = server.cli(&["sessions", "export", &id, "--output", &path]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let good = fs::read(&file).unwrap();
    let found = members(&good);
    assert_eq!(found.len(), 6, "{found:?}");
    assert!(found[5].0.starts_with("artifacts/art_"));

    // A byte of each member, straight to the server.
    for (name, at, size) in &found {
        let mut changed = good.clone();
        changed[at + 512 + size / 2] ^= 0x10;
        let problem = client.refusal(Method::POST, "/v1/sessions/import", changed).await;
        assert_eq!(problem["type"], "/problems/bundle_invalid", "{name}: {problem}");
        assert_eq!(problem["status"], 422);
        let expected = name.strip_suffix(".sha256").unwrap_or(name);
        assert_eq!(problem["field"], expected, "{problem}");
        assert!(
            problem["detail"].as_str().unwrap().contains(expected),
            "{problem}"
        );
    }
    // And of a header.
    let mut changed = good.clone();
    changed[found[3].1 + 130] ^= 0x01;
    let problem = client.refusal(Method::POST, "/v1/sessions/import", changed).await;
    assert_eq!(problem["field"], "home.tar.gz", "{problem}");
    for wrong in [
        &good[..good.len() / 2],
        &good[..1000],
        b"not a bundle at all",
        b"",
    ] {
        let problem = client
            .refusal(Method::POST, "/v1/sessions/import", wrong.to_vec())
            .await;
        assert_eq!(problem["type"], "/problems/bundle_invalid", "{problem}");
    }

    // The command line looks before it sends, and replays.
    let mut changed = good.clone();
    changed[found[4].1 + 512 + 20] ^= 0xff;
    let bad = server.place().join("bad.bundle.tar");
    fs::write(&bad, changed).unwrap();
    let bad_path = bad.display().to_string();
    for verb in ["import", "replay"] {
        let output = server.cli(&["sessions", verb, &bad_path]).await;
        assert_eq!(output.code, Some(1), "{verb}: {output:?}");
        assert!(output.stderr.contains("workspace.tar.gz"), "{verb}: {output:?}");
    }

    // Nothing of all that is there.
    let listed = client.get("/v1/sessions?include_archived=true").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    let data = server.data_dir();
    assert_eq!(fs::read_dir(data.join("bundles")).map_or(0, Iterator::count), 0);
    let sandboxes: Vec<_> = fs::read_dir(data.join("sandboxes")).unwrap().flatten().collect();
    assert_eq!(sandboxes.len(), 1, "{sandboxes:?}");
    assert_eq!(
        named(&data, "ses_")
            .iter()
            .filter(|path| path.extension().is_some_and(|end| end == "db"))
            .count(),
        1
    );

    // The good one passes, artifact and all; the same key again makes nothing new.
    let output = server.cli(&["sessions", "import", &path, "--json"]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let moved = output.json()["id"].as_str().unwrap().to_owned();
    let kept = artifact["id"].as_str().unwrap();
    let content = client
        .get(&format!("/v1/sessions/{moved}/artifacts/{kept}"))
        .await;
    assert_eq!(content, json!({"a": 1}));
}

#[tokio::test(flavor = "multi_thread")]
async fn export_is_for_admins_and_for_who_made_it_and_never_cuts_work_off() {
    let server = Server::start(Start::default()).await;
    let client = server.client();
    let body = json!({"agent": "opencode", "model": "demo/scripted", "prompt": "run: sleep 4322"});
    let made = client.post("/v1/sessions", &body).await;
    let id = made["id"].as_str().unwrap();
    client
        .events_until(id, PATIENCE, |event| event["type"] == "tool_call.started")
        .await;
    let path = format!("/v1/sessions/{id}/bundle");
    let problem = client.refusal(Method::GET, &path, "").await;
    assert_eq!(problem["type"], "/problems/conflict", "{problem}");
    client
        .post(&format!("/v1/sessions/{id}/interrupt"), &json!({}))
        .await;
    client
        .events_until(id, PATIENCE, |event| event["type"] == "prompt.cancelled")
        .await;
    // Without its files it is a few kilobytes.
    let file = server.place().join("log.bundle.tar");
    let target = file.display().to_string();
    let mut output = server
        .cli(&[
            "sessions",
            "export",
            id,
            "--output",
            &target,
            "--without-workspace",
        ])
        .await;
    for _ in 0..100 {
        if output.code == Some(0) {
            break;
        }
        // The interrupted turn is still being confirmed.
        assert!(output.stderr.contains("conflict"), "{output:?}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        output = server
            .cli(&[
                "sessions",
                "export",
                id,
                "--output",
                &target,
                "--without-workspace",
            ])
            .await;
    }
    assert_eq!(output.code, Some(0), "{output:?}");
    let names: Vec<String> = members(&fs::read(&file).unwrap())
        .into_iter()
        .map(|(name, ..)| name)
        .collect();
    assert_eq!(names, ["manifest.json", "manifest.json.sha256", "log.jsonl.gz"]);
    let stranger = client.with_key(None);
    assert_eq!(stranger.call(Method::GET, &path, None).await.0, 401);
    let (status, _) = client
        .call(
            Method::GET,
            "/v1/sessions/ses_00000000000000000000000000/bundle",
            None,
        )
        .await;
    assert_eq!(status, 404);

    // Replayed without a server.
    let output = server.cli(&["sessions", "replay", &target]).await;
    assert_eq!(output.code, Some(0), "{output:?}");
    for words in ["generation_opened", "running", "alarms +", "every promise kept"] {
        assert!(output.stdout.contains(words), "{words}: {}", output.stdout);
    }
    let output = server
        .cli(&["sessions", "replay", &target, "--json", "--until", "3"])
        .await;
    assert_eq!(output.code, Some(0), "{output:?}");
    let lines: Vec<Value> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (summary, steps) = lines.split_last().unwrap();
    assert_eq!(
        (summary["head"].as_u64(), summary["whole"].as_bool()),
        (Some(3), Some(false))
    );
    assert!(steps.iter().filter_map(|step| step["seq"].as_u64()).eq(1..=3));
}
