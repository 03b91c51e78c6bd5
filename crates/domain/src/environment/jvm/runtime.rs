//! Which Java: files of version managers first, then what the build states.

use super::super::detector::Finding;
use super::super::tools;
use super::super::tree::Project;

/// What version managers' files say; they are more exact than any build.
pub(super) fn managers(project: &Project<'_>, finding: &mut Finding) {
    if let Some(stated) = project
        .known(".java-version")
        .and_then(|text| text.lines().next())
    {
        finding.runtime_from("java", &project.path(".java-version"), "it", stated);
    }
    let sdkman = project.known(".sdkmanrc").and_then(|text| {
        text.lines()
            .take(100)
            .find_map(|line| line.trim().strip_prefix("java="))
    });
    if let Some(stated) = sdkman {
        finding.runtime_from("java", &project.path(".sdkmanrc"), "it", stated);
    }
    tools::state(project, "java", finding);
}
