//! What the checks found, printed as they end.

use std::time::Duration;

use protocol::SessionId;
use serde_json::{Value, json};

use crate::cli::{
    figures,
    terminal::{self, Paint, one_line},
};

/// The checks, in order.
pub(super) const CHECKS: [(&str, &str); 6] = [
    ("sandbox", "sandbox ready and authenticated"),
    ("turn", "single turn with streamed deltas and a terminal event"),
    ("memory", "second turn in the same session remembers the first"),
    (
        "tool",
        "bash tool call executed in the sandbox, output in the stream",
    ),
    ("detection", "detection of a real JavaScript repository"),
    ("run", "run listed with tokens and cost"),
];

/// Figures of one check, in the order they are to be read.
pub(super) type Figures = Vec<(&'static str, Value)>;

#[derive(Debug)]
pub(super) struct Report {
    server: String,
    model: String,
    json: bool,
    paint: Paint,
    checks: Vec<Value>,
    passed: usize,
    session: Option<SessionId>,
}

impl Report {
    pub(super) fn new(server: &str, model: &str, json: bool) -> Self {
        let paint = Paint::detect();
        if !json {
            terminal::say(format!("journey on {server} with {model}"));
        }
        Self {
            server: server.to_owned(),
            model: model.to_owned(),
            json,
            paint,
            checks: Vec::new(),
            passed: 0,
            session: None,
        }
    }

    pub(super) fn session(&mut self, session: SessionId) {
        self.session = Some(session);
    }

    /// Notes the outcome of the next check.
    pub(super) fn check(&mut self, outcome: Result<Figures, String>, took: Duration) {
        let Some((name, title)) = CHECKS.get(self.checks.len()) else {
            return;
        };
        let number = self.checks.len() + 1;
        let passed = outcome.is_ok();
        let (figures, problem) = match outcome {
            Ok(figures) => (figures, None),
            Err(problem) => (Figures::new(), Some(problem)),
        };
        self.passed += usize::from(passed);
        if !self.json {
            let mark = if passed {
                self.paint.good("ok  ")
            } else {
                self.paint.bad("FAIL")
            };
            terminal::say(format!("{mark} {number} {title} ({})", figures::span(took)));
            if let Some(problem) = &problem {
                terminal::say(format!("       {}", one_line(problem, 1000)));
            }
            for (name, value) in &figures {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                terminal::say(
                    self.paint
                        .dim(&format!("       {name}: {}", one_line(&value, 300))),
                );
            }
        }
        let figures: serde_json::Map<String, Value> = figures
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        self.checks.push(json!({
            "check": name,
            "title": title,
            "passed": passed,
            "problem": problem,
            "duration_ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "figures": figures,
        }));
    }

    /// Prints the end; answers the exit code. Checks that were not reached have failed.
    pub(super) fn finish(self) -> u8 {
        let total = CHECKS.len();
        if self.json {
            terminal::say(json!({
                "server": self.server,
                "model": self.model,
                "passed": self.passed,
                "total": total,
                "checks": self.checks,
                "session_id": self.session,
            }));
        } else {
            if let Some(session) = self.session {
                terminal::say(format!("session {session} is kept"));
            }
            let line = format!("{}/{total}", self.passed);
            terminal::say(if self.passed == total {
                self.paint.good(&line)
            } else {
                self.paint.bad(&line)
            });
        }
        u8::from(self.passed != total)
    }
}
