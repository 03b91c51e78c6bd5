//! JavaScript and TypeScript: npm, pnpm, yarn (classic and berry) and bun, with workspaces.

mod manager;
mod manifest;
mod runtime;
mod scripts;
mod workspaces;

use super::detector::{Detector, Finding};
use super::tree::Project;
use manager::Manager;
use manifest::Manifest;

#[derive(Debug)]
pub(super) struct JavaScript;

impl Detector for JavaScript {
    fn ecosystem(&self) -> &'static str {
        "JavaScript"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &[
            "package.json",
            "yarn.lock",
            ".nvmrc",
            ".node-version",
            ".bun-version",
            ".tool-versions",
        ]
    }

    fn looked_for(&self) -> &'static str {
        "JavaScript: package.json (npm, pnpm, yarn, bun)"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[
            "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte",
        ]
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let parsed = project.json::<Manifest>("package.json")?;
        let path = project.path("package.json");
        let (manifest, trouble) = match parsed {
            Ok(manifest) => (manifest, None),
            Err(why) => (Manifest::default(), Some(why)),
        };
        let choice = manager::choose(project, &manifest);
        let mut finding = Finding::new(choice.manager.name(), project);
        if let Some(why) = trouble {
            finding.because(&path, format!("package.json can't be used: {why}"));
        }
        for (file, because) in &choice.evidence {
            finding.because(project.path(file), because);
        }
        finding.install(choice.install());
        runtime::node(project, &manifest, &mut finding);
        if choice.manager == Manager::Bun {
            runtime::bun(project, choice.version.as_deref(), &mut finding);
        }
        let members = workspaces::members(project, &manifest, &mut finding);
        scripts::test(project, &manifest, choice.manager, &members, &mut finding);
        scripts::start(project, &manifest, choice.manager, &mut finding);
        Some(finding)
    }
}
