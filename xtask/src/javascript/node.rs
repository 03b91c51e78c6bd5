//! Node and npm, and the programs that npm installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// What the packages ask for; `package.json` says the same.
const OLDEST: (u32, u32) = (20, 19);

/// An error that says what to do, when there is no Node that will do.
pub(super) fn ensure() -> Result<()> {
    let found = process::capture(Command::new("node").arg("--version")).unwrap_or_default();
    let npm = process::exists("npm", "--version");
    if npm && version(&found).is_some_and(|version| version >= OLDEST) {
        return Ok(());
    }
    let found = match found.trim() {
        "" => "there is no node".to_owned(),
        old if npm => format!("this is {old}"),
        some => format!("node is {some}, and there is no npm"),
    };
    let how = if process::exists("apt-get", "--version") {
        "sudo apt-get install -y nodejs npm (Debian 13 or newer; elsewhere see https://nodejs.org/en/download)"
    } else {
        "see https://nodejs.org/en/download"
    };
    bail!(
        "Node.js {}.{} or newer, with npm, builds the web app; {found}. Install it: {how}",
        OLDEST.0,
        OLDEST.1
    );
}

/// `v20.19.3` as numbers.
fn version(printed: &str) -> Option<(u32, u32)> {
    let mut parts = printed.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// npm at the root. The machine's mirror, proxy and certificates are its own business.
pub(super) fn npm(root: &Path) -> Command {
    let mut command = Command::new("npm");
    command
        .current_dir(root)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command
}

/// A program of an installed package, in a directory of the repository.
pub(super) fn program(root: &Path, directory: &str, name: &str) -> Command {
    let mut command = Command::new(installed(root).join(".bin").join(name));
    // Nothing in here asks, watches or tells anybody.
    command
        .current_dir(root.join(directory))
        .env("CI", "true")
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR");
    command
}

pub(super) fn installed(root: &Path) -> PathBuf {
    root.join("node_modules")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(version("v20.19.3\n"), Some((20, 19)));
        assert!(version("v18.19.0").unwrap() < OLDEST);
        assert!(version("v22.1.0").unwrap() > OLDEST);
        assert_eq!(version(""), None);
    }
}
