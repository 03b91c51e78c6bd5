//! Clones a repository into an empty directory and checks a ref out.
//!
//! A plain full clone: history is there for the agent, and no server is too simple for it.

use std::time::Duration;

use super::{
    Git, Remote, RepositoryError, check_reference,
    git::QUICK,
    progress::{Lines, Step},
};
use crate::{
    process::{End, Pipe, stream},
    tail::Tail,
};

/// What to clone.
#[derive(Debug)]
pub struct CloneRequest<'a> {
    pub remote: &'a Remote,
    pub reference: Option<&'a str>,
    pub limit: Duration,
}

/// What was checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cloned {
    /// Absent for a repository without commits.
    pub commit: Option<String>,
    /// The branch, when one was checked out.
    pub branch: Option<String>,
}

/// Clones into `git`'s directory. `progress` gets percent and git's name for the phase.
///
/// # Errors
/// See [`RepositoryError`]; what was written so far stays and is the caller's to remove.
pub async fn clone(
    git: &Git,
    request: &CloneRequest<'_>,
    progress: &mut (dyn FnMut(u8, &str) + Send),
) -> Result<Cloned, RepositoryError> {
    if let Some(reference) = request.reference {
        check_reference(reference)?;
    }
    fetch_all(git, request, progress).await?;
    let Some(reference) = request.reference else {
        return check_out_default(git, request.limit).await;
    };
    match find(git, reference, request.limit).await? {
        Found::Branch(branch) => {
            let upstream = format!("refs/remotes/origin/{branch}");
            check_out(git, &["-B", &branch, "--track", &upstream, "--"], request.limit).await?;
            Ok(Cloned {
                commit: git.commit("HEAD").await,
                branch: Some(branch),
            })
        }
        Found::Commit(commit) => {
            check_out(git, &["--detach", &commit, "--"], request.limit).await?;
            Ok(Cloned {
                commit: Some(commit),
                branch: None,
            })
        }
    }
}

async fn fetch_all(
    git: &Git,
    request: &CloneRequest<'_>,
    progress: &mut (dyn FnMut(u8, &str) + Send),
) -> Result<(), RepositoryError> {
    let mut args = vec!["clone", "--no-checkout", "--progress", "--origin", "origin"];
    args.extend(["--", request.remote.url(), "."]);
    let (mut tail, mut lines) = (Tail::new(2048), Lines::default());
    let end = stream(git.command(&args), request.limit, &mut |pipe, chunk| {
        if pipe == Pipe::Err {
            tail.push(chunk);
            if let Some(Step { phase, percent }) = lines.push(chunk) {
                progress(percent, &phase);
            }
        }
    })
    .await?;
    match end {
        End::Exited(status) if status.success() => Ok(()),
        End::Exited(_) => Err(classify(&tail.text())),
        End::TimedOut => Err(RepositoryError::CloneTimeout {
            limit_s: request.limit.as_secs(),
            tail: tail.text(),
        }),
    }
}

fn classify(tail: &str) -> RepositoryError {
    const DENIED: [&str; 5] = [
        "Authentication failed",
        "could not read Username",
        "could not read Password",
        "terminal prompts disabled",
        "returned error: 403",
    ];
    let tail = tail.to_owned();
    if DENIED.iter().any(|sign| tail.contains(sign)) {
        RepositoryError::AuthenticationRequired { tail }
    } else {
        RepositoryError::Clone { tail }
    }
}

async fn check_out_default(git: &Git, limit: Duration) -> Result<Cloned, RepositoryError> {
    let branch = git
        .run(&["symbolic-ref", "--quiet", "--short", "HEAD"], QUICK)
        .await
        .ok();
    let Some(commit) = git.commit("HEAD").await else {
        return Ok(Cloned { commit: None, branch });
    };
    match &branch {
        Some(branch) => check_out(git, &[branch, "--"], limit).await?,
        None => check_out(git, &["--detach", &commit, "--"], limit).await?,
    }
    Ok(Cloned {
        commit: Some(commit),
        branch,
    })
}

enum Found {
    Branch(String),
    Commit(String),
}

/// A branch first, then a tag, then a full ref, then a commit; what the clone did not bring is fetched.
async fn find(git: &Git, reference: &str, limit: Duration) -> Result<Found, RepositoryError> {
    let branch = reference.strip_prefix("refs/heads/").unwrap_or(reference);
    if git
        .commit(&format!("refs/remotes/origin/{branch}"))
        .await
        .is_some()
    {
        return Ok(Found::Branch(branch.to_owned()));
    }
    let tag = reference.strip_prefix("refs/tags/").unwrap_or(reference);
    if let Some(commit) = git.commit(&format!("refs/tags/{tag}")).await {
        return Ok(Found::Commit(commit));
    }
    let hex = (7..=64).contains(&reference.len()) && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex && let Some(commit) = git.commit(reference).await {
        return Ok(Found::Commit(commit));
    }
    if (hex && reference.len() >= 40) || reference.starts_with("refs/") {
        let args = ["fetch", "--quiet", "--no-tags", "--", "origin", reference];
        let fetched = git.try_run(&args, limit, 1024).await?;
        if fetched.end == End::TimedOut {
            return Err(RepositoryError::CloneTimeout {
                limit_s: limit.as_secs(),
                tail: fetched.err,
            });
        }
        if fetched.end.success()
            && let Some(commit) = git.commit("FETCH_HEAD").await
        {
            return Ok(Found::Commit(commit));
        }
    }
    Err(RepositoryError::ReferenceNotFound(reference.to_owned()))
}

async fn check_out(git: &Git, what: &[&str], limit: Duration) -> Result<(), RepositoryError> {
    let mut args = vec!["checkout", "--quiet", "--no-recurse-submodules"];
    args.extend(what);
    let done = git.try_run(&args, limit, 1024).await?;
    match done.end {
        End::Exited(status) if status.success() => Ok(()),
        End::Exited(_) => Err(RepositoryError::Checkout { tail: done.err }),
        End::TimedOut => Err(RepositoryError::CloneTimeout {
            limit_s: limit.as_secs(),
            tail: done.err,
        }),
    }
}
