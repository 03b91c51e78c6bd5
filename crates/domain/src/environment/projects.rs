//! Where to look: the root first, and where the root says nothing, the directories just below.

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
    "test",
    "tests",
    "testdata",
    "fixtures",
    "vendor",
    "third_party",
    "node_modules",
    "benchmarks",
    "benches",
    "templates",
];

/// How many directories below the root may add to a plan.
const MAX_PROJECTS: usize = 4;

/// A detector's answer, with where it comes from.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) detector: usize,
    pub(super) role: Role,
    pub(super) finding: Finding,
}

pub(super) fn findings(tree: &Tree<'_>) -> Vec<Located> {
    let mut found = look(&tree.root());
    if !found.iter().any(|located| located.role == Role::Ecosystem) {
        for directory in candidates(tree) {
            found.extend(
                look(&tree.directory(directory))
                    .into_iter()
                    .filter(|located| located.role == Role::Ecosystem),
            );
        }
    }
    found
}

fn look(project: &Project<'_>) -> Vec<Located> {
    DETECTORS
        .iter()
        .enumerate()
        .filter_map(|(index, detector)| {
            let finding = detector.detect(project)?;
            Some(Located {
                detector: index,
                role: detector.role(),
                finding,
            })
        })
        .collect()
}

/// Directories at most two steps down that hold something a detector reads, shallow ones first. A directory whose name
/// isn't a plain word is left out: its name would have to enter a command.
fn candidates(tree: &Tree<'_>) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    for depth in 1..=2 {
        for path in tree.files() {
            let Some((directory, name)) = path.rsplit_once('/') else {
                continue;
            };
            if directory.split('/').count() != depth || !manifest(name) {
                continue;
            }
            if directory
                .split('/')
                .any(|step| step.starts_with('.') || ASIDE.contains(&step))
            {
                continue;
            }
            let inside_known = found
                .iter()
                .any(|known| directory == known.as_str() || directory.starts_with(&format!("{known}/")));
            if inside_known {
                continue;
            }
            let Some(directory) = Word::new(directory) else {
                continue;
            };
            if tree_has_project(tree, &directory) {
                found.push(directory);
            }
            if found.len() == MAX_PROJECTS {
                return found;
            }
        }
    }
    found
}

fn manifest(name: &str) -> bool {
    ecosystems().any(|detector| detector.wanted().contains(&name))
}

fn tree_has_project(tree: &Tree<'_>, directory: &Word) -> bool {
    let project = tree.directory(directory.clone());
    ecosystems().any(|detector| detector.detect(&project).is_some())
}

fn ecosystems() -> impl Iterator<Item = &'static &'static dyn Detector> {
    DETECTORS
        .iter()
        .filter(|detector| detector.role() == Role::Ecosystem)
}
