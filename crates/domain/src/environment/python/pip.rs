//! Plain pip, always into a virtual environment of the project: distributions refuse to install beside their own.

use super::super::detector::Finding;
use super::super::tree::Project;
use super::manifest::{Manifest, REQUIREMENTS};
use super::testing::{Runner, Tests};

const PIP: &str = ".venv/bin/python -m pip install";

pub(super) fn install(project: &Project<'_>, manifest: &Manifest, tests: &Tests, finding: &mut Finding) {
    let mut steps = Vec::new();
    for file in REQUIREMENTS.iter().filter(|file| project.has(file)) {
        // A requirements directory usually chains its files with `-r base.txt`.
        if *file == "requirements/base.txt" && project.has("requirements.txt") {
            continue;
        }
        finding.because(project.path(file), "a list of requirements for pip");
        steps.push(format!("{PIP} -r {file}"));
    }
    if manifest.installable(project) {
        let file = project
            .first(&["pyproject.toml", "setup.py", "setup.cfg"])
            .unwrap_or("pyproject.toml");
        finding.because(project.path(file), "the project itself can be installed");
        match manifest
            .extra_with("pytest")
            .filter(|_| tests.runner == Some(Runner::Pytest))
        {
            Some(extra) => {
                finding.because(
                    project.path("pyproject.toml"),
                    format!("pytest is in extra `{extra}`"),
                );
                steps.push(format!("{PIP} -e '.[{extra}]'"));
            }
            None => steps.push(format!("{PIP} -e .")),
        }
    }
    let missing = match tests.runner {
        Some(Runner::Pytest) => {
            (!manifest.requires("pytest") && manifest.extra_with("pytest").is_none()).then_some("pytest")
        }
        Some(Runner::Tox) => Some("tox"),
        Some(Runner::Nox) => Some("nox"),
        Some(Runner::Django | Runner::Unittest) | None => None,
    };
    if let Some(tool) = missing {
        finding.because(
            project.path("."),
            format!("{tool} runs the tests, but no list of requirements names it"),
        );
        steps.push(format!("{PIP} {tool}"));
    }
    // Made even when nothing goes in: the other commands use its interpreter.
    finding.install("python3 -m venv .venv");
    for step in steps {
        finding.install(step);
    }
}
