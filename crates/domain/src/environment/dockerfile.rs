//! Dockerfiles: their base images hint at runtimes. Their commands are never taken over: they build an image, as root,
//! and say nothing about how people work.

use super::detector::{Detector, Finding, Role};
use super::images;
use super::tree::{Project, Text};
use super::words;

const FILES: &[&str] = &[
    "Dockerfile",
    "Containerfile",
    "docker/Dockerfile",
    ".docker/Dockerfile",
    "Dockerfile.dev",
    ".devcontainer/Dockerfile",
];

/// Lines and stages that are looked at.
const MAX_LINES: usize = 2_000;
const MAX_STAGES: usize = 12;

#[derive(Debug)]
pub(super) struct Dockerfile;

impl Detector for Dockerfile {
    fn ecosystem(&self) -> &'static str {
        "Dockerfile"
    }

    fn wanted(&self) -> &'static [&'static str] {
        FILES
    }

    fn looked_for(&self) -> &'static str {
        "Dockerfile, for the runtimes of its base images"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn role(&self) -> Role {
        Role::Hint
    }

    fn detect(&self, project: &Project<'_>) -> Option<Finding> {
        let file = project.first(FILES)?;
        let path = project.path(file);
        let mut finding = Finding::new("docker", project);
        match project.text(file) {
            Text::Known(text) => {
                let images = bases(text);
                if images.is_empty() {
                    finding.because(&path, "no base image that names a runtime");
                }
                for image in images {
                    let shown = words::quoted(&image);
                    match images::runtime(&image) {
                        Some((name, version)) => {
                            finding.because(&path, format!("the base image {shown} holds {name}"));
                            finding.runtime(name, version);
                        }
                        None => finding.because(&path, format!("the base image is {shown}")),
                    }
                }
            }
            Text::Unreadable(why) => finding.because(&path, format!("it can't be used: {why}")),
            Text::Absent => return None,
        }
        Some(finding)
    }
}

/// Images that stages are built from, in order, without other stages and with the defaults of `ARG`s.
fn bases(text: &str) -> Vec<String> {
    let mut arguments: Vec<(&str, &str)> = Vec::new();
    let mut stages: Vec<&str> = Vec::new();
    let mut images: Vec<String> = Vec::new();
    for line in text.lines().take(MAX_LINES) {
        let mut parts = line.split_whitespace();
        let instruction = parts.next().unwrap_or_default();
        if instruction.eq_ignore_ascii_case("ARG") && stages.is_empty() && images.is_empty() {
            if let Some((name, value)) = parts.next().and_then(|part| part.split_once('='))
                && arguments.len() < 50
            {
                arguments.push((name, value.trim_matches(['"', '\''])));
            }
            continue;
        }
        if !instruction.eq_ignore_ascii_case("FROM") {
            continue;
        }
        let mut parts = parts.skip_while(|part| part.starts_with("--"));
        let Some(image) = parts.next().filter(|image| image.len() <= 300) else {
            continue;
        };
        let image = filled(image, &arguments);
        let fresh = image != "scratch" && !stages.contains(&image.as_str()) && !images.contains(&image);
        if fresh && images.len() < MAX_STAGES {
            images.push(image);
        }
        if parts.next().is_some_and(|word| word.eq_ignore_ascii_case("AS"))
            && let Some(name) = parts.next()
            && stages.len() < 100
        {
            stages.push(name);
        }
    }
    images
}

/// `node:${VERSION}` and `node:$VERSION` with the defaults that the file gives; one pass, so nothing can grow twice.
fn filled(image: &str, arguments: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = image;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (name, after) = match after.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
            Some(split) => split,
            None => {
                let end = after
                    .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
                    .unwrap_or(after.len());
                after.split_at(end)
            }
        };
        let (name, default) = name.split_once(":-").unwrap_or((name, ""));
        let value = arguments.iter().find(|(known, _)| *known == name);
        out.push_str(value.map_or(default, |(_, value)| *value));
        rest = after;
    }
    out.push_str(rest);
    out.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::bases;

    #[test]
    fn stages_and_arguments() {
        let text = "# FROM no\nARG V=20\nARG W\nfrom --platform=$X node:${V}-alpine AS build\nARG V=9\nFROM build\nFROM scratch\nFROM python:${P:-3.12}\nFROM $W:1\nFROM\nFROM ${V";
        assert_eq!(bases(text), ["node:20-alpine", "python:3.12", ":1", "{V"]);
    }
}
