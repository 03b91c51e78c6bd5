//! Where to look: the root, and the directories just below for what the root doesn't answer.

use std::collections::BTreeSet;

use super::detector::{Finding, Role};
use super::tree::{Project, Tree};
use super::words::Word;
use super::{DETECTORS, Detector};

/// Directories whose manifests belong to something else.
const ASIDE: &[&str] = &[
    "docs",
    "doc",
    "examples",
    "example",
    "samples",
    "sample",
    "demo",
    "demos",
    "test",
    "tests",
    "testdata",
    "fixtures",
    "vendor",
    "third_party",
    "third-party",
    "external",
    "node_modules",
    "benchmarks",
    "bench",
    "benches",
    "templates",
    "buildSrc",
    "build-logic",
];

/// Directories that serve the project at the root and aren't one of its parts; projects of their own only when the root
/// holds none.
const SERVING: &[&str] = &[
    "website",
    "site",
    "www",
    "e2e",
    "tools",
    "scripts",
    "ci",
    "infra",
    "deploy",
    "contrib",
    "playground",
];

/// How many directories below the root may add to a plan, and how many are looked into.
const MAX_PROJECTS: usize = 6;
const MAX_LOOKED: usize = 400;

/// A detector's answer, with where it comes from.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) detector: usize,
    pub(super) role: Role,
    /// False for the root of the repository.
    pub(super) below: bool,
    pub(super) finding: Finding,
}

/// All findings, and whether there were more projects than a plan holds.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) located: Vec<Located>,
    pub(super) cut: bool,
}

pub(super) fn findings(tree: &Tree<'_>) -> Found {
    let mut located = look(&tree.root(), |_| true);
    let at_root = |located: &Located| located.role == Role::Ecosystem;
    let rooted = located.iter().any(at_root);
    let covered: Vec<usize> = located
        .iter()
        .filter(|located| at_root(located) && !located.finding.leaves_below())
        .map(|located| located.detector)
        .collect();

    let mut known: Vec<String> = Vec::new();
    let mut cut = false;
    for directory in candidates(tree, rooted) {
        let name = directory.to_string();
        // What lies inside of a project that was found is part of it.
        if known.iter().any(|outer| name.starts_with(outer.as_str())) {
            continue;
        }
        let here = look(&tree.directory(directory), |index| {
            DETECTORS
                .get(index)
                .is_some_and(|detector| detector.role() == Role::Ecosystem)
                && !covered.contains(&index)
        });
        if here.is_empty() {
            continue;
        }
        if known.len() == MAX_PROJECTS {
            cut = true;
            break;
        }
        known.push(format!("{name}/"));
        located.extend(here);
    }
    Found { located, cut }
}

fn look(project: &Project<'_>, asked: impl Fn(usize) -> bool) -> Vec<Located> {
    DETECTORS
        .iter()
        .enumerate()
        .filter(|(index, _)| asked(*index))
        .filter_map(|(index, detector)| {
            let finding = detector.detect(project)?;
            Some(Located {
                detector: index,
                role: detector.role(),
                below: project.directory().is_some(),
                finding,
            })
        })
        .collect()
}

/// Directories at most two steps down that hold something a detector reads, shallow ones first, then by name. A
/// directory whose name isn't a plain word is left out: its name would have to enter a command.
fn candidates(tree: &Tree<'_>, rooted: bool) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for depth in 1..=2 {
        for path in tree.files() {
            let Some((directory, name)) = path.rsplit_once('/') else {
                continue;
            };
            if directory.split('/').count() != depth || !manifest(name) || !seen.insert(directory) {
                continue;
            }
            let aside = directory.split('/').any(|step| {
                step.starts_with('.') || ASIDE.contains(&step) || rooted && SERVING.contains(&step)
            });
            if aside {
                continue;
            }
            found.extend(Word::new(directory));
            if found.len() == MAX_LOOKED {
                return found;
            }
        }
    }
    found
}

fn manifest(name: &str) -> bool {
    ecosystems()
        .flat_map(|detector| detector.wanted())
        .any(|wanted| match wanted.strip_prefix('*') {
            Some(end) => name.ends_with(end),
            None => *wanted == name,
        })
}

fn ecosystems() -> impl Iterator<Item = &'static &'static dyn Detector> {
    DETECTORS
        .iter()
        .filter(|detector| detector.role() == Role::Ecosystem)
}
