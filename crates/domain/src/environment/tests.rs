//! Repository shapes kept as data, and hostile listings made at random.

use std::collections::BTreeMap;

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
    ]
    .into_iter()
    .flat_map(|text| serde_json::from_str::<Vec<Shape>>(text).unwrap())
    .collect()
}

#[test]
fn every_shape_has_its_plan() {
    let mut wrong = Vec::new();
    let shapes = shapes();
    assert!(shapes.len() >= 50);
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
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
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
    let keys =
        "scripts|engines|packageManager|workspaces|devEngines|project|tool|package|workspace|bin|[a-z]{1,4}";
    let object = prop::collection::btree_map(keys, value, 0..6);
    prop_oneof![
        object.clone().prop_map(|map| serde_json::json!(map).to_string()),
        object.prop_map(|map| toml::to_string(&map).unwrap_or_default()),
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
