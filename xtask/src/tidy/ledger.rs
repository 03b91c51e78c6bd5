//! What only a test run can show: which contracts ran on which implementation, and which faults were injected.
//!
//! Tests append lines to `target/ledger/*.jsonl`. The registry writes what has to happen (`"expected": true`), the runs
//! write what did. A thing that is expected and never seen fails the check.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Report;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Entry {
    /// `contract` or `fault`.
    kind: String,
    port: String,
    /// The implementation that a contract ran on, or the fault's name.
    name: String,
}

#[derive(Debug, Deserialize)]
struct Line {
    #[serde(flatten)]
    entry: Entry,
    #[serde(default)]
    expected: bool,
}

pub(super) fn check(root: &Path) -> Result<Report> {
    let mut report = Report::default();
    let directory = crate::repository::target(root).join("ledger");
    let Ok(listing) = std::fs::read_dir(&directory) else {
        report.note = Some("none written yet: it comes with a test run".to_owned());
        return Ok(report);
    };
    let mut expected = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for file in listing {
        let path = file?.path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match serde_json::from_str::<Line>(line) {
                Ok(line) if line.expected => expected.insert(line.entry),
                Ok(line) => seen.insert(line.entry),
                Err(error) => {
                    report.complain(format!("{}: {error}", path.display()));
                    false
                }
            };
        }
    }
    for missing in expected.difference(&seen) {
        report.complain(format!(
            "{} {}/{} never happened",
            missing.kind, missing.port, missing.name
        ));
    }
    report.note = Some(format!("{} expected, {} seen", expected.len(), seen.len()));
    Ok(report)
}
