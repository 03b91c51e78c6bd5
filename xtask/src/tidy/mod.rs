//! `tidy`: the architecture, checked instead of believed. Each check answers complaints; none is a crash.

mod arrows;
mod headers;
pub(crate) mod ledger;
mod lessons;
mod licences;
mod links;
mod lints;
mod npm_licences;
mod packages;
mod sizes;
mod source;
mod words;

use anyhow::Result;
use cargo_metadata::Metadata;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::progress::say;
use crate::{process, repository};

/// What the checks look at.
pub(crate) struct House {
    pub(crate) root: PathBuf,
    /// Paths relative to the root.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) metadata: Metadata,
}

impl House {
    /// Unique packages of `cargo tree` over the workspace, as (name, version).
    pub(crate) fn tree(&self, arguments: &[&str]) -> Result<BTreeSet<(String, String)>> {
        let mut cargo = repository::cargo(&self.root);
        cargo
            .args([
                "tree",
                "--locked",
                "--workspace",
                "--prefix",
                "none",
                "--format",
                "{p}",
            ])
            .args(arguments);
        let printed = process::capture(&mut cargo)?;
        let pair = |line: &str| {
            let mut words = line.split_whitespace();
            Some((
                words.next()?.to_owned(),
                words.next()?.trim_start_matches('v').to_owned(),
            ))
        };
        Ok(printed.lines().filter_map(pair).collect())
    }
}

/// What one check found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// A figure worth seeing even when all is well.
    pub(crate) note: Option<String>,
    pub(crate) complaints: Vec<String>,
}

impl Report {
    pub(crate) fn complain(&mut self, complaint: impl Into<String>) {
        self.complaints.push(complaint.into());
    }
}

type Check = fn(&House) -> Result<Report>;

/// Every check, in the order it is shown. The ledger comes on its own: it exists only after the tests.
const CHECKS: &[(&str, Check)] = &[
    ("arrows between rooms", arrows::check),
    ("packages from outside", packages::check),
    ("licences and bans", licences::check),
    ("licences of npm packages", npm_licences::check),
    ("lints in every crate", lints::check),
    ("file sizes", sizes::check),
    ("file headers", headers::check),
    ("words", words::check),
    ("links in documents", links::check),
    ("lessons and their tests", lessons::check),
];

pub(crate) fn run() -> Result<bool> {
    let root = repository::root()?;
    let (passed, failed) = all(&root)?;
    let ledger = ledger_only(&root)?;
    say(&format!(
        "tidy: {} checks in order, {} not",
        passed + usize::from(ledger),
        failed + usize::from(!ledger)
    ));
    Ok(failed == 0 && ledger)
}

/// Runs every check and shows each; answers how many passed and failed.
pub(crate) fn all(root: &Path) -> Result<(usize, usize)> {
    let house = look(root)?;
    let mut counts = (0, 0);
    for (name, check) in CHECKS {
        if show(name, &check(&house)?) {
            counts.0 += 1;
        } else {
            counts.1 += 1;
        }
    }
    Ok(counts)
}

/// What only a test run can show: contracts that ran, faults that were injected.
pub(crate) fn ledger_only(root: &Path) -> Result<bool> {
    Ok(show("ledger of contracts and faults", &ledger::check(root)?))
}

fn look(root: &Path) -> Result<House> {
    let mut command = cargo_metadata::MetadataCommand::new();
    command
        .manifest_path(root.join("Cargo.toml"))
        .other_options(["--locked".to_owned()]);
    Ok(House {
        root: root.to_path_buf(),
        files: repository::files(root)?,
        metadata: command.exec()?,
    })
}

fn show(name: &str, report: &Report) -> bool {
    let sound = report.complaints.is_empty();
    let note = report
        .note
        .as_deref()
        .map(|note| format!(" ({note})"))
        .unwrap_or_default();
    say(&format!("  {} {name}{note}", if sound { "ok  " } else { "FAIL" }));
    for complaint in &report.complaints {
        say(&format!("       {complaint}"));
    }
    sound
}
