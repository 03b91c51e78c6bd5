//! A turn's request as OpenCode takes it: the text verbatim; pictures, documents and texts as data URLs for the model;
//! and where every file lies, for the tools.

use std::path::{Path, PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use protocol::agent::MODEL_ALIAS;
use serde_json::{Value, json};

use super::{
    attachments::{File, decoded, keep},
    config,
};
use crate::{DriverError, TurnRequest};

/// Keeps the files and makes the body of `prompt_async`. Model and agent are named, so that no configuration file
/// decides them.
pub(super) async fn body(turn: &TurnRequest, home: &Path) -> Result<Value, DriverError> {
    let files = decoded(&turn.attachments)?;
    let (home, prompt) = (home.to_owned(), turn.prompt_id);
    let kept = tokio::task::spawn_blocking(move || keep(&home, prompt, &files).map(|paths| (files, paths)));
    let (files, paths) = kept
        .await
        .map_err(|error| DriverError::Refused(error.to_string()))?
        .map_err(|error| DriverError::Refused(format!("its attachments could not be written: {error}")))?;
    request(turn, &files, &paths)
}

fn request(turn: &TurnRequest, files: &[File], paths: &[PathBuf]) -> Result<Value, DriverError> {
    let provider = config::provider(turn.model.dialect).ok_or_else(|| {
        DriverError::Refused(format!("opencode does not speak {}", turn.model.dialect.as_str()))
    })?;
    let mut parts = vec![json!({ "type": "text", "text": turn.text })];
    parts.extend(files.iter().filter_map(shown));
    if !paths.is_empty() {
        parts.push(json!({ "type": "text", "text": note(paths), "synthetic": true }));
    }
    Ok(json!({
        "model": { "providerID": provider, "modelID": MODEL_ALIAS },
        "agent": "build",
        "parts": parts,
    }))
}

/// What a model can look at; `None` for what only tools can use.
fn shown(file: &File) -> Option<Value> {
    let media = match file.media_type.as_str() {
        known if begins_as(known, &file.content) => known,
        // OpenCode reads text only under this name; the file's own name tells the rest.
        _ if std::str::from_utf8(&file.content).is_ok_and(|text| !text.contains('\0')) => "text/plain",
        _ => return None,
    };
    let url = format!("data:{media};base64,{}", STANDARD.encode(&file.content));
    Some(json!({ "type": "file", "mime": media, "filename": file.name, "url": url }))
}

/// Whether a file that a model can look at begins as one of its type does. OpenCode gives up the whole turn over a
/// picture that is none, and a name and a type come from whoever sent the file.
fn begins_as(media: &str, content: &[u8]) -> bool {
    match media {
        "image/png" => content.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/jpeg" => content.starts_with(b"\xff\xd8\xff"),
        "image/gif" => content.starts_with(b"GIF87a") || content.starts_with(b"GIF89a"),
        "image/webp" => content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP"),
        "application/pdf" => content.starts_with(b"%PDF-"),
        _ => false,
    }
}

/// Not of the person, and marked the way agents mark what is not.
fn note(paths: &[PathBuf]) -> String {
    let list: Vec<String> = paths.iter().map(|path| format!("- {}", path.display())).collect();
    format!(
        "<system-reminder>\nThe files that came along with this prompt are kept at:\n{}\n</system-reminder>",
        list.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use protocol::{
        PromptId,
        agent::{Dialect, ModelBinding},
        session::Attachment,
    };

    use super::*;

    fn attachment(name: &str, media: &str, data: &[u8]) -> Attachment {
        Attachment {
            name: name.into(),
            media_type: media.into(),
            data: STANDARD.encode(data),
        }
    }

    #[tokio::test]
    async fn a_model_sees_what_it_can_and_every_file_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let mut turn = TurnRequest {
            prompt_id: PromptId::from_bits(1),
            text: " as it is ".into(),
            attachments: vec![
                attachment("../a.json", "application/json", b"{}"),
                attachment("a.bin", "application/octet-stream", &[0, 255]),
                attachment("a.png", "image/png", b"\x89PNG\r\n\x1a\n and so on"),
                attachment("no.png", "image/png", b"<p>"),
                attachment("no.pdf", "application/pdf", &[0]),
            ],
            model: ModelBinding {
                dialect: Dialect::Anthropic,
                context: 1000,
                max_output: 100,
            },
        };
        let whole = body(&turn, home.path()).await.unwrap();
        let parts = whole["parts"].as_array().unwrap();
        assert_eq!(parts.len(), 5);
        assert_eq!(parts[0], json!({"type": "text", "text": " as it is "}));
        assert_eq!(parts[1]["mime"], "text/plain");
        assert_eq!(parts[1]["filename"], "..a.json");
        assert_eq!(parts[1]["url"], "data:text/plain;base64,e30=");
        assert_eq!(parts[2]["mime"], "image/png");
        assert_eq!(parts[3]["mime"], "text/plain", "it is no picture");
        let note = parts[4]["text"].as_str().unwrap();
        let path = note
            .lines()
            .find_map(|line| line.strip_prefix("- ").filter(|path| path.ends_with("a.bin")));
        assert_eq!(std::fs::read(path.unwrap()).unwrap(), [0, 255]);
        turn.attachments.clear();
        let bare = body(&turn, home.path()).await.unwrap();
        assert_eq!(bare["parts"].as_array().unwrap().len(), 1);
        turn.model.dialect = Dialect::Gemini;
        assert!(body(&turn, home.path()).await.is_err());
    }
}
