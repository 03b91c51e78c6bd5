//! justfiles: recipes of well-known names that need no arguments.

use std::collections::BTreeSet;

use super::detector::{Detector, Finding, Role};
use super::makefile::tasks;
use super::tree::{Project, Text};

const FILES: &[&str] = &["justfile", "Justfile", ".justfile"];

#[derive(Debug)]
pub(super) struct Justfile;

impl Detector for Justfile {
    fn ecosystem(&self) -> &'static str {
        "just"
    }

    fn wanted(&self) -> &'static [&'static str] {
        FILES
    }

    fn looked_for(&self) -> &'static str {
        "justfile with recipes such as setup, deps, install, test, run, start, dev"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn role(&self) -> Role {
        Role::TaskRunner
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let file = project.first(FILES)?;
        let mut finding = Finding::new("just", project);
        match project.text(file) {
            Text::Known(text) => tasks(&recipes(text), "just", &project.path(file), &mut finding),
            Text::Unreadable(why) => finding.because(project.path(file), format!("it can't be used: {why}")),
            Text::Absent => return None,
        }
        Some(finding)
    }
}

fn recipes(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for line in text.lines().take(20_000) {
        if line.starts_with(['\t', ' ', '#', '[']) {
            continue;
        }
        if let Some(alias) = line.strip_prefix("alias ") {
            found.extend(alias.split(":=").next().map(str::trim));
            continue;
        }
        let Some((head, rest)) = line.split_once(':') else {
            continue;
        };
        // `name := value` assigns; a default such as `x=":"` may hold a colon, but stands after the name all the same.
        if rest.starts_with('=') {
            continue;
        }
        let mut words = head.split_whitespace();
        let Some(name) = words.next() else { continue };
        // A parameter without a default would have to be given; `*rest` may stay empty.
        if words.all(|parameter| parameter.contains('=') || parameter.starts_with('*')) {
            found.insert(name.trim_start_matches('@'));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::recipes;

    #[test]
    fn recipes_that_can_run_as_they_are() {
        let text = "set shell := [\"sh\"]\nv := \"1\"\nalias t := test\n@test *args: build\n  echo\nrun port='80':\nserve host:\n[private]\ndev:\n";
        let found: Vec<&str> = recipes(text).into_iter().collect();
        assert_eq!(found, ["dev", "run", "t", "test"]);
    }
}
