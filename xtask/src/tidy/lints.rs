//! Every crate takes part in the workspace's lints, version and edition.

use anyhow::{Context, Result};

use super::{House, Report};

pub(super) fn check(house: &House) -> Result<Report> {
    let mut report = Report::default();
    let packages = house.metadata.workspace_packages();
    for package in &packages {
        let text = std::fs::read_to_string(&package.manifest_path).context("reading a manifest")?;
        let manifest: toml::Table = text.parse().with_context(|| package.manifest_path.to_string())?;
        let inherits = |path: [&str; 2]| {
            manifest
                .get(path[0])
                .and_then(|value| value.get(path[1]))
                .and_then(|value| {
                    value
                        .as_bool()
                        .or_else(|| value.get("workspace").and_then(toml::Value::as_bool))
                })
                == Some(true)
        };
        for path in [
            ["lints", "workspace"],
            ["package", "version"],
            ["package", "edition"],
            ["package", "license"],
        ] {
            if !inherits(path) {
                report.complain(format!(
                    "{}: {}.{} is not the workspace's",
                    package.name, path[0], path[1]
                ));
            }
        }
    }
    report.note = Some(format!("{} crates", packages.len()));
    Ok(report)
}
