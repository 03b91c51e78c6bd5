//! What a pass came to: of the report of schemathesis, and of the server's own log.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Report {
    operations: Operations,
    test_cases: Cases,
    #[serde(default)]
    failures: Vec<Failure>,
}

#[derive(Debug, Deserialize)]
struct Operations {
    selected: u64,
    tested: u64,
    errored: u64,
}

#[derive(Debug, Deserialize)]
struct Cases {
    generated: u64,
    unique_failures: u64,
}

#[derive(Debug, Deserialize)]
struct Failure {
    title: String,
    count: u64,
}

#[derive(Debug, Default)]
pub(super) struct Figures {
    /// Visits of operations.
    operations: u64,
    cases: u64,
    failures: u64,
    /// Operations that could not be tested.
    errors: u64,
    /// Lines of the server about something that is its own fault.
    complaints: u64,
    kinds: Vec<String>,
}

impl Figures {
    pub(super) fn read(report: &Path, log: &str) -> Result<Self> {
        let text =
            std::fs::read_to_string(report).with_context(|| format!("can't read {}", report.display()))?;
        Ok(Self::of(&serde_json::from_str(&text)?, log))
    }

    fn of(report: &Report, log: &str) -> Self {
        Self {
            operations: report.operations.tested,
            cases: report.test_cases.generated,
            failures: report.test_cases.unique_failures,
            errors: report.operations.errored
                + report
                    .operations
                    .selected
                    .saturating_sub(report.operations.tested + report.operations.errored),
            complaints: log.lines().filter(|line| line.contains(" ERROR ")).count() as u64,
            kinds: report
                .failures
                .iter()
                .map(|failure| format!("{} x {}", failure.count, failure.title))
                .collect(),
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.operations += other.operations;
        self.cases += other.cases;
        self.failures += other.failures;
        self.errors += other.errors;
        self.complaints += other.complaints;
        self.kinds.extend(other.kinds);
    }

    pub(super) fn is_clean(&self) -> bool {
        self.failures == 0 && self.errors == 0 && self.complaints == 0 && self.cases > 0
    }

    pub(super) fn line(&self) -> String {
        let mut line = format!(
            "{} visits of operations, {} cases, {} failures, {} errors, {} complaints of the server",
            self.operations, self.cases, self.failures, self.errors, self.complaints
        );
        if !self.kinds.is_empty() {
            let _ = write!(line, " ({})", self.kinds.join(", "));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{
        "operations": {"total": 3, "selected": 3, "tested": 2, "errored": 0},
        "test_cases": {"generated": 40, "unique_failures": 1},
        "failures": [{"title": "Server error", "count": 1}]
    }"#;

    #[test]
    fn an_operation_that_was_not_reached_is_an_error() {
        let figures = Figures::of(&serde_json::from_str(REPORT).unwrap(), "a INFO b\na ERROR b\n");
        assert_eq!((figures.errors, figures.complaints), (1, 1));
        assert!(!figures.is_clean());
        assert_eq!(
            figures.line(),
            "2 visits of operations, 40 cases, 1 failures, 1 errors, 1 complaints of the server (1 x Server error)"
        );
    }

    #[test]
    fn nothing_tested_is_not_clean() {
        assert!(!Figures::default().is_clean());
    }
}
