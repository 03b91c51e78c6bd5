//! `coordinator-runner probe`: one question about a workspace, answered on standard output.
//!
//! Runs in a sandbox of its own with the workspace shown in it, because git and a hostile repository meet here.

mod archive;
mod diff;
mod directory;
mod file;
mod scratch;
mod sealed_in;
mod unpack;

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use protocol::{
    api::Secret,
    probe::{ProbeFailure, ProbeRequest},
};

use crate::{
    redact::{MaskWriter, Redactor},
    repository::{CloneRequest, Git, PathError, Remote, RepositoryError, Wanted, clone, list},
};

/// The sandbox that a probe runs in has its own, shorter limit.
const CLONE_LIMIT: Duration = Duration::from_secs(600);

/// Where a probe looks and what its git may use.
#[derive(Debug, Clone)]
pub struct Place {
    pub workspace: PathBuf,
    /// Private, writable, thrown away.
    pub scratch: PathBuf,
    pub env: BTreeMap<String, String>,
    /// What no answer may show.
    pub hide: Vec<Secret>,
}

impl Place {
    fn redactor(&self) -> Arc<Redactor> {
        Arc::new(Redactor::new(self.hide.iter().map(Secret::expose)))
    }

    /// A failure as it may be printed: what git says may hold a secret.
    #[must_use]
    pub fn failure(&self, error: &ProbeError) -> ProbeFailure {
        let mut failure = error.failure();
        self.redactor().clean(&mut failure.message);
        failure
    }
}

/// Why a probe has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    #[error("{0}")]
    Repository(#[from] RepositoryError),
    #[error("{0}")]
    Path(#[from] PathError),
    #[error("{0}")]
    TooLarge(String),
    #[error("that is not a {0}")]
    Kind(&'static str),
    #[error("the workspace is not empty")]
    NotEmpty,
    #[error("{0}")]
    Archive(String),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

impl ProbeError {
    /// As printed for the server.
    #[must_use]
    pub fn failure(&self) -> ProbeFailure {
        let code = match self {
            Self::Repository(error) => return error.failure(),
            Self::Path(PathError::Invalid) => "invalid_path",
            Self::Path(PathError::NotFound) | Self::Kind(_) => "not_found",
            Self::TooLarge(_) => "too_large",
            Self::NotEmpty => "clone_failed",
            Self::Archive(_) => "invalid_archive",
            Self::Path(PathError::Io(_)) | Self::Io(_) | Self::Json(_) => "internal",
        };
        ProbeFailure {
            code: code.to_owned(),
            message: self.to_string(),
        }
    }
}

/// Answers one request on `output`.
///
/// # Errors
/// See [`ProbeError`]. Part of an answer may have been written by then.
pub async fn answer(
    place: &Place,
    request: &ProbeRequest,
    output: &mut (dyn Write + Send),
) -> Result<(), ProbeError> {
    let redactor = place.redactor();
    if let ProbeRequest::Archive { with_git } = request {
        // By member: a header has a checksum over its names.
        archive::archive(&place.workspace, *with_git, &redactor, output)?;
        output.flush()?;
        return Ok(());
    }
    let mut masked = MaskWriter::new(output, &redactor);
    plain(place, request, &redactor, &mut masked).await?;
    masked.finish()?;
    output.flush()?;
    Ok(())
}

/// All but archives, into an output that masks what goes through it.
async fn plain(
    place: &Place,
    request: &ProbeRequest,
    redactor: &Arc<Redactor>,
    output: &mut (dyn Write + Send),
) -> Result<(), ProbeError> {
    match request {
        ProbeRequest::Clone {
            url,
            reference,
            token,
            wanted,
            max_file_bytes,
            max_files,
        } => {
            let git = clone_into(place, url, reference.as_deref(), token.as_deref()).await?;
            let wanted = Wanted {
                files: wanted,
                max_file_bytes: *max_file_bytes,
                max_files: *max_files,
            };
            serde_json::to_writer(&mut *output, &list(&git, &wanted).await?)?;
        }
        ProbeRequest::Listing {
            wanted,
            max_file_bytes,
            max_files,
        } => {
            let wanted = Wanted {
                files: wanted,
                max_file_bytes: *max_file_bytes,
                max_files: *max_files,
            };
            let git = Git::new(&place.workspace, &place.env);
            serde_json::to_writer(&mut *output, &list(&git, &wanted).await?)?;
        }
        ProbeRequest::Diff => diff::diff(place, redactor, output).await?,
        ProbeRequest::File { path, max_bytes } => file::file(&place.workspace, path, *max_bytes, output)?,
        ProbeRequest::Directory { path } => {
            serde_json::to_writer(&mut *output, &directory::directory(&place.workspace, path)?)?;
        }
        ProbeRequest::Archive { with_git } => {
            archive::archive(&place.workspace, *with_git, redactor, output)?;
        }
        ProbeRequest::Unpack { archive, max_entries } => {
            unpack::unpack(Path::new(archive), &place.workspace, *max_entries)?;
        }
    }
    Ok(())
}

async fn clone_into(
    place: &Place,
    url: &str,
    reference: Option<&str>,
    token: Option<&str>,
) -> Result<Git, ProbeError> {
    let remote = Remote::parse(url)?;
    if is_occupied(&place.workspace)? {
        return Err(ProbeError::NotEmpty);
    }
    let plain = Git::new(&place.workspace, &place.env);
    let git = match token {
        Some(token) => with_token(plain.clone(), &remote, token),
        None => plain.clone(),
    };
    let request = CloneRequest {
        remote: &remote,
        reference,
        limit: CLONE_LIMIT,
    };
    clone(&git, &request, &mut |_, _| {}).await?;
    Ok(plain)
}

fn is_occupied(dir: &Path) -> io::Result<bool> {
    Ok(std::fs::read_dir(dir)?.next().is_some())
}

/// The token is given to the repository's own host alone, through the environment of git's helper: it is in no
/// argument, no file and no URL.
fn with_token(git: Git, remote: &Remote, token: &str) -> Git {
    let helper = r#"!f() { test "$1" = get && printf 'username=x-access-token\npassword=%s\n' "$COORDINATOR_PROBE_TOKEN"; }; f"#;
    git.config(
        format!("credential.{}://{}.helper", remote.scheme(), remote.host()),
        helper,
    )
    .env("COORDINATOR_PROBE_TOKEN", token)
}
