//! What callers write doesn't write the log: no line of their making, no colours, and none of their secrets, in both
//! formats of the log.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use http::HeaderValue;
use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    browser::Browser,
    caller::Credential,
    harness::{Range, json_of, mutations, raw},
    row::{Asks, Payload},
    rows,
    stage::MODEL_KEY,
};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

const FORGED: &str = "forged-by-a-caller";

fn injections() -> Vec<String> {
    vec![
        format!("a\r\n{{\"level\":\"ERROR\",\"{FORGED}\":true}}"),
        format!("a\n2026-01-01T00:00:00Z ERROR {FORGED}"),
        format!("a\r{FORGED}"),
        format!("\u{1b}[31m{FORGED}\u{1b}[0m"),
        format!("\u{1b}]0;{FORGED}\u{7}"),
        format!("\u{9b}31m{FORGED}"),
        format!("a\u{2028}{FORGED}"),
        format!("a\u{85}{FORGED}"),
        format!("\0{FORGED}"),
        format!("${{jndi:ldap://{FORGED}/}}"),
        format!("%n%s{FORGED}"),
    ]
}

/// Each text of a body, replaced by this one.
fn replaced(body: &Value, by: &str) -> Vec<Value> {
    let mut all = Vec::new();
    match body {
        Value::String(_) => all.push(Value::from(by)),
        Value::Object(fields) => {
            for (name, value) in fields {
                for inner in replaced(value, by) {
                    let mut copy = body.clone();
                    copy[name] = inner;
                    all.push(copy);
                }
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                for inner in replaced(value, by) {
                    let mut copy = body.clone();
                    copy[at] = inner;
                    all.push(copy);
                }
            }
        }
        _ => {}
    }
    all
}

async fn attack(json: bool) -> (usize, String, Vec<String>) {
    let lines = Lines::default();
    let builder = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(lines.clone())
        .with_ansi(false);
    let _guard = if json {
        tracing::subscriber::set_default(builder.json().flatten_event(true).finish())
    } else {
        tracing::subscriber::set_default(builder.finish())
    };
    let mut range = Range::new().await;
    let mut cases = 0;
    for row in mutations() {
        if let Some(body) = json_of(&row, &range.stage) {
            for injection in injections() {
                for body in replaced(&body, &injection) {
                    cases += 1;
                    let request = raw(&range, &row, Some("application/json"), body.to_string());
                    range.sent(request, &row.name()).await;
                }
            }
        }
    }
    for row in rows::all() {
        if matches!(row.asks, Asks::Runner) {
            continue;
        }
        let target = row.target(&range.stage);
        let glue = if target.contains('?') { '&' } else { '?' };
        for part in ["%0d%0a", "%1b%5b31m", "%00", "%e2%80%a8"] {
            cases += 2;
            let stranger = Credential::key(&range.stage.stranger.api_key);
            let query = format!("{target}{glue}x={part}{FORGED}");
            let path = format!("{}{part}{FORGED}", target.split('?').next().unwrap());
            for target in [query, path] {
                let mut request = stranger.request(row.method, &target, &Payload::Nothing);
                for name in [
                    "user-agent",
                    "x-forwarded-for",
                    "idempotency-key",
                    "coordinator-org",
                    "referer",
                ] {
                    let value = HeaderValue::from_bytes(format!("\t{FORGED}\u{9b}").as_bytes()).unwrap();
                    request.headers_mut().insert(name, value);
                }
                range.sent(request, &row.name()).await;
            }
        }
    }
    let browser = Browser::linked(&range.stage.house, &range.stage.owner).await;
    browser.set_password("a secret password of mine", None).await.ok();
    let secrets = vec![
        range.stage.owner.api_key.clone(),
        range.stage.stranger.api_key.clone(),
        MODEL_KEY.to_owned(),
        "sk-matrix-0001".into(),
        "sk-matrix-0002".into(),
        "a long one that nobody has".into(),
        "a secret password of mine".into(),
        browser.csrf.clone(),
        browser.cookie.split_once('=').unwrap().1.to_owned(),
        crate::dial::SECRET.to_owned(),
    ];
    (cases, lines.text(), secrets)
}

#[tokio::test]
async fn no_caller_writes_a_line_of_json() {
    let (cases, text, secrets) = attack(true).await;
    let mut lines = 0;
    for line in text.lines() {
        lines += 1;
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no line of ours: {line}"));
        assert!(line.get(FORGED).is_none() && line["target"].is_string(), "{line}");
    }
    assert!(lines >= cases, "{lines} lines of {cases} cases");
    check(&text, &secrets);
    println!("{cases} cases");
}

#[tokio::test]
async fn no_caller_writes_a_line_of_text() {
    let (cases, text, secrets) = attack(false).await;
    for line in text.lines() {
        // Each begins with our time, and then says its level.
        let mut words = line.split_whitespace();
        let time = words.next().unwrap_or_default();
        let level = words.next().unwrap_or_default();
        assert!(
            time.ends_with('Z') && time.contains('T') && time.starts_with("20"),
            "{line}"
        );
        assert!(
            ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].contains(&level),
            "{line}"
        );
    }
    check(&text, &secrets);
    println!("{cases} cases");
}

fn check(text: &str, secrets: &[String]) {
    for c in ['\r', '\u{1b}', '\u{9b}', '\0', '\u{7}', '\u{85}', '\u{2028}'] {
        let at = text.find(c);
        let around = at.map(|at| text[..at].chars().rev().take(200).collect::<Vec<_>>());
        assert!(
            at.is_none(),
            "{c:?} after {:?}",
            around.map(|a| a.into_iter().rev().collect::<String>())
        );
    }
    for secret in secrets {
        assert!(!text.contains(secret.as_str()), "a secret is in the log");
    }
}
