//! The Rust files of the house.

use std::path::Path;

use super::House;

/// Relative path and text of every Rust source file.
pub(super) fn rust(house: &House) -> impl Iterator<Item = (&Path, String)> {
    house
        .files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|path| {
            let text = std::fs::read_to_string(house.root.join(path)).ok()?;
            Some((path.as_path(), text))
        })
}
