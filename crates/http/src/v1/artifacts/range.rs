//! Which bytes a request wants (RFC 9110, 13 and 14), for a thing whose tag is the hash of its content.

use std::ops::Range;

use http::{HeaderMap, HeaderName, header};

/// What to answer with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// It has not changed: nothing.
    Nothing,
    Whole,
    Part(Range<u64>),
    /// No byte of it.
    Beyond,
}

/// `tag` is strong, with its quotes.
pub(super) fn wanted(headers: &HeaderMap, tag: &str, size: u64) -> Wanted {
    if text(headers, &header::IF_NONE_MATCH).is_some_and(|tags| matches(tags, tag)) {
        return Wanted::Nothing;
    }
    let is_current = text(headers, &header::IF_RANGE).is_none_or(|known| known.trim() == tag);
    match text(headers, &header::RANGE).filter(|_| is_current) {
        Some(range) => one_range(range, size),
        None => Wanted::Whole,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A weak mark does not matter here: what is compared is content.
fn matches(tags: &str, tag: &str) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

/// One range of bytes. What is not understood is not a range, and several at once are more than anybody needs: both
/// get the whole, as is allowed.
fn one_range(text: &str, size: u64) -> Wanted {
    let Some((first, last)) = text
        .trim()
        .strip_prefix("bytes=")
        .filter(|rest| !rest.contains(','))
        .and_then(|rest| rest.trim().split_once('-'))
    else {
        return Wanted::Whole;
    };
    let number = |text: &str| -> Option<u64> {
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if last < first => Wanted::Whole,
        (Some(first), _) if first >= size && (last.is_empty() || number(last).is_some()) => Wanted::Beyond,
        (Some(first), Some(last)) => Wanted::Part(first..last.saturating_add(1).min(size)),
        (Some(first), None) if last.is_empty() => Wanted::Part(first..size),
        (None, Some(0)) if first.is_empty() => Wanted::Beyond,
        (None, Some(last)) if first.is_empty() && size > 0 => Wanted::Part(size.saturating_sub(last)..size),
        (None, Some(_)) if first.is_empty() => Wanted::Beyond,
        _ => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const TAG: &str = "\"abc\"";

    fn asked(headers: &[(HeaderName, &'static str)], size: u64) -> Wanted {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name, HeaderValue::from_static(value));
        }
        wanted(&map, TAG, size)
    }

    #[test]
    fn ranges_are_understood() {
        for (text, expected) in [
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=0-9", Wanted::Part(0..10)),
            ("bytes=5-", Wanted::Part(5..10)),
            ("bytes=5-99999999999999999999", Wanted::Part(5..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-30", Wanted::Part(0..10)),
            ("bytes=10-", Wanted::Beyond),
            ("bytes=10-20", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=--3", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("lines=0-1", Wanted::Whole),
        ] {
            assert_eq!(asked(&[(header::RANGE, text)], 10), expected, "{text}");
        }
        for text in ["bytes=0-", "bytes=0-0", "bytes=-1"] {
            assert_eq!(
                asked(&[(header::RANGE, text)], 0),
                Wanted::Beyond,
                "{text} of nothing"
            );
        }
        assert_eq!(asked(&[], 0), Wanted::Whole);
    }

    #[test]
    fn tags_are_held_against_the_content() {
        for same in ["\"abc\"", "W/\"abc\"", "*", "\"x\", \"abc\""] {
            assert_eq!(asked(&[(header::IF_NONE_MATCH, same)], 10), Wanted::Nothing);
        }
        assert_eq!(asked(&[(header::IF_NONE_MATCH, "\"x\"")], 10), Wanted::Whole);
        let resumed = |known| asked(&[(header::IF_RANGE, known), (header::RANGE, "bytes=5-")], 10);
        assert_eq!(resumed("\"abc\""), Wanted::Part(5..10));
        assert_eq!(
            resumed("\"x\""),
            Wanted::Whole,
            "another content is not gone on with"
        );
        assert_eq!(resumed("W/\"abc\""), Wanted::Whole);
    }
}
