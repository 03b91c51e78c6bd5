//! Which Node.js or bun, most exact statement first.

use super::super::detector::Finding;
use super::super::tools;
use super::super::tree::Project;
use super::manifest::Manifest;

pub(super) fn node(project: &Project<'_>, manifest: &Manifest, finding: &mut Finding) {
    for file in [".nvmrc", ".node-version"] {
        if let Some(stated) = project.known(file).and_then(first_line) {
            finding.runtime_from(
                "node",
                &project.path(file),
                "it",
                stated.strip_prefix('v').unwrap_or(stated),
            );
        }
    }
    tools::state(project, "node", finding);
    if let Some(stated) = manifest.volta("node") {
        finding.runtime_from("node", &project.path("package.json"), "volta.node", stated);
    }
    if let Some(stated) = manifest.engine("node") {
        finding.runtime_from("node", &project.path("package.json"), "engines.node", stated);
    }
    finding.runtime("node", None);
}

pub(super) fn bun(project: &Project<'_>, stated: Option<&str>, finding: &mut Finding) {
    if let Some(stated) = project.known(".bun-version").and_then(first_line) {
        finding.runtime_from("bun", &project.path(".bun-version"), "it", stated);
    }
    tools::state(project, "bun", finding);
    finding.runtime("bun", stated.map(str::to_owned));
}

fn first_line(text: &str) -> Option<&str> {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
}
