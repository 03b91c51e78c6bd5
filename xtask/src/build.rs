//! `build`: the web app, the release binaries that carry it, and the agents beside them.

use std::path::Path;

use anyhow::Result;

use crate::progress::{Steps, say};
use crate::{agents, javascript, process, repository, tools};

/// Packages whose binaries make up a release.
const PACKAGES: &[&str] = &["coordinator", "runner"];
/// Of [`all`].
pub(crate) const STEPS: usize = 5;
const BINARIES: &[&str] = &["coordinator", "coordinator-runner"];

pub(crate) fn run() -> Result<bool> {
    let root = repository::root()?;
    let mut steps = Steps::new("build", STEPS);
    all(&root, &mut steps)?;
    say(&format!("built in {}", steps.elapsed()));
    Ok(true)
}

/// The steps that `up` and `build` share.
pub(crate) fn all(root: &Path, steps: &mut Steps) -> Result<()> {
    steps.step("Tools of the system", tools::ensure)?;
    // Before the long step: a registry that can't be reached should be known at once.
    steps.step("Coding agents and ripgrep, pinned", || agents::install(root))?;
    steps.step("JavaScript packages, as locked", || {
        javascript::packages::install(root)
    })?;
    steps.step("Web app", || javascript::app::build(root))?;
    steps.step("Release binaries (the first time this takes minutes)", || {
        binaries(root)
    })
}

/// Compiles the binaries and says how large they are.
pub(crate) fn binaries(root: &Path) -> Result<String> {
    let mut cargo = repository::cargo(root);
    cargo.args(["build", "--release", "--locked"]);
    for package in PACKAGES {
        cargo.args(["--package", package]);
    }
    process::run(&mut cargo)?;
    let release = repository::release(root);
    let sizes: Vec<String> = BINARIES
        .iter()
        .map(|name| {
            let bytes = std::fs::metadata(release.join(name)).map_or(0, |file| file.len());
            format!("{name} {:.1} MiB", bytes as f64 / f64::from(1 << 20))
        })
        .collect();
    Ok(sizes.join(", "))
}
