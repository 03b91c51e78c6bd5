//! Counters of this process, as Prometheus text.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, PoisonError},
};

use ::sessions::RunLag;
use app::App;
use protocol::Timestamp;

/// Method, route and status: all three from short, known lists.
type Key = (&'static str, String, u16);

#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<Key, Count>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Count {
    requests: u64,
    millis: u64,
}

impl Metrics {
    pub(crate) fn request(&self, method: &http::Method, route: &str, status: u16, millis: u64) {
        let key = (method_word(method), route.to_owned(), status);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let count = requests.entry(key).or_default();
        count.requests += 1;
        count.millis += millis;
    }

    pub(crate) async fn text(&self, app: &App) -> String {
        let mut out = String::new();
        if let Some(awake) = app.sessions_awake().await {
            single(
                &mut out,
                "coordinator_sessions_awake",
                "gauge",
                "Sessions that are awake.",
                awake as u64,
            );
        }
        if let Some(lag) = app.run_lag().await {
            runs(&mut out, lag, app.now());
        }
        let meter = app.meter();
        single(
            &mut out,
            "coordinator_gateway_calls_total",
            "counter",
            "Model calls metered.",
            meter.calls(),
        );
        head(
            &mut out,
            "coordinator_gateway_tokens_total",
            "counter",
            "Model tokens metered.",
        );
        let _ = writeln!(
            out,
            "coordinator_gateway_tokens_total{{kind=\"input\"}} {}",
            meter.input_tokens()
        );
        let _ = writeln!(
            out,
            "coordinator_gateway_tokens_total{{kind=\"output\"}} {}",
            meter.output_tokens()
        );
        let artifacts = app.artifact_tally();
        for (name, help, value) in [
            (
                "coordinator_artifacts_stored_total",
                "Artifacts stored.",
                artifacts.uploads(),
            ),
            (
                "coordinator_artifact_bytes_stored_total",
                "Bytes of artifacts stored.",
                artifacts.bytes(),
            ),
            (
                "coordinator_artifacts_collected_total",
                "Artifacts removed because no event spoke of them.",
                artifacts.collected(),
            ),
        ] {
            single(&mut out, name, "counter", help, value);
        }
        let feed = app.feed_figures();
        for (name, kind, help, value) in [
            (
                "events_total",
                "counter",
                "Events published to organisations' feeds.",
                feed.published,
            ),
            (
                "commits_total",
                "counter",
                "Transactions that published them.",
                feed.commits,
            ),
            (
                "failures_total",
                "counter",
                "Attempts to publish that failed.",
                feed.failures,
            ),
            (
                "waiting",
                "gauge",
                "Changes that wait to be published.",
                feed.waiting,
            ),
            (
                "readers",
                "gauge",
                "Streams and sockets that follow a feed.",
                feed.readers,
            ),
        ] {
            single(&mut out, &format!("coordinator_feed_{name}"), kind, help, value);
        }
        let requests = self
            .requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        head(
            &mut out,
            "coordinator_http_requests_total",
            "counter",
            "HTTP requests answered.",
        );
        for ((method, route, status), count) in &requests {
            let _ = writeln!(
                out,
                "coordinator_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {}",
                count.requests
            );
        }
        head(
            &mut out,
            "coordinator_http_request_duration_ms_total",
            "counter",
            "Time until answers began.",
        );
        for ((method, route, status), count) in &requests {
            let _ = writeln!(
                out,
                "coordinator_http_request_duration_ms_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {}",
                count.millis
            );
        }
        out
    }
}

/// Records of finished turns on their way into the run history.
fn runs(out: &mut String, lag: RunLag, now: Timestamp) {
    let age = |since: Option<Timestamp>| since.map_or(0, |since| now.since(since).as_secs());
    for (name, kind, help, value) in [
        (
            "coordinator_runs_pending",
            "gauge",
            "Finished turns that are not in the run history yet.",
            lag.waiting,
        ),
        (
            "coordinator_runs_pending_oldest_seconds",
            "gauge",
            "Age of the one that waits longest; 0 when none does.",
            age(lag.oldest),
        ),
        (
            "coordinator_runs_failing_seconds",
            "gauge",
            "For how long the run history has taken nothing; 0 while it does.",
            age(lag.failing_since),
        ),
        (
            "coordinator_runs_written_total",
            "counter",
            "Records written to the run history.",
            lag.written,
        ),
    ] {
        single(out, name, kind, help, value);
    }
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn single(out: &mut String, name: &str, kind: &str, help: &str, value: u64) {
    head(out, name, kind, help);
    let _ = writeln!(out, "{name} {value}");
}

/// A client may send any word as a method; the counters know these.
fn method_word(method: &http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        "CONNECT" => "CONNECT",
        _ => "other",
    }
}
