//! Times that travel inside of texts: `[nanoseconds]`, always of one width, found again wherever they end up.

use crate::clock;

/// Text around a stamp: what a part of an agent's message is about as long as.
pub(crate) const FILLER: &str = "The quick brown fox reads the log at its own pace, while the lazy dog keeps what it \
was told on a disk that turns no more. Nothing of it is lost, nothing of it comes twice, and whoever was away for a \
while is told everything since, in the order in which it was said. So it goes on, line after line, until the turn is \
over and everybody sleeps.";

const DIGITS: usize = 16;

/// A moment, as it travels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp;

impl Stamp {
    /// Appends now.
    pub(crate) fn put(out: &mut Vec<u8>) {
        out.push(b'[');
        let mut digits = [b'0'; DIGITS];
        let mut now = clock::now();
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(now % 10).unwrap_or(0);
            now /= 10;
        }
        out.extend_from_slice(&digits);
        out.push(b']');
    }

    /// The first that is in a text.
    pub(crate) fn first(text: &[u8]) -> Option<u64> {
        let mut found = None;
        let mut rest = text;
        while let (None, Some(open)) = (found, rest.iter().position(|byte| *byte == b'[')) {
            rest = &rest[open + 1..];
            found = digits(rest);
        }
        found
    }

    /// All that are in a text: one, or several where the server put pieces together.
    pub(crate) fn all(text: &[u8], mut each: impl FnMut(u64)) {
        let mut rest = text;
        while let Some(open) = rest.iter().position(|byte| *byte == b'[') {
            rest = &rest[open + 1..];
            if let Some(stamp) = digits(rest) {
                each(stamp);
            }
        }
    }
}

/// The digits of a stamp, if the text begins with them and they end there.
fn digits(text: &[u8]) -> Option<u64> {
    let (digits, [b']', ..]) = text.split_at_checked(DIGITS)? else {
        return None;
    };
    digits.iter().all(u8::is_ascii_digit).then(|| {
        digits
            .iter()
            .fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'))
    })
}

/// The number behind a key, which is looked for near the beginning.
pub(crate) fn number_after(text: &[u8], key: &[u8]) -> Option<u64> {
    let near = &text[..text.len().min(128)];
    let at = near.windows(key.len()).position(|part| part == key)? + key.len();
    let digits = near.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit());
    let mut number = None;
    for digit in digits {
        number = Some(number.unwrap_or(0) * 10 + u64::from(digit - b'0'));
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_found_again() {
        let mut text = b"{[1],[x".to_vec();
        Stamp::put(&mut text);
        text.extend_from_slice(b" and ");
        Stamp::put(&mut text);
        let mut found = Vec::new();
        Stamp::all(&text, |stamp| found.push(stamp));
        assert!(found.len() == 2 && found[0] <= found[1] && found[1] <= clock::now());
        assert_eq!(
            number_after(br#"{"type":"event","event":{"seq":417,"#, b"\"seq\":"),
            Some(417)
        );
        assert_eq!(number_after(b"{}", b"\"seq\":"), None);
    }
}
