//! .NET: solutions and projects in C#, F# and Visual Basic.

mod project_file;
mod runtime;

use super::detector::{Detector, Finding};
use super::tree::Project;
use super::words::Word;
use project_file::{Kind, ProjectFile};

/// Project files that are looked into, and test projects that get their own command.
const MAX_FILES: usize = 100;
const MAX_COMMANDS: usize = 4;

#[derive(Debug)]
pub(super) struct DotNet;

/// What `dotnet` is pointed at.
#[derive(Debug)]
enum Target {
    /// The only project or solution in the directory: needs no name.
    Only,
    Named(Word),
    /// No solution: every project by its path.
    Each(Vec<Word>),
}

impl Detector for DotNet {
    fn ecosystem(&self) -> &'static str {
        ".NET"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &[
            "*.sln",
            "*.slnx",
            "*.csproj",
            "*.fsproj",
            "*.vbproj",
            "global.json",
            "Directory.Build.props",
            ".tool-versions",
        ]
    }

    fn looked_for(&self) -> &'static str {
        ".NET: *.sln, *.slnx, *.csproj, *.fsproj, *.vbproj (dotnet)"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["cs", "fs", "vb", "razor", "cshtml"]
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let mut finding = Finding::new("dotnet", project);
        let target = target(project, &mut finding)?;
        let files: Vec<ProjectFile<'_>> = project
            .below()
            .filter(|path| project_file::is(path) && !path.contains("node_modules/"))
            .take(MAX_FILES)
            .map(|path| ProjectFile::read(project, path))
            .collect();
        if !matches!(&target, Target::Only) || files.len() > 1 {
            finding.covers_below();
        }
        runtime::state(project, &files, &mut finding);
        if let Some(old) = files.iter().find(|file| file.windows_only()) {
            finding.because(
                project.path(old.path),
                "it targets .NET Framework or Windows, which can't be built here; no commands",
            );
            if files.iter().all(ProjectFile::windows_only) {
                return Some(finding);
            }
        }
        install(project, &target, &files, &mut finding);
        test(project, &target, &files, &mut finding);
        start(project, &files, &mut finding);
        Some(finding)
    }
}

/// A solution in the directory, else its only project, else (at the root of a repository that configures .NET) every
/// project below.
fn target(project: &Project<'_>, finding: &mut Finding) -> Option<Target> {
    let mut solutions: Vec<(&str, usize)> = project
        .here()
        .filter(|name| name.ends_with(".sln") || name.ends_with(".slnx"))
        .map(|name| {
            let text = project.known(name).unwrap_or_default();
            (
                name,
                text.matches("Project(").count() + text.matches("<Project ").count(),
            )
        })
        .collect();
    let projects: Vec<&str> = project.here().filter(|name| project_file::is(name)).collect();
    if !solutions.is_empty() {
        // The solution with most projects is the whole; others are cuts of it.
        solutions.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        let total = solutions.len() + projects.len();
        for (name, count) in solutions.iter().take(8) {
            finding.because(project.path(name), format!("a solution with {count} projects"));
        }
        if total == 1 {
            return Some(Target::Only);
        }
        let named = solutions.iter().find_map(|(name, _)| Word::new(name));
        return match named {
            Some(name) => Some(Target::Named(name)),
            None => {
                finding.because(
                    ".",
                    "several solutions or projects, and no name that is a plain word",
                );
                Some(Target::Each(Vec::new()))
            }
        };
    }
    match projects.as_slice() {
        [] => {}
        [one] => {
            finding.because(project.path(one), "a project without a solution");
            return Some(Target::Only);
        }
        several => {
            finding.because(
                project.path("."),
                format!("{} projects without a solution", several.len()),
            );
            return Some(Target::Each(
                several.iter().filter_map(|name| Word::new(name)).collect(),
            ));
        }
    }
    let marker = project.first(&["Directory.Build.props", "global.json"])?;
    let solution_below = project
        .below()
        .any(|path| path.matches('/').count() <= 2 && (path.ends_with(".sln") || path.ends_with(".slnx")));
    let below: Vec<Word> = project
        .below()
        .filter(|path| project_file::is(path) && path.matches('/').count() <= 4)
        .take(MAX_FILES)
        .filter_map(Word::new)
        .collect();
    if solution_below || below.is_empty() {
        return None;
    }
    finding.because(
        project.path(marker),
        format!(
            "configures .NET for {} projects below, which no solution joins",
            below.len()
        ),
    );
    Some(Target::Each(below))
}

fn install(project: &Project<'_>, target: &Target, files: &[ProjectFile<'_>], finding: &mut Finding) {
    if let Some(file) = project.first(&[".config/dotnet-tools.json", "dotnet-tools.json"]) {
        finding.because(project.path(file), "names the repository's own tools");
        finding.install("dotnet tool restore");
    }
    let locked = !files.is_empty()
        && files.iter().all(|file| {
            let directory = file.path.rsplit_once('/').map_or("", |(directory, _)| directory);
            let lock = if directory.is_empty() {
                "packages.lock.json".to_owned()
            } else {
                format!("{directory}/packages.lock.json")
            };
            project.has(&lock)
        });
    let mode = if locked { " --locked-mode" } else { "" };
    if locked {
        finding.because(
            project.path("packages.lock.json"),
            "every project has a lockfile: restore exactly what they say",
        );
    }
    match target {
        Target::Only => finding.install(format!("dotnet restore{mode}")),
        Target::Named(name) => finding.install(format!("dotnet restore {name}{mode}")),
        Target::Each(names) => {
            for name in names.iter().take(MAX_COMMANDS * 2) {
                finding.install(format!("dotnet restore {name}{mode}"));
            }
        }
    }
}

fn test(project: &Project<'_>, target: &Target, files: &[ProjectFile<'_>], finding: &mut Finding) {
    let tests: Vec<&ProjectFile<'_>> = files.iter().filter(|file| file.kind == Kind::Test).collect();
    let Some(first) = tests.first() else {
        finding.because(".", "no test project");
        return;
    };
    finding.because(
        project.path(first.path),
        format!("one of {} test projects: {}", tests.len(), first.because),
    );
    match target {
        Target::Only => finding.test("dotnet test"),
        Target::Named(name) => finding.test(format!("dotnet test {name}")),
        Target::Each(_) => {
            for name in tests
                .iter()
                .filter_map(|file| Word::new(file.path))
                .take(MAX_COMMANDS)
            {
                finding.test(format!("dotnet test {name}"));
            }
        }
    }
}

/// An Aspire host starts everything; else the only web application; else the only program.
fn start(project: &Project<'_>, files: &[ProjectFile<'_>], finding: &mut Finding) {
    for kind in [Kind::Host, Kind::Web, Kind::Program] {
        let found: Vec<&ProjectFile<'_>> = files.iter().filter(|file| file.kind == kind).collect();
        match found.as_slice() {
            [] => continue,
            [one] => {
                finding.because(project.path(one.path), one.because);
                let alone = !one.path.contains('/')
                    && project.here().filter(|name| project_file::is(name)).count() == 1;
                if alone {
                    finding.start("dotnet run");
                } else if let Some(path) = Word::new(one.path) {
                    finding.start(format!("dotnet run --project {path}"));
                }
            }
            several => finding.because(".", format!("{} programs to choose from", several.len())),
        }
        return;
    }
}
