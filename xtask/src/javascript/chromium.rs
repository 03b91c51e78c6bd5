//! The browser of the journeys: the system's own, never a download.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{process, tools};

/// The variable that names another one.
pub(crate) const VARIABLE: &str = "COORDINATOR_CHROMIUM";
const USUAL: &[&str] = &[
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
];
const PACKAGES: &[&str] = &["chromium", "fonts-liberation"];

/// Finds it, or installs it where that is possible without asking.
pub(crate) fn ensure() -> Result<String> {
    if let Some(found) = find() {
        return Ok(found.display().to_string());
    }
    if let Some(named) = std::env::var_os(VARIABLE) {
        bail!(
            "{VARIABLE} names {}, which is not there",
            Path::new(&named).display()
        );
    }
    if !process::exists("apt-get", "--version") {
        bail!(
            "there is no Chromium; install it with this system's package manager, or name it in {VARIABLE}"
        );
    }
    crate::progress::say("      installing Debian's chromium");
    tools::install(PACKAGES)?;
    match find() {
        Some(found) => Ok(format!("installed, {}", found.display())),
        None => bail!("the package chromium brought no {}", USUAL[0]),
    }
}

pub(super) fn find() -> Option<PathBuf> {
    match std::env::var_os(VARIABLE) {
        Some(named) => Some(PathBuf::from(named)).filter(|path| path.is_file()),
        None => USUAL.iter().map(PathBuf::from).find(|path| path.is_file()),
    }
}
