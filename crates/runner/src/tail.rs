//! The last bytes of a program's output, for error details and progress messages.

use std::collections::VecDeque;

/// Keeps at most `limit` bytes, the newest.
#[derive(Debug)]
pub struct Tail {
    bytes: VecDeque<u8>,
    limit: usize,
    cut: bool,
}

impl Tail {
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            bytes: VecDeque::new(),
            limit,
            cut: false,
        }
    }

    pub fn push(&mut self, chunk: &[u8]) {
        let keep = &chunk[chunk.len().saturating_sub(self.limit)..];
        let surplus = (self.bytes.len() + keep.len()).saturating_sub(self.limit);
        self.cut |= surplus > 0 || keep.len() < chunk.len();
        self.bytes.drain(..surplus);
        self.bytes.extend(keep);
    }

    /// As text: lossy, without control characters and without credentials in URLs.
    #[must_use]
    pub fn text(&self) -> String {
        let bytes: Vec<u8> = self.bytes.iter().copied().collect();
        let text = readable(&String::from_utf8_lossy(&bytes));
        if self.cut { format!("…{text}") } else { text }
    }
}

/// Text fit for a message: carriage returns become line ends, other control characters and terminal escapes go,
/// and whatever stands between `://` and `@` is hidden.
#[must_use]
pub fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => {
                if chars.peek() == Some(&'[') {
                    chars.next();
                    for next in chars.by_ref() {
                        if ('@'..='~').contains(&next) {
                            break;
                        }
                    }
                }
            }
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    hide_userinfo(out.trim())
}

fn hide_userinfo(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '\'' | '"'))
            .unwrap_or(after.len());
        match after[..end].rfind('@') {
            Some(sign) => {
                out.push_str("***");
                rest = &after[sign..];
            }
            None => rest = after,
        }
    }
    out.push_str(rest);
    out
}

/// The first `limit` bytes of a text, cut between characters.
#[must_use]
pub fn clip(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit.min(text.len()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_is_kept() {
        let mut tail = Tail::new(4);
        tail.push(b"abc");
        tail.push(b"defgh");
        assert_eq!(tail.text(), "…efgh");
    }

    #[test]
    fn escapes_and_credentials_are_gone() {
        assert_eq!(readable("\u{1b}[31mred\u{1b}[0m a\rb\u{7}"), "red a\nb");
        assert_eq!(
            readable("fatal: https://me:pw@host/x and http://h/a@b"),
            "fatal: https://***@host/x and http://h/a@b"
        );
    }

    #[test]
    fn clipping_respects_characters() {
        assert_eq!(clip("aé", 2), "a");
    }
}
