//! Which agents are installed here.
//!
//! Looked for in the configured directory, then where a build puts them (`.agents`, two directories above this
//! program) or a packager may (`agents` beside it), then on `PATH`.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use protocol::api::AgentInfo;
use serde::Deserialize;

use crate::config::Config;

/// Agents that this build can drive, with the program each needs.
const KNOWN: [&str; 1] = ["opencode"];
/// The one that needs none.
const SCRIPTED: &str = "scripted";

/// One line of `manifest.json`.
#[derive(Debug, Deserialize)]
struct Installed {
    version: String,
    path: String,
}

/// Where agents are, and which.
#[derive(Debug, Clone)]
pub(crate) struct Agents {
    /// The directory that sandboxes see.
    pub(crate) directory: Option<PathBuf>,
    pub(crate) found: Vec<AgentInfo>,
    pub(crate) ripgrep: Option<PathBuf>,
}

/// Looks for them.
#[must_use]
pub(crate) fn find(config: &Config) -> Agents {
    let directory = directory(config.sandbox.agents_dir.as_deref());
    let manifest = directory.as_deref().map(manifest).unwrap_or_default();
    let mut found: Vec<AgentInfo> = KNOWN
        .iter()
        .map(|name| {
            let installed = manifest.get(*name).filter(|installed| {
                directory.as_deref().is_some_and(|directory| is_program(&directory.join(&installed.path)))
            });
            let placed = directory.as_deref().and_then(|directory| placed(directory, name));
            let version = installed.map(|installed| installed.version.clone()).or(placed);
            let available = version.is_some() || on_path(name).is_some();
            AgentInfo {
                name: (*name).to_owned(),
                version,
                available,
                reason: (!available).then(|| {
                    format!("{name} is not installed on the server; `cargo xtask build` installs it, or set COORDINATOR_AGENTS_DIR")
                }),
            }
        })
        .collect();
    if config.scripted_agent {
        // A part of the runner: there is nothing to install.
        found.push(AgentInfo {
            name: SCRIPTED.to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            available: true,
            reason: None,
        });
    }
    let ripgrep = directory
        .as_deref()
        .map(|directory| directory.join("bin/rg"))
        .filter(|path| is_program(path));
    Agents {
        ripgrep: ripgrep.or_else(|| on_path("rg")),
        directory,
        found,
    }
}

fn directory(configured: Option<&Path>) -> Option<PathBuf> {
    if let Some(configured) = configured {
        return Some(configured.to_path_buf());
    }
    let program = std::env::current_exe().ok()?;
    let beside = program.parent()?;
    let built = beside
        .parent()
        .and_then(Path::parent)
        .map(|root| root.join(".agents"));
    [built, Some(beside.join("agents"))]
        .into_iter()
        .flatten()
        .find(|path| path.is_dir())
}

fn manifest(directory: &Path) -> std::collections::BTreeMap<String, Installed> {
    std::fs::read_to_string(directory.join("manifest.json"))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// The newest `<name>/<version>/<name>` of a directory without a manifest.
fn placed(directory: &Path, name: &str) -> Option<String> {
    let versions = std::fs::read_dir(directory.join(name)).ok()?;
    let mut versions: Vec<String> = versions
        .filter_map(Result::ok)
        .filter(|entry| is_program(&entry.path().join(name)))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    versions.sort_by_key(|version| {
        version
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|part| part.parse::<u64>().ok())
            .collect::<Vec<_>>()
    });
    versions.pop()
}

/// A program on `PATH`.
#[must_use]
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|file| is_program(file))
}

fn is_program(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// The runner binary: beside this one, else on `PATH`.
#[must_use]
pub(crate) fn runner() -> Option<PathBuf> {
    let beside = std::env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.join("coordinator-runner")));
    beside
        .filter(|path| is_program(path))
        .or_else(|| on_path("coordinator-runner"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_counts() {
        let base = tempfile::tempdir().unwrap();
        for version in ["1.9.0", "1.18.33"] {
            let directory = base.path().join("opencode").join(version);
            std::fs::create_dir_all(&directory).unwrap();
            std::fs::write(directory.join("opencode"), "#!/bin/sh\n").unwrap();
            std::fs::set_permissions(directory.join("opencode"), std::fs::Permissions::from_mode(0o755))
                .unwrap();
        }
        assert_eq!(placed(base.path(), "opencode").as_deref(), Some("1.18.33"));
        assert_eq!(placed(base.path(), "codex"), None);
    }
}
