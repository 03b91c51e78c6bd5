//! Where the master key comes from: a setting, or a file that is made when there is none. A file may hold several keys,
//! one a line: the one in use first, then older ones that still open.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ports::Entropy;
use zeroize::Zeroizing;

use crate::ring::{KeyRing, MOST_OLDER};

/// Why there is no master key. Never contains what was read.
#[derive(Debug, thiserror::Error)]
pub enum KeySourceError {
    #[error("the master key must be 32 bytes, written as 64 hexadecimal characters or as base64")]
    Malformed,
    #[error("the master key file {} does not hold 32 bytes as 64 hexadecimal characters or base64; restore it from a backup (a new key cannot open what was sealed)", .0.display())]
    MalformedFile(PathBuf),
    #[error("the master key file {} can be read by others (mode {mode:03o}); run: chmod 600 {}", path.display(), path.display())]
    TooOpen { path: PathBuf, mode: u32 },
    #[error("the master key file {} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    #[error("the master key file {} cannot be used: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("the command that gives the master key {0}")]
    Command(String),
}

/// Room for a few keys in either spelling.
const MOST_FILE: u64 = 1024;

/// 64 hexadecimal characters or base64 of 32 bytes; white space around it does not count.
///
/// # Errors
/// When it is neither.
pub fn from_environment_value(text: &str) -> Result<Zeroizing<[u8; 32]>, KeySourceError> {
    parse(text).ok_or(KeySourceError::Malformed)
}

fn parse(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let text = text.trim();
    let mut key = Zeroizing::new([0; 32]);
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        return Some(key);
    }
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    key.copy_from_slice(bytes.get(..32).filter(|_| bytes.len() == 32)?);
    Some(key)
}

/// Reads the key file, and makes one (0600, on disk before this returns) when there is none.
///
/// # Errors
/// When the file can be read by others, holds something else, or cannot be made.
pub fn from_key_file(path: &Path, entropy: &dyn Entropy) -> Result<KeyRing, KeySourceError> {
    let io = |error| KeySourceError::Io {
        path: path.to_owned(),
        error,
    };
    match File::open(path) {
        Ok(file) => read(path, file),
        Err(error) if error.kind() == ErrorKind::NotFound => match make(path, entropy) {
            // Another process was faster: its key counts.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                read(path, File::open(path).map_err(io)?)
            }
            made => made.map(KeyRing::from).map_err(io),
        },
        Err(error) => Err(io(error)),
    }
}

fn read(path: &Path, file: File) -> Result<KeyRing, KeySourceError> {
    let io = |error| KeySourceError::Io {
        path: path.to_owned(),
        error,
    };
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() {
        return Err(KeySourceError::NotAFile(path.to_owned()));
    }
    let mode = metadata.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeySourceError::TooOpen {
            path: path.to_owned(),
            mode,
        });
    }
    let mut text = Zeroizing::new(String::with_capacity(MOST_FILE as usize));
    let malformed = || KeySourceError::MalformedFile(path.to_owned());
    file.take(MOST_FILE)
        .read_to_string(&mut text)
        .map_err(|error| match error.kind() {
            ErrorKind::InvalidData => malformed(),
            _ => io(error),
        })?;
    parse_ring(&text).ok_or_else(malformed)
}

/// One key a line; empty lines do not count.
pub(crate) fn parse_ring(text: &str) -> Option<KeyRing> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let current = parse(lines.next()?)?;
    let older = lines.map(parse).collect::<Option<Vec<_>>>()?;
    (older.len() <= MOST_OLDER).then_some(KeyRing { current, older })
}

/// A new key.
#[must_use]
pub fn new_key(entropy: &dyn Entropy) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    entropy.fill(&mut *key);
    key
}

/// Writes these keys in the place of a key file (0600): under another name first, then renamed, so that after a crash
/// there is the old file or the new one, whole and on disk.
///
/// # Errors
/// When it cannot be written.
pub fn write_key_file(path: &Path, ring: &KeyRing, entropy: &dyn Entropy) -> Result<(), KeySourceError> {
    let place = || {
        let draft = draft(path, ring, entropy)?;
        std::fs::rename(&draft, path).inspect_err(|_| drop(std::fs::remove_file(&draft)))?;
        sync_directory(path)
    };
    place().map_err(|error| KeySourceError::Io {
        path: path.to_owned(),
        error,
    })
}

fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}

/// The keys in a file of their own beside `path`, on disk.
fn draft(path: &Path, ring: &KeyRing, entropy: &dyn Entropy) -> io::Result<PathBuf> {
    let mut text = Zeroizing::new(String::with_capacity(65 * (1 + ring.older.len())));
    for key in std::iter::once(&ring.current).chain(&ring.older) {
        for byte in key.iter() {
            text.extend(
                [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])),
            );
        }
        text.push('\n');
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{:016x}.new", entropy.bits() as u64));
    let draft = PathBuf::from(name);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .inspect_err(|_| drop(std::fs::remove_file(&draft)))?;
    Ok(draft)
}

/// Written under another name and linked into place: a crash leaves no half-written key, and a key that is there
/// is never replaced.
fn make(path: &Path, entropy: &dyn Entropy) -> io::Result<Zeroizing<[u8; 32]>> {
    let ring = KeyRing::from(new_key(entropy));
    let draft = draft(path, &ring, entropy)?;
    let placed = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    placed?;
    sync_directory(path)?;
    Ok(ring.current)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use testkit::fake::SeededEntropy;

    use super::*;

    #[test]
    fn both_spellings_are_read_and_nothing_else() {
        let key = *from_environment_value(&"0f".repeat(32)).unwrap();
        assert_eq!(key, [0x0f; 32]);
        assert_eq!(
            *from_environment_value(&format!(" {}\n", STANDARD.encode([0x0f; 32]))).unwrap(),
            key
        );
        for bad in [
            "",
            "0f",
            &"0f".repeat(31),
            &"zz".repeat(32),
            &STANDARD.encode([1; 31]),
            &STANDARD.encode([1; 33]),
        ] {
            let error = from_environment_value(bad).unwrap_err();
            assert!(matches!(error, KeySourceError::Malformed));
            assert!(bad.is_empty() || !error.to_string().contains(bad));
        }
    }

    #[test]
    fn a_missing_file_is_made_once_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        let entropy = SeededEntropy::default();
        let made = from_key_file(&path, &entropy).unwrap();
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
        assert_eq!(
            *from_key_file(&path, &entropy).unwrap().current,
            *made.current,
            "the same one the next time"
        );
        assert_eq!(
            std::fs::read_dir(dir.path()).unwrap().count(),
            1,
            "no draft is left"
        );
        assert_eq!(
            make(&path, &entropy).unwrap_err().kind(),
            ErrorKind::AlreadyExists
        );
        assert_eq!(*from_key_file(&path, &entropy).unwrap().current, *made.current);
    }

    #[test]
    fn a_file_of_several_keys_is_written_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        let entropy = SeededEntropy::default();
        let first = from_key_file(&path, &entropy).unwrap();
        let ring = KeyRing {
            current: new_key(&entropy),
            older: vec![first.current],
        };
        write_key_file(&path, &ring, &entropy).unwrap();
        let read = from_key_file(&path, &entropy).unwrap();
        assert_eq!((&*read.current, read.older.len()), (&*ring.current, 1));
        assert_eq!(*read.older[0], *ring.older[0]);
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        let line = "0f".repeat(32);
        assert!(parse_ring(&format!("{line}\n\n{line}\n")).is_some());
        assert!(parse_ring(&format!("{line}\nx\n")).is_none());
        assert!(parse_ring(&format!("{line}\n").repeat(MOST_OLDER + 2)).is_none());
    }

    #[test]
    fn a_file_that_others_can_read_or_that_holds_something_else_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        let entropy = SeededEntropy::default();
        from_key_file(&path, &entropy).unwrap();
        for mode in [0o640, 0o604, 0o660] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let error = from_key_file(&path, &entropy).unwrap_err();
            assert!(error.to_string().contains("chmod 600"), "{error}");
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        for text in [&b""[..], b"short", &[0xff; 64], &[b'0'; 200]] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(
                from_key_file(&path, &entropy),
                Err(KeySourceError::MalformedFile(_))
            ));
        }
        assert!(matches!(
            from_key_file(dir.path(), &entropy),
            Err(KeySourceError::NotAFile(_))
        ));
        let nowhere = dir.path().join("missing/master.key");
        assert!(matches!(
            from_key_file(&nowhere, &entropy),
            Err(KeySourceError::Io { .. })
        ));
    }
}
