//! `gen`: references that the binary itself writes, committed so that a change of the contract shows in review.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::progress::say;
use crate::{build, javascript, repository};

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Arguments {
    /// Only compare: fail when a committed file is not what the binary writes
    #[arg(long)]
    pub(crate) check: bool,
    /// Fail when the binary has no such subcommand, instead of leaving the file out
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Committed file and the subcommand of `coordinator` that writes it.
const REFERENCES: &[(&str, &str)] = &[
    ("docs/reference/openapi.json", "openapi"),
    ("docs/reference/cli.md", "help-markdown"),
    ("docs/reference/settings.md", "settings-markdown"),
    ("docs/reference/events.md", "events-markdown"),
    ("docs/reference/session-machine.md", "machine-markdown"),
    ("docs/reference/policy.md", "policy-markdown"),
];

pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    let root = repository::root()?;
    // The references don't show the web app, but a release isn't built without it.
    javascript::packages::install(&root)?;
    javascript::app::build(&root)?;
    build::binaries(&root)?;
    let complaints = all(&root, *arguments)?;
    for complaint in &complaints {
        say(complaint);
    }
    Ok(complaints.is_empty())
}

/// Writes or compares everything; answers what is wrong. The binaries must have been built.
pub(crate) fn all(root: &Path, arguments: Arguments) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (file, subcommand) in REFERENCES {
        match written_by(root, subcommand)? {
            Some(text) if file.ends_with(".json") && !is_document(&text) => {
                wrong.push(format!(
                    "{file}: `coordinator {subcommand}` writes no JSON document"
                ));
            }
            Some(text) => settle(root, file, &text, arguments.check, &mut wrong)?,
            None if arguments.strict => {
                wrong.push(format!("{file}: `coordinator {subcommand}` doesn't exist"))
            }
            None => say(&format!(
                "{file}: left out, `coordinator {subcommand}` doesn't exist"
            )),
        }
    }
    match written_by(root, "problem-codes")? {
        Some(slugs) => problems(root, &slugs, arguments.check, &mut wrong)?,
        None if arguments.strict => {
            wrong.push("docs/problems: `coordinator problem-codes` doesn't exist".to_owned())
        }
        None => say("docs/problems: left out, `coordinator problem-codes` doesn't exist"),
    }
    Ok(wrong)
}

fn is_document(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_object())
}

/// Standard output of a subcommand; `None` when the binary doesn't know it.
fn written_by(root: &Path, subcommand: &str) -> Result<Option<String>> {
    let program = repository::release(root).join("coordinator");
    let output = Command::new(&program)
        .arg(subcommand)
        // The reference must not depend on who writes it.
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("can't start {}; build it first", program.display()))?;
    if output.status.success() {
        let mut text = String::from_utf8(output.stdout)?;
        // A binary that ignores its arguments writes nothing; that is no reference.
        if text.trim().is_empty() {
            return Ok(None);
        }
        if !text.ends_with('\n') {
            text.push('\n');
        }
        return Ok(Some(text));
    }
    let words = String::from_utf8_lossy(&output.stderr);
    if words.contains("unrecognized subcommand") {
        return Ok(None);
    }
    bail!(
        "coordinator {subcommand} ended with {}: {}",
        output.status,
        words.trim()
    )
}

fn settle(root: &Path, file: &str, text: &str, check: bool, wrong: &mut Vec<String>) -> Result<()> {
    let path = root.join(file);
    let committed = fs::read_to_string(&path).unwrap_or_default();
    if committed == text {
        return Ok(());
    }
    if check {
        let line = committed
            .lines()
            .zip(text.lines())
            .take_while(|(left, right)| left == right)
            .count()
            + 1;
        wrong.push(format!(
            "{file} is not current (from line {line} on); run `cargo xtask gen` and commit it"
        ));
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(&path, text)?;
    say(&format!("{file}: written"));
    Ok(())
}

/// Every code has a page and every page a code; the index lists them by title.
fn problems(root: &Path, slugs: &str, check: bool, wrong: &mut Vec<String>) -> Result<()> {
    let codes: BTreeSet<&str> = slugs
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let directory = root.join("docs/problems");
    let mut pages = BTreeSet::new();
    for entry in fs::read_dir(&directory).context("docs/problems")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(slug) = name.strip_suffix(".md").filter(|slug| *slug != "README") {
            pages.insert(slug.to_owned());
        }
    }
    for page in pages.iter().filter(|page| !codes.contains(page.as_str())) {
        wrong.push(format!("docs/problems/{page}.md: no problem has this code"));
    }
    let mut index = String::from(
        "# Problems\n\nEvery refusal carries one of these codes as the last part of `type`. Each has a page.\n\n\
         | code | meaning |\n|---|---|\n",
    );
    for code in &codes {
        let Ok(text) = fs::read_to_string(directory.join(format!("{code}.md"))) else {
            wrong.push(format!("docs/problems/{code}.md: missing"));
            continue;
        };
        let title = text
            .lines()
            .find_map(|line| line.strip_prefix("# "))
            .unwrap_or_default();
        index.push_str(&format!("| [`{code}`]({code}.md) | {title} |\n"));
    }
    settle(root, "docs/problems/README.md", &index, check, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_codes_have_to_match() {
        let root = tempfile::tempdir().unwrap();
        let pages = root.path().join("docs/problems");
        fs::create_dir_all(&pages).unwrap();
        fs::write(pages.join("a.md"), "# A\n").unwrap();
        fs::write(pages.join("stray.md"), "# S\n").unwrap();
        let mut wrong = Vec::new();
        problems(root.path(), "a 400\nb 404\n", false, &mut wrong).unwrap();
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert!(wrong[0].contains("stray.md") && wrong[1].contains("b.md"));
        let index = fs::read_to_string(pages.join("README.md")).unwrap();
        assert!(index.contains("| [`a`](a.md) | A |"));
    }

    #[test]
    fn checking_never_writes() {
        let root = tempfile::tempdir().unwrap();
        let mut wrong = Vec::new();
        settle(root.path(), "docs/x.md", "1\n2\n", true, &mut wrong).unwrap();
        assert_eq!(wrong.len(), 1);
        assert!(!root.path().join("docs").exists());
        settle(root.path(), "docs/x.md", "1\n2\n", false, &mut wrong).unwrap();
        settle(root.path(), "docs/x.md", "1\n3\n", true, &mut wrong).unwrap();
        assert!(wrong[1].contains("from line 2 on"), "{wrong:?}");
    }
}
