//! Git commands with a pinned environment: no prompts, no system configuration, English messages.
//!
//! Settings go in through `GIT_CONFIG_COUNT`, which needs no file and wins over what a repository says.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::process::Command;

use super::RepositoryError;
use crate::process::{Captured, capture};

/// Runs git in one directory.
#[derive(Debug, Clone)]
pub struct Git {
    dir: PathBuf,
    env: BTreeMap<String, String>,
    config: Vec<(String, String)>,
}

/// Adds settings to an environment that may hold some already.
pub fn config_env(env: &mut BTreeMap<String, String>, settings: &[(String, String)]) {
    let mut count = env
        .get("GIT_CONFIG_COUNT")
        .and_then(|count| count.parse::<usize>().ok())
        .unwrap_or(0);
    for (key, value) in settings {
        env.insert(format!("GIT_CONFIG_KEY_{count}"), key.clone());
        env.insert(format!("GIT_CONFIG_VALUE_{count}"), value.clone());
        count += 1;
    }
    env.insert("GIT_CONFIG_COUNT".to_owned(), count.to_string());
}

/// What the operator says about certificates is kept; every other `GIT_*` could redirect us.
fn keeps(name: &str) -> bool {
    !name.starts_with("GIT_") || name.starts_with("GIT_SSL_") || name.starts_with("GIT_PROXY_SSL_")
}

impl Git {
    /// `env` is the sandbox's: PATH, HOME, proxy and certificates are taken from it.
    #[must_use]
    pub fn new(dir: &Path, env: &BTreeMap<String, String>) -> Self {
        let mut env: BTreeMap<_, _> = env
            .iter()
            .filter(|(name, _)| keeps(name))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        for (name, value) in [
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_ASKPASS", ""),
            ("SSH_ASKPASS", ""),
            ("GIT_PAGER", "cat"),
            ("GIT_OPTIONAL_LOCKS", "0"),
            ("LC_ALL", "C"),
        ] {
            env.insert(name.to_owned(), value.to_owned());
        }
        let config = [
            ("safe.directory", "*"),
            ("core.fsmonitor", "false"),
            ("core.quotePath", "false"),
            ("protocol.allow", "never"),
            ("protocol.http.allow", "always"),
            ("protocol.https.allow", "always"),
            ("gc.auto", "0"),
            ("maintenance.auto", "false"),
            ("advice.detachedHead", "false"),
        ];
        let config = config
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        Self {
            dir: dir.to_owned(),
            env,
            config,
        }
    }

    /// With one more setting.
    #[must_use]
    pub fn config(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.push((key.into(), value.into()));
        self
    }

    /// With one more environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    /// Pinned to the repository right in the directory: neither `core.worktree` nor a repository further up or
    /// elsewhere is believed.
    #[must_use]
    pub fn pinned(self) -> Self {
        let (repository, tree) = (self.dir.join(".git"), self.dir.clone());
        self.env("GIT_DIR", repository.to_string_lossy())
            .env("GIT_WORK_TREE", tree.to_string_lossy())
    }

    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    #[must_use]
    pub fn command(&self, args: &[&str]) -> Command {
        let mut env = self.env.clone();
        config_env(&mut env, &self.config);
        let mut command = Command::new("git");
        command.args(args).current_dir(&self.dir).env_clear().envs(env);
        command
    }

    /// Runs git and keeps up to `most` bytes of its output, whatever its status.
    ///
    /// # Errors
    /// When git cannot be started.
    pub async fn try_run(
        &self,
        args: &[&str],
        limit: Duration,
        most: usize,
    ) -> Result<Captured, RepositoryError> {
        Ok(capture(self.command(args), limit, most).await?)
    }

    /// Runs git, which must succeed, and returns its output.
    ///
    /// # Errors
    /// When it fails or takes too long.
    pub async fn run(&self, args: &[&str], limit: Duration) -> Result<String, RepositoryError> {
        let captured = self.try_run(args, limit, 64 * 1024).await?;
        if !captured.end.success() {
            return Err(RepositoryError::Git {
                command: format!("git {}", args.first().unwrap_or(&"")),
                status: format!("{:?}", captured.end),
                tail: captured.err,
            });
        }
        Ok(String::from_utf8_lossy(&captured.out).trim().to_owned())
    }

    /// The full name of the commit that `revision` stands for.
    pub async fn commit(&self, revision: &str) -> Option<String> {
        let revision = format!("{revision}^{{commit}}");
        let args = ["rev-parse", "--verify", "--quiet", "--end-of-options", &revision];
        self.run(&args, QUICK)
            .await
            .ok()
            .filter(|commit| !commit.is_empty())
    }
}

/// Limit of commands that only look something up.
pub(crate) const QUICK: Duration = Duration::from_secs(60);
