//! Bad input over real HTTP, and repositories and set-up commands that do not work: each ends in a problem document
//! or an event with cause and next step, and the session stays usable or says why not.

use base64::Engine as _;
use e2e::{Client, GitServer, PATIENCE, Repositories, Server, Start};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem_document() {
    let server = Server::start(Start::default()).await;
    let client = server.client();
    let made = client
        .post(
            "/v1/sessions",
            &json!({"agent": "opencode", "model": "demo/scripted"}),
        )
        .await;
    let session = format!("/v1/sessions/{}", made["id"].as_str().unwrap_or_default());
    let prompts = format!("{session}/prompts");
    let repository = |url: &str, reference: &str| {
        json!({"agent": "opencode", "model": "demo/scripted", "repository": {"url": url, "ref": reference}})
            .to_string()
    };
    let good = "https://git.example.org/a/b.git";
    let posts: Vec<(&str, String, &str, &str)> = vec![
        (
            "/v1/sessions",
            json!({"agent": "opencode", "modle": "x"}).to_string(),
            "invalid_request",
            "modle",
        ),
        (
            &prompts,
            json!({"text": "x", "txt": "y"}).to_string(),
            "invalid_request",
            "txt",
        ),
        (&prompts, "{\"text\": ".to_owned(), "invalid_request", ""),
        (
            &prompts,
            json!({"text": "x".repeat(64 * 1024 + 1)}).to_string(),
            "prompt_too_large",
            "text",
        ),
        (
            "/v1/sessions",
            json!({"title": "x".repeat(13 << 20)}).to_string(),
            "body_too_large",
            "",
        ),
        (
            "/v1/sessions",
            repository(good, "--upload-pack=touch /tmp/x"),
            "invalid_repository",
            "repository.ref",
        ),
        (
            "/v1/sessions",
            repository(good, "a..b"),
            "invalid_repository",
            "repository.ref",
        ),
        (
            "/v1/sessions",
            repository("ext::sh -c id", "main"),
            "invalid_repository",
            "repository.url",
        ),
        (
            "/v1/sessions",
            repository("--upload-pack=id", "main"),
            "invalid_repository",
            "repository.url",
        ),
        (
            "/v1/sessions",
            repository("file:///etc", "main"),
            "invalid_repository",
            "repository.url",
        ),
        (
            "/v1/sessions",
            repository("https://me:secret@git.example.org/a", "main"),
            "invalid_repository",
            "repository.url",
        ),
        (
            "/v1/sessions",
            repository("http://169.254.169.254/x.git", "main"),
            "address_not_allowed",
            "repository.url",
        ),
        (
            "/v1/sessions",
            json!({"agent": "nobody", "model": "demo/scripted"}).to_string(),
            "agent_unavailable",
            "agent",
        ),
        (
            "/v1/sessions",
            json!({"agent": "opencode", "model": "nowhere/m"}).to_string(),
            "model_unavailable",
            "model",
        ),
        (
            "/v1/environments/detect",
            json!({"repository": {"url": good, "ref": "-x"}}).to_string(),
            "invalid_repository",
            "repository.ref",
        ),
    ];
    for (path, body, code, field) in posts {
        let shown = body.chars().take(100).collect::<String>();
        let problem = client.refusal(Method::POST, path, body).await;
        assert_eq!(
            problem["type"],
            format!("/problems/{code}"),
            "{path} {shown}: {problem}"
        );
        if !field.is_empty() {
            assert_eq!(problem["field"], field, "{path} {shown}: {problem}");
        }
        assert!(
            !problem.to_string().contains("secret"),
            "a password is not repeated: {problem}"
        );
    }
    for (path, code) in [
        (format!("{session}/events?after=abc"), "invalid_cursor"),
        (format!("{session}/events?after=-1"), "invalid_cursor"),
        (format!("{session}/events?after=999999"), "invalid_cursor"),
        (format!("{session}/events?limit=0"), "invalid_request"),
        ("/v1/sessions?cursor=xyz".to_owned(), "invalid_cursor"),
        (
            format!("{session}/files?path=../../etc/passwd"),
            "invalid_request",
        ),
        ("/v1/nothing".to_owned(), "not_found"),
    ] {
        let problem = client.refusal(Method::GET, &path, "").await;
        assert_eq!(problem["type"], format!("/problems/{code}"), "{path}: {problem}");
    }
    let stranger = client.with_key(Some("ack_nobody"));
    let problem = stranger.refusal(Method::GET, &session, "").await;
    assert_eq!(problem["status"], 401);
    let problem = client.refusal(Method::PUT, "/v1/sessions", "{}").await;
    assert_eq!(problem["status"], 405);

    let output = client
        .output_of(made["id"].as_str().unwrap_or_default(), "echo usable", PATIENCE)
        .await;
    assert_eq!(output.trim(), "usable", "after all that");
}

/// A session on a repository, with a first prompt; answers both ids.
async fn on_repository(client: &Client, repository: Value) -> (String, Value) {
    let body =
        json!({"agent": "opencode", "model": "demo/scripted", "prompt": "run: ls", "repository": repository});
    let made = client.post("/v1/sessions", &body).await;
    let session = made["id"].as_str().map(str::to_owned).unwrap_or_default();
    let prompts = client.get(&format!("/v1/sessions/{session}/prompts")).await;
    let prompt = prompts.pointer("/items/0/id");
    (session, prompt.cloned().unwrap_or_default())
}

/// The error of the first prompt's end, and what the session says about itself then.
async fn failure(client: &Client, session: &str, prompt: &Value) -> (Value, Value) {
    let events = client.end_of(session, prompt, PATIENCE).await;
    let end = events.last().cloned().unwrap_or_default();
    assert_eq!(end["type"], "prompt.failed", "{end:#}");
    let error = end["data"]["error"].clone();
    for field in ["code", "message", "next_step"] {
        assert!(
            error[field].as_str().is_some_and(|text| !text.is_empty()),
            "{error:#}"
        );
    }
    let shown = client.get(&format!("/v1/sessions/{session}")).await;
    assert!(
        shown["why"]["message"]
            .as_str()
            .is_some_and(|text| text.contains(error["next_step"].as_str().unwrap_or_default())),
        "the session says why: {shown:#}"
    );
    (error, shown)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_not_there_or_not_ours() {
    let repositories = Repositories::new();
    repositories.add("sample", &[("a.txt", "a\n")]);
    let git = GitServer::start(repositories.path()).await;
    let basic = base64::engine::general_purpose::STANDARD.encode("x-access-token:right");
    let private = GitServer::private(repositories.path(), &format!("Basic {basic}")).await;
    let allow = format!("{},{}", git.allowance(), private.allowance());
    let server = Server::start(Start::default().with("COORDINATOR_ALLOW_PRIVATE_NETWORKS", allow)).await;
    let client = server.client();

    let (absent, refless, stranger, dead) = tokio::join!(
        on_repository(&client, json!({"url": git.url("absent")})),
        on_repository(&client, json!({"url": git.url("sample"), "ref": "next"})),
        on_repository(
            &client,
            json!({"url": private.url("sample"), "token": "ghp-wrong-token"})
        ),
        on_repository(&client, json!({"url": "http://no-such-host.invalid/x.git"})),
    );
    let (error, _) = failure(&client, &absent.0, &absent.1).await;
    assert_eq!(error["code"], "clone_failed", "{error:#}");
    assert!(
        error["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("not found")),
        "{error:#}"
    );
    let (error, _) = failure(&client, &refless.0, &refless.1).await;
    assert_eq!(error["code"], "ref_not_found", "{error:#}");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|text| text.contains("`next`")),
        "{error:#}"
    );
    let (error, _) = failure(&client, &stranger.0, &stranger.1).await;
    assert_eq!(error["code"], "authentication_required", "{error:#}");
    assert!(
        error["next_step"]
            .as_str()
            .is_some_and(|text| text.contains("token") && text.contains("new session with another")),
        "{error:#}"
    );
    assert!(!error.to_string().contains("ghp-wrong-token"));
    let (error, _) = failure(&client, &dead.0, &dead.1).await;
    assert_eq!(error["code"], "clone_failed", "{error:#}");
    assert!(!server.log().contains("ghp-wrong-token"));

    // What was missing appears: the same sessions go on.
    repositories.add("absent", &[("b.txt", "b\n")]);
    repositories.branch("sample", "next");
    let (a, b) = tokio::join!(
        client.output_of(&absent.0, "ls", PATIENCE),
        client.output_of(&refless.0, "ls; git branch --show-current", PATIENCE)
    );
    assert_eq!(a.trim(), "b.txt");
    assert_eq!(b.trim(), "a.txt\nnext");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_command_that_fails_or_hangs_and_a_clone_that_does() {
    // A git host that takes connections and says nothing.
    let mute = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let mute_port = mute.local_addr().unwrap().port();
    let start = Start::default()
        .with("COORDINATOR_SETUP_TIMEOUT", "3s")
        .with("COORDINATOR_CLONE_TIMEOUT", "3s")
        .with(
            "COORDINATOR_ALLOW_PRIVATE_NETWORKS",
            format!("127.0.0.0/8:{mute_port}"),
        );
    let server = Server::start(start).await;
    let client = server.client();
    let begin = async |name: &str, setup: Value| {
        let environment = client
            .post("/v1/environments", &json!({"name": name, "setup": setup}))
            .await;
        let body = json!({"agent": "opencode", "model": "demo/scripted", "prompt": "run: cat tries", "environment_id": environment["id"]});
        let made = client.post("/v1/sessions", &body).await;
        let session = made["id"].as_str().map(str::to_owned).unwrap_or_default();
        let prompts = client.get(&format!("/v1/sessions/{session}/prompts")).await;
        let prompt = prompts.pointer("/items/0/id");
        (session, prompt.cloned().unwrap_or_default())
    };
    // Works at the second try.
    let fails = "echo try >> tries; echo the reason >&2; [ $(wc -l < tries) -ge 2 ] || exit 7";
    let hangs = "echo try >> tries; echo waiting for an answer; [ $(wc -l < tries) -ge 2 ] || sleep 4322";
    let (failing, hanging, waiting) = tokio::join!(
        begin("fails", json!(["true", fails])),
        begin("hangs", json!([hangs])),
        on_repository(
            &client,
            json!({"url": format!("http://127.0.0.1:{mute_port}/x.git")})
        ),
    );
    let (error, _) = failure(&client, &waiting.0, &waiting.1).await;
    assert_eq!(error["code"], "clone_failed", "{error:#}");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|text| text.contains("longer than 3 s")),
        "{error:#}"
    );

    let (error, _) = failure(&client, &failing.0, &failing.1).await;
    assert_eq!(error["code"], "setup_failed", "{error:#}");
    assert!(
        error["message"].as_str().is_some_and(|text| text.contains('7')),
        "{error:#}"
    );
    assert!(
        error["detail"]
            .as_str()
            .is_some_and(|text| text.contains("the reason")),
        "{error:#}"
    );
    let (error, _) = failure(&client, &hanging.0, &hanging.1).await;
    assert_eq!(error["code"], "setup_timeout", "{error:#}");
    assert!(
        error["message"].as_str().is_some_and(|text| text.contains("3 s")),
        "{error:#}"
    );
    assert!(
        error["detail"]
            .as_str()
            .is_some_and(|text| text.contains("waiting for an answer")),
        "{error:#}"
    );

    let (a, b) = tokio::join!(
        client.output_of(&failing.0, "cat tries", PATIENCE),
        client.output_of(&hanging.0, "cat tries; pgrep -fc 'sleep [4]322'; true", PATIENCE)
    );
    assert_eq!(a.trim(), "try\ntry", "the next prompt runs it again");
    assert_eq!(b.trim(), "try\ntry\n0", "and nothing hangs on");
}
