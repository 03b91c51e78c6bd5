//! Licences of npm packages, as the lock states them, against the list in `xtask/npm-licences.toml`; and that every
//! package is pinned by content and runs nothing when it is installed.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::licences::permits;
use super::{House, Report};

const LIST: &str = "xtask/npm-licences.toml";
const LOCK: &str = "package-lock.json";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    allow: BTreeSet<String>,
    #[serde(default)]
    tool: Vec<Tool>,
}

/// A package that may have another licence as long as it is a tool.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tool {
    package: String,
    licence: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
struct Lock {
    packages: BTreeMap<String, Package>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(default)]
    license: String,
    #[serde(default)]
    integrity: String,
    /// Nothing that is shipped needs it.
    #[serde(default)]
    dev: bool,
    #[serde(default)]
    link: bool,
    #[serde(default)]
    has_install_script: bool,
}

pub(super) fn check(house: &House) -> Result<Report> {
    let list = std::fs::read_to_string(house.root.join(LIST)).context(LIST)?;
    let lock = std::fs::read_to_string(house.root.join(LOCK)).context(LOCK)?;
    judge(
        &toml::from_str(&list).context(LIST)?,
        &serde_json::from_str(&lock).context(LOCK)?,
    )
}

fn judge(list: &List, lock: &Lock) -> Result<Report> {
    let mut report = Report::default();
    let mut used = BTreeSet::new();
    let mut outside = 0;
    // Only what lies in a node_modules comes from outside; the rest are our own packages.
    for (path, package) in &lock.packages {
        let Some((_, name)) = path.rsplit_once("node_modules/").filter(|_| !package.link) else {
            continue;
        };
        outside += 1;
        if package.integrity.is_empty() {
            report.complain(format!("{name}: not pinned by content"));
        }
        if package.has_install_script {
            report.complain(format!(
                "{name}: runs a script when it is installed; nothing here may need that"
            ));
        }
        if permits(&spelled(&package.license, &list.allow), &list.allow) {
            continue;
        }
        // A native part of a tool is named after it.
        let tool = list.tool.iter().position(|tool| {
            tool.licence == package.license
                && (name == tool.package
                    || name
                        .strip_prefix(&tool.package)
                        .is_some_and(|rest| rest.starts_with('-')))
        });
        match tool {
            Some(place) if package.dev => {
                used.insert(place);
            }
            Some(_) => report.complain(format!(
                "{name}: {} is for tools, and this is shipped",
                package.license
            )),
            None if package.license.is_empty() => report.complain(format!("{name}: states no licence")),
            None => report.complain(format!("{name}: licence {}", package.license)),
        }
    }
    for (place, tool) in list.tool.iter().enumerate() {
        if !used.contains(&place) {
            report.complain(format!(
                "{}: not needed any more, take it off {LIST}",
                tool.package
            ));
        }
        if tool.reason.len() < 10 {
            report.complain(format!("{}: {LIST} gives no reason", tool.package));
        }
    }
    report.note = Some(format!("{outside} packages from outside"));
    Ok(report)
}

/// Names of licences are the same in any case of letters; packages write them as they like.
fn spelled(licence: &str, allowed: &BTreeSet<String>) -> String {
    allowed
        .iter()
        .find(|name| name.eq_ignore_ascii_case(licence))
        .map_or_else(|| licence.to_owned(), Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(packages: &str) -> Vec<String> {
        let list = r#"
            allow = ["MIT", "Apache-2.0"]
            [[tool]]
            package = "press"
            licence = "MPL-2.0"
            reason = "presses things in tests"
        "#;
        let lock = format!("{{\"packages\": {{{packages}}}}}");
        judge(
            &toml::from_str(list).unwrap(),
            &serde_json::from_str(&lock).unwrap(),
        )
        .unwrap()
        .complaints
    }

    const TOOL: &str = r#""node_modules/press": {"license": "MPL-2.0", "integrity": "x", "dev": true}"#;

    #[test]
    fn licences_are_allowed_by_name_or_for_tools() {
        let good = r#""": {}, "web": {}, "node_modules/@own/web": {"link": true},
            "node_modules/a": {"license": "apache-2.0", "integrity": "x"},
            "web/node_modules/b": {"license": "(MIT OR GPL-3.0)", "integrity": "x"},
            "node_modules/press-linux": {"license": "MPL-2.0", "integrity": "x", "dev": true}"#;
        assert_eq!(complaints(&format!("{good}, {TOOL}")), Vec::<String>::new());
    }

    #[test]
    fn everything_else_is_named() {
        for (bad, word) in [
            (
                r#""node_modules/a": {"license": "GPL-3.0", "integrity": "x"}"#,
                "a: licence GPL-3.0",
            ),
            (r#""node_modules/a": {"integrity": "x"}"#, "a: states no licence"),
            (r#""node_modules/a": {"license": "MIT"}"#, "a: not pinned"),
            (
                r#""node_modules/@s/a": {"license": "MIT", "integrity": "x", "hasInstallScript": true}"#,
                "@s/a: runs a script",
            ),
            (
                r#""node_modules/press-x": {"license": "MPL-2.0", "integrity": "x"}"#,
                "press-x: MPL-2.0 is for tools",
            ),
            (
                r#""node_modules/pressure": {"license": "MPL-2.0", "integrity": "x", "dev": true}"#,
                "pressure: licence",
            ),
        ] {
            let found = complaints(&format!("{bad}, {TOOL}"));
            assert!(found.len() == 1 && found[0].starts_with(word), "{found:?}");
        }
        let unneeded = complaints(r#""node_modules/a": {"license": "MIT", "integrity": "x"}"#);
        assert!(unneeded[0].contains("take it off"), "{unneeded:?}");
    }
}
