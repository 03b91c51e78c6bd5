//! What an artifact may be called, and what kind of thing it may say it is.

use crate::{AppError, text};

const MAX_NAME: usize = 255;
const MAX_MEDIA_TYPE: usize = 127;
/// Says nothing, and so is never wrong.
const ANYTHING: &str = "application/octet-stream";

/// One file name: it may become one on somebody's disk.
pub(super) fn file_name(name: &str) -> Result<String, AppError> {
    let name = text::line("name", name, MAX_NAME)?;
    if name.contains(['/', '\\']) || name == "." || name == ".." || name.chars().any(text::turns) {
        return Err(AppError::invalid(
            "name",
            "`name` is one file name: no directories, and no characters that change the direction of text.",
        ));
    }
    Ok(name)
}

/// `type/subtype` in lower case, without parameters; what is not of that form says nothing.
pub(super) fn media_type(said: Option<&str>) -> String {
    let said = said.unwrap_or_default();
    let essence = said
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let is_token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let is_type = essence
        .split_once('/')
        .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
    if is_type && essence.len() <= MAX_MEDIA_TYPE {
        essence
    } else {
        ANYTHING.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_name() {
        for good in ["report.pdf", "a b", "bericht über alles.md", ".hidden", "..."] {
            assert_eq!(file_name(good).unwrap(), good);
        }
        for bad in [
            "",
            "a/b",
            "..",
            "a\\b",
            "a\nb",
            "gpj.\u{202e}exe",
            &"x".repeat(256),
        ] {
            assert!(file_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_type_is_a_type_or_nothing() {
        assert_eq!(media_type(Some("Text/HTML; charset=utf-8")), "text/html");
        assert_eq!(media_type(Some("image/svg+xml")), "image/svg+xml");
        for odd in [
            None,
            Some(""),
            Some("text"),
            Some("a/b/c"),
            Some("a b/c"),
            Some("text/\r\nx"),
        ] {
            assert_eq!(media_type(odd), ANYTHING);
        }
    }
}
