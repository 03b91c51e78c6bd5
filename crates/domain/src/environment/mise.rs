//! mise: tools at stated versions, and tasks of well-known names.

use std::collections::BTreeSet;

use toml::Value;

use super::detector::{Detector, Finding, Role};
use super::makefile::tasks;
use super::tools::{self, MISE};
use super::tree::Project;

/// Directories whose files are tasks.
const TASK_DIRECTORIES: &[&str] = &[
    "mise-tasks/",
    ".mise-tasks/",
    "mise/tasks/",
    ".mise/tasks/",
    ".config/mise/tasks/",
];

#[derive(Debug)]
pub(super) struct Mise;

impl Detector for Mise {
    fn ecosystem(&self) -> &'static str {
        "mise"
    }

    fn wanted(&self) -> &'static [&'static str] {
        MISE
    }

    fn looked_for(&self) -> &'static str {
        "mise.toml with tools and tasks"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn role(&self) -> Role {
        Role::TaskRunner
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let first = project.first(MISE)?;
        let mut finding = Finding::new("mise", project);
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut has_tools = false;
        for file in MISE {
            match project.toml(file) {
                None => {}
                Some(Err(why)) => finding.because(project.path(file), format!("it can't be used: {why}")),
                Some(Ok(table)) => {
                    let size = |name: &str| {
                        table
                            .get(name)
                            .and_then(Value::as_table)
                            .map_or(0, toml::Table::len)
                    };
                    has_tools |= size("tools") > 0;
                    finding.because(
                        project.path(file),
                        format!("mise: {} tools, {} tasks", size("tools"), size("tasks")),
                    );
                    let tasks = table.get("tasks").and_then(Value::as_table);
                    names.extend(tasks.into_iter().flat_map(|tasks| tasks.keys().cloned()));
                }
            }
            tools::mise(project, file, None, &mut finding);
        }
        for directory in TASK_DIRECTORIES {
            let files = project.below().filter_map(|path| path.strip_prefix(directory));
            names.extend(files.take(200).map(str::to_owned));
        }
        if has_tools {
            finding.install("mise install");
        }
        let present: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        if !present.is_empty() {
            tasks(&present, "mise run", &project.path(first), &mut finding);
        }
        Some(finding)
    }
}
