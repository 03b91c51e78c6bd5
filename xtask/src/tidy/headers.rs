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
    for (path, text) in source::scripts(house) {
        // A test beside a file is named after it, and that says it.
        let test = path.to_string_lossy().contains(".test.");
        if !test && said_in_script(&text).len() < FEWEST_CHARACTERS {
            report.complain(format!(
                "{}: it has to begin with a comment, `/** .. */`, that says what this file is",
                path.display()
            ));
        }
    }
    Ok(report)
}

/// Words of the comment that a script begins with; words for tools may come before it.
fn said_in_script(text: &str) -> &str {
    let mut rest = text;
    while rest.starts_with("#!") || rest.starts_with("// @") || rest.starts_with('\n') {
        rest = rest.split_once('\n').map_or("", |(_, after)| after);
    }
    let comment = rest.strip_prefix("/*").and_then(|rest| rest.split_once("*/"));
    comment.map_or("", |(words, _)| words.trim_matches(['*', ' ', '\n']))
}

#[cfg(test)]
mod tests {
    use super::said_in_script;

    #[test]
    fn scripts_begin_with_a_comment() {
        assert_eq!(said_in_script("/** What it is. */\ncode"), "What it is.");
        assert_eq!(said_in_script("/**\n * What it is.\n */\n"), "What it is.");
        assert_eq!(said_in_script("#!/usr/bin/env node\n/* A tool. */"), "A tool.");
        assert_eq!(
            said_in_script("// @vitest-environment jsdom\n/** A test. */"),
            "A test."
        );
        assert_eq!(said_in_script("import x;\n/** Late. */"), "");
        assert_eq!(said_in_script("/** never ends"), "");
    }
}
