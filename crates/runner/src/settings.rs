//! What the runner finds around itself: directories, the programs of agents, the environment to hand on.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

/// Where things are inside the sandbox.
#[derive(Debug, Clone)]
pub struct Settings {
    pub workspace: PathBuf,
    pub home: PathBuf,
    /// Holds `<agent>/<version>/<agent>`.
    pub agents_dir: Option<PathBuf>,
    /// Short-lived files: the credential socket.
    pub runtime_dir: PathBuf,
    /// This binary, for git to call as credential helper.
    pub program: PathBuf,
    /// The sandbox's environment without anything of ours.
    pub env: BTreeMap<String, String>,
}

impl Settings {
    /// Reads the process environment, once.
    ///
    /// # Errors
    /// When the working directory or this program's own path cannot be told.
    pub fn from_env() -> io::Result<Self> {
        let all: BTreeMap<String, String> = std::env::vars().collect();
        let path = |name: &str| all.get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let workspace = match path("COORDINATOR_WORKSPACE") {
            Some(workspace) => workspace,
            None => std::env::current_dir()?,
        };
        Ok(Self {
            workspace,
            home: path("HOME").unwrap_or_else(|| PathBuf::from("/home/agent")),
            agents_dir: path("COORDINATOR_AGENTS_DIR"),
            runtime_dir: path("XDG_RUNTIME_DIR")
                .unwrap_or_else(std::env::temp_dir)
                .join(".coordinator"),
            program: std::env::current_exe()?,
            env: all
                .into_iter()
                .filter(|(name, _)| !name.starts_with("COORDINATOR_"))
                .collect(),
        })
    }

    /// Our own files in the agent's home: marker and spool.
    #[must_use]
    pub fn state_dir(&self) -> PathBuf {
        self.home.join(".coordinator")
    }

    /// The program of an agent: the newest version below `agents_dir`, else the first on `PATH`.
    #[must_use]
    pub fn agent_program(&self, agent: &str) -> Option<PathBuf> {
        if agent.is_empty() || agent.contains(['/', '\0']) || agent.starts_with('.') {
            return None;
        }
        let installed = self
            .agents_dir
            .as_ref()
            .and_then(|dir| newest(&dir.join(agent), agent));
        installed.or_else(|| {
            let path = self.env.get("PATH")?;
            std::env::split_paths(path)
                .map(|dir| dir.join(agent))
                .find(|candidate| runnable(candidate))
        })
    }
}

fn newest(dir: &Path, agent: &str) -> Option<PathBuf> {
    let mut found: Vec<(Vec<u64>, PathBuf)> = std::fs::read_dir(dir)
        .ok()?
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.to_owned();
            let places = [entry.path().join(agent), entry.path().join("bin").join(agent)];
            let program = places.into_iter().find(|program| runnable(program))?;
            Some((order(&version), program))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, program)| program).or_else(|| {
        let direct = dir.join(agent);
        runnable(&direct).then_some(direct)
    })
}

/// Versions compare by their numbers, so that 1.10 is newer than 1.9.
fn order(version: &str) -> Vec<u64> {
    version
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect()
}

fn runnable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_newest_version_wins() {
        let dir = tempfile::tempdir().unwrap();
        for version in ["1.9.2", "1.10.0"] {
            let home = dir.path().join("opencode").join(version);
            std::fs::create_dir_all(&home).unwrap();
            std::fs::write(home.join("opencode"), "").unwrap();
            std::fs::set_permissions(home.join("opencode"), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let settings = Settings {
            workspace: PathBuf::new(),
            home: PathBuf::new(),
            agents_dir: Some(dir.path().to_owned()),
            runtime_dir: PathBuf::new(),
            program: PathBuf::new(),
            env: BTreeMap::new(),
        };
        assert_eq!(
            settings.agent_program("opencode").unwrap(),
            dir.path().join("opencode/1.10.0/opencode")
        );
        assert_eq!(settings.agent_program("../opencode"), None);
        assert_eq!(settings.agent_program("codex"), None);
    }
}
