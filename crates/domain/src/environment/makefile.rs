//! Makefiles: targets of well-known names.

use std::collections::BTreeSet;

use super::detector::{Detector, Finding, Role};
use super::tree::{Project, Text};

/// Names make looks for, in its own order.
const FILES: &[&str] = &["GNUmakefile", "makefile", "Makefile"];

/// Task names and what they are for, most specific first. Shared by all task runners; commands are built from this
/// list, never from names in a file.
pub(super) const INSTALL: &[&str] = &["setup", "bootstrap", "deps", "install"];
pub(super) const TEST: &[&str] = &["test", "tests", "check"];
pub(super) const START: &[&str] = &["run", "start", "dev", "serve"];

#[derive(Debug)]
pub(super) struct Makefile;

impl Detector for Makefile {
    fn ecosystem(&self) -> &'static str {
        "make"
    }

    fn wanted(&self) -> &'static [&'static str] {
        FILES
    }

    fn looked_for(&self) -> &'static str {
        "Makefile with targets such as setup, deps, install, test, run, start, dev"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn role(&self) -> Role {
        Role::TaskRunner
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let file = project.first(FILES)?;
        let mut finding = Finding::new("make", project);
        match project.text(file) {
            Text::Known(text) => tasks(&targets(text), "make", &project.path(file), &mut finding),
            Text::Unreadable(why) => finding.because(project.path(file), format!("it can't be used: {why}")),
            Text::Absent => return None,
        }
        Some(finding)
    }
}

/// Adds the first well-known task of each kind.
pub(super) fn tasks(present: &BTreeSet<&str>, program: &str, path: &str, finding: &mut Finding) {
    let mut any = false;
    let mut pick = |names: &[&'static str], purpose: &str, finding: &mut Finding| -> Option<String> {
        let name = names.iter().find(|name| present.contains(**name))?;
        any = true;
        finding.because(path, format!("`{name}` is a task to {purpose}"));
        Some(format!("{program} {name}"))
    };
    let install = pick(INSTALL, "install", finding);
    let test = pick(TEST, "test", finding);
    let start = pick(START, "start", finding);
    if let Some(command) = install {
        finding.install(command);
    }
    if let Some(command) = test {
        finding.test(command);
    }
    if let Some(command) = start {
        finding.start(command);
    }
    if !any {
        finding.because(path, "none of the usual task names is there");
    }
}

fn targets(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut inside_define = false;
    for line in text.lines().take(20_000) {
        if line.starts_with("define ") {
            inside_define = true;
        } else if line.starts_with("endef") {
            inside_define = false;
        }
        if inside_define || line.starts_with(['\t', ' ', '#', '.']) {
            continue;
        }
        let Some((names, rest)) = line.split_once(':') else {
            continue;
        };
        // `:=`, `::=` and `X = a:b` assign.
        if rest.trim_start_matches(':').starts_with('=') || names.contains('=') {
            continue;
        }
        found.extend(names.split_whitespace());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::targets;

    #[test]
    fn targets_are_not_assignments_or_recipes() {
        let text = "CC := gcc\nA ::= b\nX = test: y\n.PHONY: setup\ntest lint: build\n\trun: no\ndefine F\ndev: x\nendef\nall::\n";
        let found: Vec<&str> = targets(text).into_iter().collect();
        assert_eq!(found, ["all", "lint", "test"]);
    }
}
