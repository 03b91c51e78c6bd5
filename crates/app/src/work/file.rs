//! One file of the session's workspace, or what a directory holds.

use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use ports::sandbox::ProbeWorkspace;
use protocol::{
    ProblemCode,
    probe::{FileEntry, ProbeRequest},
};

use super::{Probe, WorkStream};
use crate::{App, AppError, sessions::OwnSession};

const MAX_PATH: usize = 4096;
const MAX_LISTING: u64 = 16 << 20;

/// What is at a path.
#[derive(Debug)]
pub enum Found {
    File(WorkStream),
    Directory(Vec<FileEntry>),
}

impl App {
    /// # Errors
    /// When policy or the path do not allow it, or there is nothing there.
    pub async fn session_file(&self, actor: &Actor, own: &OwnSession, path: &str) -> Result<Found, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let (path, directory) = relative(path)?;
        if directory {
            return self.directory(own, path).await.map(Found::Directory);
        }
        let request = ProbeRequest::File {
            path: path.clone(),
            max_bytes: self.settings().limits.file_bytes,
        };
        match self.ask(own, request, self.settings().limits.file_bytes).await {
            Ok(bytes) => Ok(Found::File(bytes)),
            // What is no file may be a directory.
            Err(error) if error.code == ProblemCode::NotFound => {
                self.directory(own, path).await.map(Found::Directory)
            }
            Err(error) => Err(error),
        }
    }

    async fn directory(&self, own: &OwnSession, path: String) -> Result<Vec<FileEntry>, AppError> {
        let listing = self
            .ask(own, ProbeRequest::Directory { path }, MAX_LISTING)
            .await?
            .collect()
            .await?;
        serde_json::from_slice(&listing).map_err(AppError::internal)
    }

    async fn ask(
        &self,
        own: &OwnSession,
        request: ProbeRequest,
        max_output_bytes: u64,
    ) -> Result<WorkStream, AppError> {
        self.probe(Probe {
            org: own.org(),
            workspace: ProbeWorkspace::Session(own.id()),
            request,
            hide: self.hidden_in_work(own.id()).await?,
            network: false,
            timeout_ms: 60_000,
            max_output_bytes,
        })
        .await
    }
}

/// A path below the workspace, and whether it can only be a directory. The probe checks again, where links are.
fn relative(path: &str) -> Result<(String, bool), AppError> {
    let invalid = |detail: &str| Err(AppError::invalid("path", detail));
    if path.len() > MAX_PATH || path.contains('\0') {
        return invalid("`path` has at most 4096 bytes and no NUL character.");
    }
    if path.starts_with('/') {
        return invalid("`path` is relative to the workspace, without a leading `/`.");
    }
    if path.split('/').any(|part| part == "..") {
        return invalid("`path` must not contain `..`.");
    }
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    if parts.is_empty() {
        Ok((".".to_owned(), true))
    } else {
        Ok((parts.join("/"), path.ends_with('/')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_workspace() {
        assert_eq!(relative("").unwrap(), (".".into(), true));
        assert_eq!(relative("./a//b").unwrap(), ("a/b".into(), false));
        assert_eq!(relative("a/").unwrap(), ("a".into(), true));
        for bad in ["/etc/passwd", "..", "a/../../b", "a\0b"] {
            assert!(relative(bad).is_err(), "{bad:?}");
        }
    }
}
