//! Versions that `.tool-versions` (asdf) and mise's files state, for the detectors of all ecosystems.

use toml::Value;

use super::detector::Finding;
use super::tree::Project;

/// mise's files, in its own order of precedence.
pub(super) const MISE: &[&str] = &[
    "mise.toml",
    ".mise.toml",
    "mise/config.toml",
    ".mise/config.toml",
    ".config/mise.toml",
    ".config/mise/config.toml",
];
pub(super) const ASDF: &str = ".tool-versions";

/// Runtimes that a plan may name, with the names these files use for them.
const RUNTIMES: &[(&str, &[&str])] = &[
    ("node", &["node", "nodejs"]),
    ("python", &["python"]),
    ("rust", &["rust"]),
    ("go", &["go", "golang"]),
    ("java", &["java"]),
    ("ruby", &["ruby"]),
    ("php", &["php"]),
    ("dotnet", &["dotnet", "dotnet-core"]),
    ("elixir", &["elixir"]),
    ("erlang", &["erlang"]),
    ("bun", &["bun"]),
    ("deno", &["deno"]),
];

/// Lines of one file that are looked at.
const MAX_LINES: usize = 200;

/// Records what these files say about one runtime.
pub(super) fn state(project: &Project<'_>, runtime: &'static str, finding: &mut Finding) {
    for file in MISE {
        mise(project, file, Some(runtime), finding);
    }
    asdf(project, Some(runtime), finding);
}

/// Records everything that one of mise's files states, or one runtime of it.
pub(super) fn mise(project: &Project<'_>, file: &str, only: Option<&str>, finding: &mut Finding) {
    let Some(Ok(table)) = project.toml(file) else {
        return;
    };
    let Some(tools) = table.get("tools").and_then(Value::as_table) else {
        return;
    };
    for (tool, wish) in tools.iter().take(MAX_LINES) {
        if let Some(runtime) = named(tool, only) {
            note(project, file, "[tools]", runtime, version(wish), finding);
        }
    }
}

/// Records everything that `.tool-versions` states, or one runtime of it.
pub(super) fn asdf(project: &Project<'_>, only: Option<&str>, finding: &mut Finding) {
    for line in project.known(ASDF).unwrap_or_default().lines().take(MAX_LINES) {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        if let Some(runtime) = words.next().and_then(|tool| named(tool, only)) {
            note(project, ASDF, "it", runtime, words.next(), finding);
        }
    }
}

/// A version as a text, as the first of several, or in a table's `version`.
fn version(wish: &Value) -> Option<&str> {
    let wish = wish.as_array().map_or(Some(wish), |several| several.first())?;
    wish.as_str().or_else(|| wish.get("version")?.as_str())
}

fn named(tool: &str, only: Option<&str>) -> Option<&'static str> {
    let (runtime, _) = RUNTIMES.iter().find(|(_, names)| names.contains(&tool))?;
    only.is_none_or(|only| only == *runtime).then_some(*runtime)
}

fn note(
    project: &Project<'_>,
    file: &str,
    place: &str,
    runtime: &'static str,
    stated: Option<&str>,
    finding: &mut Finding,
) {
    match stated {
        None | Some("latest" | "system") => finding.runtime(runtime, None),
        Some(stated) if stated.starts_with("path:") => finding.runtime(runtime, None),
        Some(stated) => finding.runtime_from(runtime, &project.path(file), place, stated),
    }
}
