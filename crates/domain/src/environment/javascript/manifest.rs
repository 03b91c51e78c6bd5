//! The few fields of package.json that matter here, read leniently: one odd field must not hide the others.

use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Manifest {
    fields: Map<String, Value>,
}

impl Manifest {
    fn object(&self, name: &str) -> Option<&Map<String, Value>> {
        self.fields.get(name)?.as_object()
    }

    pub(super) fn script(&self, name: &str) -> Option<&str> {
        let text = self.object("scripts")?.get(name)?.as_str()?;
        (!text.trim().is_empty()).then_some(text)
    }

    pub(super) fn package_manager(&self) -> Option<&str> {
        self.fields.get("packageManager")?.as_str()
    }

    /// `devEngines.packageManager` as (name, version).
    pub(super) fn dev_engine(&self) -> Option<(&str, Option<&str>)> {
        let wish = self.object("devEngines")?.get("packageManager")?;
        let wish = if let Value::Array(several) = wish {
            several.first()?
        } else {
            wish
        };
        Some((
            wish.get("name")?.as_str()?,
            wish.get("version").and_then(Value::as_str),
        ))
    }

    pub(super) fn engine(&self, name: &str) -> Option<&str> {
        self.object("engines")?.get(name)?.as_str()
    }

    pub(super) fn volta(&self, name: &str) -> Option<&str> {
        self.object("volta")?.get(name)?.as_str()
    }

    pub(super) fn depends_on(&self, package: &str) -> bool {
        ["devDependencies", "dependencies"]
            .iter()
            .any(|list| self.object(list).is_some_and(|names| names.contains_key(package)))
    }

    /// Workspace patterns, in either of the two forms.
    pub(super) fn workspaces(&self) -> Option<Vec<&str>> {
        let value = self.fields.get("workspaces")?;
        let list = value.as_array().or_else(|| value.get("packages")?.as_array())?;
        Some(list.iter().filter_map(Value::as_str).take(64).collect())
    }
}
