//! What the name of a container image says about a runtime.

/// Repositories of images (their last one or two steps), and the runtime they hold.
const KNOWN: &[(&str, &str)] = &[
    ("node", "node"),
    ("javascript-node", "node"),
    ("typescript-node", "node"),
    ("python", "python"),
    ("rust", "rust"),
    ("golang", "go"),
    ("go", "go"),
    ("java", "java"),
    ("openjdk", "java"),
    ("eclipse-temurin", "java"),
    ("amazoncorretto", "java"),
    ("maven", "java"),
    ("gradle", "java"),
    ("ruby", "ruby"),
    ("jruby", "ruby"),
    ("php", "php"),
    ("composer", "php"),
    ("dotnet", "dotnet"),
    ("dotnet/sdk", "dotnet"),
    ("dotnet/aspnet", "dotnet"),
    ("dotnet/runtime", "dotnet"),
    ("elixir", "elixir"),
    ("erlang", "erlang"),
    ("oven/bun", "bun"),
    ("denoland/deno", "deno"),
];

/// The runtime in an image, and its version when the tag tells.
pub(super) fn runtime(image: &str) -> Option<(&'static str, Option<String>)> {
    let image = image.split('@').next().unwrap_or_default();
    // A colon before the last slash belongs to a registry's port.
    let (name, tag) = match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (image, ""),
    };
    let mut steps = name.rsplit('/');
    let last = steps.next().unwrap_or_default();
    let pair = steps.next().map(|owner| format!("{owner}/{last}"));
    let (_, runtime) = KNOWN
        .iter()
        .find(|(known, _)| Some(*known) == pair.as_deref())
        .or_else(|| KNOWN.iter().find(|(known, _)| *known == last))?;
    let parts: Vec<&str> = tag.split('-').take(8).collect();
    let version = match last {
        // `3.9-eclipse-temurin-21`, `8.5-jdk21`: the build tool's version comes first, and isn't Java's.
        "maven" | "gradle" => parts
            .iter()
            .skip(1)
            .map(|part| part.trim_start_matches("jdk"))
            .find(|part| numeric(part)),
        // `2` is composer's own version.
        "composer" => None,
        // Images for development containers put their own version before the language's: `1-22-bookworm`.
        _ if name.contains("devcontainers/") => {
            let numbers: Vec<&str> = parts
                .iter()
                .copied()
                .filter(|part| numeric(part))
                .take(2)
                .collect();
            numbers.last().copied()
        }
        _ => parts.first().copied().filter(|part| numeric(part)),
    };
    Some((*runtime, version.map(str::to_owned)))
}

/// `22`, `3.12.1`; not `slim` or `22bookworm`.
fn numeric(part: &str) -> bool {
    part.starts_with(|first: char| first.is_ascii_digit())
        && part.len() <= 20
        && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::runtime;

    #[test]
    fn names_and_tags() {
        for (image, name, version) in [
            ("node:22-alpine", "node", Some("22")),
            (
                "docker.io/library/python:3.12.1-slim@sha256:00",
                "python",
                Some("3.12.1"),
            ),
            ("localhost:5000/golang", "go", None),
            ("ruby:latest", "ruby", None),
            ("maven:3.9-eclipse-temurin-21", "java", Some("21")),
            ("gradle:8.5-jdk17", "java", Some("17")),
            ("mcr.microsoft.com/dotnet/sdk:8.0", "dotnet", Some("8.0")),
            (
                "mcr.microsoft.com/devcontainers/typescript-node:1-20-bookworm",
                "node",
                Some("20"),
            ),
            (
                "mcr.microsoft.com/devcontainers/python:3.11",
                "python",
                Some("3.11"),
            ),
            ("composer:2", "php", None),
        ] {
            assert_eq!(
                runtime(image),
                Some((name, version.map(str::to_owned))),
                "{image}"
            );
        }
        for image in ["", ":", "@", "ubuntu:24.04", "evil/notnode:20"] {
            assert_eq!(runtime(image), None, "{image}");
        }
    }
}
