//! Repository shapes kept as data, and hostile listings made at random.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use protocol::environment::EnvironmentPlan;
use protocol::probe::Listing;
use serde::Deserialize;

use super::{DETECTORS, detect, wanted_files};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    name: String,
    /// Path to content; null for a file whose content doesn't matter.
    files: BTreeMap<String, Option<String>>,
    manager: Option<String>,
    #[serde(default)]
    install: Vec<String>,
    #[serde(default)]
    test: Vec<String>,
    #[serde(default)]
    start: Vec<String>,
    #[serde(default)]
    runtimes: Vec<(String, Option<String>)>,
    /// Each must be part of some line of evidence.
    #[serde(default)]
    evidence: Vec<String>,
    #[serde(default)]
    looked_for: bool,
}

impl Shape {
    fn listing(&self) -> Listing {
        Listing {
            files: self.files.keys().cloned().collect(),
            contents: self
                .files
                .iter()
                .filter_map(|(path, text)| Some((path.clone(), text.clone()?)))
                .collect(),
            ..Listing::default()
        }
    }
}

fn shapes() -> Vec<Shape> {
    [
        include_str!("shapes/javascript.json"),
        include_str!("shapes/python.json"),
        include_str!("shapes/others.json"),
        include_str!("shapes/jvm.json"),
        include_str!("shapes/ruby.json"),
        include_str!("shapes/php.json"),
        include_str!("shapes/dotnet.json"),
        include_str!("shapes/elixir.json"),
        include_str!("shapes/tools.json"),
        include_str!("shapes/monorepos.json"),
    ]
    .into_iter()
    .flat_map(|text| serde_json::from_str::<Vec<Shape>>(text).unwrap())
    .collect()
}

#[test]
fn every_shape_has_its_plan() {
    let mut wrong = Vec::new();
    let shapes = shapes();
    let count = shapes.len();
    assert!(count >= 110, "{count} shapes");
    for shape in shapes {
        let plan = detect(&shape.listing());
        let runtimes: Vec<(String, Option<String>)> = plan
            .runtimes
            .iter()
            .map(|wish| (wish.name.clone(), wish.version.clone()))
            .collect();
        let missing: Vec<&String> = shape
            .evidence
            .iter()
            .filter(|part| {
                !plan
                    .evidence
                    .iter()
                    .any(|line| line.because.contains(part.as_str()))
            })
            .collect();
        let same = plan.package_manager == shape.manager
            && plan.install == shape.install
            && plan.test == shape.test
            && plan.start == shape.start
            && runtimes == shape.runtimes
            && plan.looked_for.is_empty() != shape.looked_for
            && plan.files_scanned == shape.files.len() as u64
            && missing.is_empty();
        let reasons = plan.package_manager.is_none() || !plan.evidence.is_empty();
        if !same || !reasons {
            wrong.push(format!("{}: missing {missing:?}\n{plan:#?}", shape.name));
        }
        sound(&plan);
    }
    assert!(
        wrong.is_empty(),
        "{} of {count}\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
    println!("{count} repository shapes, all with their expected plans");
}

#[test]
fn shapes_have_names_of_their_own_and_cover_every_manager() {
    let shapes = shapes();
    let names: BTreeSet<&str> = shapes.iter().map(|shape| shape.name.as_str()).collect();
    assert_eq!(names.len(), shapes.len());
    let managers: BTreeSet<&str> = shapes
        .iter()
        .filter_map(|shape| shape.manager.as_deref())
        .collect();
    let all = [
        "bun", "bundler", "cargo", "composer", "dotnet", "go", "gradle", "just", "make", "maven", "mise",
        "mix", "npm", "pdm", "pip", "pipenv", "pnpm", "poetry", "uv", "yarn",
    ];
    assert_eq!(managers.into_iter().collect::<Vec<_>>(), all);
}

#[test]
fn what_detectors_read_is_wanted() {
    let wanted = wanted_files();
    for name in [
        "package.json",
        "pyproject.toml",
        "Cargo.toml",
        "go.mod",
        "Makefile",
        "justfile",
        ".nvmrc",
        "pom.xml",
        "*.gradle.kts",
        "Gemfile",
        "*.gemspec",
        "composer.json",
        "*.csproj",
        "*.sln",
        "global.json",
        "mix.exs",
        "mise.toml",
        ".tool-versions",
        "devcontainer.json",
        "Dockerfile",
    ] {
        assert!(wanted.contains(&name), "{name}");
    }
    assert!(wanted.is_sorted());
    // The main ecosystem is found with a fixed table of counters.
    assert!(DETECTORS.len() <= 64);
}

#[test]
fn a_cut_listing_says_so() {
    let listing = Listing {
        files: vec!["package.json".into()],
        truncated: true,
        ..Listing::default()
    };
    let plan = detect(&listing);
    assert_eq!(plan.package_manager.as_deref(), Some("npm"));
    assert!(
        plan.evidence
            .iter()
            .any(|line| line.because.contains("more files than were looked at"))
    );
    assert!(
        plan.evidence
            .iter()
            .any(|line| line.because.contains("not brought along"))
    );
}

#[test]
fn deep_nesting_and_great_length_are_survived() {
    let deep = 200_000;
    for (file, text) in [
        ("package.json", "{\"a\":".repeat(deep)),
        ("package.json", "[".repeat(deep)),
        ("pyproject.toml", format!("a = {}", "[".repeat(deep))),
        ("Cargo.toml", format!("a = {}", "{a=".repeat(deep))),
        ("Cargo.toml", format!("{}=1", "a.".repeat(deep))),
        (
            "package.json",
            format!("{{\"scripts\":{{\"test\":\"{}\"}}}}", "x".repeat(2 << 20)),
        ),
        (
            "package.json",
            format!("{{\"scripts\":{{\"test\":\"{}\"}}}}", "x".repeat(500_000)),
        ),
        ("Makefile", "test:\n".repeat(100_000)),
        ("go.work", "use ./a\n".repeat(100_000)),
        ("pom.xml", "<module>".repeat(120_000)),
        ("pom.xml", "<!--<module>a</module>".repeat(40_000)),
        ("pom.xml", "<a Include=".repeat(90_000)),
        ("settings.gradle", "include 'a', ".repeat(70_000)),
        ("settings.gradle", "/*".repeat(500_000)),
        ("build.gradle.kts", "sourceCompatibility".repeat(50_000)),
        ("Gemfile", "gem 'a'\n".repeat(120_000)),
        ("composer.json", "{\"a\":".repeat(deep)),
        ("a.sln", "Project(".repeat(120_000)),
        ("a.csproj", "<Project Sdk='".repeat(70_000)),
        ("mix.exs", "{:phoenix,".repeat(100_000)),
        ("mise.toml", format!("tools = {}", "[".repeat(deep))),
        (".tool-versions", "node 20\n".repeat(100_000)),
        (".devcontainer.json", "/*".repeat(500_000)),
        (".devcontainer.json", "[,".repeat(500_000)),
        (
            ".devcontainer.json",
            format!("{{\"postCreateCommand\":\"{}\"}}", "npm && ".repeat(100_000)),
        ),
        ("global.json", "// ".repeat(300_000)),
        ("Dockerfile", "FROM a\n".repeat(100_000)),
        ("Dockerfile", format!("ARG a={0}\nFROM {0}", "$a".repeat(200_000))),
    ] {
        let mut listing = Listing {
            files: vec![file.into()],
            ..Listing::default()
        };
        listing.contents.insert(file.into(), text);
        sound(&detect(&listing));
    }
}

/// What holds for every plan, whatever the repository holds.
fn sound(plan: &EnvironmentPlan) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" ._/@+-:='*[]".contains(&byte);
    for command in plan.install.iter().chain(&plan.test).chain(&plan.start) {
        let body = command
            .strip_prefix("cd ")
            .and_then(|rest| rest.split_once(" && "))
            .map_or(command.as_str(), |(directory, body)| {
                assert!(
                    directory.bytes().all(|byte| plain(byte) && byte != b' '),
                    "{command:?}"
                );
                body
            });
        assert!(body.bytes().all(plain), "{command:?}");
        assert!(command.len() <= 1200, "{command:?}");
    }
    for line in &plan.evidence {
        assert!(
            !line
                .file
                .chars()
                .chain(line.because.chars())
                .any(char::is_control),
            "{line:?}"
        );
        assert!(
            line.file.chars().count() <= 201 && line.because.chars().count() <= 301,
            "{line:?}"
        );
    }
    for wish in &plan.runtimes {
        assert!(
            wish.version
                .as_ref()
                .is_none_or(|version| version.len() <= 64 && version.is_ascii()),
            "{wish:?}"
        );
    }
    assert!(plan.evidence.len() <= 64);
}

fn paths() -> impl Strategy<Value = String> {
    let known: Vec<String> = wanted_files()
        .into_iter()
        .map(str::to_owned)
        .chain(
            [
                "uv.lock",
                "poetry.lock",
                "pnpm-workspace.yaml",
                "yarn.lock",
                "package-lock.json",
                "bun.lock",
                "main.go",
                "mvnw",
                "gradlew",
                "gradle/wrapper/gradle-wrapper.jar",
                "gradle/wrapper/gradle-wrapper.properties",
                "src/test/A.java",
                "settings.gradle.kts",
                "build.gradle",
                "app/build.gradle",
                "a.sln",
                "b b.sln",
                "A/A.csproj",
                "A.Tests/A.Tests.fsproj",
                "a.gemspec",
                "bin/rails",
                "config/database.yml",
                "test/a_test.rb",
                "spec/a_spec.rb",
                "artisan",
                ".env.example",
                "public/index.php",
                "test/a_test.exs",
                "apps/a/mix.exs",
                ".devcontainer/devcontainer.json",
                ".config/mise.toml",
                "mise-tasks/test",
            ]
            .map(str::to_owned),
        )
        .collect();
    let name = prop_oneof![4 => prop::sample::select(known), 1 => "\\PC{0,12}", 1 => any::<String>()];
    let directory = prop_oneof![3 => Just(String::new()), 1 => "[a-z;$ -]{1,6}/", 1 => "\\PC{0,8}/"];
    (directory, name).prop_map(|(directory, name)| directory + &name)
}

fn texts() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        "[a-z0-9@.^>=; $&`'\"\\\\\n-]{0,30}".prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        Just(serde_json::Value::Null),
        prop::collection::vec("\\PC{0,10}", 0..4).prop_map(serde_json::Value::from),
        prop::collection::btree_map("\\PC{0,10}", "\\PC{0,10}", 0..4).prop_map(|map| serde_json::json!(map)),
        prop::collection::btree_map("test|start|dev|node|packages|name", "\\PC{0,20}", 0..4)
            .prop_map(|map| serde_json::json!(map)),
    ];
    let keys = "scripts|engines|packageManager|workspaces|devEngines|project|tools?|tasks|package|workspace|bin|require|require-dev|config|image|features|postCreateCommand|onCreateCommand|sdk|[a-z]{1,4}";
    let object = prop::collection::btree_map(keys, value, 0..6);
    prop_oneof![
        object.clone().prop_map(|map| serde_json::json!(map).to_string()),
        object.prop_map(|map| toml::to_string(&map).unwrap_or_default()),
        "(<(!--|/)?(project|modules?|module|java.version|TargetFramework|OutputType|Project Sdk='|/)?>?|-->|a|Exe|net8.0|[.;$ ]){0,30}",
        "(include|id|plugins|application|kotlin|JavaLanguageVersion.of\\(|jvmTarget|com.android.|gem |rails|ruby |setup:|mod: \\{|FROM |ARG |node:|[0-9a-z.:'\"(){}$,/*\n -]){0,40}",
        "(\\{|\\}|//|/\\*|\\*/|\"(image|features|postCreateCommand|onCreateCommand|sdk|version)\":|\"(npm ci|node:20|x)\"|,|\\[|\\]|\n|\\PC){0,24}",
        "(use|go|toolchain|test|dev|setup|install|alias|define|\\(|\\)|:|=|[a-z./\"';\n\t -]){0,40}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_listing_gives_a_sound_plan(
        listed in prop::collection::vec((paths(), prop::option::of(texts())), 0..12),
        stray in prop::collection::btree_map(paths(), texts(), 0..3),
        truncated in any::<bool>(),
    ) {
        let mut listing = Listing { truncated, contents: stray, ..Listing::default() };
        for (path, text) in listed {
            if let Some(text) = text {
                listing.contents.insert(path.clone(), text);
            }
            listing.files.push(path);
        }
        let plan = detect(&listing);
        sound(&plan);
        prop_assert_eq!(plan.package_manager.is_none(), !plan.looked_for.is_empty());
        prop_assert_eq!(detect(&listing), plan);
    }
}
