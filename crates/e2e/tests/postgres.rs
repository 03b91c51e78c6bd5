//! The run history on PostgreSQL, which stops in the middle: turns go on as before, and afterwards every record is there,
//! once, in the order of its session; also across a kill of the server.
//!
//! `RUNS=1000` is the number of turns while it is down; without it less.

use std::{
    io::Write as _,
    net::SocketAddr,
    time::{Duration, Instant},
};

use e2e::{PATIENCE, Server, Start};
use futures::{SinkExt as _, StreamExt as _};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::postgres::{PASSWORD, Postgres, Stop};
use tokio::{net::TcpStream, task::JoinSet, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

const SESSIONS: usize = 4;

#[expect(clippy::disallowed_methods, reason = "figures of a real run")]
fn now() -> Instant {
    Instant::now()
}

/// A session, talked to over its socket.
struct Talk {
    session: String,
    socket: WebSocketStream<TcpStream>,
}

impl Talk {
    async fn join(server: &Server, session: &str) -> Self {
        let address: SocketAddr = server
            .url()
            .trim_start_matches("http://")
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", server.url()));
        let stream = TcpStream::connect(address)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let mut request = format!("ws://{address}/v1/sessions/{session}/ws")
            .into_client_request()
            .unwrap_or_else(|error| panic!("{error}"));
        let bearer = HeaderValue::from_str(&format!("Bearer {}", server.key()));
        request
            .headers_mut()
            .insert("authorization", bearer.unwrap_or_else(|error| panic!("{error}")));
        let (socket, _) = client_async(request, stream)
            .await
            .unwrap_or_else(|error| panic!("no socket: {error}"));
        let head = server.client().get(&format!("/v1/sessions/{session}")).await["head"].clone();
        let mut talk = Self {
            session: session.to_owned(),
            socket,
        };
        talk.send(json!({"type": "subscribe", "after": head})).await;
        talk
    }

    async fn send(&mut self, frame: Value) {
        let sent = self.socket.send(Message::text(frame.to_string())).await;
        sent.unwrap_or_else(|error| panic!("{error}"));
    }

    /// One turn, from the prompt to its end.
    async fn turn(&mut self) -> Duration {
        let begun = now();
        self.send(json!({"type": "prompt", "text": "say: done"})).await;
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await;
            let Ok(Some(Ok(message))) = message else {
                panic!("{}: {message:?}", self.session)
            };
            let Ok(text) = message.to_text() else { continue };
            let frame: Value = serde_json::from_str(text).unwrap_or_default();
            assert_ne!(frame["type"], "error", "{frame}");
            let kind = frame["event"]["type"].as_str().or(frame["data"]["type"].as_str());
            match kind.unwrap_or_default() {
                "prompt.completed" => return begun.elapsed(),
                "prompt.failed" | "prompt.cancelled" => panic!("{frame}"),
                _ => {}
            }
        }
    }
}

/// So many turns, spread over the sessions; how long each took, in order of size.
async fn turns(server: &Server, sessions: &[String], count: usize) -> Vec<Duration> {
    let mut tasks = JoinSet::new();
    for session in sessions {
        let mut talk = Talk::join(server, session).await;
        let each = count / sessions.len();
        tasks.spawn(async move {
            let mut took = Vec::with_capacity(each);
            for _ in 0..each {
                took.push(talk.turn().await);
            }
            took
        });
    }
    let mut took: Vec<Duration> = tasks.join_all().await.into_iter().flatten().collect();
    took.sort();
    took
}

fn figures(what: &str, took: &[Duration]) {
    let at = |part: usize| took.get((took.len() * part / 100).min(took.len() - 1)).copied();
    let _ = writeln!(
        std::io::stderr(),
        "{what}: {} turns, p50 {:?}, p99 {:?}",
        took.len(),
        at(50).unwrap_or_default(),
        at(99).unwrap_or_default()
    );
}

/// One of the server's own figures.
async fn metric(server: &Server, name: &str) -> u64 {
    let answer = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap_or_else(|error| panic!("{error}"))
        .get(format!("{}/metrics", server.url()))
        .send()
        .await;
    let text = answer
        .unwrap_or_else(|error| panic!("{error}"))
        .text()
        .await
        .unwrap_or_default();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok())
        .unwrap_or_else(|| panic!("{name} in {text}"))
}

async fn until_nothing_waits(server: &Server) {
    for _ in 0..3_000 {
        if metric(server, "coordinator_runs_pending").await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("records still wait");
}

fn finding<'a>(doctor: &'a Value, check: &str) -> &'a Value {
    let findings = doctor["findings"].as_array();
    let found = findings
        .into_iter()
        .flatten()
        .find(|finding| finding["check"] == check);
    found.unwrap_or_else(|| panic!("{check} in {doctor}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_stops_delays_records_and_nothing_else() {
    let wanted: usize = std::env::var("RUNS")
        .ok()
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(100);
    let count = wanted.div_ceil(SESSIONS) * SESSIONS;
    let mut postgres = Postgres::start().await;
    let database = postgres.database().await;
    let start = Start::default()
        .with("COORDINATOR_RUNS_DATABASE_URL", database.as_str())
        .with("COORDINATOR_SCRIPTED_AGENT", "true");
    let mut server = Server::start(start).await;
    let mut sessions = Vec::new();
    for _ in 0..SESSIONS {
        let body = json!({"agent": "scripted", "model": "demo/scripted", "prompt": "say: begun"});
        let made = server.client().post("/v1/sessions", &body).await;
        let session = made["id"].as_str().unwrap_or_default().to_owned();
        let is_over = |event: &Value| event["type"] == "prompt.completed";
        server.client().events_until(&session, PATIENCE, is_over).await;
        sessions.push(session);
    }
    turns(&server, &sessions, SESSIONS * 5).await;

    figures("PostgreSQL up", &turns(&server, &sessions, count).await);
    until_nothing_waits(&server).await;
    let before = SESSIONS * 6 + count;
    let rows = "SELECT count(*) FROM coordinator_run";
    assert_eq!(postgres.sql(&database, rows).await, before.to_string());

    postgres.stop(Stop::Immediate).await;
    figures("PostgreSQL down", &turns(&server, &sessions, count).await);
    assert_eq!(metric(&server, "coordinator_runs_pending").await, count as u64);
    let session = server
        .client()
        .get(&format!("/v1/sessions/{}", sessions[0]))
        .await;
    assert_eq!(session["runs_pending"], count / SESSIONS);
    let (status, problem) = server.client().call(Method::GET, "/v1/runs", None).await;
    assert_eq!(status, 503, "said, and not shown as empty: {problem}");
    let doctor = server.cli_at_data_dir(&["doctor", "--json"]);
    let said = doctor.json();
    assert_eq!(finding(&said, "run_history")["status"], "warn", "{said}");
    assert!(
        finding(&said, "run_records")["detail"]
            .as_str()
            .unwrap_or_default()
            .contains("wait")
    );

    // A server that comes up while its history is down.
    server.crash();
    server.run().await;
    turns(&server, &sessions, SESSIONS).await;
    postgres.run().await;
    until_nothing_waits(&server).await;
    let all = before + count + SESSIONS;
    assert_eq!(
        postgres.sql(&database, rows).await,
        all.to_string(),
        "each is there"
    );
    let prompts = "SELECT count(DISTINCT record::json->>'prompt_id') FROM coordinator_run";
    assert_eq!(postgres.sql(&database, prompts).await, all.to_string(), "once");
    // As they are listed, and as they were written.
    for what in ["id", "xmin::text::bigint"] {
        let turned = format!(
            "SELECT count(*) FROM (SELECT {what} AS this, lag({what}) OVER (
                 PARTITION BY session ORDER BY (record::json->>'last_seq')::bigint) AS earlier
             FROM coordinator_run) AS pairs WHERE earlier > this"
        );
        assert_eq!(postgres.sql(&database, &turned).await, "0", "in order by {what}");
    }
    for session in &sessions {
        let session = server.client().get(&format!("/v1/sessions/{session}")).await;
        assert_eq!(session["runs_pending"], 0);
    }

    let export = server.cli(&["runs", "export"]).await;
    assert_eq!(
        export.stdout.matches("\r\nrun_").count(),
        all,
        "{}",
        export.stderr
    );
    let usage = server.cli(&["usage", "--by", "session", "--json"]).await.json();
    assert_eq!(usage["total"]["runs"], all);
    assert_eq!(usage["items"].as_array().map_or(0, Vec::len), SESSIONS);
    let newest = server.client().get("/v1/runs?limit=1").await["items"][0]["id"].clone();
    let run = server
        .cli(&["runs", "get", newest.as_str().unwrap_or_default(), "--json"])
        .await
        .json();
    let kinds: Vec<&str> = run["events"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|event| event["type"].as_str())
        .collect();
    assert_eq!(
        (kinds.first(), kinds.last()),
        (Some(&"prompt.queued"), Some(&"prompt.completed"))
    );
    for (place, text) in [
        ("the log", server.log()),
        ("doctor", doctor.stdout + &doctor.stderr),
    ] {
        assert!(!text.contains(PASSWORD), "a password in {place}");
    }
}
