//! JSON with comments and trailing commas, as devcontainer.json and global.json are written.

/// The same text as plain JSON: comments become blanks, trailing commas go. Strings stay as they are.
pub(super) fn plain(text: &str) -> String {
    without_trailing_commas(&without_comments(text))
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut inside = false;
    while let Some(character) = rest.next() {
        match (inside, character, rest.peek()) {
            (true, '\\', _) => {
                out.push(character);
                out.extend(rest.next());
                continue;
            }
            (_, '"', _) => inside = !inside,
            (false, '/', Some('/')) => {
                for skipped in rest.by_ref() {
                    if skipped == '\n' {
                        break;
                    }
                }
                out.push('\n');
                continue;
            }
            (false, '/', Some('*')) => {
                rest.next();
                let mut before = ' ';
                for skipped in rest.by_ref() {
                    if before == '*' && skipped == '/' {
                        break;
                    }
                    before = skipped;
                }
                out.push(' ');
                continue;
            }
            _ => {}
        }
        out.push(character);
    }
    out
}

fn without_trailing_commas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A comma and the blanks after it wait until it is known what follows.
    let mut waiting = String::new();
    let (mut inside, mut escaped) = (false, false);
    for character in text.chars() {
        if inside {
            inside = escaped || character != '"';
            escaped = !escaped && character == '\\';
            out.push(character);
            continue;
        }
        if character == ',' && waiting.is_empty() || character.is_whitespace() && !waiting.is_empty() {
            waiting.push(character);
            continue;
        }
        if matches!(character, ']' | '}') {
            waiting.clear();
        }
        out.push_str(&waiting);
        waiting.clear();
        inside = character == '"';
        out.push(character);
    }
    out.push_str(&waiting);
    out
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn comments_and_commas_go_but_not_from_strings() {
        let text = "{ // one\n \"a\": \"// no, /* no */ \\\" ,}\", /* two\n */ \"b\": [1, 2, ], }";
        let value: serde_json::Value = serde_json::from_str(&plain(text)).unwrap();
        assert_eq!(
            value,
            serde_json::json!({"a": "// no, /* no */ \" ,}", "b": [1, 2]})
        );
    }

    #[test]
    fn what_is_wrong_stays_wrong() {
        for text in ["{\"a\": 1,, }", "[,]x", "/* never closed", "\"never closed // ,"] {
            assert!(
                serde_json::from_str::<serde_json::Value>(&plain(text)).is_err(),
                "{text}"
            );
        }
    }
}
