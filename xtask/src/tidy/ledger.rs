//! What only a test run can show: which contracts ran on which adapter, and which faults were injected.
//!
//! Tests append lines to `target/ledger/*.jsonl`. Every port of the one list has to have run its contract on its fake
//! and on a real adapter; a line with `"expected": true` (the registry writes one for each fault of a catalogue) has to
//! be matched by one without. Exceptions are listed, and only shrink.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Report;

const EXCEPTIONS: &str = "xtask/ledger-exceptions.txt";
const PORTS: &str = "crates/ports/src/lib.rs";
/// Marks a ledger that a whole test run wrote; a part of the tests can't vouch for all of them.
const WHOLE: &str = "whole";

#[derive(Debug, Deserialize)]
struct Line {
    port: String,
    #[serde(default)]
    adapter: String,
    kind: Kind,
    #[serde(default)]
    fault: Option<String>,
    #[serde(default)]
    expected: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Contract,
    Fault,
}

pub(crate) fn directory(root: &Path) -> PathBuf {
    crate::repository::target(root).join("ledger")
}

/// Empties the ledger before a test run: an earlier one would vouch for tests that are gone.
pub(crate) fn begin(root: &Path) -> Result<()> {
    let directory = directory(root);
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    std::fs::create_dir_all(&directory)?;
    Ok(())
}

/// Marks the ledger as that of a whole run.
pub(crate) fn end(root: &Path) -> Result<()> {
    Ok(std::fs::write(directory(root).join(WHOLE), "")?)
}

pub(super) fn check(root: &Path) -> Result<Report> {
    let mut report = Report::default();
    let directory = directory(root);
    if !directory.join(WHOLE).exists() {
        report.note = Some("not checked: no whole test run wrote one".to_owned());
        return Ok(report);
    }
    let mut lines = Vec::new();
    for file in std::fs::read_dir(&directory)? {
        let path = file?.path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match serde_json::from_str::<Line>(line) {
                Ok(line) => lines.push(line),
                Err(error) => report.complain(format!("{}: {error}", path.display())),
            }
        }
    }
    let ports = ports(&std::fs::read_to_string(root.join(PORTS)).context(PORTS)?);
    if ports.is_empty() {
        report.complain(format!("{PORTS}: the list of ports can't be found"));
    }
    let exceptions = exceptions(root)?;
    let missing = missing(&ports, &lines);
    for what in missing.difference(&exceptions) {
        report.complain(format!("{what}: did not happen in this test run"));
    }
    for what in exceptions.difference(&missing) {
        report.complain(format!("{what}: happens now, take it off {EXCEPTIONS}"));
    }
    let contracts = lines.iter().filter(|line| line.kind == Kind::Contract).count();
    let faults = seen_faults(&lines).len();
    report.note = Some(format!(
        "{} ports, {contracts} contract runs, {faults} faults injected, {} exceptions",
        ports.len(),
        exceptions.len()
    ));
    Ok(report)
}

/// What should have happened and didn't, in the words of the exceptions file.
fn missing(ports: &[String], lines: &[Line]) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    for port in ports {
        let ran = |fake: bool| {
            lines.iter().any(|line| {
                line.kind == Kind::Contract && line.port == *port && line.adapter.contains("fake") == fake
            })
        };
        if !ran(true) {
            missing.insert(format!("{port}: contract on the fake"));
        }
        if !ran(false) {
            missing.insert(format!("{port}: contract on a real adapter"));
        }
    }
    let seen = seen_faults(lines);
    for line in lines
        .iter()
        .filter(|line| line.kind == Kind::Fault && line.expected)
    {
        let name = line.fault.as_deref().unwrap_or_default();
        if !seen.contains(&(line.port.as_str(), name)) {
            missing.insert(format!("{}: fault {name}", line.port));
        }
    }
    missing
}

fn seen_faults(lines: &[Line]) -> BTreeSet<(&str, &str)> {
    lines
        .iter()
        .filter(|line| line.kind == Kind::Fault && !line.expected)
        .filter_map(|line| Some((line.port.as_str(), line.fault.as_deref()?)))
        .collect()
}

/// Field names of the one list: lines `name: Trait,` inside `for_each_port!`.
fn ports(source: &str) -> Vec<String> {
    let Some((_, after)) = source.split_once("macro_rules! for_each_port") else {
        return Vec::new();
    };
    let Some((_, list)) = after.split_once("$callback! {") else {
        return Vec::new();
    };
    let list = list.split('}').next().unwrap_or_default();
    list.split(',')
        .filter_map(|entry| Some(entry.split_once(':')?.0.trim().to_owned()))
        .filter(|name| !name.is_empty())
        .collect()
}

fn exceptions(root: &Path) -> Result<BTreeSet<String>> {
    let text = std::fs::read_to_string(root.join(EXCEPTIONS)).context(EXCEPTIONS)?;
    let lines = text.lines().map(str::trim);
    Ok(lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn the_list_of_ports_is_found() {
        let source = "x\nmacro_rules! for_each_port {\n ($callback:ident) => {\n $callback! {\n clock: Clock,\n log: Log,\n }\n };\n}";
        assert_eq!(ports(source), ["clock", "log"]);
    }

    #[test]
    fn what_did_not_happen_is_missing() {
        let lines = lines(concat!(
            r#"{"port":"clock","adapter":"fake","kind":"contract"}"#,
            "\n",
            r#"{"port":"clock","adapter":"system","kind":"contract"}"#,
            "\n",
            r#"{"port":"log","adapter":"fake","kind":"contract"}"#,
            "\n",
            r#"{"port":"log","adapter":"","kind":"fault","fault":"full","expected":true}"#,
            "\n",
            r#"{"port":"log","adapter":"","kind":"fault","fault":"torn","expected":true}"#,
            "\n",
            r#"{"port":"log","adapter":"fake","kind":"fault","fault":"torn"}"#,
        ));
        let ports = ["clock".to_owned(), "log".to_owned()];
        let found: Vec<String> = missing(&ports, &lines).into_iter().collect();
        assert_eq!(found, ["log: contract on a real adapter", "log: fault full"]);
    }
}
