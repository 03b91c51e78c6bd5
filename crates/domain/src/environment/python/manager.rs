//! Which tool manages the dependencies, and its install commands.

use super::super::detector::Finding;
use super::super::tree::Project;
use super::manifest::Manifest;
use super::pip;
use super::testing::{Runner, Tests};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manager {
    Uv,
    Poetry,
    Pdm,
    Pipenv,
    Pip,
}

impl Manager {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Uv => "uv",
            Self::Poetry => "poetry",
            Self::Pdm => "pdm",
            Self::Pipenv => "pipenv",
            Self::Pip => "pip",
        }
    }

    /// Runs a module or program of the project's own environment.
    pub(super) fn run(self, program: &str) -> String {
        match self {
            Self::Pip if program.starts_with("python ") => format!(".venv/bin/{program}"),
            Self::Pip => format!(".venv/bin/python -m {program}"),
            _ => format!("{} run {program}", self.name()),
        }
    }

    /// Runs a program that was installed into the project's own environment.
    pub(super) fn script(self, program: &str) -> String {
        match self {
            Self::Pip => format!(".venv/bin/{program}"),
            _ => format!("{} run {program}", self.name()),
        }
    }
}

#[derive(Debug)]
pub(super) struct Choice {
    pub(super) manager: Manager,
    pub(super) locked: bool,
    /// Nothing but a pyproject.toml without a project in it: perhaps it only configures tools.
    pub(super) guessed: bool,
    pub(super) evidence: Vec<(&'static str, String)>,
}

pub(super) fn choose(project: &Project<'_>, manifest: &Manifest) -> Choice {
    let mut evidence = Vec::new();
    let locks = [
        ("uv.lock", Manager::Uv),
        ("poetry.lock", Manager::Poetry),
        ("pdm.lock", Manager::Pdm),
    ];
    let mut locks = locks.into_iter().filter(|(file, _)| project.has(file));
    if let Some((file, manager)) = locks.next() {
        evidence.push((file, format!("this lockfile belongs to {}", manager.name())));
        for (file, other) in locks {
            evidence.push((
                file,
                format!(
                    "a lockfile of {} lies here too; {} goes first",
                    other.name(),
                    manager.name()
                ),
            ));
        }
        return Choice {
            manager,
            locked: true,
            guessed: false,
            evidence,
        };
    }
    let tables = [
        (&["tool", "uv"][..], Manager::Uv),
        (&["tool", "poetry"], Manager::Poetry),
        (&["tool", "pdm"], Manager::Pdm),
        (&["dependency-groups"], Manager::Uv),
    ];
    for (path, manager) in tables {
        if manifest.has(path) {
            let table = path.join(".");
            evidence.push((
                "pyproject.toml",
                format!("[{table}] is there, no lockfile: {}", manager.name()),
            ));
            return Choice {
                manager,
                locked: false,
                guessed: false,
                evidence,
            };
        }
    }
    if manifest
        .text(&["build-system", "build-backend"])
        .is_some_and(|backend| backend.starts_with("poetry."))
    {
        evidence.push(("pyproject.toml", "built by poetry, no lockfile".to_owned()));
        return Choice {
            manager: Manager::Poetry,
            locked: false,
            guessed: false,
            evidence,
        };
    }
    if project.has("Pipfile") {
        let locked = project.has("Pipfile.lock");
        evidence.push(("Pipfile", "pipenv's manifest".to_owned()));
        return Choice {
            manager: Manager::Pipenv,
            locked,
            guessed: false,
            evidence,
        };
    }
    let guessed = !manifest.installable(project) && project.first(super::manifest::REQUIREMENTS).is_none();
    Choice {
        manager: Manager::Pip,
        locked: false,
        guessed,
        evidence,
    }
}

pub(super) fn install(
    project: &Project<'_>,
    manifest: &Manifest,
    choice: &Choice,
    tests: &Tests,
    finding: &mut Finding,
) {
    let pytest = tests.runner == Some(Runner::Pytest);
    match choice.manager {
        Manager::Uv => {
            let mut command = String::from(if choice.locked {
                "uv sync --locked"
            } else {
                "uv sync"
            });
            if pytest && !manifest.requires("pytest") {
                if let Some(group) = manifest
                    .group_with("pytest")
                    .filter(|group| group.as_str() != "dev")
                {
                    command.push_str(&format!(" --group {group}"));
                    finding.because(
                        project.path("pyproject.toml"),
                        format!("pytest is in dependency group `{group}`"),
                    );
                } else if manifest.group_with("pytest").is_none()
                    && let Some(extra) = manifest.extra_with("pytest")
                {
                    command.push_str(&format!(" --extra {extra}"));
                    finding.because(
                        project.path("pyproject.toml"),
                        format!("pytest is in extra `{extra}`"),
                    );
                }
            }
            finding.install(command);
        }
        Manager::Poetry => {
            let mut command = String::from("poetry install --no-interaction");
            if let Some(group) = manifest.optional_poetry_group_with("pytest") {
                command.push_str(&format!(" --with {group}"));
                finding.because(
                    project.path("pyproject.toml"),
                    format!("pytest is in optional group `{group}`"),
                );
            }
            finding.install(command);
        }
        Manager::Pdm => {
            finding.install(if choice.locked {
                "pdm install --frozen-lockfile"
            } else {
                "pdm install"
            });
        }
        Manager::Pipenv => finding.install(if choice.locked {
            "pipenv sync --dev"
        } else {
            "pipenv install --dev"
        }),
        Manager::Pip => pip::install(project, manifest, tests, finding),
    }
}
