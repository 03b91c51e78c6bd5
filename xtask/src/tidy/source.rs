//! The source files of the house.

use std::path::Path;

use super::House;

const SCRIPTS: &[&str] = &["ts", "tsx", "mts", "js", "mjs"];

/// Written by a program and checked against what it writes: nobody reads them as files of their own.
const GENERATED: &[&str] = &["clients/typescript/src/api/schema.ts"];

/// Relative path and text of every Rust source file.
pub(super) fn rust(house: &House) -> impl Iterator<Item = (&Path, String)> {
    with_extension(house, &["rs"])
}

/// The same of TypeScript and JavaScript. What npm installed and what a build made is ignored by git and isn't here.
pub(super) fn scripts(house: &House) -> impl Iterator<Item = (&Path, String)> {
    with_extension(house, SCRIPTS).filter(|(path, _)| !GENERATED.iter().any(|made| Path::new(made) == *path))
}

fn with_extension<'a>(
    house: &'a House,
    extensions: &'static [&'static str],
) -> impl Iterator<Item = (&'a Path, String)> {
    house
        .files
        .iter()
        .filter(move |path| {
            path.extension()
                .and_then(|extension| extension.to_str())
                .is_some_and(|extension| extensions.contains(&extension))
        })
        .filter_map(|path| {
            let text = std::fs::read_to_string(house.root.join(path)).ok()?;
            Some((path.as_path(), text))
        })
}
