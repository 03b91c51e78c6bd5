//! The scripted agent's conversation, kept in its home: one line for each prompt.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::random;

pub(super) struct Memory {
    file: PathBuf,
    prompts: u64,
}

impl Memory {
    /// Finds the conversation `resume` or begins a new one; says which.
    pub(super) fn open(home: &Path, resume: Option<&str>) -> io::Result<(Self, bool)> {
        let directory = home.join("scripted");
        fs::create_dir_all(&directory)?;
        let known = resume.filter(|id| {
            id.len() <= 64
                && id.starts_with("scr_")
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        if let Some(id) = known {
            let file = directory.join(id);
            match fs::read_to_string(&file) {
                Ok(text) => {
                    return Ok((
                        Self {
                            file,
                            prompts: text.lines().count() as u64,
                        },
                        true,
                    ));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        let file = directory.join(format!("scr_{}", random::word()?));
        fs::File::create_new(&file)?;
        Ok((Self { file, prompts: 0 }, false))
    }

    pub(super) fn id(&self) -> String {
        self.file
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned()
    }

    /// Remembers a prompt and says how many came before it.
    pub(super) fn add(&mut self, prompt: &str) -> io::Result<u64> {
        let mut line = serde_json::to_string(prompt)?;
        line.push('\n');
        fs::OpenOptions::new()
            .append(true)
            .open(&self.file)?
            .write_all(line.as_bytes())?;
        self.prompts += 1;
        Ok(self.prompts - 1)
    }
}
