//! Java and Kotlin (and what else runs on the JVM): Maven and Gradle.

mod gradle;
mod gradle_build;
mod maven;
mod runtime;

use super::detector::{Detector, Finding};
use super::tree::Project;

#[derive(Debug)]
pub(super) struct Jvm;

impl Detector for Jvm {
    fn ecosystem(&self) -> &'static str {
        "Java and Kotlin"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &[
            "pom.xml",
            "*.gradle",
            "*.gradle.kts",
            "libs.versions.toml",
            "gradle-wrapper.properties",
            "gradle-daemon-jvm.properties",
            ".java-version",
            ".sdkmanrc",
            ".tool-versions",
        ]
    }

    fn looked_for(&self) -> &'static str {
        "Java and Kotlin: pom.xml, build.gradle, build.gradle.kts, settings.gradle (Maven, Gradle)"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["java", "kt", "kts", "groovy", "scala"]
    }

    /// With both builds in one directory, the one that brings its wrapper leads, then Maven.
    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let maven = project.has("pom.xml");
        let gradle = project.first(gradle::MARKERS);
        match (maven, gradle) {
            (true, Some(other)) => {
                let mut finding = if project.has("gradlew") && !project.has("mvnw") {
                    gradle::detect(project, other)
                } else {
                    maven::detect(project)
                };
                let leads = finding.manager;
                finding.because(
                    project.path(if leads == "maven" { other } else { "pom.xml" }),
                    format!("a second build lies here too; {leads} goes first"),
                );
                Some(finding)
            }
            (true, None) => Some(maven::detect(project)),
            (false, Some(marker)) => Some(gradle::detect(project, marker)),
            (false, None) => None,
        }
    }
}
