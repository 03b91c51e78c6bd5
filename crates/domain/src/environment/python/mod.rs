//! Python: uv, poetry, pdm, pipenv and plain pip.

mod manager;
mod manifest;
mod pip;
mod runtime;
mod start;
mod testing;

use super::detector::{Detector, Finding};
use super::tree::Project;
use manifest::Manifest;

#[derive(Debug)]
pub(super) struct Python;

/// A directory with one of these is a Python project.
const MARKERS: &[&str] = &[
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "requirements.txt",
    "Pipfile",
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "requirements-dev.txt",
    "requirements/base.txt",
    "requirements/dev.txt",
];

impl Detector for Python {
    fn ecosystem(&self) -> &'static str {
        "Python"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &[
            "pyproject.toml",
            "setup.py",
            "setup.cfg",
            "tox.ini",
            "pytest.ini",
            "Pipfile",
            "requirements.txt",
            "requirements-dev.txt",
            "requirements-test.txt",
            "dev-requirements.txt",
            "test-requirements.txt",
            ".python-version",
            ".tool-versions",
            "runtime.txt",
            "requirements_dev.txt",
            "requirements_test.txt",
            "requirements/base.txt",
            "requirements/dev.txt",
            "requirements/test.txt",
        ]
    }

    fn looked_for(&self) -> &'static str {
        "Python: pyproject.toml, requirements.txt, setup.py, setup.cfg, Pipfile (uv, poetry, pdm, pipenv, pip)"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["py", "pyi", "pyx", "ipynb"]
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        project.first(MARKERS)?;
        let (manifest, trouble) = Manifest::read(project);
        // setup.cfg alone may configure any tool of any language; it needs Python beside it.
        let only_configuration =
            project.first(MARKERS) == Some("setup.cfg") && !manifest.setup_cfg("[metadata]");
        if only_configuration {
            return None;
        }
        let choice = manager::choose(project, &manifest);
        let mut finding = Finding::new(choice.manager.name(), project);
        if manifest.has(&["tool", "uv", "workspace"]) {
            finding.covers_below();
        }
        let troubled = !trouble.is_empty();
        for (file, why) in trouble {
            finding.because(project.path(file), format!("{file} can't be used: {why}"));
        }
        for (file, because) in &choice.evidence {
            finding.because(project.path(file), because);
        }
        runtime::python(project, &manifest, &mut finding);
        let tests = testing::find(project, &manifest);
        manager::install(project, &manifest, &choice, &tests, &mut finding);
        testing::commands(project, &manifest, choice.manager, &tests, &mut finding);
        start::commands(project, &manifest, choice.manager, &mut finding);
        // A pyproject.toml may do no more than configure linters for a project of another language.
        let nothing = tests.runner.is_none() && finding.start.is_empty();
        if choice.guessed && nothing && !troubled {
            None
        } else {
            Some(finding)
        }
    }
}
