//! Rust: cargo, single packages and workspaces.

use toml::{Table, Value};

use super::detector::{Detector, Finding};
use super::tree::Project;
use super::words::Word;

#[derive(Debug)]
pub(super) struct Rust;

impl Detector for Rust {
    fn ecosystem(&self) -> &'static str {
        "Rust"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &["Cargo.toml", "rust-toolchain", "rust-toolchain.toml"]
    }

    fn looked_for(&self) -> &'static str {
        "Rust: Cargo.toml (cargo)"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["rs"]
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let parsed = project.toml("Cargo.toml")?;
        let mut finding = Finding::new("cargo", project);
        let path = project.path("Cargo.toml");
        let manifest = parsed.unwrap_or_else(|why| {
            finding.because(&path, format!("Cargo.toml can't be used: {why}"));
            Table::new()
        });

        if project.has("Cargo.lock") {
            finding.because(
                project.path("Cargo.lock"),
                "the lockfile is there: fetch exactly what it says",
            );
            finding.install("cargo fetch --locked");
        } else {
            finding.because(&path, "no Cargo.lock: cargo resolves versions itself");
            finding.install("cargo fetch");
        }
        if let Some(members) = manifest.get("workspace") {
            let count = members
                .get("members")
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            finding.because(&path, format!("a workspace with {count} member entries"));
            finding.test("cargo test --workspace");
        } else {
            finding.because(&path, "a package");
            finding.test("cargo test");
        }
        start(project, &manifest, &mut finding);
        toolchain(project, &manifest, &mut finding);
        Some(finding)
    }
}

/// `cargo run` needs one program to choose from, or a stated default.
fn start(project: &Project<'_>, manifest: &Table, finding: &mut Finding) {
    let path = project.path("Cargo.toml");
    let package = manifest.get("package");
    if package.and_then(|package| package.get("default-run")).is_some() {
        finding.because(&path, "default-run names the program to start");
        finding.start("cargo run");
        return;
    }
    if package.is_none() {
        return;
    }
    let named = manifest
        .get("bin")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut programs: Vec<Option<Word>> = named
        .iter()
        .map(|bin| bin.get("name").and_then(Value::as_str).and_then(Word::new))
        .collect();
    let main = project.has("src/main.rs");
    let main_is_named = named.iter().any(|bin| {
        bin.get("path")
            .and_then(Value::as_str)
            .is_none_or(|path| path == "src/main.rs")
    });
    for file in project.below().filter_map(|path| path.strip_prefix("src/bin/")) {
        let stem = file.strip_suffix("/main.rs").or_else(|| file.strip_suffix(".rs"));
        if let Some(stem) = stem.filter(|stem| !stem.contains('/')) {
            let word = Word::new(stem);
            if !programs.contains(&word) {
                programs.push(word);
            }
        }
    }
    let total = programs.len() + usize::from(main && !main_is_named);
    if total == 1 {
        finding.because(&path, "the package has one program");
        finding.start("cargo run");
    } else if total > 1 {
        finding.because(
            &path,
            format!("the package has {total} programs and no default-run"),
        );
    }
}

fn toolchain(project: &Project<'_>, manifest: &Table, finding: &mut Finding) {
    if let Some(Ok(file)) = project.toml("rust-toolchain.toml") {
        channel(&file, &project.path("rust-toolchain.toml"), finding);
    }
    if let Some(text) = project.known("rust-toolchain") {
        match text.parse::<Table>() {
            Ok(file) if file.contains_key("toolchain") => {
                channel(&file, &project.path("rust-toolchain"), finding)
            }
            _ => finding.runtime_from("rust", &project.path("rust-toolchain"), "it", text.trim()),
        }
    }
    let minimum = [
        &["package", "rust-version"][..],
        &["workspace", "package", "rust-version"],
    ]
    .iter()
    .find_map(|path| {
        let (first, rest) = path.split_first()?;
        rest.iter()
            .try_fold(manifest.get(*first)?, |value, key| value.get(key))?
            .as_str()
    });
    if let Some(stated) = minimum {
        finding.runtime_from("rust", &project.path("Cargo.toml"), "rust-version", stated);
    }
    finding.runtime("rust", None);
}

fn channel(file: &Table, path: &str, finding: &mut Finding) {
    if let Some(stated) = file
        .get("toolchain")
        .and_then(|table| table.get("channel"))
        .and_then(Value::as_str)
    {
        finding.runtime_from("rust", path, "toolchain.channel", stated);
    }
}
