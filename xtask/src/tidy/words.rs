//! Words that must not be in a file: promises of later work, and silenced lints.

use anyhow::Result;

use super::{House, Report};

/// Spelled in two halves, so that this file doesn't find itself.
const EVERYWHERE: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
const IN_RUST: &[(&str, &str)] = &[
    (concat!("#[al", "low("), "say #[expect(.., reason = \"..\")]"),
    (concat!("#![al", "low("), "say #[expect(.., reason = \"..\")]"),
    (concat!("unimpl", "emented!"), "write it or leave it out"),
    (concat!("to", "do!("), "write it or leave it out"),
];
const IN_SCRIPTS: &[(&str, &str)] = &[
    (concat!("@ts-", "ignore"), "say @ts-expect-error with a reason"),
    (concat!("@ts-", "nocheck"), "check it"),
    (concat!("eslint-", "disable"), "there is no ESLint here"),
    (concat!("debug", "ger;"), "take it out"),
    (concat!("test.", "only("), "run them all"),
    (concat!("describe.", "only("), "run them all"),
];

const TEXTS: &[&str] = &[
    "rs", "toml", "md", "json", "txt", "sh", "yaml", "yml", "py", "ts", "tsx", "mts", "js", "mjs", "css",
    "html", "svg", "sql",
];

pub(super) fn check(house: &House) -> Result<Report> {
    let mut report = Report::default();
    for path in &house.files {
        let extension = path.extension().and_then(|extension| extension.to_str());
        if !extension.is_none_or(|extension| TEXTS.contains(&extension)) {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(house.root.join(path)) else {
            continue;
        };
        for (index, line) in text.lines().enumerate() {
            let place = || format!("{}:{}", path.display(), index + 1);
            if let Some(word) = EVERYWHERE.iter().find(|word| whole(line, word)) {
                report.complain(format!("{}: {word}; finish it or open an issue", place()));
            }
            let banned = match extension {
                Some("rs") => IN_RUST,
                Some("ts" | "tsx" | "js" | "mjs" | "mts") => IN_SCRIPTS,
                _ => &[],
            };
            if let Some((word, instead)) = banned.iter().find(|(word, _)| line.contains(word)) {
                report.complain(format!("{}: {word}; {instead}", place()));
            }
        }
    }
    Ok(report)
}

/// Whether `word` stands in `line` and isn't part of a longer one.
fn whole(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        ![before, after]
            .into_iter()
            .flatten()
            .any(|character| character.is_alphanumeric() || character == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn whole_words_only() {
        assert!(whole("a STOP: b", "STOP"));
        assert!(whole("STOP", "STOP"));
        assert!(!whole("STOPPED", "STOP"));
        assert!(!whole("NON_STOP", "STOP"));
    }
}
