//! The essence of deny.toml for machines without cargo-deny: bans, licences and sources, read from that same file.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{House, Report};

#[derive(Debug, Deserialize)]
struct Deny {
    bans: Bans,
    licenses: Licences,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

pub(super) fn check(house: &House) -> Result<Report> {
    let text = std::fs::read_to_string(house.root.join("deny.toml")).context("deny.toml")?;
    let deny: Deny = toml::from_str(&text).context("deny.toml")?;
    let mut report = Report::default();
    // The lock file also names packages that no feature and no target of ours reaches; the tree doesn't.
    let reached = house.tree(&["--edges", "normal,build,dev", "--target", "all"])?;
    let mut outside = 0;
    for package in &house.metadata.packages {
        let Some(source) = &package.source else { continue };
        let name = package.name.as_str();
        if !reached.contains(&(name.to_owned(), package.version.to_string())) {
            continue;
        }
        outside += 1;
        if deny.bans.deny.iter().any(|ban| ban.name == name) {
            report.complain(format!("{name} {} is banned", package.version));
        }
        if !deny
            .sources
            .allow_registry
            .iter()
            .any(|registry| source.repr.ends_with(registry.as_str()))
        {
            report.complain(format!("{name} {} comes from {}", package.version, source.repr));
        }
        match &package.license {
            Some(licence) if permits(licence, &deny.licenses.allow) => {}
            Some(licence) => report.complain(format!("{name} {}: licence {licence}", package.version)),
            None => report.complain(format!("{name} {} states no licence", package.version)),
        }
    }
    report.note = Some(format!("{outside} packages from outside"));
    Ok(report)
}

/// Evaluates an SPDX expression. The old form with a slash means OR.
pub(super) fn permits(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let permitted = either(&mut rest, allowed);
    permitted && rest.is_empty()
}

fn either(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut permitted = both(rest, allowed);
    while let ["OR", after @ ..] = rest {
        *rest = after;
        permitted |= both(rest, allowed);
    }
    permitted
}

fn both(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut permitted = one(rest, allowed);
    while let ["AND", after @ ..] = rest {
        *rest = after;
        permitted &= one(rest, allowed);
    }
    permitted
}

fn one(rest: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    match rest {
        ["(", after @ ..] => {
            *rest = after;
            let permitted = either(rest, allowed);
            if let [")", after @ ..] = rest {
                *rest = after;
            }
            permitted
        }
        [name, "WITH", exception, after @ ..] => {
            *rest = after;
            allowed.contains(&format!("{name} WITH {exception}"))
        }
        [name, after @ ..] => {
            *rest = after;
            allowed.contains(*name)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let allowed: BTreeSet<String> = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]
            .map(str::to_owned)
            .into();
        for good in [
            "MIT",
            "MIT/GPL-3.0",
            "GPL-3.0 OR MIT",
            "(MIT OR GPL-3.0) AND Apache-2.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(permits(good, &allowed), "{good}");
        }
        for bad in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(MIT OR X) AND Y",
            "MIT WITH LLVM-exception",
            "",
            "MIT )",
        ] {
            assert!(!permits(bad, &allowed), "{bad}");
        }
    }
}
