//! devcontainer.json: the image, its features, and the commands that make a fresh container ready.
//!
//! Those commands are shell text from the repository. One is taken over only when every part of it is a plain word, its
//! program is one that sets projects up (or a script of the repository), and no ecosystem said how to install.

use serde_json::{Map, Value};

use super::detector::{Detector, Finding, Role};
use super::images;
use super::jsonc;
use super::setup;
use super::tree::{Project, Text};
use super::words;

const FILES: &[&str] = &[".devcontainer/devcontainer.json", ".devcontainer.json"];

/// Commands that run once in a fresh container, in the order they run.
const COMMANDS: &[&str] = &["onCreateCommand", "updateContentCommand", "postCreateCommand"];

/// Features (the last step of their name) and the runtime they add.
const FEATURES: &[(&str, &str)] = &[
    ("node", "node"),
    ("python", "python"),
    ("rust", "rust"),
    ("go", "go"),
    ("java", "java"),
    ("ruby", "ruby"),
    ("php", "php"),
    ("dotnet", "dotnet"),
    ("elixir", "elixir"),
    ("elixir-asdf", "elixir"),
    ("bun", "bun"),
    ("deno", "deno"),
];

const MAX_ENTRIES: usize = 40;

#[derive(Debug)]
pub(super) struct Devcontainer;

impl Detector for Devcontainer {
    fn ecosystem(&self) -> &'static str {
        "devcontainer"
    }

    fn wanted(&self) -> &'static [&'static str] {
        &["devcontainer.json", ".devcontainer.json"]
    }

    fn looked_for(&self) -> &'static str {
        "devcontainer.json, for runtimes and setup commands"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn role(&self) -> Role {
        Role::Toolchain
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let mut finding = Finding::new("devcontainer", project);
        let Some(file) = project.first(FILES) else {
            // Several containers to choose from lie one directory deeper.
            let several = project
                .below()
                .filter(|path| path.starts_with(".devcontainer/") && path.ends_with("/devcontainer.json"))
                .count();
            finding.because(
                project.path(".devcontainer"),
                format!("{several} development containers to choose from: none is taken"),
            );
            return (several > 0).then_some(finding);
        };
        let path = project.path(file);
        let text = match project.text(file) {
            Text::Known(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
            Text::Unreadable(why) => {
                finding.because(&path, format!("it can't be used: {why}"));
                return Some(finding);
            }
            Text::Absent => return None,
        };
        match serde_json::from_str::<Map<String, Value>>(&jsonc::plain(text)) {
            Ok(fields) => read(project, &path, &fields, &mut finding),
            Err(error) => finding.because(
                &path,
                format!(
                    "it can't be used: it is malformed: {}",
                    words::line(&error.to_string(), 120)
                ),
            ),
        }
        Some(finding)
    }
}

fn read(project: &Project<'_>, path: &str, fields: &Map<String, Value>, finding: &mut Finding) {
    if let Some(image) = fields.get("image").and_then(Value::as_str) {
        let shown = words::quoted(image);
        match images::runtime(image) {
            Some((name, version)) => {
                finding.because(path, format!("the image {shown} holds {name}"));
                finding.runtime(name, version);
            }
            None => finding.because(path, format!("the image is {shown}")),
        }
    }
    let built = fields.get("build").and_then(|build| build.get("dockerfile"));
    if let Some(file) = built.or_else(|| fields.get("dockerFile")).and_then(Value::as_str) {
        finding.because(
            path,
            format!("the container is built from {}", words::quoted(file)),
        );
    }
    if fields.contains_key("dockerComposeFile") {
        finding.because(
            path,
            "it wants further containers (compose), which a plan can't start",
        );
    }
    if let Some(features) = fields.get("features").and_then(Value::as_object) {
        let mut features: Vec<(&String, &Value)> = features.iter().take(MAX_ENTRIES).collect();
        features.sort_by_key(|(name, _)| *name);
        for (name, options) in features {
            feature(path, name, options, finding);
        }
    }
    for name in COMMANDS {
        for command in commands(fields.get(*name)) {
            match setup::lines(project, &command) {
                Ok(lines) => {
                    finding.because(path, format!("{name} runs {}", words::quoted(&command)));
                    for line in lines {
                        finding.install(line);
                    }
                }
                Err(why) => finding.because(
                    path,
                    format!("{name} isn't taken over, {why}: {}", words::quoted(&command)),
                ),
            }
        }
    }
}

fn feature(path: &str, name: &str, options: &Value, finding: &mut Finding) {
    let name = name.rsplit('/').next().unwrap_or_default();
    let name = name.split([':', '@']).next().unwrap_or_default();
    let Some((_, runtime)) = FEATURES.iter().find(|(known, _)| *known == name) else {
        return;
    };
    let stated = options.as_str().or_else(|| options.get("version")?.as_str());
    match stated {
        Some("none") => {}
        None | Some("latest" | "lts" | "os-provided" | "system") => {
            finding.because(path, format!("a feature adds {runtime}"));
            finding.runtime(runtime, None);
        }
        Some(stated) => finding.runtime_from(runtime, path, "a feature", stated),
    }
}

/// A command is a text, a list of words, or several of either by name.
fn commands(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Object(several)) => {
            let mut named: Vec<(&String, &Value)> = several.iter().take(MAX_ENTRIES).collect();
            named.sort_by_key(|(name, _)| *name);
            named.into_iter().filter_map(|(_, value)| single(value)).collect()
        }
        Some(value) => single(value).into_iter().collect(),
        None => Vec::new(),
    }
}

fn single(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        // `["sh", "-c", "a b"]` has a word with a blank; a mark that no plain word holds keeps it from being torn apart.
        Value::Array(words) => {
            let words = words
                .iter()
                .take(MAX_ENTRIES)
                .map(Value::as_str)
                .collect::<Option<Vec<_>>>()?;
            let kept: Vec<String> = words
                .into_iter()
                .map(|word| {
                    if word.contains(char::is_whitespace) || word.is_empty() || word.contains('&') {
                        format!("'{word}'")
                    } else {
                        word.to_owned()
                    }
                })
                .collect();
            kept.join(" ")
        }
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}
