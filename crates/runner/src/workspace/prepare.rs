//! The way from an empty directory, or from what an earlier sandbox left, to a workspace an agent can work in.
//!
//! A person's work is never removed: the workspace is emptied only while the marker says that a clone of ours
//! was cut short.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use protocol::{
    probe::BASE_REF,
    runner::{RunnerReport, WorkPhase, WorkspacePlan},
};

use super::{Marker, Reporter, Stage, WorkspaceError, setup::set_up};
use crate::{
    repository::{CloneRequest, Git, Remote, RepositoryError, Wanted, clone, list},
    uplink::Uplink,
};

/// The server opens a few dozen secrets in milliseconds; a reconnection takes longer.
pub(crate) const SECRETS_LIMIT: Duration = Duration::from_secs(60);
const QUICK: Duration = Duration::from_secs(60);
const LISTED_FILES: u64 = 5_000;
const LISTED_BYTES: u64 = 64 * 1024;

/// Everything preparation needs.
#[derive(Debug)]
pub struct Preparation {
    pub uplink: Uplink,
    pub plan: WorkspacePlan,
    pub workspace: PathBuf,
    pub home: PathBuf,
    pub state_dir: PathBuf,
    /// Environment of git and of the set-up commands.
    pub env: BTreeMap<String, String>,
    /// Git settings that connect git with the credential broker.
    pub credential_config: Vec<(String, String)>,
}

/// What was found or made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub commit: Option<String>,
    /// True when an earlier sandbox had done it.
    pub kept: bool,
}

enum Found {
    /// Nothing here, or a clone of ours that was cut short.
    Nothing,
    /// Cloned before; set-up as the stage says.
    Kept(Stage),
}

impl Preparation {
    /// Does what is still to be done, and reports each phase.
    ///
    /// # Errors
    /// See [`WorkspaceError`]; a later attempt goes on where this one failed.
    pub async fn run(&self) -> Result<Prepared, WorkspaceError> {
        fs::create_dir_all(&self.workspace)?;
        self.identity()?;
        let git = self
            .credential_config
            .iter()
            .fold(Git::new(&self.workspace, &self.env), |git, (key, value)| {
                git.config(key, value)
            });
        let found = self.find(&git).await?;
        let kept = matches!(found, Found::Kept(_));
        if kept {
            self.know_the_token().await;
        }
        let stage = match found {
            Found::Nothing => {
                self.fill(&git).await?;
                Stage::CheckedOut
            }
            Found::Kept(stage) => {
                self.welcome_back(&git).await;
                stage
            }
        };
        if stage != Stage::Done {
            let limit = Duration::from_secs(self.plan.setup_timeout_s.max(1));
            let env = self.setup_env().await?;
            set_up(&self.uplink, &self.workspace, &env, &self.plan.setup, limit).await?;
            self.mark(Stage::Done, git.commit(BASE_REF).await)?;
        } else if !self.plan.setup.is_empty() {
            // Set-up of an earlier sandbox may have left them in files: only what is known can be hidden.
            self.setup_env().await?;
            Reporter::start(&self.uplink, "setup", None)
                .await
                .completed(Some("kept from before"))
                .await;
        }
        Ok(Prepared {
            commit: git.commit("HEAD").await,
            kept,
        })
    }

    /// Programs of an earlier sandbox may have written the token into files. Asked for, it is known to whatever hides.
    async fn know_the_token(&self) {
        let Some(repository) = self.plan.repository.as_ref().filter(|_| self.plan.has_credential) else {
            return;
        };
        if let Ok(remote) = Remote::parse(&repository.url) {
            let (scheme, host) = (remote.scheme(), remote.host());
            let known = self.uplink.credential(scheme, host, SECRETS_LIMIT).await;
            if known.is_none() {
                tracing::warn!("the repository's token is not known, so it cannot be hidden");
            }
        }
    }

    /// The environment of the set-up commands: with the secrets that are for them, which nothing else here gets.
    async fn setup_env(&self) -> Result<BTreeMap<String, String>, WorkspaceError> {
        let mut env = self.env.clone();
        if !self.plan.setup.is_empty() {
            let secrets = self.uplink.secrets(WorkPhase::Setup, SECRETS_LIMIT).await;
            let secrets = secrets.ok_or(WorkspaceError::Secrets)?;
            env.extend(
                secrets
                    .into_iter()
                    .map(|secret| (secret.name, secret.value.expose().to_owned())),
            );
        }
        Ok(env)
    }

    async fn find(&self, git: &Git) -> Result<Found, WorkspaceError> {
        let marker = Marker::read(&self.state_dir);
        if let Some(Marker {
            stage: Stage::Cloning,
            ..
        }) = marker
        {
            empty(&self.workspace)?;
            return Ok(Found::Nothing);
        }
        if let Some(marker) = marker {
            return Ok(Found::Kept(marker.stage));
        }
        if fs::read_dir(&self.workspace)?.next().is_none() {
            return Ok(Found::Nothing);
        }
        // The marker can get lost (the agent may write there); the base ref stands for a finished clone, and
        // whatever else lies here is somebody's work. Commands that may have run already are not run again.
        let base = git.clone().pinned().commit(BASE_REF).await;
        self.mark(Stage::Done, base)?;
        Ok(Found::Kept(Stage::Done))
    }

    async fn welcome_back(&self, git: &Git) {
        let phase = Reporter::start(&self.uplink, "clone", None).await;
        let pinned = git.clone().pinned();
        let whole = self.workspace.join(".git").exists()
            && (pinned.commit("HEAD").await.is_some()
                || pinned
                    .run(&["symbolic-ref", "--quiet", "HEAD"], QUICK)
                    .await
                    .is_ok());
        let message = if whole {
            "kept from before"
        } else {
            "kept from before; its git repository is gone or damaged, so there is no diff"
        };
        phase.completed(Some(message)).await;
    }

    async fn fill(&self, git: &Git) -> Result<(), WorkspaceError> {
        self.mark(Stage::Cloning, None)?;
        let commit = match &self.plan.repository {
            Some(repository) => {
                let url = self.plan.clone_url.as_deref().unwrap_or(&repository.url);
                self.clone(git, url, repository).await?
            }
            None => self.start_empty(git).await?,
        };
        self.mark(Stage::CheckedOut, commit)?;
        if self.plan.repository.is_some() {
            let wanted = Wanted {
                files: &self.plan.detect_wanted,
                max_file_bytes: LISTED_BYTES,
                max_files: LISTED_FILES,
            };
            match list(git, &wanted).await {
                Ok(listing) => self.uplink.report(None, RunnerReport::Listing { listing }).await,
                Err(error) => tracing::warn!(%error, "no listing for detection"),
            }
        }
        Ok(())
    }

    async fn clone(
        &self,
        git: &Git,
        url: &str,
        repository: &protocol::session::Repository,
    ) -> Result<Option<String>, WorkspaceError> {
        // People see the address that they gave, not the name it has in here.
        let shown = repository.url.as_str();
        let mut phase = Reporter::start(&self.uplink, "clone", Some(shown)).await;
        let done = async {
            let remote = Remote::parse(url)?;
            let limit = Duration::from_secs(self.plan.clone_timeout_s.max(1));
            let request = CloneRequest {
                remote: &remote,
                reference: repository.reference.as_deref(),
                limit,
            };
            clone(git, &request, &mut |percent, step| {
                phase.running(Some(step), Some(percent))
            })
            .await
        }
        .await;
        match done {
            Ok(cloned) => {
                phase.completed(Some(shown)).await;
                let checkout = Reporter::start(&self.uplink, "checkout", cloned.branch.as_deref()).await;
                if let Some(commit) = &cloned.commit {
                    git.run(&["update-ref", BASE_REF, commit], QUICK).await?;
                }
                checkout
                    .completed(cloned.commit.as_deref().or(Some("the repository has no commits")))
                    .await;
                Ok(cloned.commit)
            }
            Err(error) => {
                let error = if self.plan.has_credential {
                    error.with_token()
                } else {
                    error
                };
                phase.failed(&error.to_string()).await;
                Err(error.with_address(url, shown).into())
            }
        }
    }

    /// A repository of its own with an empty first commit as the base that the diff is made against.
    async fn start_empty(&self, git: &Git) -> Result<Option<String>, WorkspaceError> {
        let phase = Reporter::start(&self.uplink, "checkout", Some("an empty repository")).await;
        let git = git.clone().config("user.name", NAME).config("user.email", EMAIL);
        let done: Result<String, RepositoryError> = async {
            git.run(&["init", "--quiet", "--initial-branch=main", "."], QUICK)
                .await?;
            let args = [
                "commit",
                "--quiet",
                "--allow-empty",
                "--no-verify",
                "--no-gpg-sign",
                "-m",
                "Empty workspace",
            ];
            git.run(&args, QUICK).await?;
            let commit = git.run(&["rev-parse", "HEAD"], QUICK).await?;
            git.run(&["update-ref", BASE_REF, &commit], QUICK).await?;
            Ok(commit)
        }
        .await;
        match done {
            Ok(commit) => {
                phase.completed(None).await;
                Ok(Some(commit))
            }
            Err(error) => {
                phase.failed(&error.to_string()).await;
                Err(error.into())
            }
        }
    }

    fn mark(&self, stage: Stage, commit: Option<String>) -> io::Result<()> {
        let repository = self.plan.repository.as_ref();
        Marker {
            stage,
            url: repository.map(|repository| repository.url.clone()),
            reference: repository.and_then(|repository| repository.reference.clone()),
            commit,
        }
        .write(&self.state_dir)
    }

    /// Commits need an author: a default in the agent's home, where anything more specific wins over it.
    fn identity(&self) -> io::Result<()> {
        let file = self.home.join(".gitconfig");
        if fs::symlink_metadata(&file).is_ok() {
            return Ok(());
        }
        fs::create_dir_all(&self.home)?;
        fs::write(file, format!("[user]\n\tname = {NAME}\n\temail = {EMAIL}\n"))
    }
}

const NAME: &str = "Coding Agent";
const EMAIL: &str = "agent@localhost";

/// Removes what is in a directory, not the directory: it is a mount point.
fn empty(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
