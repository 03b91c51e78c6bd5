//! The web app's build, done again only when something that goes into it changed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::{budget, node};
use crate::{process, repository};

/// Where the build puts the app; the server's build embeds it from there.
const DIST: &str = "web/dist";
/// What the app was built from, beside it.
const STAMP: &str = "web/dist/.stamp";
/// Written last by the build, so an unfinished one has none.
const LIST: &str = "web/dist/embed.txt";

/// What goes into the app: files, and all that lies below directories.
const INPUTS: &[&str] = &[
    "package-lock.json",
    "web/package.json",
    "web/tsconfig.json",
    "web/vite.config.ts",
    "web/index.html",
    "web/embed/pack.ts",
    "web/public/",
    "web/src/",
    "clients/typescript/package.json",
    "clients/typescript/src/",
];

/// Builds the app unless it is built; says what it came to.
pub(crate) fn build(root: &Path) -> Result<String> {
    if std::env::var("COORDINATOR_WEB_APP").is_ok_and(|word| word == "placeholder") {
        return Ok("left out, as COORDINATOR_WEB_APP says".to_owned());
    }
    let stamp = stamp(root)?;
    let there = fs::read_to_string(root.join(STAMP)).unwrap_or_default();
    if there == stamp && root.join(LIST).is_file() {
        return Ok(format!("is there, {}", size(root)?));
    }
    process::run(node::program(root, "web", "vite").args(["build", "--logLevel", "warn"]))?;
    if !root.join(LIST).is_file() {
        bail!("the build of the web app ended without {LIST}");
    }
    fs::write(root.join(STAMP), stamp)?;
    Ok(format!("built, {}", size(root)?))
}

fn size(root: &Path) -> Result<String> {
    let loads = budget::measure(&root.join(DIST))?;
    let words: Vec<String> = loads
        .iter()
        .map(|load| format!("{} {}", load.page, budget::kilobytes(load.bytes)))
        .collect();
    Ok(format!("first load {} gzip", words.join(", ")))
}

/// A hash over the names and contents of all inputs.
fn stamp(root: &Path) -> Result<String> {
    let mut hasher = Sha256::new();
    let inputs = |path: &str| {
        let tests = path.contains(".test.");
        !tests
            && INPUTS
                .iter()
                .any(|input| path == *input || (input.ends_with('/') && path.starts_with(input)))
    };
    for path in repository::files(root)? {
        let name = path.display().to_string();
        if !inputs(&name) {
            continue;
        }
        let content = fs::read(root.join(&path)).with_context(|| name.clone())?;
        hasher.update((name.len() as u64).to_be_bytes());
        hasher.update(name.as_bytes());
        hasher.update((content.len() as u64).to_be_bytes());
        hasher.update(&content);
    }
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
