//! Links in Markdown documents lead somewhere: to a file of the repository, and to a heading where one is named.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use anyhow::Result;

use super::{House, Report};

pub(super) fn check(house: &House) -> Result<Report> {
    let mut report = Report::default();
    let mut seen = 0;
    for path in house
        .files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
    {
        let Ok(text) = std::fs::read_to_string(house.root.join(path)) else {
            continue;
        };
        for (line, target) in links(&text) {
            if target.contains("://") || target.starts_with("mailto:") || target.starts_with('<') {
                continue;
            }
            seen += 1;
            if let Err(why) = resolve(house, path, &target, &text) {
                report.complain(format!("{}:{line}: {target}: {why}", path.display()));
            }
        }
    }
    report.note = Some(format!("{seen} links"));
    Ok(report)
}

fn resolve(house: &House, from: &Path, target: &str, own: &str) -> Result<(), &'static str> {
    let (file, anchor) = target
        .split_once('#')
        .map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let text = if file.is_empty() {
        own.to_owned()
    } else {
        if file.starts_with('/') {
            return Err("an absolute path leads nowhere in a repository");
        }
        let Some(path) = normal(&from.parent().unwrap_or(Path::new("")).join(file)) else {
            return Err("it leaves the repository");
        };
        let full = house.root.join(&path);
        // A picture is there or it isn't; only texts have headings.
        if full.is_dir() || (anchor.is_none() && full.is_file()) {
            return Ok(());
        }
        std::fs::read_to_string(full).map_err(|_| "no such file")?
    };
    match anchor {
        Some(anchor) if !headings(&text).contains(anchor) => Err("no such heading"),
        _ => Ok(()),
    }
}

fn normal(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => out.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(out)
}

/// Lines outside fenced code, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        (!fenced).then_some((index + 1, line))
    })
}

/// Targets of `[text](target)` and `![text](target)`.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        // Code spans may show a link without being one.
        let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for part in plain.split("](").skip(1) {
            if let Some(target) = part.split(')').next() {
                found.push((
                    number,
                    target.split_whitespace().next().unwrap_or_default().to_owned(),
                ));
            }
        }
    }
    found
}

/// Anchors of headings, as the usual renderers make them.
fn headings(text: &str) -> BTreeSet<String> {
    prose(text)
        .filter_map(|(_, line)| {
            let title = line.trim_start_matches('#');
            (title.len() < line.len() && title.starts_with(' ')).then(|| {
                title
                    .trim()
                    .to_lowercase()
                    .chars()
                    .filter(|character| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_'))
                    .map(|character| if character == ' ' { '-' } else { character })
                    .collect()
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_headings_are_found() {
        let text =
            "# A `b` c!\nsee [x](a.md#b) and ![y](c.svg \"t\")\n```\n[no](no.md)\n```\n`[no](no.md)`\n";
        let targets: Vec<String> = links(text).into_iter().map(|(_, target)| target).collect();
        assert_eq!(targets, ["a.md#b", "c.svg"]);
        assert!(headings(text).contains("a-b-c"));
        assert_eq!(
            normal(Path::new("docs/../README.md")),
            Some(PathBuf::from("README.md"))
        );
        assert_eq!(normal(Path::new("../x")), None);
    }
}
