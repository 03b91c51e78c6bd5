//! Test and start commands. Only scripts of well-known names are ever run, so a script's name never comes from the file.

use super::super::detector::Finding;
use super::super::tree::Project;
use super::super::words;
use super::manager::Manager;
use super::manifest::Manifest;
use super::workspaces::Members;

/// What `npm init` writes when nobody answers.
const PLACEHOLDER: &str = "no test specified";

pub(super) fn test(
    project: &Project<'_>,
    manifest: &Manifest,
    manager: Manager,
    members: &Members,
    finding: &mut Finding,
) {
    let path = project.path("package.json");
    for script in ["test", "test:ci", "test:unit"] {
        let Some(text) = manifest.script(script) else {
            continue;
        };
        if text.contains(PLACEHOLDER) {
            finding.because(
                &path,
                format!("script `{script}` is only the placeholder of `npm init`"),
            );
            continue;
        }
        finding.because(&path, format!("script `{script}` runs {}", words::quoted(text)));
        finding.test(manager.run(script));
        return;
    }
    if let Some(member) = &members.tested {
        let everywhere = match manager {
            Manager::Npm => "npm test --workspaces --if-present",
            Manager::Pnpm => "pnpm --recursive --if-present run test",
            Manager::YarnBerry => "yarn workspaces foreach --all run test",
            Manager::YarnClassic => "yarn workspaces run test",
            Manager::Bun => "bun run --filter '*' test",
        };
        finding.because(
            member,
            "this workspace member has a test script; the root has none",
        );
        finding.test(everywhere);
        return;
    }
    for (tool, command) in [("vitest", "vitest run"), ("jest", "jest"), ("mocha", "mocha")] {
        if manifest.depends_on(tool) {
            finding.because(&path, format!("no test script, but it depends on {tool}"));
            finding.test(manager.execute(command));
            return;
        }
    }
    let bun_tests = manager == Manager::Bun
        && project.below().any(|file| {
            !file.contains("node_modules/") && (file.contains(".test.") || file.contains(".spec."))
        });
    if bun_tests {
        finding.because(&path, "no test script, but test files that `bun test` finds");
        finding.test("bun test");
    }
}

/// Ways to start it, preferred first.
pub(super) fn start(project: &Project<'_>, manifest: &Manifest, manager: Manager, finding: &mut Finding) {
    let path = project.path("package.json");
    for script in ["start", "dev", "serve"] {
        let Some(text) = manifest.script(script) else {
            continue;
        };
        finding.because(&path, format!("script `{script}` runs {}", words::quoted(text)));
        finding.start(manager.run(script));
        if finding.start.len() == 2 {
            return;
        }
    }
}
