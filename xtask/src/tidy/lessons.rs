//! Every test that the page of lessons names exists. A proof that was renamed or removed is none.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::{House, Report, source};

const PAGE: &str = "docs/guides/lessons.md";

pub(super) fn check(house: &House) -> Result<Report> {
    let mut report = Report::default();
    let page = std::fs::read_to_string(house.root.join(PAGE)).context(PAGE)?;
    let mut functions = BTreeSet::new();
    for (_, text) in source::rust(house) {
        functions.extend(names_after(&text, "fn "));
    }
    let proofs: BTreeSet<String> = page.lines().flat_map(proofs).collect();
    for name in proofs.iter().filter(|name| !functions.contains(*name)) {
        report.complain(format!("{PAGE}: there is no test `{name}`"));
    }
    report.note = Some(format!("{} tests named", proofs.len()));
    Ok(report)
}

/// Names in the last column of a table's row.
fn proofs(line: &str) -> Vec<String> {
    let Some(last) = line
        .strip_prefix('|')
        .and_then(|row| row.trim_end().strip_suffix('|'))
        .and_then(|row| row.rsplit('|').next())
    else {
        return Vec::new();
    };
    let parts = last.split('`').skip(1).step_by(2);
    parts.map(ToOwned::to_owned).collect()
}

fn names_after(text: &str, word: &str) -> Vec<String> {
    text.match_indices(word)
        .map(|(at, _)| {
            let rest = &text[at + word.len()..];
            rest.chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proofs_are_in_the_last_column() {
        assert_eq!(proofs("| 1 | it `was` so | `a_b`, `c` |"), ["a_b", "c"]);
        assert_eq!(proofs("| 1 | it `was` so | none |"), Vec::<String>::new());
        assert_eq!(proofs("a `word`"), Vec::<String>::new());
        assert_eq!(names_after("async fn a_b() {} fn c2<T>()", "fn "), ["a_b", "c2"]);
    }
}
