//! The work since the base commit as one git patch: committed, staged, unstaged, and new files.
//!
//! Works on a copy of the index and writes objects elsewhere, so the workspace is not touched and may be
//! read-only. Whatever the repository configures that would run a program or change the form of a patch is
//! overruled.

use std::{fs, io::Write, path::PathBuf, sync::Arc, time::Duration};

use protocol::probe::BASE_REF;

use super::{Place, ProbeError, scratch::Scratch, sealed_in};
use crate::{
    process::{End, Pipe, stream},
    redact::Redactor,
    repository::{Git, RepositoryError},
    tail::Tail,
};

/// Beyond this a patch helps nobody; the archive has everything.
const MOST_PATCH: usize = 64 << 20;
const MOST_INDEX: u64 = 256 << 20;
const MOST_NAMES: usize = 32 << 20;
const LIMIT: Duration = Duration::from_secs(300);

pub(super) async fn diff(
    place: &Place,
    redactor: &Arc<Redactor>,
    output: &mut (dyn Write + Send),
) -> Result<(), ProbeError> {
    if !place.workspace.join(".git").exists() {
        return Err(RepositoryError::NoRepository.into());
    }
    let scratch = Scratch::make(&place.scratch)?;
    let plain = Git::new(&place.workspace, &place.env)
        .pinned()
        .config("core.hooksPath", "/dev/null")
        .config("core.untrackedCache", "false")
        .config("core.splitIndex", "false")
        .config("index.sparse", "false")
        .config("diff.ignoreSubmodules", "none");
    let Ok(objects) = inside(&plain, "objects").await else {
        return Err(RepositoryError::NoRepository.into());
    };
    let index = scratch.path().join("index");
    let base = base(&plain).await;
    let own_objects = scratch.path().join("objects");
    fs::create_dir(&own_objects)?;
    let git = plain
        .clone()
        .env("GIT_INDEX_FILE", index.to_string_lossy())
        .env("GIT_OBJECT_DIRECTORY", own_objects.to_string_lossy())
        .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", objects.to_string_lossy());

    let their_index = inside(&plain, "index").await?;
    if let Some(meta) = fs::metadata(&their_index)
        .ok()
        .filter(|meta| meta.is_file() && meta.len() <= MOST_INDEX)
    {
        fs::copy(&their_index, &index)?;
        // Git takes a file that is as old as the index for possibly changed; a younger copy would hide changes
        // made in the same instant.
        fs::OpenOptions::new()
            .write(true)
            .open(&index)?
            .set_modified(meta.modified()?)?;
    }
    let readable = git
        .try_run(&["ls-files", "--error-unmatch", "-z", "--", ":/"], LIMIT, 0)
        .await?;
    if !readable.end.success() {
        // No index, or a damaged one: start from the commit.
        let _ = fs::remove_file(&index);
        if git.commit("HEAD").await.is_some() {
            git.run(&["read-tree", "HEAD"], LIMIT).await?;
        }
    }
    add_new_files(&git, &scratch).await?;
    let base = match base {
        Some(base) => base,
        None => git.run(&["mktree"], LIMIT).await?,
    };
    let left_out = sealed_in::holding(&git, &base, redactor, LIMIT).await?;
    sealed_in::say(&left_out, output)?;
    print(&git, &base, &sealed_in::pathspecs(&left_out), output).await
}

/// Path of a part of the repository, however the repository is laid out.
async fn inside(git: &Git, part: &str) -> Result<PathBuf, RepositoryError> {
    let path = git.run(&["rev-parse", "--git-path", part], LIMIT).await?;
    Ok(git.dir().join(path))
}

/// The session's base, else the last commit; `None` stands for nothing at all.
async fn base(git: &Git) -> Option<String> {
    match git.commit(BASE_REF).await {
        Some(base) => Some(base),
        None => git.commit("HEAD").await,
    }
}

/// Makes new files known to the copied index, by name only: their contents are read by the diff itself.
async fn add_new_files(git: &Git, scratch: &Scratch) -> Result<(), ProbeError> {
    let found = git
        .try_run(
            &["ls-files", "-z", "--others", "--exclude-standard"],
            LIMIT,
            MOST_NAMES,
        )
        .await?;
    if found.cut {
        return Err(ProbeError::TooLarge(
            "there are too many new files for a patch".into(),
        ));
    }
    // A name that ends in `/` is a repository within the workspace: it has a history of its own.
    let names: Vec<u8> = found
        .out
        .split_inclusive(|byte| *byte == 0)
        .filter(|name| !name.ends_with(b"/\0"))
        .flatten()
        .copied()
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let list = scratch.path().join("names");
    fs::write(&list, names)?;
    let from = format!("--pathspec-from-file={}", list.display());
    let git = git.clone().env("GIT_LITERAL_PATHSPECS", "1");
    // Ignored names cannot be in the list; a file that went away in the meantime is no reason to fail.
    git.try_run(
        &[
            "add",
            "--intent-to-add",
            "--ignore-errors",
            &from,
            "--pathspec-file-nul",
        ],
        LIMIT,
        0,
    )
    .await?;
    Ok(())
}

async fn print(
    git: &Git,
    base: &str,
    pathspecs: &[String],
    output: &mut (dyn Write + Send),
) -> Result<(), ProbeError> {
    let mut args = vec![
        "diff",
        "--binary",
        "--full-index",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--no-relative",
        "--find-renames",
        "--submodule=short",
        "--src-prefix=a/",
        "--dst-prefix=b/",
        base,
        "--",
    ];
    args.extend(pathspecs.iter().map(String::as_str));
    let (mut written, mut failed, mut tail) = (0, None, Tail::new(2048));
    let end = stream(git.command(&args), LIMIT, &mut |pipe, chunk| {
        if pipe == Pipe::Err {
            tail.push(chunk);
            return;
        }
        written += chunk.len();
        if written <= MOST_PATCH && failed.is_none() {
            failed = output.write_all(chunk).err();
        }
    })
    .await?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    if written > MOST_PATCH {
        return Err(ProbeError::TooLarge(format!(
            "the patch is larger than {} MiB",
            MOST_PATCH >> 20
        )));
    }
    match end {
        End::Exited(status) if status.success() => Ok(()),
        End::Exited(_) | End::TimedOut => Err(RepositoryError::Git {
            command: "git diff".into(),
            status: format!("{end:?}"),
            tail: tail.text(),
        }
        .into()),
    }
}
