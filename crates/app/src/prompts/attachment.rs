//! Gives back a file that came along with a prompt.

use data_encoding::BASE64;
use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::PromptId;

use crate::{App, AppError, sessions::OwnSession};

/// A file as it was given, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentContent {
    pub name: String,
    pub bytes: Vec<u8>,
    /// The type of a picture that a page may show, by its content; what it was called does not count.
    pub picture: Option<&'static str>,
}

impl App {
    /// # Errors
    /// When policy does not allow it, or there is no such file.
    pub async fn prompt_attachment(
        &self,
        actor: &Actor,
        own: &OwnSession,
        prompt_id: PromptId,
        index: usize,
    ) -> Result<AttachmentContent, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let attachment = self
            .sessions()
            .attachment(own.id(), prompt_id, index)
            .await?
            .ok_or_else(|| AppError::not_found("attachment"))?;
        let bytes = BASE64
            .decode(attachment.data.as_bytes())
            .map_err(AppError::internal)?;
        Ok(AttachmentContent {
            name: attachment.name,
            picture: picture(&bytes),
            bytes,
        })
    }
}

/// By the first bytes. Formats that can carry script (SVG) are none.
fn picture(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_first_bytes() {
        assert_eq!(picture(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(picture(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(picture(b"GIF89a;"), Some("image/gif"));
        assert_eq!(picture(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        for other in [
            &b"<svg onload=alert(1)>"[..],
            b"<html>",
            b"GIF8",
            b"RIFF....WAVE",
            b"%PDF-1.7",
            b"",
        ] {
            assert_eq!(picture(other), None);
        }
    }
}
