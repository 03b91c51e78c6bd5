//! PostgreSQL for the tests of the run history: the system's own programs, of which tests start a cluster of their own.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{process, tools};

/// Names a server to use instead.
const VARIABLE: &str = "COORDINATOR_TEST_DATABASE_URL";

/// Finds it, or installs it where that is possible without asking.
pub(crate) fn ensure() -> Result<String> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if !process::exists("apt-get", "--version") {
        bail!(
            "there is no PostgreSQL; install it with this system's package manager, or name a server in {VARIABLE}"
        );
    }
    crate::progress::say("      installing Debian's postgresql");
    tools::install(&["postgresql"])?;
    match find() {
        Some(found) => Ok(format!("installed, {found}")),
        None => bail!("the package postgresql brought no initdb"),
    }
}

fn find() -> Option<String> {
    let entries = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let installed = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("bin/initdb"))
        .find(|program| program.is_file());
    let on_path = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .map(|directory| directory.join("initdb"))
            .find(|program| program.is_file())
    };
    let program = installed.or_else(on_path)?;
    Some(program.parent().unwrap_or(Path::new("/")).display().to_string())
}
