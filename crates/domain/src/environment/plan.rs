//! Joins what the detectors found into one plan.

use protocol::environment::{EnvironmentPlan, Evidence};

use super::DETECTORS;
use super::detector::Role;
use super::projects::Located;
use super::tree::Tree;

/// Lines kept in each list of a plan.
const MAX_COMMANDS: usize = 16;
const MAX_EVIDENCE: usize = 64;

pub(super) fn assemble(tree: &Tree<'_>, mut found: Vec<Located>) -> EnvironmentPlan {
    let mut plan = EnvironmentPlan {
        files_scanned: tree.count() as u64,
        ..EnvironmentPlan::default()
    };
    if tree.truncated() {
        plan.evidence.push(Evidence {
            file: ".".to_owned(),
            because: format!(
                "the repository has more files than were looked at ({})",
                tree.count()
            ),
        });
    }

    order(tree, &mut found, &mut plan);
    plan.package_manager = found.first().map(|located| located.finding.manager.to_owned());
    for located in &found {
        let finding = &located.finding;
        match located.role {
            Role::Ecosystem => {
                plan.install.extend(finding.install.iter().cloned());
                plan.test.extend(finding.test.iter().cloned());
                plan.start.extend(finding.start.iter().cloned());
            }
            Role::TaskRunner => {
                fill(&mut plan.install, &finding.install);
                fill(&mut plan.test, &finding.test);
                fill(&mut plan.start, &finding.start);
            }
        }
        for wish in &finding.runtimes {
            if !plan.runtimes.contains(wish) {
                plan.runtimes.push(wish.clone());
            }
        }
        plan.evidence.extend(finding.evidence.iter().cloned());
    }
    if plan.package_manager.is_none() {
        plan.looked_for = DETECTORS
            .iter()
            .map(|detector| detector.looked_for().to_owned())
            .collect();
    }
    plan.install.truncate(MAX_COMMANDS);
    plan.test.truncate(MAX_COMMANDS);
    plan.start.truncate(MAX_COMMANDS);
    plan.runtimes.truncate(MAX_COMMANDS);
    plan.evidence.truncate(MAX_EVIDENCE);
    plan
}

/// Task runners speak only where no ecosystem did.
fn fill(list: &mut Vec<String>, from: &[String]) {
    if list.is_empty() {
        list.extend(from.iter().cloned());
    }
}

/// The main ecosystem comes first: among several, the one with most source files.
fn order(tree: &Tree<'_>, found: &mut [Located], plan: &mut EnvironmentPlan) {
    let mut sources = [0_usize; 64];
    for path in tree.files() {
        let Some((_, extension)) = path.rsplit_once('.') else {
            continue;
        };
        for (index, detector) in DETECTORS.iter().enumerate() {
            if let Some(count) = sources.get_mut(index)
                && detector.extensions().contains(&extension)
            {
                *count += 1;
            }
        }
    }
    let count = |located: &Located| sources.get(located.detector).copied().unwrap_or(0);
    found.sort_by_key(|located| {
        (
            located.role == Role::TaskRunner,
            std::cmp::Reverse(count(located)),
            located.detector,
        )
    });

    let mut ecosystems: Vec<usize> = found
        .iter()
        .filter(|located| located.role == Role::Ecosystem)
        .map(|located| located.detector)
        .collect();
    ecosystems.dedup();
    if let [main, _, ..] = ecosystems.as_slice()
        && let Some(detector) = DETECTORS.get(*main)
    {
        plan.evidence.push(Evidence {
            file: ".".to_owned(),
            because: format!(
                "several ecosystems; {} has the most source files ({})",
                detector.ecosystem(),
                sources.get(*main).copied().unwrap_or(0)
            ),
        });
    }
}
