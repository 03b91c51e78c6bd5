//! asdf: `.tool-versions` names runtimes for whatever else is in the repository.

use super::detector::{Detector, Finding, Role};
use super::tools::{self, ASDF};
use super::tree::Project;

#[derive(Debug)]
pub(super) struct Asdf;

impl Detector for Asdf {
    fn ecosystem(&self) -> &'static str {
        "asdf"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &[ASDF]
    }

    fn looked_for(&self) -> &'static str {
        ".tool-versions (asdf, mise), for runtimes"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn role(&self) -> Role {
        Role::Toolchain
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        project.first(&[ASDF])?;
        let mut finding = Finding::new("asdf", project);
        tools::asdf(project, None, &mut finding);
        if finding.evidence.is_empty() {
            finding.because(project.path(ASDF), "it states no version of a known runtime");
        }
        Some(finding)
    }
}
