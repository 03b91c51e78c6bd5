//! What runs the tests: pytest, tox, nox, Django or unittest.

use super::super::detector::Finding;
use super::super::tree::Project;
use super::manager::Manager;
use super::manifest::Manifest;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runner {
    Pytest,
    Tox,
    Nox,
    Django,
    Unittest,
}

/// Where dependencies may be named, in the order they are mentioned in evidence.
const MANIFESTS: &[&str] = &[
    "pyproject.toml",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
    "Pipfile",
];

#[derive(Debug, Default)]
pub(super) struct Tests {
    pub(super) runner: Option<Runner>,
    evidence: Vec<(String, &'static str)>,
}

pub(super) fn find(project: &Project<'_>, manifest: &Manifest) -> Tests {
    let mut evidence: Vec<(String, &'static str)> = Vec::new();
    let mut pytest = false;
    let mut saw = |holds: bool, file: &str, because: &'static str| {
        if holds {
            evidence.push((project.path(file), because));
        }
        pytest |= holds;
    };
    saw(
        manifest.has(&["tool", "pytest"]),
        "pyproject.toml",
        "[tool.pytest] configures pytest",
    );
    saw(project.has("pytest.ini"), "pytest.ini", "configures pytest");
    saw(
        manifest.setup_cfg("[tool:pytest]"),
        "setup.cfg",
        "[tool:pytest] configures pytest",
    );
    let in_tox = project
        .known("tox.ini")
        .is_some_and(|text| text.lines().any(|line| line.trim() == "[pytest]"));
    saw(in_tox, "tox.ini", "[pytest] configures pytest");
    for file in ["conftest.py", "tests/conftest.py", "test/conftest.py"] {
        saw(project.has(file), file, "a pytest fixture file");
    }
    let declared = project.first(MANIFESTS).unwrap_or("pyproject.toml");
    saw(
        manifest.mentions("pytest"),
        declared,
        "pytest is among the dependencies",
    );

    let runner = if pytest {
        Some(Runner::Pytest)
    } else if project.has("manage.py") {
        evidence.push((project.path("manage.py"), "Django's command file runs its tests"));
        Some(Runner::Django)
    } else if project.has("tox.ini") {
        evidence.push((project.path("tox.ini"), "tox runs the tests"));
        Some(Runner::Tox)
    } else if project.has("noxfile.py") {
        evidence.push((project.path("noxfile.py"), "nox runs the tests"));
        Some(Runner::Nox)
    } else {
        let file = project.below().find(|path| test_module(path));
        if let Some(file) = file {
            evidence.push((
                project.path(file),
                "test modules and no other runner: the standard library's",
            ));
        }
        file.map(|_| Runner::Unittest)
    };
    if runner == Some(Runner::Pytest) && project.has("tox.ini") && !in_tox {
        evidence.push((project.path("tox.ini"), "tox can run the tests too"));
    }
    Tests { runner, evidence }
}

fn test_module(path: &str) -> bool {
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
    let near = matches!(directory, "" | "test" | "tests") || directory.starts_with("tests/");
    near && name
        .strip_suffix(".py")
        .is_some_and(|stem| stem.starts_with("test_") || stem.ends_with("_test"))
}

pub(super) fn commands(
    project: &Project<'_>,
    manifest: &Manifest,
    manager: Manager,
    tests: &Tests,
    finding: &mut Finding,
) {
    for (file, because) in &tests.evidence {
        finding.because(file, *because);
    }
    let Some(runner) = tests.runner else { return };
    let command = match runner {
        // uv can add a tool for one run, so that a project that forgot to name pytest still has tests.
        Runner::Pytest if manager == Manager::Uv && !manifest.mentions("pytest") => {
            "uv run --with pytest pytest".to_owned()
        }
        Runner::Pytest => manager.run("pytest"),
        Runner::Tox if manager == Manager::Uv => "uvx tox".to_owned(),
        Runner::Tox => manager.run("tox"),
        Runner::Nox if manager == Manager::Uv => "uvx nox".to_owned(),
        Runner::Nox => manager.run("nox"),
        Runner::Django => manager.run("python manage.py test"),
        Runner::Unittest => manager.run(&unittest(project)),
    };
    finding.test(command);
}

/// The standard library's runner wants to be told where tests lie, whether that is a package, and odd file names.
fn unittest(project: &Project<'_>) -> String {
    let mut command = String::from("python -m unittest discover");
    let Some(file) = project.below().find(|path| test_module(path)) else {
        return command;
    };
    for directory in ["tests", "test"] {
        if file.starts_with(directory) && file.as_bytes().get(directory.len()) == Some(&b'/') {
            command.push_str(" -s ");
            command.push_str(directory);
            if project.has(&format!("{directory}/__init__.py")) {
                command.push_str(" -t .");
            }
        }
    }
    if file.ends_with("_test.py") {
        command.push_str(" -p '*_test.py'");
    }
    command
}
