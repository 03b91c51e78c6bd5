//! What is acceptable in a prompt.

use data_encoding::BASE64;
use protocol::{ProblemCode, session::Attachment};

use crate::{AppError, text};

/// Longest text of a prompt, bytes.
pub const MAX_PROMPT_BYTES: usize = 64 * 1024;
/// All attachments of a prompt together, bytes of content.
pub const MAX_ATTACHMENT_BYTES: usize = 8 << 20;
const MAX_ATTACHMENTS: usize = 64;

/// The text is passed on verbatim, so it is only measured.
pub(crate) fn check_text(field: &str, text: &str) -> Result<(), AppError> {
    if text.trim().is_empty() {
        return Err(AppError::invalid(field, format!("`{field}` must not be empty.")));
    }
    if text.len() > MAX_PROMPT_BYTES {
        return Err(AppError::new(
            ProblemCode::PromptTooLarge,
            format!(
                "The prompt has {} bytes; the limit is {MAX_PROMPT_BYTES}. Put long material into an attachment.",
                text.len()
            ),
        )
        .field(field)
        .limit(MAX_PROMPT_BYTES as u64));
    }
    Ok(())
}

pub(crate) fn attachments(attachments: &[Attachment]) -> Result<(), AppError> {
    if attachments.len() > MAX_ATTACHMENTS {
        return Err(AppError::invalid(
            "attachments",
            format!("A prompt may have at most {MAX_ATTACHMENTS} attachments."),
        )
        .limit(MAX_ATTACHMENTS as u64));
    }
    let mut total = 0_usize;
    for attachment in attachments {
        let name = text::line("attachments.name", &attachment.name, 255)?;
        if name != attachment.name
            || name.contains(['/', '\\'])
            || matches!(name.as_str(), "." | "..")
            || name.chars().any(text::turns)
        {
            return Err(AppError::invalid(
                "attachments.name",
                "An attachment's name is a file name without a path.",
            ));
        }
        let media_type = &attachment.media_type;
        let well_formed = media_type.len() <= 127
            && media_type
                .bytes()
                .all(|byte| byte.is_ascii_graphic() || byte == b' ')
            && media_type
                .split_once('/')
                .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
        if !well_formed {
            return Err(AppError::invalid(
                "attachments.media_type",
                "`media_type` is a type such as `image/png`.",
            ));
        }
        let decoded = BASE64.decode(attachment.data.as_bytes()).map_err(|_| {
            AppError::invalid(
                "attachments.data",
                "`data` must be base64 (standard alphabet, padded, one line).",
            )
        })?;
        total = total.saturating_add(decoded.len());
    }
    if total > MAX_ATTACHMENT_BYTES {
        return Err(AppError::new(
            ProblemCode::PromptTooLarge,
            format!("The attachments have {total} bytes together; the limit is {MAX_ATTACHMENT_BYTES}."),
        )
        .field("attachments")
        .limit(MAX_ATTACHMENT_BYTES as u64));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attachment(name: &str, media_type: &str, data: &str) -> Attachment {
        Attachment {
            name: name.into(),
            media_type: media_type.into(),
            data: data.into(),
        }
    }

    #[test]
    fn the_text_limit_counts_bytes() {
        assert!(check_text("text", &"x".repeat(MAX_PROMPT_BYTES)).is_ok());
        let error = check_text("text", &"ü".repeat(MAX_PROMPT_BYTES / 2 + 1)).unwrap_err();
        assert_eq!(
            (error.code, error.limit),
            (ProblemCode::PromptTooLarge, Some(65_536))
        );
    }

    #[test]
    fn attachments_are_files_with_content() {
        assert!(attachments(&[attachment("a.png", "image/png", "AAAA")]).is_ok());
        for bad in [
            attachment("../a", "image/png", "AAAA"),
            attachment("", "image/png", "AAAA"),
            attachment("a", "png", "AAAA"),
            attachment("a", "image/png", "not base64!"),
        ] {
            assert!(attachments(std::slice::from_ref(&bad)).is_err(), "{bad:?}");
        }
        let data = BASE64.encode(&vec![0; MAX_ATTACHMENT_BYTES / 2 + 1]);
        let half = attachment("a", "image/png", &data);
        assert_eq!(
            attachments(&[half.clone(), half]).unwrap_err().code,
            ProblemCode::PromptTooLarge
        );
    }
}
