//! Bounds for text from an agent: cut at character boundaries, never grown.

use serde_json::Value;

/// The longest prefix of at most `max` bytes.
pub(crate) fn clip(text: &str, max: usize) -> &str {
    &text[..text.floor_char_boundary(max)]
}

/// At most `max` bytes (and a note): the beginning and the end, with what was left out named between.
pub(crate) fn head_and_tail(text: &str, max: usize) -> (String, bool) {
    if text.len() <= max {
        return (text.to_owned(), false);
    }
    let head = clip(text, max / 2);
    let tail = &text[text.ceil_char_boundary(text.len() - max / 2)..];
    let left_out = text.len() - head.len() - tail.len();
    (
        format!("{head}\n[... {left_out} bytes left out ...]\n{tail}"),
        true,
    )
}

/// The first line that is not empty, at most `max` bytes.
pub(crate) fn first_line(text: &str, max: usize) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    clip(line, max).to_owned()
}

/// A JSON value whose strings are at most `each` bytes; a note in its place when it is larger than `whole` even so.
pub(crate) fn bound_value(value: &Value, each: usize, whole: usize) -> Value {
    let bounded = shorten(value, each, 0);
    let size = serde_json::to_string(&bounded).map_or(usize::MAX, |text| text.len());
    if size > whole {
        serde_json::json!({ "truncated": true, "size_bytes": size })
    } else {
        bounded
    }
}

fn shorten(value: &Value, each: usize, depth: usize) -> Value {
    match value {
        _ if depth > 32 => Value::Null,
        Value::String(text) => Value::String(head_and_tail(text, each).0),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| shorten(item, each, depth + 1)).collect())
        }
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, item)| (clip(name, 256).to_owned(), shorten(item, each, depth + 1)))
                .collect(),
        ),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_respect_characters_and_say_what_they_left_out() {
        assert_eq!(clip("aé", 2), "a");
        let (text, cut) = head_and_tail(&"é".repeat(100), 21);
        assert!(
            cut && text.starts_with("ééééé\n[... 180 bytes left out ...]\n"),
            "{text}"
        );
        assert_eq!(head_and_tail("short", 5), ("short".to_owned(), false));
    }

    #[test]
    fn values_are_bounded_in_each_string_and_as_a_whole() {
        let value = serde_json::json!({"content": "x".repeat(100), "n": 1});
        assert!(
            bound_value(&value, 10, 1000)["content"]
                .as_str()
                .unwrap()
                .contains("90 bytes left out")
        );
        assert_eq!(bound_value(&value, 1000, 50)["truncated"], true);
    }
}
