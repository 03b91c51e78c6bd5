//! Writing to the terminal: colours only where they are wanted, control characters of others never.

use std::{
    fmt::Display,
    io::{IsTerminal as _, Write as _},
};

/// Writes to standard output. A reader that went away is no error of ours.
pub fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes());
    let _ = stdout.flush();
}

/// One line on standard output.
pub fn say(line: impl Display) {
    out(&format!("{line}\n"));
}

/// One line on standard error: progress and complaints, not results.
pub fn note(line: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// How this program was called, for commands that are shown to be copied: a path where it was called by a path.
#[must_use]
pub fn me() -> String {
    let called = std::env::args().next().unwrap_or_default();
    if !called.contains('/') || called.contains(char::is_whitespace) {
        return "coordinator".to_owned();
    }
    // A build calls it by its whole path; from the clone the short one does.
    std::env::current_dir()
        .ok()
        .and_then(|here| {
            Some(
                std::path::Path::new(&called)
                    .strip_prefix(here)
                    .ok()?
                    .display()
                    .to_string(),
            )
        })
        .filter(|path| path.contains('/'))
        .unwrap_or(called)
}

/// Columns of the terminal on standard output; `None` when it is none.
#[must_use]
pub fn columns() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(std::io::stdout())?;
    (width.0 > 0).then_some(usize::from(width.0))
}

/// Whether the last line on standard output can be taken back.
#[must_use]
pub fn can_rewrite() -> bool {
    std::io::stdout().is_terminal() && !is_dumb()
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term == "dumb")
}

/// Whether a person can be asked here.
#[must_use]
pub fn is_interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// Colours, on or off.
#[derive(Debug, Clone, Copy, Default)]
pub struct Paint(bool);

impl Paint {
    /// On when standard output is a terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn detect() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self(std::io::stdout().is_terminal() && !refused && !is_dumb())
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    #[must_use]
    pub fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.wrap("32", text)
    }

    #[must_use]
    pub fn warn(self, text: &str) -> String {
        self.wrap("33", text)
    }

    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.wrap("31", text)
    }
}

/// Text of an agent, a tool or a repository without what could drive the terminal.
#[must_use]
pub fn harmless(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\n' | '\t' => clean.push(letter),
            // A whole escape sequence goes, not only its first byte.
            '\x1b' => skip_sequence(&mut rest),
            '\r' if rest.peek() == Some(&'\n') => {}
            '\r' => clean.push('\n'),
            // Overrides of the writing direction can make a command look like another.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            letter if letter.is_control() => {}
            letter => clean.push(letter),
        }
    }
    clean
}

fn skip_sequence(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match rest.next() {
        Some('[') => {
            for letter in rest.by_ref() {
                if ('\x40'..='\x7e').contains(&letter) {
                    break;
                }
            }
        }
        Some(']' | 'P' | '^' | '_' | 'X') => {
            let mut last = ' ';
            for letter in rest.by_ref() {
                if letter == '\x07' || (last == '\x1b' && letter == '\\') {
                    break;
                }
                last = letter;
            }
        }
        _ => {}
    }
}

/// A text in lines that fit the terminal behind an indentation; one line where there is no terminal.
#[must_use]
pub fn wrapped(text: &str, indent: usize) -> Vec<String> {
    let Some(room) = columns().map(|columns| columns.saturating_sub(indent).max(20)) else {
        return vec![text.to_owned()];
    };
    wrap(text, room)
}

fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// One line of at most `width` characters.
#[must_use]
pub fn one_line(text: &str, width: usize) -> String {
    let flat = harmless(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= width {
        return flat;
    }
    let cut: String = flat.chars().take(width.saturating_sub(1)).collect();
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_cannot_drive_the_terminal() {
        assert_eq!(
            harmless("a\x1b[2Jb\x1b]0;title\x07c\x1b]8;;x\x1b\\d\x08\u{202e}e\r\nf\rg"),
            "abcde\nf\ng"
        );
        assert_eq!(harmless("\x1b"), "");
    }

    #[test]
    fn texts_wrap_between_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("onetwothree x", 8), ["onetwothree", "x"]);
    }

    #[test]
    fn long_lines_are_cut() {
        assert_eq!(one_line("a b\nc  d", 20), "a b c d");
        assert_eq!(one_line("abcdef", 4), "abc…");
    }
}
