//! A turn's request as OpenCode takes it: the text verbatim, files as data URLs.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use protocol::{agent::MODEL_ALIAS, session::Attachment};
use serde_json::{Value, json};

use super::config;
use crate::{DriverError, TurnRequest, text::clip};

/// Body of `prompt_async`. Model and agent are named, so that no configuration file decides them.
pub(super) fn body(turn: &TurnRequest) -> Result<Value, DriverError> {
    let provider = config::provider(turn.model.dialect).ok_or_else(|| {
        DriverError::Refused(format!("opencode does not speak {}", turn.model.dialect.as_str()))
    })?;
    let mut parts = vec![json!({ "type": "text", "text": turn.text })];
    for attachment in &turn.attachments {
        parts.push(file(attachment)?);
    }
    Ok(json!({
        "model": { "providerID": provider, "modelID": MODEL_ALIAS },
        "agent": "build",
        "parts": parts,
    }))
}

fn file(attachment: &Attachment) -> Result<Value, DriverError> {
    let name: String = attachment
        .name
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '/' | '\\'))
        .collect();
    let name = clip(&name, 200);
    let refused = |reason: &str| DriverError::Refused(format!("the attachment `{name}` {reason}"));
    let content = STANDARD
        .decode(&attachment.data)
        .map_err(|_| refused("is not base64"))?;
    let media = attachment
        .media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let media = if matches!(
        media.as_str(),
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "application/pdf"
    ) {
        media
    } else if std::str::from_utf8(&content).is_ok_and(|text| !text.contains('\0')) {
        // OpenCode reads text only under this name; the file's own name tells the rest.
        "text/plain".to_owned()
    } else {
        return Err(refused(
            "is neither text nor a picture (PNG, JPEG, GIF, WebP) nor a PDF",
        ));
    };
    let url = format!("data:{media};base64,{}", STANDARD.encode(&content));
    Ok(json!({ "type": "file", "mime": media, "filename": name, "url": url }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attachment(name: &str, media: &str, data: &[u8]) -> Attachment {
        Attachment {
            name: name.into(),
            media_type: media.into(),
            data: STANDARD.encode(data),
        }
    }

    #[test]
    fn text_of_any_kind_is_text_and_unknown_bytes_are_refused() {
        let part = file(&attachment("../a.json", "application/json", b"{}")).unwrap();
        assert_eq!(part["mime"], "text/plain");
        assert_eq!(part["filename"], "..a.json");
        assert_eq!(part["url"], "data:text/plain;base64,e30=");
        let error = file(&attachment("a.bin", "application/octet-stream", &[0, 255])).unwrap_err();
        assert!(error.to_string().contains("neither text nor a picture"));
        assert!(
            file(&Attachment {
                data: "*".into(),
                ..attachment("a", "text/plain", b"")
            })
            .is_err()
        );
    }
}
