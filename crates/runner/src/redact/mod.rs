//! Takes secrets out of whatever the runner reports: as they are, and in the encodings in which they show up in
//! output (base64 at each alignment, percent-encoding, hexadecimal, JSON strings), also across the borders of pieces.
//!
//! Pure: text in, text out. What it cannot do: a secret that a program cut in two, reversed or encrypted is not one
//! that it knows.

mod mask;
mod patterns;
mod report;
mod stream;

use std::collections::{HashMap, HashSet};

pub(crate) use mask::{MaskWriter, Masked};
pub(crate) use report::Parts;
pub(crate) use stream::Stream;

/// Bytes by which a pattern is found; no pattern is shorter.
const ANCHOR: usize = 6;
/// Pairs of bytes that there are.
const PAIRS: usize = 1 << 16;
/// What stands where a secret was.
const MARK: &str = "[secret]";

/// Knows secrets by what they look like.
#[derive(Default)]
pub(crate) struct Redactor {
    /// Each once; longest first within an anchor.
    patterns: Vec<Box<[u8]>>,
    by_anchor: HashMap<[u8; ANCHOR], Vec<usize>>,
    /// One bit for each pair of bytes that a pattern may begin with: most text is passed over by it alone.
    pairs: Vec<u64>,
    /// Beginnings of patterns that are shorter than an anchor.
    beginnings: HashSet<Box<[u8]>>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

/// What begins at a place in the text.
enum Here {
    Nothing,
    /// A secret of so many bytes.
    Secret(usize),
    /// Possibly a secret: the text ends too early to tell.
    Open,
}

impl Redactor {
    /// For these secrets. Those shorter than six bytes are not hidden, and none is taken in by the server.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all: Vec<Box<[u8]>> = secrets
            .into_iter()
            .flat_map(patterns::of)
            .filter(|pattern| pattern.len() >= ANCHOR)
            .map(Vec::into_boxed_slice)
            .collect();
        all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        all.dedup();
        let mut redactor = Self {
            pairs: vec![0; PAIRS / 64],
            ..Self::default()
        };
        for (index, pattern) in all.iter().enumerate() {
            if let Some(anchor) = pattern.first_chunk::<ANCHOR>() {
                redactor.by_anchor.entry(*anchor).or_default().push(index);
                let (word, bit) = pair(anchor[0], anchor[1]);
                redactor.pairs[word] |= bit;
            }
            for length in 1..ANCHOR {
                redactor.beginnings.insert(pattern[..length].into());
            }
        }
        redactor.patterns = all;
        redactor
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The longest secret at the start of `rest`. Unless it is `whole`, more may follow.
    fn look(&self, rest: &[u8], whole: bool) -> Here {
        if let [first, second, ..] = rest {
            let (word, bit) = pair(*first, *second);
            if self.pairs.get(word).is_none_or(|pairs| pairs & bit == 0) {
                return Here::Nothing;
            }
        }
        let Some(anchor) = rest.first_chunk::<ANCHOR>() else {
            return if !whole && self.beginnings.contains(rest) {
                Here::Open
            } else {
                Here::Nothing
            };
        };
        let Some(candidates) = self.by_anchor.get(anchor) else {
            return Here::Nothing;
        };
        for pattern in candidates.iter().map(|index| &self.patterns[*index]) {
            if rest.starts_with(pattern) {
                return Here::Secret(pattern.len());
            }
            // Longer ones come first: a shorter one that fits already is not taken before this is known.
            if !whole && pattern.starts_with(rest) {
                return Here::Open;
            }
        }
        Here::Nothing
    }

    /// Copies `bytes` to `out` without secrets, up to where more has to come; answers how far that was.
    fn pass(&self, bytes: &[u8], whole: bool, out: &mut Vec<u8>) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            match self.look(&bytes[at..], whole) {
                Here::Nothing => {
                    out.push(bytes[at]);
                    at += 1;
                }
                Here::Secret(length) => {
                    out.extend_from_slice(MARK.as_bytes());
                    at += length;
                }
                Here::Open => break,
            }
        }
        at
    }

    /// The text without secrets; `None` when there are none in it.
    pub(crate) fn text(&self, text: &str) -> Option<String> {
        if self.is_empty() || text.len() < ANCHOR {
            return None;
        }
        let mut out = Vec::with_capacity(text.len());
        self.pass(text.as_bytes(), true, &mut out);
        if out == text.as_bytes() {
            return None;
        }
        // Patterns are whole characters, so what is left of a text is text.
        Some(String::from_utf8_lossy(&out).into_owned())
    }

    /// Of bytes that may be no text.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        self.pass(bytes, true, &mut out);
        out
    }

    /// In place.
    pub(crate) fn clean(&self, text: &mut String) {
        if let Some(cleaned) = self.text(text) {
            *text = cleaned;
        }
    }
}

/// Where the bit of a pair is.
fn pair(first: u8, second: u8) -> (usize, u64) {
    let number = usize::from(first) << 8 | usize::from(second);
    (number / 64, 1 << (number % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(secrets: &[&str], text: &str) -> String {
        let redactor = Redactor::new(secrets.iter().copied());
        redactor.text(text).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn the_longest_secret_is_taken() {
        let secrets = ["hunter22", "hunter22hunter33", "unter22x"];
        assert_eq!(redacted(&secrets, "a hunter22hunter33 b"), "a [secret] b");
        assert_eq!(redacted(&secrets, "hunter22hunter2"), "[secret]hunter2");
        assert_eq!(redacted(&secrets, "hunter22x"), "[secret]x");
        assert_eq!(redacted(&secrets, "hunter2"), "hunter2");
        assert_eq!(redacted(&[], "hunter22"), "hunter22");
    }

    #[test]
    fn text_that_is_not_ascii_stays_text() {
        assert_eq!(redacted(&["пароль"], "это пароль ü"), "это [secret] ü");
    }
}
