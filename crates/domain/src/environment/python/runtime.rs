//! Which Python, most exact statement first.

use super::super::detector::Finding;
use super::super::tools;
use super::super::tree::Project;
use super::manifest::Manifest;

pub(super) fn python(project: &Project<'_>, manifest: &Manifest, finding: &mut Finding) {
    if let Some(stated) = first_line(project, ".python-version") {
        finding.runtime_from("python", &project.path(".python-version"), "it", stated);
    }
    tools::state(project, "python", finding);
    let mut state = |file: &str, place: &str, stated: Option<&str>| {
        if let Some(stated) = stated {
            finding.runtime_from("python", &project.path(file), place, stated);
        }
    };
    state(
        "runtime.txt",
        "it",
        first_line(project, "runtime.txt").map(|line| line.strip_prefix("python-").unwrap_or(line)),
    );
    state(
        "pyproject.toml",
        "requires-python",
        manifest.text(&["project", "requires-python"]),
    );
    let poetry = manifest.text(&["tool", "poetry", "dependencies", "python"]);
    state("pyproject.toml", "tool.poetry.dependencies.python", poetry);
    state("Pipfile", "requires", manifest.pipfile_python());
    let setup = project.known("setup.cfg").and_then(|text| {
        text.lines().find_map(|line| {
            line.trim()
                .strip_prefix("python_requires")?
                .trim()
                .strip_prefix('=')
        })
    });
    state("setup.cfg", "python_requires", setup);
    state(
        "setup.py",
        "python_requires",
        project.known("setup.py").and_then(python_requires),
    );
    finding.runtime("python", None);
}

fn first_line<'a>(project: &Project<'a>, file: &str) -> Option<&'a str> {
    project
        .known(file)?
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The literal of `python_requires="…"`; code is never run.
fn python_requires(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("python_requires")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    after.get(1..)?.split(quote).next()
}
