//! Every source file begins by saying what it is.

use anyhow::Result;

use super::{House, Report, source};

/// Shorter than this is no sentence.
const FEWEST_CHARACTERS: usize = 8;

pub(super) fn check(house: &House) -> Result<Report> {
    let mut report = Report::default();
    for (path, text) in source::rust(house) {
        let said = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("//!"))
            .map(str::trim)
            .unwrap_or_default();
        if said.len() < FEWEST_CHARACTERS {
            report.complain(format!(
                "{}: the first line has to say, after `//!`, what this file is",
                path.display()
            ));
        }
    }
    Ok(report)
}
