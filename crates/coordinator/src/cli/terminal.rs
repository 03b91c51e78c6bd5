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
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self(std::io::stdout().is_terminal() && !refused && !dumb)
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

/// A table with aligned columns.
#[must_use]
pub fn table(head: &[&str], rows: &[Vec<String>], paint: Paint) -> String {
    let mut widths: Vec<usize> = head.iter().map(|word| word.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: Vec<String>| {
        let last = cells.len().saturating_sub(1);
        let padded = cells.iter().enumerate().map(|(index, cell)| {
            let missing = if index == last {
                0
            } else {
                widths[index].saturating_sub(cell.chars().count())
            };
            format!("{cell}{}", " ".repeat(missing))
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut text = paint.dim(&line(head.iter().map(|word| (*word).to_owned()).collect()));
    text.push('\n');
    for row in rows {
        text.push_str(&line(row.clone()));
        text.push('\n');
    }
    text
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
    fn tables_align() {
        let text = table(
            &["id", "state"],
            &[vec!["a".into(), "x".into()], vec!["long".into(), "y".into()]],
            Paint(false),
        );
        assert_eq!(text, "id    state\na     x\nlong  y\n");
    }

    #[test]
    fn long_lines_are_cut() {
        assert_eq!(one_line("a b\nc  d", 20), "a b c d");
        assert_eq!(one_line("abcdef", 4), "abc…");
    }
}
