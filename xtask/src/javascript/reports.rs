//! Totals, read from the reports that the test runners write.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::counts::Counts;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vitest {
    num_passed_tests: u64,
    num_failed_tests: u64,
    num_pending_tests: u64,
    #[serde(default)]
    num_todo_tests: u64,
}

pub(super) fn vitest(text: &str) -> Result<Counts> {
    let report: Vitest = serde_json::from_str(text).context("the report of vitest")?;
    Ok(Counts {
        passed: report.num_passed_tests,
        failed: report.num_failed_tests,
        skipped: report.num_pending_tests + report.num_todo_tests,
    })
}

#[derive(Debug, Deserialize)]
struct Playwright {
    stats: Stats,
}

#[derive(Debug, Deserialize)]
struct Stats {
    expected: u64,
    unexpected: u64,
    /// Failed first and passed later: no success.
    flaky: u64,
    skipped: u64,
}

pub(super) fn playwright(text: &str) -> Result<Counts> {
    let Playwright { stats } = serde_json::from_str(text).context("the report of Playwright")?;
    Ok(Counts {
        passed: stats.expected,
        failed: stats.unexpected + stats.flaky,
        skipped: stats.skipped,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read() {
        let text = r#"{"numTotalTests":6,"numPassedTests":3,"numFailedTests":1,"numPendingTests":1,"numTodoTests":1,"success":false}"#;
        let counts = vitest(text).unwrap();
        assert_eq!((counts.passed, counts.failed, counts.skipped), (3, 1, 2));
        let text =
            r#"{"stats":{"startTime":"x","duration":1.5,"expected":4,"skipped":1,"unexpected":2,"flaky":1}}"#;
        let counts = playwright(text).unwrap();
        assert_eq!((counts.passed, counts.failed, counts.skipped), (4, 3, 1));
        assert!(vitest("{}").is_err() && playwright("").is_err());
    }
}
