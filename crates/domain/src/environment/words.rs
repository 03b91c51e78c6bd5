//! The narrow passage from file text to anything that is shown or run.

use std::fmt;

/// Longest word that may enter a command.
const MAX_WORD: usize = 100;

/// Text from a repository that is safe as one unquoted shell word: letters, digits and `. _ / @ + -`, starting with a
/// letter, digit, `.`, `_` or `@`, without a `..` step. There is no other way for file text into a command.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word(String);

impl Word {
    pub fn new(text: &str) -> Option<Self> {
        let first = text.bytes().next()?;
        let inside = |byte: u8| byte.is_ascii_alphanumeric() || b"._/@+-".contains(&byte);
        let sound = text.len() <= MAX_WORD
            && (first.is_ascii_alphanumeric() || b"._@".contains(&first))
            && text.bytes().all(inside)
            && text.split('/').all(|step| step != ".." && !step.starts_with('-'));
        sound.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A version or range as the repository writes it, when it looks like one.
pub(super) fn version(text: &str) -> Option<String> {
    let text = text.trim();
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || b".*^~<>=|&!,+/_- ".contains(&byte);
    (!text.is_empty() && text.len() <= 64 && text.bytes().all(inside)).then(|| text.to_owned())
}

/// One line of at most `max` characters without control characters, cut visibly.
pub(super) fn line(text: &str, max: usize) -> String {
    let mut out = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == max {
            out.push('…');
            break;
        }
        out.push(if hidden(character) { '\u{fffd}' } else { character });
    }
    out
}

/// A short quotation from a file.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", line(text.trim(), 60))
}

/// Control characters, and those that reorder or hide text in a terminal or a browser.
fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_refuse_what_a_shell_would_read() {
        for bad in [
            "", "-x", "a b", "a;b", "$(x)", "`x`", "a\nb", "../x", "a/../b", "a/-rf", "a&b", "a'b", "é",
            "/etc",
        ] {
            assert!(Word::new(bad).is_none(), "{bad:?}");
        }
        for good in ["test", "apps/web", "@scope/name", ".config", "x86_64-v2", "a..b"] {
            assert!(Word::new(good).is_some(), "{good:?}");
        }
        assert!(Word::new(&"a".repeat(MAX_WORD + 1)).is_none());
    }

    #[test]
    fn versions_are_bounded_and_plain() {
        assert_eq!(version(" >=20 <23 || ^24\n").as_deref(), Some(">=20 <23 || ^24"));
        assert_eq!(version("lts/iron").as_deref(), Some("lts/iron"));
        assert!(version("20; rm -rf /").is_none());
        assert!(version("20\n21").is_none());
        assert!(version("").is_none());
    }

    #[test]
    fn lines_hide_nothing() {
        assert_eq!(line("a\u{1b}[2Jb\u{202e}c", 50), "a\u{fffd}[2Jb\u{fffd}c");
        assert_eq!(line("abcdef", 3), "abc…");
    }
}
