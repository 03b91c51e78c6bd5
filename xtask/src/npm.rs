//! One package of the npm registry, as a tarball that is checked against its pin before anything is unpacked.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha512};

use crate::process;

#[derive(Debug)]
pub(crate) struct Package<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    /// Base64, as the registry's `dist.integrity` states it after `sha512-`.
    pub(crate) sha512: &'a str,
}

/// Fetches the tarball into `directory` and checks it.
pub(crate) fn fetch(package: &Package<'_>, directory: &Path) -> Result<PathBuf> {
    let tarball = if process::exists("npm", "--version") {
        by_npm(package, directory)?
    } else {
        by_curl(package, directory)?
    };
    let found = digest(&tarball)?;
    if found != package.sha512 {
        bail!(
            "{}@{} is not what is pinned: expected sha512 {}, got {found}",
            package.name,
            package.version,
            package.sha512
        );
    }
    Ok(tarball)
}

/// npm knows the mirror, the proxy and the certificates of the machine.
fn by_npm(package: &Package<'_>, directory: &Path) -> Result<PathBuf> {
    let printed = process::capture(
        Command::new("npm")
            .current_dir(directory)
            .args(["pack", "--silent", "--ignore-scripts"])
            .arg(format!("{}@{}", package.name, package.version)),
    )?;
    let file = printed.lines().last().context("npm pack named no file")?.trim();
    if file.contains('/') {
        bail!("npm pack named an odd file: {file}");
    }
    Ok(directory.join(file))
}

fn by_curl(package: &Package<'_>, directory: &Path) -> Result<PathBuf> {
    let registry = std::env::var("NPM_CONFIG_REGISTRY")
        .or_else(|_| std::env::var("npm_config_registry"))
        .unwrap_or_else(|_| "https://registry.npmjs.org".to_owned());
    let short = package.name.rsplit('/').next().unwrap_or(package.name);
    let url = format!(
        "{}/{}/-/{short}-{}.tgz",
        registry.trim_end_matches('/'),
        package.name,
        package.version
    );
    let file = directory.join("package.tgz");
    process::run(
        Command::new("curl")
            .args(["--fail", "--silent", "--show-error", "--location", "--output"])
            .arg(&file)
            .arg(url),
    )?;
    Ok(file)
}

fn digest(file: &Path) -> Result<String> {
    let mut reader = std::fs::File::open(file).with_context(|| format!("can't read {}", file.display()))?;
    let mut hasher = Sha512::new();
    std::io::copy(&mut reader, &mut hasher)?;
    Ok(STANDARD.encode(hasher.finalize()))
}

/// Unpacks one member of a checked tarball to `destination`.
pub(crate) fn unpack(tarball: &Path, member: &str, destination: &Path) -> Result<()> {
    let file = std::fs::File::create(destination)?;
    process::run(
        Command::new("tar")
            .arg("--extract")
            .arg("--gzip")
            .arg("--to-stdout")
            .arg("--file")
            .arg(tarball)
            .arg(member)
            .stdout(file),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_what_the_registry_states() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("a");
        std::fs::write(&file, "abc").unwrap();
        let expected =
            "3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==";
        assert_eq!(digest(&file).unwrap(), expected);
    }
}
