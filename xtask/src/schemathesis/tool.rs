//! The program itself: installed as pinned, and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::server::Owner;
use super::{Arguments, Caller};
use crate::{process, repository};

const PINS: &str = "xtask/schemathesis/requirements.txt";

fn environment(root: &Path) -> PathBuf {
    repository::target(root).join("schemathesis-venv")
}

/// Brings the environment to what is pinned; says what it did.
pub(super) fn install(root: &Path) -> Result<String> {
    let (place, pins) = (environment(root), fs::read_to_string(root.join(PINS))?);
    let mark = place.join("pins.txt");
    if fs::read_to_string(&mark).is_ok_and(|there| there == pins) {
        return Ok("there".to_owned());
    }
    if !process::exists("python3", "--version") {
        bail!("there is no python3; install it, with its module venv (Debian: python3-venv)");
    }
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&place))?;
    process::run(
        Command::new(place.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(root.join(PINS)),
    )?;
    fs::write(mark, &pins)?;
    Ok(format!("{} packages installed", pins.lines().count()))
}

/// Runs a pass; where its report is. What it found is in the report: its exit code says no more.
pub(super) fn run(
    root: &Path,
    directory: &Path,
    url: &str,
    owner: &Owner,
    caller: Caller,
    arguments: &Arguments,
) -> Result<PathBuf> {
    let report = directory.join("report.json");
    let mut command = Command::new(environment(root).join("bin/schemathesis"));
    command
        .current_dir(root.join("xtask/schemathesis"))
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", root.join("xtask/schemathesis"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("COORDINATOR_URL", url);
    match caller {
        Caller::Key => command.env("COORDINATOR_KEY", &owner.api_key),
        Caller::Browser => command.env("COORDINATOR_LINK", &owner.sign_in_link),
    };
    command
        .args(["--config-file", "schemathesis.toml", "run"])
        .arg(format!("{url}/openapi.json"))
        .args(["--checks", "all", "--continue-on-failure", "--no-color"])
        .args(["--seed", &arguments.seed.to_string()])
        .args(["--max-examples", &arguments.examples.to_string()])
        .arg("--report-json-path")
        .arg(&report);
    if matches!(caller, Caller::Browser) {
        // Over plain http the cookie has another name than in the description, so it is not known for a credential.
        command.args(["--exclude-checks", "ignored_auth"]);
    }
    process::succeeds(&mut command)?;
    if !report.is_file() {
        bail!("schemathesis left no report");
    }
    Ok(report)
}
