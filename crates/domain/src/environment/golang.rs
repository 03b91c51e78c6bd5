//! Go: modules and module workspaces.

use super::detector::{Detector, Finding};
use super::tree::{Project, Text};
use super::words::Word;

/// Modules of a workspace that get their own test command.
const MAX_MODULES: usize = 8;

#[derive(Debug)]
pub(super) struct Go;

impl Detector for Go {
    fn ecosystem(&self) -> &'static str {
        "Go"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &["go.mod", "go.work", ".go-version"]
    }

    fn looked_for(&self) -> &'static str {
        "Go: go.mod, go.work (go modules)"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["go"]
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let marker = project.first(&["go.work", "go.mod"])?;
        let path = project.path(marker);
        let mut finding = Finding::new("go", project);
        let text = match project.text(marker) {
            Text::Known(text) => text,
            Text::Unreadable(why) => {
                finding.because(&path, format!("{marker} can't be used: {why}"));
                ""
            }
            Text::Absent => "",
        };
        if project.has("vendor/modules.txt") {
            finding.because(
                project.path("vendor/modules.txt"),
                "dependencies are vendored: nothing to download",
            );
        } else {
            finding.install("go mod download");
        }
        if marker == "go.work" {
            workspace(project, text, &mut finding);
        } else {
            finding.because(&path, "a module");
            finding.test("go test ./...");
        }
        start(project, &mut finding);
        if let Some(stated) = project.known(".go-version").and_then(|text| text.lines().next()) {
            finding.runtime_from("go", &project.path(".go-version"), "it", stated);
        }
        for (directive, prefix) in [("toolchain", "go"), ("go", "")] {
            if let Some(stated) = value(text, directive) {
                finding.runtime_from(
                    "go",
                    &path,
                    directive,
                    stated.strip_prefix(prefix).unwrap_or(stated),
                );
            }
        }
        finding.runtime("go", None);
        Some(finding)
    }
}

/// `./...` doesn't cross modules, so every module of a workspace is named.
fn workspace(project: &Project<'_>, text: &str, finding: &mut Finding) {
    let path = project.path("go.work");
    let used = uses(text);
    finding.because(&path, format!("a workspace that uses {} modules", used.len()));
    if used.is_empty() {
        finding.test("go test ./...");
        return;
    }
    let patterns: Vec<String> = used
        .iter()
        .take(MAX_MODULES)
        .map(|module| {
            if module.as_str() == "." {
                "./...".to_owned()
            } else {
                format!("./{module}/...")
            }
        })
        .collect();
    finding.test(format!("go test {}", patterns.join(" ")));
}

fn uses(text: &str) -> Vec<Word> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines().map(without_comment).take(1000) {
        let entry = match (inside, line) {
            (true, ")") => {
                inside = false;
                continue;
            }
            (true, entry) => entry,
            (false, "use (") => {
                inside = true;
                continue;
            }
            (false, line) => line.strip_prefix("use ").unwrap_or_default(),
        };
        let entry = entry.trim().trim_matches('"');
        let entry = entry.strip_prefix("./").unwrap_or(entry);
        if let Some(word) = Word::new(entry) {
            found.push(word);
        }
    }
    found
}

fn value<'a>(text: &'a str, directive: &str) -> Option<&'a str> {
    text.lines().map(without_comment).take(1000).find_map(|line| {
        let (name, rest) = line.split_once(' ')?;
        (name == directive).then_some(rest.trim())
    })
}

fn without_comment(line: &str) -> &str {
    line.split("//").next().unwrap_or_default().trim()
}

fn start(project: &Project<'_>, finding: &mut Finding) {
    if project.has("main.go") {
        finding.because(project.path("main.go"), "the module's root is a program");
        finding.start("go run .");
        return;
    }
    let mut programs: Vec<&str> = project
        .below()
        .filter_map(|path| path.strip_prefix("cmd/")?.strip_suffix("/main.go"))
        .filter(|name| !name.contains('/'))
        .collect();
    programs.dedup();
    match programs.as_slice() {
        [one] => {
            if let Some(name) = Word::new(one) {
                finding.because(
                    project.path(&format!("cmd/{name}/main.go")),
                    "the only program under cmd/",
                );
                finding.start(format!("go run ./cmd/{name}"));
            }
        }
        [] => {}
        several => finding.because(
            project.path("cmd"),
            format!("{} programs to choose from", several.len()),
        ),
    }
}
