//! Keys out of what a provider says.

use bytes::Bytes;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

const MARK: &str = "[redacted]";
/// A shorter "key" would be found in ordinary words.
const MIN_KEY: usize = 8;

/// Knows the one key that was sent, and what keys look like.
#[derive(Debug, Clone)]
pub(crate) struct Redactor {
    key: SecretString,
}

impl Redactor {
    pub(crate) fn new(key: &SecretString) -> Self {
        Self { key: key.clone() }
    }

    /// Takes the sent key, and everything that looks like one, out of a text.
    pub(crate) fn text(&self, text: &str) -> String {
        let key = self.key.expose_secret();
        let text = if key.len() >= MIN_KEY {
            text.replace(key, MARK)
        } else {
            text.to_owned()
        };
        let text = replace_tokens(&text, "sk-");
        replace_tokens(&replace_tokens(&text, "Bearer "), "bearer ")
    }

    /// The same for every text in a document.
    pub(crate) fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|item| self.value(item)),
            _ => {}
        }
    }

    /// Takes the sent key out of an answer; what only looks like a key may be what the person asked for.
    pub(crate) fn bytes(&self, bytes: Bytes) -> Bytes {
        let key = self.key.expose_secret().as_bytes();
        if key.len() < MIN_KEY || bytes.len() < key.len() {
            return bytes;
        }
        let mut out = Vec::new();
        let (mut copied, mut at) = (0, 0);
        while let Some(found) = find(&bytes[at..], key) {
            out.extend_from_slice(&bytes[copied..at + found]);
            out.extend_from_slice(MARK.as_bytes());
            at += found + key.len();
            copied = at;
        }
        if copied == 0 {
            return bytes;
        }
        out.extend_from_slice(&bytes[copied..]);
        out.into()
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(at) = haystack[from..].iter().position(|byte| *byte == first) {
        let start = from + at;
        if haystack[start..].starts_with(needle) {
            return Some(start);
        }
        from = start + 1;
    }
    None
}

/// Replaces `prefix` and the token characters behind it, where there are enough of them to be a key.
fn replace_tokens(text: &str, prefix: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(prefix) {
        let (before, found) = rest.split_at(at);
        let tail = &found[prefix.len()..];
        let token = tail
            .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.*=+/~".contains(c)))
            .unwrap_or(tail.len());
        // "sk-" within a word, as in "task-", is no key.
        let within_word = before.ends_with(|c: char| c.is_ascii_alphanumeric());
        out.push_str(before);
        if token >= 4 && !within_word {
            out.push_str(MARK);
        } else {
            out.push_str(&found[..prefix.len() + token]);
        }
        rest = &tail[token..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_out() {
        let redactor = Redactor::new(&"tenant-secret-1".to_owned().into());
        for (text, expected) in [
            ("key tenant-secret-1 is bad", "key [redacted] is bad"),
            (
                "Incorrect API key provided: sk-abcd****wxyz.",
                "Incorrect API key provided: [redacted]",
            ),
            ("Authorization: Bearer abc.def-ghi", "Authorization: [redacted]"),
            ("a task-based answer", "a task-based answer"),
            ("sk-x", "sk-x"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(redactor.text(text), expected);
        }
        assert_eq!(
            redactor.bytes("a tenant-secret-1tenant-secret-1 b".into()),
            "a [redacted][redacted] b"
        );
        assert_eq!(redactor.bytes("sk-1234567890".into()), "sk-1234567890");
    }
}
