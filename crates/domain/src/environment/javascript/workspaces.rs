//! Workspaces: one install at the root serves all members.

use super::super::detector::Finding;
use super::super::tree::Project;
use super::manifest::Manifest;

/// Members whose manifests are looked into.
const MAX_LOOKED: usize = 200;

#[derive(Debug, Default)]
pub(super) struct Members {
    /// A member's manifest that has a real test script, if any.
    pub(super) tested: Option<String>,
}

pub(super) fn members(project: &Project<'_>, manifest: &Manifest, finding: &mut Finding) -> Members {
    let patterns = manifest.workspaces();
    let pnpm = project.has("pnpm-workspace.yaml");
    if patterns.is_none() && !pnpm {
        return Members::default();
    }
    finding.covers_below();
    let patterns = patterns.unwrap_or_default();
    let belongs = |file: &str| {
        let Some(directory) = file.strip_suffix("/package.json") else {
            return false;
        };
        if file.contains("node_modules/") {
            return false;
        }
        // Pnpm's patterns are in YAML, which nothing here reads; every manifest below counts then.
        pnpm || patterns.iter().any(|pattern| matches(pattern, directory))
    };
    let found: Vec<&str> = project.below().filter(|file| belongs(file)).collect();
    let place = if pnpm {
        "pnpm-workspace.yaml"
    } else {
        "package.json"
    };
    finding.because(
        project.path(place),
        format!("a workspace with {} members, installed at its root", found.len()),
    );
    let tested = found.iter().take(MAX_LOOKED).find(|file| {
        matches!(project.json::<Manifest>(file), Some(Ok(member)) if member.script("test").is_some_and(|text| !text.contains("no test specified")))
    });
    Members {
        tested: tested.map(|file| project.path(file)),
    }
}

/// Enough of glob matching for workspace patterns: everything before the first `*` has to agree.
fn matches(pattern: &str, directory: &str) -> bool {
    let pattern = pattern
        .strip_prefix("./")
        .unwrap_or(pattern)
        .trim_end_matches('/');
    match pattern.split_once('*') {
        None => pattern == directory,
        Some((prefix, rest)) => {
            let Some(inside) = directory.strip_prefix(prefix) else {
                return false;
            };
            !inside.is_empty() && (rest.starts_with('*') || !inside.contains('/'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        assert!(matches("packages/*", "packages/a"));
        assert!(!matches("packages/*", "packages/a/b"));
        assert!(matches("packages/**", "packages/a/b"));
        assert!(matches("./web", "web"));
        assert!(!matches("packages/*", "apps/a"));
        assert!(!matches("packages/*", "packages/"));
    }
}
