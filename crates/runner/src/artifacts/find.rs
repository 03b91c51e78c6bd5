//! What lies in the directory: plain files of one level, opened without following anything.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
};

use sha2::{Digest, Sha256};

use crate::redact::{Masked, Redactor};

/// Looked at in one turn.
const MOST_FILES: usize = 256;
/// Read at all; the server's limit is its own.
const MOST_BYTES: u64 = 4 << 30;
const PIECE: usize = 256 * 1024;

/// One file, open: what is sent is what was hashed, unless the agent still writes to it. The server measures again.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) size: u64,
    pub(super) file: File,
    redactor: Arc<Redactor>,
}

impl Found {
    /// What is sent, from the beginning: the file without secrets, and as long as it was.
    pub(super) fn content(self) -> io::Result<Masked<File>> {
        let mut file = self.file;
        file.rewind()?;
        Ok(Masked::new(file, &self.redactor))
    }
}

/// All of them, by name.
pub(super) fn all(directory: &Path, redactor: &Arc<Redactor>) -> Vec<Found> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .take(MOST_FILES)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    names
        .into_iter()
        .filter_map(|name| match one(directory, &name, redactor) {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(name, %error, "an artifact cannot be read");
                None
            }
        })
        .collect()
}

fn one(directory: &Path, name: &str, redactor: &Arc<Redactor>) -> io::Result<Option<Found>> {
    let flags = nix::libc::O_NOFOLLOW | nix::libc::O_NONBLOCK | nix::libc::O_CLOEXEC;
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(directory.join(name));
    let file = match opened {
        // A link.
        Err(error) if error.raw_os_error() == Some(nix::libc::ELOOP) => return Ok(None),
        opened => opened?,
    };
    let meta = file.metadata()?;
    if !meta.is_file() || meta.len() > MOST_BYTES {
        return Ok(None);
    }
    let mut content = Masked::new(&file, redactor);
    let (mut hash, mut size, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
    loop {
        let read = content.read(&mut piece)?;
        if read == 0 {
            break;
        }
        size += read as u64;
        if size > MOST_BYTES {
            return Ok(None);
        }
        hash.update(&piece[..read]);
    }
    let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Some(Found {
        name: redactor.text(name).unwrap_or_else(|| name.to_owned()),
        sha256,
        size,
        file,
        redactor: Arc::clone(redactor),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_files_are_found_and_nothing_is_followed() {
        let base = tempfile::tempdir().unwrap();
        let directory = base.path().join("artifacts");
        fs::create_dir_all(directory.join("below")).unwrap();
        fs::write(directory.join("below/deep.txt"), "deep").unwrap();
        fs::write(directory.join("b.txt"), "b").unwrap();
        fs::write(directory.join("a.txt"), "").unwrap();
        fs::write(base.path().join("secret"), "secret").unwrap();
        std::os::unix::fs::symlink(base.path().join("secret"), directory.join("link")).unwrap();
        nix::unistd::mkfifo(&directory.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let none = Arc::new(Redactor::default());
        let found = all(&directory, &none);
        let seen: Vec<(&str, u64)> = found.iter().map(|one| (one.name.as_str(), one.size)).collect();
        assert_eq!(seen, [("a.txt", 0), ("b.txt", 1)]);
        assert!(found[1].sha256.starts_with("3e23e816"));
        assert!(all(&base.path().join("none"), &none).is_empty());
    }

    #[test]
    fn secrets_are_in_neither_name_nor_content() {
        let directory = tempfile::tempdir().unwrap();
        let mut bytes = vec![0; PIECE - 3];
        bytes.extend_from_slice(b"hunter22\xff");
        fs::write(directory.path().join("of hunter22.bin"), &bytes).unwrap();
        let redactor = Arc::new(Redactor::new(["hunter22"]));
        let mut found = all(directory.path(), &redactor);
        let one = found.pop().unwrap();
        bytes.truncate(PIECE - 3);
        bytes.extend_from_slice(b"********\xff");
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            (one.name.as_str(), one.size),
            ("of [secret].bin", bytes.len() as u64)
        );
        assert_eq!(one.sha256, hash, "of what is sent");
        let mut sent = Vec::new();
        one.content().unwrap().read_to_end(&mut sent).unwrap();
        assert_eq!(sent, bytes);
    }
}
