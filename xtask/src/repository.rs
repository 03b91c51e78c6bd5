//! Where things lie.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Root of the repository.
pub(crate) fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .map(Path::to_path_buf)
        .context("the task runner lies outside its repository")
}

/// The cargo that runs this tool, at the root.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Where cargo puts what it builds; the workspace may be told to use another place than `target`.
pub(crate) fn target(root: &Path) -> PathBuf {
    let stated = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    stated.map_or_else(|| root.join("target"), |path| root.join(path))
}

/// The directory of the release binaries.
pub(crate) fn release(root: &Path) -> PathBuf {
    target(root).join("release")
}

/// Where the pinned agents are installed: found from `<target>/release/coordinator` as `../../.agents`.
pub(crate) fn agents(root: &Path) -> PathBuf {
    root.join(".agents")
}

/// Files of the repository, tracked or new, without what git ignores.
pub(crate) fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut command = Command::new("git");
    command
        .current_dir(root)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = crate::process::capture(&mut command).context("listing the repository's files needs git")?;
    let mut files: Vec<PathBuf> = listed
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .collect();
    files.retain(|path| root.join(path).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}
