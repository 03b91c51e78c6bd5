//! Gradle's build and settings files, read as text: they are programs, and are never run here.

use super::super::tree::{Project, Text};
use super::super::words::Word;

/// Projects of one settings file.
const MAX_INCLUDED: usize = 200;

/// One build file, without its comments.
#[derive(Debug)]
pub(super) struct Build {
    pub(super) file: String,
    pub(super) trouble: Option<&'static str>,
    text: String,
}

impl Build {
    /// The build file of the root, or of an included project such as `core:api`.
    pub(super) fn read(project: &Project<'_>, name: Option<&str>) -> Option<Self> {
        let directory = name
            .map(|name| format!("{}/", name.replace(':', "/")))
            .unwrap_or_default();
        ["build.gradle.kts", "build.gradle"]
            .iter()
            .find_map(|file| Self::file(project, &format!("{directory}{file}")))
    }

    pub(super) fn file(project: &Project<'_>, file: &str) -> Option<Self> {
        let (text, trouble) = match project.text(file) {
            Text::Absent => return None,
            Text::Unreadable(why) => (String::new(), Some(why)),
            Text::Known(text) => (without_comments(text), None),
        };
        Some(Self {
            file: file.to_owned(),
            trouble,
            text,
        })
    }

    pub(super) fn contains(&self, part: &str) -> bool {
        self.text.contains(part)
    }

    /// Whether a plugin is applied here, in any of the usual forms; `apply false` only names a version for others.
    pub(super) fn applies(&self, plugin: &str) -> bool {
        // An accessor of the version catalogue has dots for dashes, and any name at all; the usual ones are known.
        let alias = match plugin {
            "org.springframework.boot" => Some(["libs.plugins.spring.boot", "libs.plugins.springBoot"]),
            "io.quarkus" => Some(["libs.plugins.quarkus", "libs.plugins.quarkus"]),
            "io.ktor.plugin" => Some(["libs.plugins.ktor", "libs.plugins.ktor.plugin"]),
            _ => None,
        };
        self.text.lines().map(str::trim).any(|line| {
            if line.contains("apply false") || line.contains("apply(false)") {
                return false;
            }
            let quoted = ["\"", "'"].iter().any(|quote| {
                let named = format!("{quote}{plugin}{quote}");
                line.contains(&named) && (line.contains("id") || line.contains("plugin"))
            });
            let bare = line.trim_matches('`') == plugin;
            let aliased =
                alias.is_some_and(|names| names.iter().any(|name| line.contains(&format!("alias({name})"))));
            quoted || bare || aliased
        })
    }

    pub(super) fn kotlin(&self) -> bool {
        ["kotlin(\"jvm\")", "org.jetbrains.kotlin", "libs.plugins.kotlin"]
            .iter()
            .any(|form| self.contains(form))
    }

    pub(super) fn multiplatform(&self) -> bool {
        [
            "kotlin(\"multiplatform\")",
            "org.jetbrains.kotlin.multiplatform",
            "libs.plugins.kotlinMultiplatform",
            "libs.plugins.kotlin.multiplatform",
        ]
        .iter()
        .any(|form| {
            self.text
                .lines()
                .any(|line| line.contains(form) && !line.contains("apply false"))
        })
    }

    pub(super) fn jvm(&self) -> bool {
        self.kotlin()
            || [
                "java",
                "java-library",
                "application",
                "groovy",
                "scala",
                "war",
                "org.springframework.boot",
            ]
            .iter()
            .any(|plugin| self.applies(plugin))
    }

    /// The version of Java that the build states, and where.
    pub(super) fn java(&self) -> Option<(&'static str, &str)> {
        const PLACES: &[(&str, &str)] = &[
            ("JavaLanguageVersion.of(", "its toolchain"),
            ("jvmToolchain(", "jvmToolchain"),
            ("options.release", "options.release"),
            ("sourceCompatibility", "sourceCompatibility"),
            ("jvmTarget", "jvmTarget"),
        ];
        PLACES.iter().find_map(|(mark, place)| {
            self.text.match_indices(mark).take(8).find_map(|(at, _)| {
                let after = self.text.get(at + mark.len()..)?;
                number(after.lines().next()?).map(|version| (*place, version))
            })
        })
    }
}

/// The first number of a line such as ` = JavaVersion.VERSION_17` or `"11")`.
fn number(line: &str) -> Option<&str> {
    let line = line.get(..line.floor_char_boundary(60))?;
    let start = line.find(|character: char| character.is_ascii_digit())?;
    let rest = line.get(start..)?;
    let end = rest
        .find(|character: char| !(character.is_ascii_digit() || matches!(character, '.' | '_')))
        .unwrap_or(rest.len());
    let version = rest.get(..end)?;
    // `VERSION_1_8` and `1.8` are both Java 8.
    let version = version
        .strip_prefix("1_")
        .or_else(|| version.strip_prefix("1."))
        .unwrap_or(version);
    version
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(version)
        .filter(|version| (1..=2).contains(&version.len()))
}

/// The projects of a settings file as `a` or `a:b`, in order; names that aren't plain words are left out.
pub(super) fn included(text: &str) -> Vec<String> {
    let text = without_comments(text);
    let mut found: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim).take(2_000) {
        let names = match line.strip_prefix("include") {
            Some(rest) if rest.starts_with([' ', '(', '\'', '"', '\t']) => rest,
            _ if open => line,
            _ => continue,
        };
        for (index, name) in names.split(['"', '\'']).enumerate() {
            let name = name.trim_start_matches(':');
            if index % 2 == 0
                || !name
                    .split(':')
                    .all(|step| Word::new(step).is_some_and(|word| !word.as_str().contains('/')))
            {
                continue;
            }
            if found.len() < MAX_INCLUDED && name.len() <= 100 && !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
        // A list goes on after a comma, or while its bracket is open.
        let ends = names.ends_with(')') || names.is_empty();
        open =
            !ends && (names.ends_with(',') || names.ends_with('(') || open && names.ends_with(['"', '\'']));
    }
    found
}

/// Without `/* … */` and lines that begin with `//`; a `//` further on may belong to an address.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        // Globs such as `"src/**/*.java"` hold these characters too: only a comment at the start of a line counts.
        let begins = before.rsplit('\n').next().unwrap_or_default().trim().is_empty();
        out.push_str(before);
        if begins {
            rest = after.split_once("*/").map_or("", |(_, rest)| rest);
        } else {
            out.push_str("/*");
            rest = after;
        }
    }
    out.push_str(rest);
    let lines: Vec<&str> = out
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{included, number};

    #[test]
    fn projects_of_settings_files() {
        let text = "rootProject.name = \"x\"\ninclude 'a', \":core:api\"\n// include 'no'\ninclude(\n  \"b\",\n  \"c\"\n)\nincludeBuild(\"build-logic\")\ninclude(\"../up\", \"x; reboot\", \"a\")\n";
        assert_eq!(included(text), ["a", "core:api", "b", "c"]);
    }

    #[test]
    fn numbers_of_java() {
        for (line, version) in [
            ("21)", Some("21")),
            (" = JavaVersion.VERSION_1_8", Some("8")),
            (" = '11'", Some("11")),
            ("libs.versions.java.get().toInt())", None),
            ("", None),
        ] {
            assert_eq!(number(line), version, "{line}");
        }
    }
}
