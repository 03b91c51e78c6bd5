//! A person signs in with a browser, works, and signs out; also while the server is killed.
#![expect(
    clippy::unwrap_used,
    reason = "what a test expects and does not get is a panic"
)]

use std::time::Duration;

use e2e::{PATIENCE, Server, Start};
use futures::{SinkExt as _, StreamExt as _};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

/// What a browser would do, and nothing else.
struct Browser {
    http: reqwest::Client,
    url: String,
    cookie: String,
    csrf: String,
}

fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        // As the client of the other tests: a connection that was idle when the server was killed is no use.
        .pool_max_idle_per_host(0)
        .timeout(Duration::from_secs(120))
        .build()
        .unwrap()
}

/// The address and the token of a link, as the page would take it apart.
fn link(made: &Value) -> (String, String) {
    let link = made["sign_in_link"].as_str().unwrap();
    let (url, token) = link.split_once("/sign-in#token=").unwrap();
    (url.to_owned(), token.to_owned())
}

async fn redeem(http: &reqwest::Client, url: &str, token: &str) -> Result<reqwest::Response, reqwest::Error> {
    http.post(format!("{url}/v1/auth/link"))
        .header(header::ORIGIN, url)
        .json(&json!({"token": token}))
        .send()
        .await
}

impl Browser {
    async fn open(url: &str, token: &str) -> Self {
        let http = http();
        let answer = redeem(&http, url, token).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let set = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
        let told: Value = answer.json().await.unwrap();
        Self {
            http,
            url: url.to_owned(),
            cookie: set.split(';').next().unwrap().to_owned(),
            csrf: told["csrf_token"].as_str().unwrap().to_owned(),
        }
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.url))
            .header(header::COOKIE, &self.cookie)
            .header(header::ORIGIN, &self.url)
            .header("Coordinator-CSRF", &self.csrf);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }
}

/// Asks for a link for the one owner of these tests.
const ASKED: [&str; 6] = [
    "bootstrap",
    "--email",
    "owner@example.org",
    "--org",
    "acme",
    "--sign-in-link",
];

#[tokio::test(flavor = "multi_thread")]
async fn from_the_link_to_a_session_and_out_again() {
    let mut server = Server::start(Start::default()).await;
    let (url, token) = link(&server.cli_at_data_dir(&ASKED).json());
    assert_eq!(url, server.url(), "the server knows its address");
    let browser = Browser::open(&url, &token).await;
    let again = redeem(&browser.http, &url, &token).await.unwrap();
    assert_eq!(again.status(), StatusCode::GONE);

    let password = json!({"password": "a long one for this test"});
    let (status, told) = browser
        .call(Method::PUT, "/v1/auth/password", Some(password))
        .await;
    assert_eq!(status, 204, "{told}");
    let made = json!({"agent": "opencode", "model": "demo/scripted"});
    let (status, session) = browser.call(Method::POST, "/v1/sessions", Some(made)).await;
    assert_eq!(status, 201, "{session}");
    let id = session["id"].as_str().unwrap();

    // What was signed in stays signed in when the server is killed.
    server.crash();
    server.run().await;
    let (status, me) = browser.call(Method::GET, "/v1/me", None).await;
    assert_eq!((status, me["has_password"].as_bool()), (200, Some(true)), "{me}");

    let socket_url = format!("{}/v1/sessions/{id}/ws", url.replacen("http", "ws", 1));
    let handshake = |origin: &str| {
        let mut request = socket_url.as_str().into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("cookie", HeaderValue::from_str(&browser.cookie).unwrap());
        headers.insert("origin", HeaderValue::from_str(origin).unwrap());
        request
    };
    assert!(connect_async(handshake("https://evil.example")).await.is_err());
    let (mut socket, _) = connect_async(handshake(&url)).await.unwrap();
    let hello = timeout(PATIENCE, socket.next()).await.unwrap().unwrap().unwrap();
    let hello: Value = serde_json::from_str(hello.to_text().unwrap()).unwrap();
    assert_eq!(
        (&hello["type"], &hello["session_id"]),
        (&json!("hello"), &json!(id))
    );
    let subscribe = json!({"type": "subscribe", "after": 0});
    socket.send(Message::text(subscribe.to_string())).await.unwrap();

    let (status, _) = browser.call(Method::POST, "/v1/auth/sign-out", None).await;
    assert_eq!(status, 204);
    let closed = timeout(PATIENCE, async {
        while let Some(Ok(message)) = socket.next().await {
            if message.is_close() {
                break;
            }
        }
    });
    closed.await.expect("the socket ends with the sign-out");
    let (status, problem) = browser.call(Method::GET, "/v1/me", None).await;
    assert_eq!(
        (status, &problem["type"]),
        (401, &json!("/problems/unauthenticated"))
    );
    assert!(connect_async(handshake(&url)).await.is_err());

    let sign_in = |password: &str| {
        browser
            .http
            .post(format!("{url}/v1/auth/sign-in"))
            .json(&json!({"email": "owner@example.org", "password": password}))
            .send()
    };
    assert_eq!(
        sign_in("not that one, certainly").await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        sign_in("a long one for this test").await.unwrap().status(),
        StatusCode::OK
    );

    // Nothing of it is in the log or, in clear, in what is kept.
    let secrets = [
        token.as_str(),
        browser.cookie.split_once('=').unwrap().1,
        browser.csrf.as_str(),
        "a long one for this test",
    ];
    let log = server.log();
    assert!(secrets.iter().all(|secret| !log.contains(secret)));
    for file in ["coordinator.db", "coordinator.db-wal"] {
        let kept = std::fs::read(server.data_dir().join(file)).unwrap_or_default();
        for secret in secrets {
            let there = kept.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
            assert!(!there, "{file} holds a secret in clear");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_used_or_not_whenever_the_server_is_killed() {
    let mut server = Server::start(Start::default()).await;
    let http = http();
    for delay_us in [0, 500, 1_000, 2_000, 4_000, 8_000] {
        let (url, token) = link(&server.cli_at_data_dir(&ASKED).json());
        let first = tokio::spawn({
            let (http, url, token) = (http.clone(), url.clone(), token.clone());
            async move { redeem(&http, &url, &token).await.map(|answer| answer.status()) }
        });
        // Not a wait for anything: it only moves the moment of the kill.
        tokio::time::sleep(Duration::from_micros(delay_us)).await;
        server.crash();
        let first = first.await.unwrap();
        server.run().await;
        let second = redeem(&http, &url, &token).await.unwrap().status();
        match first {
            Ok(status) => assert_eq!((status, second), (StatusCode::OK, StatusCode::GONE)),
            // The answer was lost; whether the link was used is for the store to say, and it says one thing.
            Err(_) => assert!(matches!(second, StatusCode::OK | StatusCode::GONE), "{second}"),
        }
        let third = redeem(&http, &url, &token).await.unwrap().status();
        assert_eq!(third, StatusCode::GONE);
    }
}

/// Starts `up`, answers the link it prints, with the process that prints it.
fn up(home: &std::path::Path) -> (std::process::Child, String) {
    use std::io::{BufRead as _, BufReader};
    let mut command = std::process::Command::new(e2e::program("coordinator"));
    command
        .args(["up", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(home.join("data"))
        .env("HOME", home)
        .env_remove("XDG_CONFIG_HOME")
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let link = lines.find_map(|line| line.ok().filter(|line| line.contains("/sign-in#token=")));
    (child, link.unwrap().trim().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn up_prints_a_fresh_link_at_every_start() {
    let home = tempfile::tempdir().unwrap();
    let mut people = Vec::new();
    for _ in 0..2 {
        let (mut child, printed) = up(home.path());
        let (url, token) = link(&json!({"sign_in_link": printed}));
        let browser = Browser::open(&url, &token).await;
        let (_, me) = browser.call(Method::GET, "/v1/me", None).await;
        let pid = nix::unistd::Pid::from_raw(child.id().try_into().unwrap());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        assert!(child.wait().unwrap().success());
        people.push(me["user"]["id"].clone());
    }
    assert_eq!(people[0], people[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_made_without_a_server_works_in_the_next_one() {
    let mut server = Server::prepare(Start::default());
    let without = server.cli_at_data_dir(&["bootstrap", "--email", "ana@example.org", "--org", "acme"]);
    assert!(
        without.json().get("sign_in_link").is_none(),
        "only where it is asked for"
    );
    let asked = [
        "bootstrap",
        "--email",
        "ana@example.org",
        "--org",
        "acme",
        "--sign-in-link",
    ];
    let (_, token) = link(&server.cli_at_data_dir(&asked).json());
    server.run().await;
    let browser = Browser::open(server.url(), &token).await;
    let (_, me) = browser.call(Method::GET, "/v1/me", None).await;
    assert_eq!(me["user"]["email"], "ana@example.org");
}
