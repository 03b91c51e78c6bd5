//! How to start it, where the repository says so plainly.

use super::super::detector::Finding;
use super::super::tree::Project;
use super::super::words::Word;
use super::manager::Manager;
use super::manifest::Manifest;

pub(super) fn commands(project: &Project<'_>, manifest: &Manifest, manager: Manager, finding: &mut Finding) {
    if project.has("manage.py") {
        finding.because(
            project.path("manage.py"),
            "Django's command file starts its server",
        );
        finding.start(manager.run("python manage.py runserver"));
        return;
    }
    let scripts = [&["project", "scripts"][..], &["tool", "poetry", "scripts"]];
    for path in scripts {
        let Some(table) = manifest.table(path) else {
            continue;
        };
        let place = path.join(".");
        // Several entry points are a choice that nothing here can make.
        if table.len() > 1 {
            finding.because(
                project.path("pyproject.toml"),
                format!("[{place}] has {} entry points", table.len()),
            );
        } else if let Some(name) = table.keys().next().and_then(|name| Word::new(name)) {
            finding.because(
                project.path("pyproject.toml"),
                format!("[{place}] has one entry point, `{name}`"),
            );
            finding.start(manager.script(name.as_str()));
            return;
        }
    }
    let app = project.first(&["app.py", "wsgi.py"]);
    if let Some(file) = app.filter(|_| manifest.requires("flask") || manifest.requires("Flask")) {
        finding.because(project.path(file), "a Flask application");
        finding.start(manager.run("flask run"));
    } else if let Some(file) = project.first(&["__main__.py", "main.py"]) {
        finding.because(project.path(file), "a main program");
        finding.start(manager.run(if file == "main.py" {
            "python main.py"
        } else {
            "python __main__.py"
        }));
    }
}
