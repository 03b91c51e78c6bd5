//! Installs the pinned agents and tools below `.agents/`: idempotent, checked, and never half there.
//!
//! Layout: `.agents/opencode/<version>/opencode`, `.agents/bin/rg` and `.agents/manifest.json`, which says for each what
//! was installed. The server looks in `COORDINATOR_AGENTS_DIR`, then in `.agents` two directories above its own
//! executable (where it lies after a build) or `agents` beside it (where a packager may put them), then on PATH.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::npm::{self, Package};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pin {
    version: String,
    path: String,
    packages: BTreeMap<String, PinnedPackage>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PinnedPackage {
    name: String,
    member: String,
    sha512: String,
}

/// One entry of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Installed {
    version: String,
    /// Relative to the agents directory.
    path: String,
    package: String,
    /// Of the tarball, base64.
    sha512: String,
    bytes: u64,
}

type Manifest = BTreeMap<String, Installed>;

/// Brings the agents directory to what is pinned; says what it did.
pub(crate) fn install(root: &Path) -> Result<String> {
    let pins: BTreeMap<String, Pin> =
        toml::from_str(&fs::read_to_string(root.join("xtask/agents.toml"))?).context("xtask/agents.toml")?;
    let directory = crate::repository::agents(root);
    fs::create_dir_all(&directory)?;
    // Two builds at once would otherwise unpack into each other's way.
    let lock = fs::File::create(directory.join(".lock"))?;
    lock.lock()?;

    let mut manifest = read(&directory);
    let mut said = Vec::new();
    for (name, pin) in &pins {
        let Some(package) = variants(cpu().as_deref())
            .iter()
            .find_map(|variant| pin.packages.get(*variant))
        else {
            said.push(format!(
                "{name}: no package is pinned for this processor; put one on PATH"
            ));
            continue;
        };
        if let Some(installed) = manifest.get(name)
            && current(&directory, pin, package, installed)
        {
            said.push(format!("{name} {} is there", pin.version));
            continue;
        }
        crate::progress::say(&format!("      fetching {}@{}", package.name, pin.version));
        let installed = place(&directory, pin, package).with_context(|| format!("installing {name}"))?;
        manifest.insert(name.clone(), installed);
        write(&directory, &manifest)?;
        said.push(format!("{name} {} installed", pin.version));
    }
    Ok(said.join(", "))
}

fn current(directory: &Path, pin: &Pin, package: &PinnedPackage, installed: &Installed) -> bool {
    let file = fs::metadata(directory.join(&installed.path));
    installed.version == pin.version
        && installed.sha512 == package.sha512
        && installed.path == path(pin)
        && file.is_ok_and(|file| {
            file.is_file() && file.len() == installed.bytes && file.permissions().mode() & 0o111 != 0
        })
}

fn path(pin: &Pin) -> String {
    pin.path.replace("{version}", &pin.version)
}

/// Fetches and unpacks beside the destination, so that nothing but a whole program ever gets its name.
fn place(directory: &Path, pin: &Pin, package: &PinnedPackage) -> Result<Installed> {
    let scratch = directory.join(".fetching");
    clear(&scratch)?;
    fs::create_dir(&scratch)?;
    let placed = place_from(&scratch, directory, pin, package);
    clear(&scratch)?;
    placed
}

fn place_from(scratch: &Path, directory: &Path, pin: &Pin, package: &PinnedPackage) -> Result<Installed> {
    let wanted = Package {
        name: &package.name,
        version: &pin.version,
        sha512: &package.sha512,
    };
    let tarball = npm::fetch(&wanted, scratch)?;
    let program = scratch.join("program");
    npm::unpack(&tarball, &package.member, &program)?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    let bytes = fs::metadata(&program)?.len();

    let path = path(pin);
    let destination = directory.join(&path);
    if let Some(parent) = destination.parent() {
        fs::create_dir_all(parent)?;
    }
    // The rename is the moment it exists: a program that is running keeps its old file.
    fs::rename(&program, &destination)?;
    Ok(Installed {
        version: pin.version.clone(),
        path,
        package: package.name.clone(),
        sha512: package.sha512.clone(),
        bytes,
    })
}

fn clear(scratch: &Path) -> Result<()> {
    if scratch.exists() {
        fs::remove_dir_all(scratch)?;
    }
    Ok(())
}

fn read(directory: &Path) -> Manifest {
    // A manifest that can't be read is as good as none: everything is installed again.
    fs::read_to_string(directory.join("manifest.json"))
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

fn write(directory: &Path, manifest: &Manifest) -> Result<()> {
    let draft = directory.join(".manifest.json");
    fs::write(&draft, serde_json::to_string_pretty(manifest)? + "\n")?;
    fs::rename(draft, directory.join("manifest.json"))?;
    Ok(())
}

fn cpu() -> Option<String> {
    fs::read_to_string("/proc/cpuinfo").ok()
}

/// Names of package variants that run here, best first.
fn variants(cpu: Option<&str>) -> &'static [&'static str] {
    let avx2 = cpu.is_some_and(|text| {
        text.lines()
            .filter(|line| line.starts_with("flags"))
            .any(|line| line.split_whitespace().any(|flag| flag == "avx2"))
    });
    match (std::env::consts::ARCH, avx2) {
        ("x86_64", true) => &["linux-x64"],
        // A tool without a baseline build needs no newer processor.
        ("x86_64", false) => &["linux-x64-baseline", "linux-x64"],
        ("aarch64", _) => &["linux-arm64"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pins_are_readable_and_whole() {
        let pins: BTreeMap<String, Pin> = toml::from_str(include_str!("../agents.toml")).unwrap();
        assert!(pins.contains_key("opencode") && pins.contains_key("ripgrep"));
        for package in pins.values().flat_map(|pin| pin.packages.values()) {
            assert_eq!(package.sha512.len(), 88, "{}", package.name);
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn old_processors_get_the_baseline() {
        assert_eq!(variants(Some("flags\t\t: fpu avx avx2 bmi1\n")), ["linux-x64"]);
        assert_eq!(
            variants(Some("flags\t\t: fpu avx\n")),
            ["linux-x64-baseline", "linux-x64"]
        );
        assert_eq!(variants(None), ["linux-x64-baseline", "linux-x64"]);
    }

    #[test]
    fn an_installed_agent_is_current_only_as_pinned() {
        let directory = tempfile::tempdir().unwrap();
        let package = PinnedPackage {
            name: "a".into(),
            member: "m".into(),
            sha512: "x".into(),
        };
        let pin = Pin {
            version: "1".into(),
            path: "a/{version}/a".into(),
            packages: BTreeMap::new(),
        };
        let installed = Installed {
            version: "1".into(),
            path: "a/1/a".into(),
            package: "a".into(),
            sha512: "x".into(),
            bytes: 2,
        };
        assert!(!current(directory.path(), &pin, &package, &installed));
        let file = directory.path().join("a/1/a");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "hi").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(current(directory.path(), &pin, &package, &installed));
        let moved = Pin {
            version: "2".into(),
            ..pin
        };
        assert!(!current(directory.path(), &moved, &package, &installed));
    }
}
