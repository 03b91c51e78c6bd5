//! Secrets of every kind are planted, a session goes through all its phases and tries to show those that it gets, and
//! then everything that is kept, logged or answered is searched.

use std::{fs, path::Path, process::Command};

use base64::Engine as _;
use e2e::{Client, GitServer, PATIENCE, Repositories, Server, Start};
use serde_json::{Value, json};
use testkit::model_server::ModelServer;

use crate::{
    accounts::Browser,
    process,
    search::{Find, Search},
};

const MODEL: &str = "sk-cnry+model=4f1c&9e27d0aa";
pub(crate) const SETUP: &str = "cnry+setup=71b3&c0d9e2~!x";
pub(crate) const AGENT: &str = "cnry+agent=2ad8&55f1b7~!y";
pub(crate) const BOTH: &str = "cnry+both=e630&91c4aa~!zz";
const ELSEWHERE: &str = "cnry+elsewhere=03fe&1d77aa";
const TOKEN: &str = "ghp-cnry-8c55e1f03d72b6aa";
const PASSWORD: &str = "cnry pass+word=8861&long enough";

/// Secrets that the session's sandbox was given, so that its own files may hold them.
const GIVEN: &[&str] = &["setup", "agent", "both", "token"];

const LEAK: &str = include_str!("leak.sh");
/// Asks git for the token, as git would.
const TOKEN_OF_GIT: &str = r#"url=$(git remote get-url origin); rest=${url#*://}; export TOKEN=$(printf 'protocol=%s\nhost=%s\n\n' "${url%%://*}" "${rest%%/*}" | git credential fill | sed -n 's/^password=//p')"#;

/// A server with a model, a private repository, and a secret for each phase.
pub(crate) struct Stage {
    pub(crate) server: Server,
    pub(crate) client: Client,
    pub(crate) git: GitServer,
    pub(crate) environment: String,
    models: ModelServer,
    _repositories: Repositories,
}

impl Stage {
    pub(crate) async fn set() -> Self {
        let models = ModelServer::start().await.unwrap();
        models.accept_keys([MODEL]);
        let repositories = Repositories::new();
        repositories.add("leaky", &[("leak.sh", LEAK), ("README.md", "# Leaky\n")]);
        let basic = base64::engine::general_purpose::STANDARD.encode(format!("x-access-token:{TOKEN}"));
        let git = GitServer::private(repositories.path(), &format!("Basic {basic}")).await;
        let allow = format!("{},127.0.0.0/8:{}", git.allowance(), models.address().port());
        let start = Start::default()
            .with("COORDINATOR_ALLOW_PRIVATE_NETWORKS", allow)
            .with("COORDINATOR_SCRIPTED_AGENT", "true")
            .with("COORDINATOR_LOG", "debug");
        let server = Server::start(start).await;
        let client = server.client();
        let provider = json!({
            "provider": "hub", "api": "openai-chat", "base_url": models.url_openai(), "api_key": MODEL, "models": ["good"],
        });
        client.post("/v1/model-providers", &provider).await;
        let setup = "bash leak.sh setup SETUP_SECRET BOTH_SECRET AGENT_SECRET ELSEWHERE";
        let environment = client
            .post("/v1/environments", &json!({"name": "leaky", "setup": [setup]}))
            .await;
        let other = client
            .post("/v1/environments", &json!({"name": "other", "setup": []}))
            .await;
        let (environment, other) = (id(&environment), id(&other));
        for (name, value, phase, scope) in [
            ("SETUP_SECRET", SETUP, "setup", json!("organisation")),
            (
                "AGENT_SECRET",
                AGENT,
                "agent",
                json!({"environment_id": environment}),
            ),
            ("BOTH_SECRET", BOTH, "both", json!("organisation")),
            ("ELSEWHERE", ELSEWHERE, "both", json!({"environment_id": other})),
        ] {
            let body = json!({"name": name, "value": value, "phase": phase, "scope": scope});
            client.post("/v1/secrets", &body).await;
        }
        Self {
            server,
            client,
            git,
            environment,
            models,
            _repositories: repositories,
        }
    }

    /// A session whose set-up leaks already; ready for prompts. Answers its id.
    pub(crate) async fn session(&self, agent: &str) -> String {
        let body = json!({
            "agent": agent, "model": "hub/good", "environment_id": self.environment, "prompt": "say: ready",
            "repository": {"url": self.git.url("leaky"), "token": TOKEN},
        });
        let session = id(&self.client.post("/v1/sessions", &body).await);
        let events = self
            .client
            .events_until(&session, PATIENCE, |event| {
                event["type"] == "prompt.completed" || event["type"] == "prompt.failed"
            })
            .await;
        assert_eq!(end(&events)["type"], "prompt.completed", "{events:#?}");
        session
    }

    fn model_was_asked(&self) -> bool {
        !self.models.requests().is_empty()
    }
}

/// How the first turn ended.
pub(crate) fn end(events: &[Value]) -> &Value {
    let is_end =
        |event: &&Value| matches!(event["type"].as_str(), Some("prompt.completed" | "prompt.failed"));
    events.iter().find(is_end).unwrap()
}

pub(crate) fn id(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

async fn bytes(client: &reqwest::Client, stage: &Stage, path: &str) -> Vec<u8> {
    let answer = client
        .get(format!("{}{path}", stage.server.url()))
        .bearer_auth(stage.server.key())
        .send()
        .await
        .unwrap();
    let status = answer.status();
    let body = answer.bytes().await.unwrap_or_default().to_vec();
    assert!(
        status.is_success(),
        "{path}: {status} {}",
        String::from_utf8_lossy(&body)
    );
    body
}

/// Everything that the API answers about a session and its organisation, by where it came from.
async fn answers(stage: &Stage, session: &str) -> Vec<(String, Vec<u8>)> {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let org = stage.client.get("/v1/me").await["organisation"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut paths: Vec<String> = [
        "",
        "/prompts",
        "/events?limit=1000",
        "/artifacts",
        "/diff",
        "/archive",
        "/archive?git=true",
        "/files?path=out-setup",
        "/files?path=out-agent",
        "/files?path=out-agent/AGENT_SECRET.txt",
        "/files?path=out-agent/AGENT_SECRET.bin",
        "/files?path=out-setup/SETUP_SECRET.txt",
        "/bundle",
    ]
    .into_iter()
    .map(|path| format!("/v1/sessions/{session}{path}"))
    .collect();
    paths.extend(
        [
            "/v1/sessions",
            "/v1/runs",
            "/v1/usage",
            "/v1/events?after=0",
            "/v1/audit",
            "/v1/audit?format=ndjson",
            "/v1/audit?format=csv",
            "/v1/secrets",
            "/v1/environments",
            "/v1/model-providers",
            "/v1/models",
            "/v1/api-keys",
            "/v1/limits",
            "/v1/orgs",
            "/metrics",
            "/openapi.json",
        ]
        .map(str::to_owned),
    );
    paths.push(format!("/v1/orgs/{org}/members"));
    let artifacts = stage
        .client
        .get(&format!("/v1/sessions/{session}/artifacts?limit=100"))
        .await;
    for artifact in artifacts["items"].as_array().unwrap() {
        paths.push(format!("/v1/sessions/{session}/artifacts/{}", id(artifact)));
    }
    let mut all = Vec::new();
    for path in paths {
        let body = bytes(&http, stage, &path).await;
        all.push((path, body));
    }
    all
}

/// Unpacks an archive of any kind with everybody's tar, below a directory of its own.
fn unpacked(place: &Path, name: &str, archive: &[u8]) -> std::path::PathBuf {
    let file = place.join(format!("{name}.tar"));
    fs::write(&file, archive).unwrap();
    let directory = place.join(name);
    fs::create_dir_all(&directory).unwrap();
    let done = Command::new("tar")
        .args(["--extract", "--no-same-owner", "--file"])
        .arg(&file)
        .arg("--directory")
        .arg(&directory)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    for entry in fs::read_dir(&directory).unwrap().flatten() {
        let path = entry.path();
        let compressed = path.to_string_lossy().ends_with(".gz");
        if compressed {
            let done = Command::new("gzip")
                .arg("--decompress")
                .arg(&path)
                .status()
                .unwrap();
            assert!(done.success(), "{}", path.display());
        }
    }
    directory
}

/// Where a secret may be: with the sandbox that it was given to, in the letter that it was sent in, in its own file.
fn is_due(find: &Find) -> bool {
    let place = find.place.trim_start_matches("the name of ");
    let of_sandbox = place.strip_prefix("data/sandboxes/").is_some_and(|rest| {
        let below = rest.split_once('/').map_or("", |(_, below)| below);
        below.starts_with("workspace/") || below.starts_with("home/")
    });
    match find.name.as_str() {
        "reset token" | "invitation token" => place.starts_with("data/outbox/"),
        "master key" => place == "data/master.key",
        name => GIVEN.contains(&name) && of_sandbox,
    }
}

/// The whole of it, with one agent.
async fn nothing_leaks(agent: &str) {
    let stage = Stage::set().await;
    let (server, client) = (&stage.server, &stage.client);

    let browser = Browser::of_owner(server).await;
    let (totp, recovery) = browser.protect(PASSWORD).await;
    let me = client.get("/v1/me").await;
    let invitation = browser.invite(me["organisation"]["id"].as_str().unwrap()).await;
    let reset = browser.forget_password(server).await;
    let key = client.post("/v1/api-keys", &json!({"name": "second"})).await;
    let key = key["key"].as_str().unwrap().to_owned();
    let master = fs::read_to_string(server.data_dir().join("master.key")).unwrap();
    let master = master.trim().to_owned();
    let totp_bytes = data_encoding::BASE32_NOPAD
        .decode(totp.replace([' ', '='], "").as_bytes())
        .unwrap();

    let session = stage.session(agent).await;
    let script = format!(
        "run: {TOKEN_OF_GIT}; bash leak.sh agent AGENT_SECRET BOTH_SECRET TOKEN SETUP_SECRET ELSEWHERE"
    );
    let events = client.turn(&session, &json!({"text": script}), PATIENCE).await;
    assert_eq!(events.last().unwrap()["type"], "prompt.completed", "{events:#?}");
    // It was there, it was tried, and it was hidden.
    let shown = serde_json::to_string(&events).unwrap();
    for there in ["AGENT_SECRET", "BOTH_SECRET", "TOKEN"] {
        assert!(
            shown.contains(&format!("with {there} of ")),
            "{there}: {events:#?}"
        );
    }
    for not_there in ["SETUP_SECRET", "ELSEWHERE"] {
        assert!(
            shown.contains(&format!("without {not_there}")),
            "{not_there}: {events:#?}"
        );
    }
    assert!(shown.contains("plain [secret]"), "{events:#?}");
    if agent == "opencode" {
        assert!(stage.model_was_asked(), "the model key was used");
    }
    let workspace = server
        .data_dir()
        .join("sandboxes")
        .join(&session)
        .join("workspace");
    let left = fs::read_to_string(workspace.join("out-agent/AGENT_SECRET.txt")).unwrap();
    assert!(
        left.contains(AGENT),
        "what the sandbox writes for itself is its own"
    );
    let left = fs::read_to_string(workspace.join("out-setup/SETUP_SECRET.txt")).unwrap();
    assert!(left.contains(SETUP));

    let secrets: Vec<(&str, &[u8])> = [
        ("model key", MODEL),
        ("setup", SETUP),
        ("agent", AGENT),
        ("both", BOTH),
        ("elsewhere", ELSEWHERE),
        ("token", TOKEN),
        ("password", PASSWORD),
        ("API key", server.key()),
        ("second API key", &key),
        ("cookie", browser.cookie_value()),
        ("CSRF token", &browser.csrf),
        ("link", &browser.link),
        ("authenticator", &totp),
        ("reset token", &reset),
        ("invitation token", &invitation),
        ("master key", &master),
        ("recovery code", &recovery[0]),
    ]
    .into_iter()
    .map(|(name, secret)| (name, secret.as_bytes()))
    .chain([("authenticator, raw", &totp_bytes[..])])
    .collect();
    let mut search = Search::for_secrets(secrets);

    let scratch = tempfile::tempdir().unwrap();
    let mut found = Vec::new();
    let answers = answers(&stage, &session).await;
    for (path, body) in &answers {
        found.extend(search.bytes(path, body));
        let name = match path.rsplit('/').next() {
            Some("archive") => "archive",
            Some("archive?git=true") => "archive-with-git",
            Some("bundle") => "bundle",
            _ => continue,
        };
        let directory = unpacked(scratch.path(), name, body);
        // Not the objects of git: they are compressed, and what is committed is in them.
        found.extend(search.tree(&directory));
        if name != "bundle" {
            let masked = fs::read_to_string(directory.join("out-agent/AGENT_SECRET.txt")).unwrap();
            assert!(
                masked.starts_with(&format!("plain {}\n", "*".repeat(AGENT.len()))),
                "{masked}"
            );
        }
    }
    let named = |part: &str| answers.iter().filter(|(path, _)| path.contains(part)).count();
    assert!(named("/artifacts/") >= 6, "{} artifacts", named("/artifacts/"));
    let artifact = answers
        .iter()
        .find(|(path, body)| path.contains("/artifacts/") && body.len() > 130_000);
    assert!(artifact.is_some(), "the binary ones keep their length");
    // The server writes while this reads: what lies in write-ahead logs is seen, too.
    found.extend(search.tree(server.place()));
    found.retain(|find| !is_due(find));
    assert!(found.is_empty(), "{found:#?}");

    // The same search does see what this session says, where it is kept and where it is answered.
    let planted = client
        .turn(
            &session,
            &json!({"text": "run: printf %s \"$AGENT_SECRET\" | rev"}),
            PATIENCE,
        )
        .await;
    assert_eq!(
        planted.last().unwrap()["type"],
        "prompt.completed",
        "{planted:#?}"
    );
    let seen = bytes(
        &reqwest::Client::builder().no_proxy().build().unwrap(),
        &stage,
        &format!("/v1/sessions/{session}/events?limit=1000"),
    )
    .await;
    let planted = search.bytes("events", &seen);
    assert!(
        planted
            .iter()
            .any(|find| find.name == "agent" && find.form == "reversed"),
        "{planted:?}"
    );
    let kept: Vec<Find> = search
        .tree(server.place())
        .into_iter()
        .filter(|find| !is_due(find))
        .collect();
    assert!(
        kept.iter()
            .any(|find| find.form == "reversed" && find.place.starts_with("data/sessions/")),
        "{kept:?}"
    );

    let mut server = stage.server;
    assert_eq!(server.stop(), Some(0));
    let rest: Vec<Find> = search
        .tree(server.place())
        .into_iter()
        .filter(|find| !is_due(find) && find.form != "reversed")
        .collect();
    assert!(rest.is_empty(), "{rest:#?}");
    crate::say(format!(
        "{agent}: {} patterns of 18 secrets, {} answers, {} files, {} MiB searched",
        search.patterns(),
        answers.len(),
        search.files,
        search.seen >> 20
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_secret_leaks_from_a_scripted_journey() {
    nothing_leaks("scripted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_secret_leaks_from_a_journey_with_opencode() {
    nothing_leaks("opencode").await;
}

/// What one phase was given is in no process of the next, and no sandbox can read what its runner knows.
#[tokio::test(flavor = "multi_thread")]
async fn memory_gives_nothing_away() {
    let stage = Stage::set().await;
    let session = stage.session("scripted").await;
    // From the inside: environments of all processes, whose memory can be opened, and how large a core may be.
    let look = "run: sleep 60 & for p in /proc/[0-9]*; do tr '\\0' '\\n' < $p/environ; done 2>/dev/null | grep -c 'SETUP[_]SECRET='; for p in /proc/[0-9]*; do (exec 3< $p/mem) 2>/dev/null && echo \"opened $(tr '\\0' ' ' < $p/cmdline | head -c 40)\"; done; kill $!; ulimit -c";
    let inside = stage
        .client
        .turn(&session, &json!({"text": look}), PATIENCE)
        .await;
    let output = inside
        .iter()
        .find(|event| event["type"] == "tool_call.completed")
        .and_then(|event| event["data"]["output"].as_str())
        .unwrap_or_default()
        .to_owned();
    assert!(output.starts_with("0\n"), "{output}");
    assert!(output.trim_end().ends_with("\n0"), "{output}");
    assert!(output.contains("opened sleep"), "its own can be: {output}");
    assert!(!output.contains("runner run"), "{output}");

    // From the outside, while a tool runs.
    let waiting = json!({"text": "run: sleep 300"});
    let prompt = stage
        .client
        .post(&format!("/v1/sessions/{session}/prompts"), &waiting)
        .await;
    stage
        .client
        .events_until(&session, PATIENCE, |event| {
            event["type"] == "tool_call.started" && event["prompt_id"] == prompt["id"]
        })
        .await;
    let pids = process::of_sandbox(&stage.server, &session);
    let secrets = [("setup", SETUP), ("model key", MODEL), ("elsewhere", ELSEWHERE)];
    process::of_no_use_to_anybody(&stage.server, &pids, &secrets, AGENT);
}
