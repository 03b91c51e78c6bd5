//! Runs the JavaScript tests, and counts them by what the runners write down.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{chromium, node, reports};
use crate::counts::Counts;
use crate::{process, repository};

/// The SDK's tests. Those against the real server want the release binaries; a quick run goes without.
pub(crate) fn sdk(root: &Path, real_server: bool) -> Result<Counts> {
    let program = if real_server {
        repository::release(root).join("coordinator")
    } else {
        PathBuf::new()
    };
    let mut command = node::program(root, "clients/typescript", "vitest");
    command.env("COORDINATOR_PROGRAM", program);
    vitest(root, command, "sdk")
}

pub(crate) fn web(root: &Path) -> Result<Counts> {
    vitest(root, node::program(root, "web", "vitest"), "web")
}

fn vitest(root: &Path, mut command: Command, name: &str) -> Result<Counts> {
    let report = fresh(root, name)?;
    command
        .args(["run", "--reporter=dot", "--reporter=json"])
        .arg(format!("--outputFile.json={}", report.display()))
        .env("COORDINATOR_AGENTS_DIR", repository::agents(root));
    counted(&mut command, &report, reports::vitest)
}

/// The journeys, in a real browser, against the release binaries.
pub(crate) fn journeys(root: &Path) -> Result<Counts> {
    playwright(root, "journeys", "playwright.config.ts")
}

/// Every state of the app, in a real browser, against a scripted server: those that real parts can't show on demand.
pub(crate) fn scenes(root: &Path) -> Result<Counts> {
    playwright(root, "scenes", "scenes/playwright.config.ts")
}

fn playwright(root: &Path, name: &str, config: &str) -> Result<Counts> {
    let browser = chromium::find().context("there is no Chromium")?;
    let report = fresh(root, name)?;
    let mut command = node::program(root, "web", "playwright");
    command
        .args(["test", "--reporter=list,json", "--config", config])
        .env(chromium::VARIABLE, &browser)
        .env("CHROMIUM", browser)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("PLAYWRIGHT_FORCE_TTY", "0")
        .env("COORDINATOR_BIN_DIR", repository::release(root))
        .env("COORDINATOR_AGENTS_DIR", repository::agents(root));
    counted(&mut command, &report, reports::playwright)
}

/// Measures the app's budgets; true when all of them hold.
pub(crate) fn bench(root: &Path, figures: &[String]) -> Result<bool> {
    let browser = chromium::find().context("there is no Chromium")?;
    let mut command = Command::new("node");
    command
        .current_dir(root)
        .arg("web/scenes/bench.js")
        .args(figures)
        .env(chromium::VARIABLE, browser);
    process::succeeds(&mut command)
}

/// Where a runner writes its report, with no older one in the way.
fn fresh(root: &Path, name: &str) -> Result<PathBuf> {
    let directory = repository::target(root).join("reports");
    fs::create_dir_all(&directory)?;
    let report = directory.join(format!("{name}.json"));
    if report.exists() {
        fs::remove_file(&report)?;
    }
    Ok(report)
}

/// A run that failed without counting a failure (a file didn't load, say) is one.
fn counted(command: &mut Command, report: &Path, read: fn(&str) -> Result<Counts>) -> Result<Counts> {
    let good = process::succeeds(command)?;
    let text = fs::read_to_string(report).context("the tests ended without a report")?;
    let mut counts = read(&text)?;
    if !good && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}
