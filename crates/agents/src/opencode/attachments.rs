//! Files that come along with a prompt, kept where tools can reach them: a model sees pictures and texts, but what is to
//! be unpacked, moved into the repository or read in part has to be a file.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use protocol::{PromptId, session::Attachment};

use crate::{DriverError, text::clip};

/// A decoded file.
pub(super) struct File {
    /// Fit to be one part of a path, and unlike that of every other file of its prompt.
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) content: Vec<u8>,
}

pub(super) fn decoded(attachments: &[Attachment]) -> Result<Vec<File>, DriverError> {
    let mut taken = BTreeSet::new();
    attachments
        .iter()
        .map(|attachment| {
            let name = plain(&attachment.name);
            let content = STANDARD
                .decode(&attachment.data)
                .map_err(|_| DriverError::Refused(format!("the attachment `{name}` is not base64")))?;
            let mut unlike = name.clone();
            let mut n = 2;
            while !taken.insert(unlike.clone()) {
                unlike = format!("{n}-{name}");
                n += 1;
            }
            Ok(File {
                name: unlike,
                media_type: media(&attachment.media_type),
                content,
            })
        })
        .collect()
}

fn plain(name: &str) -> String {
    let kept: String = name
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '/' | '\\'))
        .collect();
    let name = clip(kept.trim(), 200);
    if matches!(name, "" | "." | "..") {
        "file".to_owned()
    } else {
        name.to_owned()
    }
}

fn media(media_type: &str) -> String {
    let kind = media_type.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// Writes the files below the agent's home, not into the workspace, where they would become part of the work.
pub(super) fn keep(home: &Path, prompt: PromptId, files: &[File]) -> io::Result<Vec<PathBuf>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let place = home.join("attachments").join(prompt.to_string());
    std::fs::create_dir_all(&place)?;
    files
        .iter()
        .map(|file| {
            let path = place.join(&file.name);
            std::fs::write(&path, &file.content)?;
            Ok(path)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attachment(name: &str) -> Attachment {
        Attachment {
            name: name.into(),
            media_type: "Text/Plain; charset=utf-8".into(),
            data: STANDARD.encode(name),
        }
    }

    #[test]
    fn names_stay_in_their_place_and_apart() {
        let given = ["a.txt", "a.txt", "../a.txt", "..", "x\u{0}\n/", "2-a.txt"].map(attachment);
        let files = decoded(&given).unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a.txt", "2-a.txt", "..a.txt", "file", "x", "2-2-a.txt"]);
        assert_eq!(files[0].media_type, "text/plain");
        let home = tempfile::tempdir().unwrap();
        let paths = keep(home.path(), PromptId::from_bits(1), &files).unwrap();
        for (path, given) in paths.iter().zip(&given) {
            assert_eq!(std::fs::read_to_string(path).unwrap(), given.name);
            assert!(path.starts_with(home.path().join("attachments")));
        }
    }

    #[test]
    fn nothing_given_makes_nothing() {
        let home = tempfile::tempdir().unwrap();
        assert!(keep(home.path(), PromptId::from_bits(1), &[]).unwrap().is_empty());
        assert!(!home.path().join("attachments").exists());
        let broken = Attachment {
            data: "*".into(),
            ..attachment("a")
        };
        assert!(decoded(&[broken]).is_err());
    }
}
