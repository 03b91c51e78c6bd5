//! npm packages, as the lock says. What is there is compared with npm's own record of it, so nothing is installed twice
//! and an installation by hand counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::node;
use crate::{process, repository};

#[derive(Debug, Default, Deserialize)]
struct Lock {
    packages: BTreeMap<String, Entry>,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
struct Entry {
    #[serde(default)]
    version: String,
    #[serde(default)]
    integrity: String,
    #[serde(default)]
    optional: bool,
}

/// Brings `node_modules` to what is locked; says what it did.
pub(crate) fn install(root: &Path) -> Result<String> {
    node::ensure()?;
    fs::create_dir_all(repository::target(root))?;
    let guard = fs::File::create(repository::target(root).join("node_modules.lock"))?;
    guard.lock()?;
    let wanted = read(&root.join("package-lock.json")).context("package-lock.json")?;
    let record = node::installed(root).join(".package-lock.json");
    if read(&record).is_ok_and(|there| current(&wanted, &there)) {
        return Ok(format!("{} packages are there", count(&wanted)));
    }
    crate::progress::say("      fetching what package-lock.json names");
    process::run(node::npm(root).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    Ok(format!("{} packages installed", count(&wanted)))
}

fn read(path: &Path) -> Result<Lock> {
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

/// Packages from outside: what lies in a `node_modules`.
fn outside(lock: &Lock) -> impl Iterator<Item = (&String, &Entry)> {
    lock.packages
        .iter()
        .filter(|(path, entry)| path.contains("node_modules/") && !entry.version.is_empty())
}

fn count(lock: &Lock) -> usize {
    outside(lock).filter(|(_, entry)| !entry.optional).count()
}

/// Whether all that is locked is there, and nothing else. Optional ones may be missing: they are for other systems.
fn current(wanted: &Lock, there: &Lock) -> bool {
    let same = |(path, entry): (&String, &Entry)| match there.packages.get(path) {
        Some(found) => found.version == entry.version && found.integrity == entry.integrity,
        None => entry.optional,
    };
    outside(wanted).all(same) && outside(there).all(|(path, _)| wanted.packages.contains_key(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(entries: &[(&str, &str, bool)]) -> Lock {
        let entry = |&(path, version, optional): &(&str, &str, bool)| {
            let version = version.to_owned();
            let integrity = format!("sha512-{version}");
            (
                path.to_owned(),
                Entry {
                    version,
                    integrity,
                    optional,
                },
            )
        };
        Lock {
            packages: entries.iter().map(entry).collect(),
        }
    }

    #[test]
    fn what_is_there_has_to_be_what_is_locked() {
        let wanted = lock(&[
            ("web", "0.0.0", false),
            ("node_modules/a", "1", false),
            ("node_modules/b-arm", "1", true),
        ]);
        assert!(current(&wanted, &lock(&[("node_modules/a", "1", false)])));
        assert!(!current(&wanted, &lock(&[])));
        assert!(!current(&wanted, &lock(&[("node_modules/a", "2", false)])));
        let more = lock(&[("node_modules/a", "1", false), ("node_modules/c", "1", false)]);
        assert!(!current(&wanted, &more));
        let other = lock(&[("node_modules/a", "1", false), ("node_modules/b-arm", "2", true)]);
        assert!(!current(&wanted, &other));
    }
}
