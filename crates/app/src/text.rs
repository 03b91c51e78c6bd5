//! Checks of texts that callers give.

use crate::AppError;

/// A name or title: trimmed of blanks, 1 to `max` characters, no control characters, at its ends neither.
pub(crate) fn line(field: &str, text: &str, max: usize) -> Result<String, AppError> {
    if text.chars().any(char::is_control) {
        return Err(AppError::invalid(
            field,
            format!("`{field}` must not contain control characters."),
        ));
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::invalid(field, format!("`{field}` must not be empty.")));
    }
    if text.chars().count() > max {
        return Err(
            AppError::invalid(field, format!("`{field}` must have at most {max} characters."))
                .limit(max as u64),
        );
    }
    Ok(text.to_owned())
}

/// Changes the direction of text: a file name can seem to end otherwise than it does.
pub(crate) fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// A secret: 1 to `max` visible ASCII characters, because it becomes a header.
pub(crate) fn secret(field: &str, text: &str, max: usize) -> Result<(), AppError> {
    if text.is_empty() || text.len() > max || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(AppError::invalid(
            field,
            format!("`{field}` must have 1 to {max} visible ASCII characters and no white space."),
        )
        .limit(max as u64));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded_and_visible() {
        assert_eq!(line("name", " a b ", 5).unwrap(), "a b");
        for bad in ["", "  ", "abcdef", "a\nb", "a\u{0}", "a\n", "\ta"] {
            assert!(line("name", bad, 5).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn secrets_fit_into_a_header_and_are_not_quoted() {
        assert!(secret("api_key", "sk-123", 10).is_ok());
        for bad in ["", "a b", "a\r\nb", "ü", "12345678901"] {
            let error = secret("api_key", bad, 10).unwrap_err();
            assert!(bad.is_empty() || !error.detail.contains(bad));
        }
    }
}
