//! Joins what the detectors found into one plan.

use protocol::environment::{EnvironmentPlan, Evidence, RuntimeWish};

use super::DETECTORS;
use super::detector::Role;
use super::projects::{Found, Located};
use super::tree::Tree;

/// Lines kept in each list of a plan.
const MAX_COMMANDS: usize = 16;
const MAX_EVIDENCE: usize = 64;

pub(super) fn assemble(tree: &Tree<'_>, found: Found) -> EnvironmentPlan {
    let Found { mut located, cut } = found;
    let mut plan = EnvironmentPlan {
        files_scanned: tree.count() as u64,
        ..EnvironmentPlan::default()
    };
    let mut whole = |because: String| {
        plan.evidence.push(Evidence {
            file: ".".to_owned(),
            because,
        });
    };
    if tree.truncated() {
        whole(format!(
            "the repository has more files than were looked at ({})",
            tree.count()
        ));
    }
    if cut {
        whole("there are more projects in folders than a plan holds; the first ones by depth and name are in it".to_owned());
    }

    order(tree, &mut located, &mut plan);
    plan.package_manager = located
        .first()
        .filter(|located| matches!(located.role, Role::Ecosystem | Role::TaskRunner))
        .map(|located| located.finding.manager.to_owned());
    let ecosystem = located.iter().any(|located| located.role == Role::Ecosystem);
    for located in &located {
        let finding = &located.finding;
        if located.role == Role::Ecosystem {
            plan.install.extend(finding.install.iter().cloned());
            plan.test.extend(finding.test.iter().cloned());
            plan.start.extend(finding.start.iter().cloned());
        } else {
            fill(&mut plan.install, &finding.install);
            fill(&mut plan.test, &finding.test);
            fill(&mut plan.start, &finding.start);
        }
        for wish in &finding.runtimes {
            match located.role {
                Role::Ecosystem => plan.runtimes.push(wish.clone()),
                Role::TaskRunner | Role::Toolchain => join(&mut plan.runtimes, wish, true),
                Role::Hint => join(&mut plan.runtimes, wish, !ecosystem),
            }
        }
        for line in &finding.evidence {
            if !plan.evidence.contains(line) {
                plan.evidence.push(line.clone());
            }
        }
    }
    if plan.package_manager.is_none() {
        plan.looked_for = DETECTORS
            .iter()
            .map(|detector| detector.looked_for().to_owned())
            .collect();
    }
    unique(&mut plan.install);
    unique(&mut plan.test);
    unique(&mut plan.start);
    unique(&mut plan.runtimes);
    plan.evidence.truncate(MAX_EVIDENCE);
    plan
}

/// Keeps the first of equal entries, and no more than a plan holds.
fn unique<T: PartialEq>(list: &mut Vec<T>) {
    let mut kept: Vec<T> = Vec::new();
    for entry in list.drain(..) {
        if kept.len() < MAX_COMMANDS && !kept.contains(&entry) {
            kept.push(entry);
        }
    }
    *list = kept;
}

/// Task runners and the like speak only where no ecosystem did.
fn fill(list: &mut Vec<String>, from: &[String]) {
    if list.is_empty() {
        list.extend(from.iter().cloned());
    }
}

/// What isn't an ecosystem adds a version where none was stated, and a runtime that nobody named.
fn join(runtimes: &mut Vec<RuntimeWish>, wish: &RuntimeWish, add: bool) {
    let mut named = false;
    for known in runtimes.iter_mut().filter(|known| known.name == wish.name) {
        named = true;
        if known.version.is_none() {
            known.version.clone_from(&wish.version);
        }
    }
    if !named && add {
        runtimes.push(wish.clone());
    }
}

/// The main ecosystem comes first: the root's before those of folders, then the one with most source files, then the
/// order of the detectors. A root that has nothing to test or start only configures tooling, and doesn't lead.
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
    let ecosystem = |located: &&Located| located.role == Role::Ecosystem;
    let root_leads = found
        .iter()
        .filter(ecosystem)
        .any(|located| !located.below && !located.finding.bare());
    found.sort_by_key(|located| {
        (
            located.role,
            root_leads && located.below,
            std::cmp::Reverse(count(located)),
            located.detector,
        )
    });

    let mut rest = found.iter().filter(ecosystem);
    let Some(main) = rest.next() else { return };
    let others: Vec<&Located> = rest.filter(|located| located.detector != main.detector).collect();
    let Some(detector) = DETECTORS.get(main.detector).filter(|_| !others.is_empty()) else {
        return;
    };
    let name = detector.ecosystem();
    let because = if root_leads && others.iter().all(|other| other.below) {
        format!("several ecosystems; {name} leads: it lies at the root")
    } else {
        format!(
            "several ecosystems; {name} has the most source files ({})",
            count(main)
        )
    };
    plan.evidence.push(Evidence {
        file: ".".to_owned(),
        because,
    });
}
