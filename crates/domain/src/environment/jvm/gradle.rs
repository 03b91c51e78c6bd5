//! Gradle, in both of its languages: wrapper, included projects, what to compile, test and start. Android isn't
//! claimed: it needs an SDK that no plan here can promise.

use super::super::detector::Finding;
use super::super::tree::Project;
use super::super::words;
use super::gradle_build::{Build, included};
use super::runtime;

pub(super) const MARKERS: &[&str] = &[
    "settings.gradle.kts",
    "settings.gradle",
    "build.gradle.kts",
    "build.gradle",
];

/// Included projects whose build files are looked into.
const MAX_PROJECTS: usize = 64;

/// Plugins that start a program, and the task that does.
const STARTERS: &[(&[&str], &str)] = &[
    (&["org.springframework.boot"], "bootRun"),
    (&["io.quarkus"], "quarkusDev"),
    (
        &["application", "io.ktor.plugin", "io.micronaut.application"],
        "run",
    ),
];

pub(super) fn detect(project: &Project<'_>, marker: &str) -> Finding {
    let mut finding = Finding::new("gradle", project);
    finding.because(project.path(marker), "a Gradle build");
    let program = program(project, &mut finding);
    runtime::managers(project, &mut finding);

    let settings = project.first(&["settings.gradle.kts", "settings.gradle"]);
    let names = settings
        .and_then(|file| project.known(file))
        .map(included)
        .unwrap_or_default();
    if let Some(file) = settings.filter(|_| !names.is_empty()) {
        finding.covers_below();
        finding.because(project.path(file), format!("includes {} projects", names.len()));
    }
    let catalogue = project.known("gradle/libs.versions.toml").unwrap_or_default();
    let root = Build::read(project, None);
    if let Some((file, why)) = root
        .as_ref()
        .and_then(|build| build.trouble.as_ref().map(|why| (&build.file, why)))
    {
        finding.because(project.path(file), format!("it can't be used: {why}"));
    }
    let parts: Vec<(Option<&str>, Build)> = root
        .into_iter()
        .map(|build| (None, build))
        .chain(
            names
                .iter()
                .take(MAX_PROJECTS)
                .filter_map(|name| Some((Some(name.as_str()), Build::read(project, Some(name))?))),
        )
        .collect();

    if let Some(file) = android(project, &parts, catalogue) {
        finding.because(
            project.path(&file),
            "an Android project: it needs the Android SDK, which is not claimed here; no commands",
        );
        finding.runtime("java", None);
        return finding;
    }
    compile(project, program, &parts, &mut finding);
    test(project, program, &parts, &mut finding);
    start(project, program, &parts, &mut finding);
    java(project, &parts, &mut finding);
    finding.runtime("java", None);
    finding
}

/// The wrapper needs its properties and its jar; a jar is easily lost to a careless ignore file.
fn program(project: &Project<'_>, finding: &mut Finding) -> &'static str {
    if !project.has("gradlew") {
        finding.because(".", "no gradlew: Gradle has to be there");
        return "gradle";
    }
    for needed in [
        "gradle/wrapper/gradle-wrapper.properties",
        "gradle/wrapper/gradle-wrapper.jar",
    ] {
        if !project.has(needed) {
            finding.because(
                project.path("gradlew"),
                format!("the wrapper can't run without {needed}: Gradle has to be there"),
            );
            return "gradle";
        }
    }
    let version = project
        .known("gradle/wrapper/gradle-wrapper.properties")
        .and_then(|text| {
            text.lines()
                .take(100)
                .find_map(|line| line.trim().strip_prefix("distributionUrl"))
        })
        .and_then(|url| url.rsplit('/').next())
        .and_then(|file| file.strip_prefix("gradle-")?.strip_suffix(".zip"));
    finding.because(
        project.path("gradlew"),
        match version {
            Some(version) => format!("the wrapper brings its own Gradle, {}", words::quoted(version)),
            None => "the wrapper brings its own Gradle".to_owned(),
        },
    );
    "./gradlew"
}

fn android(project: &Project<'_>, parts: &[(Option<&str>, Build)], catalogue: &str) -> Option<String> {
    // Not `com.android.` as such: plugins for Gradle depend on Android's without being Android projects.
    let plugins = [
        "application",
        "library",
        "test",
        "dynamic-feature",
        "kotlin.multiplatform.library",
    ]
    .map(|name| format!("com.android.{name}"));
    let by_plugin = parts.iter().find(|(_, build)| {
        build.contains("libs.plugins.android") || plugins.iter().any(|plugin| build.contains(plugin))
    });
    by_plugin.map(|(_, build)| build.file.clone()).or_else(|| {
        let manifest = project
            .below()
            .find(|path| path.ends_with("src/main/AndroidManifest.xml"));
        match manifest {
            Some(file) => Some(file.to_owned()),
            None => catalogue
                .contains("com.android.application")
                .then(|| "gradle/libs.versions.toml".to_owned()),
        }
    })
}

fn compile(project: &Project<'_>, program: &str, parts: &[(Option<&str>, Build)], finding: &mut Finding) {
    if let Some((_, build)) = parts.iter().find(|(_, build)| build.multiplatform()) {
        finding.because(project.path(&build.file), "Kotlin Multiplatform");
        finding.install(format!("{program} assemble"));
    } else if let Some((_, build)) = parts.iter().find(|(_, build)| build.jvm()) {
        finding.because(
            project.path(&build.file),
            if build.kotlin() {
                "compiles Kotlin for the JVM"
            } else {
                "compiles for the JVM"
            },
        );
        // Compiles the tests as well, so that their dependencies are there when the network isn't.
        finding.install(format!("{program} testClasses"));
    } else {
        finding.install(format!("{program} assemble"));
    }
}

fn test(project: &Project<'_>, program: &str, parts: &[(Option<&str>, Build)], finding: &mut Finding) {
    let file = project.below().find(|path| {
        let Some((before, after)) = path.split_once("src/") else {
            return false;
        };
        let set = after.split('/').next().unwrap_or_default();
        (before.is_empty() || before.ends_with('/')) && (set == "test" || set.ends_with("Test"))
    });
    let Some(file) = file else {
        finding.because(".", "no src/test: nothing to test");
        return;
    };
    finding.because(project.path(file), "tests lie here");
    let multiplatform = parts.iter().find(|(_, build)| build.multiplatform());
    finding.test(match multiplatform {
        Some((_, build)) if build.contains("jvm(") || build.contains("jvm {") => format!("{program} jvmTest"),
        Some(_) => format!("{program} allTests"),
        None => format!("{program} test"),
    });
}

fn start(project: &Project<'_>, program: &str, parts: &[(Option<&str>, Build)], finding: &mut Finding) {
    for (plugins, task) in STARTERS {
        let with: Vec<&(Option<&str>, Build)> = parts
            .iter()
            .filter(|(_, build)| plugins.iter().any(|plugin| build.applies(plugin)))
            .collect();
        match with.as_slice() {
            [] => continue,
            [(place, build)] => {
                finding.because(
                    project.path(&build.file),
                    format!("its plugins give the task `{task}`"),
                );
                finding.start(match place {
                    Some(name) => format!("{program} :{name}:{task}"),
                    None => format!("{program} {task}"),
                });
            }
            several => finding.because(
                ".",
                format!("{} projects with the task `{task}`: a choice", several.len()),
            ),
        }
        return;
    }
}

fn java(project: &Project<'_>, parts: &[(Option<&str>, Build)], finding: &mut Finding) {
    let daemon = project
        .known("gradle/gradle-daemon-jvm.properties")
        .and_then(|text| {
            text.lines()
                .take(100)
                .find_map(|line| line.trim().strip_prefix("toolchainVersion="))
        });
    // The build's own Java counts before the one that Gradle itself runs on.
    let mut conventions: Vec<Build> = Vec::new();
    for directory in ["buildSrc", "build-logic"] {
        let prefix = format!("{directory}/");
        let files = project.below().filter(|path| {
            path.starts_with(&prefix) && (path.ends_with(".gradle.kts") || path.ends_with(".gradle"))
        });
        conventions.extend(files.take(16).filter_map(|file| Build::file(project, file)));
    }
    let stated = parts
        .iter()
        .map(|(_, build)| build)
        .chain(&conventions)
        .find_map(|build| build.java().map(|(place, version)| (build, place, version)));
    if let Some((build, place, version)) = stated {
        finding.runtime_from("java", &project.path(&build.file), place, version);
    }
    if let Some(version) = daemon {
        finding.runtime_from(
            "java",
            &project.path("gradle/gradle-daemon-jvm.properties"),
            "toolchainVersion",
            version,
        );
    }
}
