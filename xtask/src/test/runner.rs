//! Runs the tests, with cargo-nextest where it is installed and with cargo's own runner otherwise.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::summary;
use crate::counts::Counts;
use crate::{process, repository};

/// The package whose tests start real servers, sandboxes and agents.
const END_TO_END: &str = "e2e";

pub(super) fn rooms(root: &Path) -> Result<Counts> {
    if nextest(root) {
        let mut cargo = with_nextest(root);
        // The same build as for the end-to-end tests: another choice of packages would compile everything twice.
        cargo.args([
            "--workspace",
            "--filterset",
            &format!("not package({END_TO_END})"),
        ]);
        return counted(&mut cargo, summary::nextest);
    }
    let mut cargo = with_harness(root);
    cargo.args([
        "--workspace",
        "--exclude",
        END_TO_END,
        "--lib",
        "--bins",
        "--tests",
    ]);
    counted(&mut cargo, summary::harness)
}

/// Examples in documentation; nextest doesn't run them.
pub(super) fn documentation(root: &Path) -> Result<Counts> {
    let mut cargo = with_harness(root);
    cargo.args(["--workspace", "--doc"]);
    counted(&mut cargo, summary::harness)
}

pub(super) fn end_to_end(root: &Path) -> Result<Counts> {
    let release = repository::release(root);
    for binary in ["coordinator", "coordinator-runner"] {
        if !release.join(binary).is_file() {
            bail!("{binary} was not built");
        }
    }
    let parse = if nextest(root) {
        summary::nextest
    } else {
        summary::harness
    };
    let mut cargo = if nextest(root) {
        with_nextest(root)
    } else {
        with_harness(root)
    };
    if nextest(root) {
        cargo.args(["--workspace", "--filterset", &format!("package({END_TO_END})")]);
    } else {
        cargo.args(["--package", END_TO_END]);
    }
    cargo
        .env("COORDINATOR_BIN_DIR", &release)
        .env("COORDINATOR_AGENTS_DIR", repository::agents(root));
    counted(&mut cargo, parse)
}

fn nextest(root: &Path) -> bool {
    process::capture(repository::cargo(root).args(["nextest", "--version"])).is_ok()
}

fn with_nextest(root: &Path) -> Command {
    let mut cargo = repository::cargo(root);
    cargo.args([
        "nextest",
        "run",
        "--locked",
        "--no-fail-fast",
        "--no-tests",
        "pass",
        "--status-level",
        "fail",
    ]);
    prepared(cargo)
}

fn with_harness(root: &Path) -> Command {
    let mut cargo = repository::cargo(root);
    cargo.args(["test", "--locked", "--no-fail-fast", "--quiet"]);
    prepared(cargo)
}

fn prepared(mut cargo: Command) -> Command {
    cargo.env("CARGO_TERM_COLOR", "never");
    cargo
}

/// Runs and adds up every closing line. A run that failed without counting a failure (it didn't compile, say) is one.
fn counted(cargo: &mut Command, parse: fn(&str) -> Option<Counts>) -> Result<Counts> {
    let mut counts = Counts::default();
    let good = process::follow(cargo, |line| {
        if let Some(more) = parse(line) {
            counts = counts + more;
        }
    })?;
    if !good && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}
