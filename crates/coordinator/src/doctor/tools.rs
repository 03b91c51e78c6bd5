//! Programs that a run needs: the runner, agents, ripgrep, git.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::process::Command;

use super::finding::Finding;
use crate::{config::Config, serve::agents};

const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn agents(config: &Config) -> Vec<Finding> {
    let found = agents::find(config);
    let place = found
        .directory
        .as_deref()
        .map_or_else(|| "PATH".to_owned(), |path| path.display().to_string());
    let mut findings: Vec<Finding> = found
        .found
        .iter()
        .map(|agent| {
            if agent.available {
                Finding::ok(
                    "agents",
                    format!(
                        "{} {} in {place}",
                        agent.name,
                        agent.version.as_deref().unwrap_or("(version not known)")
                    ),
                )
            } else {
                Finding::fail(
                    "agents",
                    format!("{} is not installed", agent.name),
                    "`cargo xtask build` installs the pinned one; or set COORDINATOR_AGENTS_DIR",
                )
            }
        })
        .collect();
    findings.push(match found.ripgrep {
        Some(path) => Finding::ok("ripgrep", path.display().to_string()),
        None => Finding::warn(
            "ripgrep",
            "not installed: agents search more slowly",
            "`cargo xtask build` installs it",
        ),
    });
    findings
}

pub(super) async fn programs(_config: &Config) -> Vec<Finding> {
    let own = env!("CARGO_PKG_VERSION");
    let runner = match agents::runner() {
        None => Finding::fail(
            "runner",
            "coordinator-runner is neither beside this program nor on PATH",
            "install both programs of one build together",
        ),
        Some(path) => match version(&path).await {
            Ok(text) if text.trim_end().ends_with(own) => {
                Finding::ok("runner", format!("{} ({text})", path.display()))
            }
            Ok(text) => Finding::fail(
                "runner",
                format!("{} is `{text}`, this program is {own}", path.display()),
                "install both programs of one build together",
            ),
            Err(error) => Finding::fail(
                "runner",
                format!("{} cannot be run: {error}", path.display()),
                "install both programs of one build together",
            ),
        },
    };
    let git = match agents::on_path("git") {
        None => Finding::fail("git", "not on PATH: repositories cannot be cloned", "install git"),
        Some(path) => match version(&path).await {
            Ok(text) => Finding::ok("git", text),
            Err(error) => Finding::fail(
                "git",
                format!("{} cannot be run: {error}", path.display()),
                "install git",
            ),
        },
    };
    vec![runner, git]
}

async fn version(program: &Path) -> Result<String, String> {
    let mut command = Command::new(PathBuf::from(program));
    command
        .arg("--version")
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, command.output())
        .await
        .map_err(|_| "no answer".to_owned())?;
    let output = output.map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(output.status.to_string());
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(100)
        .collect())
}
