//! Maven: single projects and reactors, with or without the wrapper.

use super::super::detector::Finding;
use super::super::markup::Markup;
use super::super::tree::{Project, Text};
use super::super::words::{self, Word};
use super::runtime;

/// Modules whose pom.xml is looked into.
const MAX_MODULES: usize = 64;

/// Plugins that start a program, and the goal that does.
const STARTERS: &[(&str, &str)] = &[
    ("spring-boot-maven-plugin", "spring-boot:run"),
    ("quarkus-maven-plugin", "quarkus:dev"),
    ("micronaut-maven-plugin", "mn:run"),
    ("jetty-maven-plugin", "jetty:run"),
];

pub(super) fn detect(project: &Project<'_>) -> Finding {
    let mut finding = Finding::new("maven", project);
    let path = project.path("pom.xml");
    let text = match project.text("pom.xml") {
        Text::Known(text) => text,
        Text::Unreadable(why) => {
            finding.because(&path, format!("pom.xml can't be used: {why}"));
            ""
        }
        Text::Absent => "",
    };
    let pom = Markup::new(text);
    if !text.is_empty() && !pom.contains("<project") {
        finding.because(&path, "pom.xml can't be used: it holds no <project>");
    }
    let program = program(project, &mut finding);
    let modules = modules(project, &pom);
    // A reactor's modules depend on each other, so they have to be in the local repository before one of them can be
    // started on its own; a single project needs no more than a build.
    let goal = if modules.is_empty() { "package" } else { "install" };
    finding.install(format!("{program} -B -ntp -DskipTests {goal}"));
    if !modules.is_empty() {
        finding.covers_below();
        finding.because(
            &path,
            format!("a reactor with {} modules, built from its root", modules.len()),
        );
    }

    let poms: Vec<(Option<&Word>, Markup)> = std::iter::once((None, pom))
        .chain(modules.iter().take(MAX_MODULES).filter_map(|module| {
            let text = project.known(&format!("{module}/pom.xml"))?;
            Some((Some(module), Markup::new(text)))
        }))
        .collect();
    if poms.iter().any(|(_, pom)| pom.contains("kotlin-maven-plugin")) {
        finding.because(&path, "Kotlin is compiled by kotlin-maven-plugin");
    }
    test(project, program, &poms, &mut finding);
    start(project, program, &poms, &mut finding);
    runtime::managers(project, &mut finding);
    java(project, &poms, &mut finding);
    finding.runtime("java", None);
    finding
}

/// The wrapper fetches the version of Maven that the project was made with.
fn program(project: &Project<'_>, finding: &mut Finding) -> &'static str {
    if !project.has("mvnw") {
        finding.because(project.path("pom.xml"), "no wrapper: Maven has to be there");
        return "mvn";
    }
    if project.has(".mvn/wrapper/maven-wrapper.properties") {
        finding.because(project.path("mvnw"), "the wrapper brings its own Maven");
        "./mvnw"
    } else {
        finding.because(
            project.path("mvnw"),
            "the wrapper has no .mvn/wrapper/maven-wrapper.properties and can't run: Maven has to be there",
        );
        "mvn"
    }
}

/// Modules that are really there, of all profiles.
fn modules(project: &Project<'_>, pom: &Markup) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    for stated in pom.values("module").chain(pom.values("subproject")).take(1000) {
        let stated = stated
            .strip_suffix("/pom.xml")
            .unwrap_or(stated)
            .trim_end_matches('/');
        let stated = stated.strip_prefix("./").unwrap_or(stated);
        let Some(module) = Word::new(stated) else { continue };
        if project.has(&format!("{module}/pom.xml")) && !found.contains(&module) && found.len() < 200 {
            found.push(module);
        }
    }
    found
}

fn test(project: &Project<'_>, program: &str, poms: &[(Option<&Word>, Markup)], finding: &mut Finding) {
    let tests = project
        .below()
        .find(|path| path.starts_with("src/test/") || path.contains("/src/test/"));
    let Some(file) = tests else {
        finding.because(project.path("pom.xml"), "no src/test: nothing to test");
        return;
    };
    finding.because(project.path(file), "tests lie in src/test");
    let integration = poms.iter().any(|(_, pom)| pom.contains("maven-failsafe-plugin"));
    if integration {
        finding.because(
            project.path("pom.xml"),
            "maven-failsafe-plugin: `verify` would run its integration tests too",
        );
    }
    finding.test(format!("{program} -B -ntp test"));
}

fn start(project: &Project<'_>, program: &str, poms: &[(Option<&Word>, Markup)], finding: &mut Finding) {
    for (plugin, goal) in STARTERS {
        let with: Vec<&(Option<&Word>, Markup)> =
            poms.iter().filter(|(_, pom)| pom.contains(plugin)).collect();
        let modules: Vec<&Word> = with.iter().filter_map(|(module, _)| *module).collect();
        match (modules.as_slice(), with.is_empty()) {
            (_, true) => continue,
            ([], false) if poms.len() > 1 => {
                finding.because(
                    project.path("pom.xml"),
                    format!("{plugin} is configured, but no module names it"),
                );
                continue;
            }
            ([], false) => {
                finding.because(project.path("pom.xml"), format!("{plugin} starts the program"));
                finding.start(format!("{program} {goal}"));
            }
            ([module], false) => {
                finding.because(
                    project.path(&format!("{module}/pom.xml")),
                    format!("{plugin} starts the program of this module only"),
                );
                finding.start(format!("{program} -pl {module} {goal}"));
            }
            (several, false) => {
                finding.because(
                    project.path("pom.xml"),
                    format!("{} modules to start with {plugin}: a choice", several.len()),
                );
            }
        }
        return;
    }
    let named = poms.iter().any(|(module, pom)| {
        module.is_none()
            && pom.contains("exec-maven-plugin")
            && (pom.value("mainClass").is_some() || pom.value("exec.mainClass").is_some())
    });
    if named {
        finding.because(project.path("pom.xml"), "exec-maven-plugin names a main class");
        finding.start(format!("{program} -q compile exec:java"));
    }
}

/// What the root says about Java's version, else the first module that says anything.
fn java(project: &Project<'_>, poms: &[(Option<&Word>, Markup)], finding: &mut Finding) {
    const PLACES: &[&str] = &[
        "maven.compiler.release",
        "release",
        "java.version",
        "maven.compiler.source",
        "maven.compiler.target",
        "jvmTarget",
        "kotlin.compiler.jvmTarget",
    ];
    for (module, pom) in poms {
        for place in PLACES {
            let Some(stated) = pom.value(place) else { continue };
            let stated = property(pom, stated);
            // `release` is a common name for other things too.
            if !stated.starts_with(|first: char| first.is_ascii_digit()) || stated.len() > 8 {
                continue;
            }
            let file = module.map_or("pom.xml".to_owned(), |module| format!("{module}/pom.xml"));
            finding.runtime_from("java", &project.path(&file), &format!("<{place}>"), stated);
            return;
        }
    }
    if let Some((_, pom)) = poms.first()
        && let Some(stated) = pom
            .value("java.version")
            .filter(|stated| words::version(stated).is_none())
    {
        finding.because(
            project.path("pom.xml"),
            format!(
                "<java.version> is not a version that can be used: {}",
                words::quoted(stated)
            ),
        );
    }
}

/// `${name}` as the same file defines it, one step deep.
fn property<'a>(pom: &'a Markup, stated: &'a str) -> &'a str {
    stated
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .and_then(|name| pom.value(name))
        .unwrap_or(stated)
}
