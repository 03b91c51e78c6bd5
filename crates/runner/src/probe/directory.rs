//! What one directory holds.

use std::path::Path;

use nix::{
    dir::Dir,
    fcntl::AtFlags,
    sys::stat::{SFlag, fstatat},
};
use protocol::probe::FileEntry;

use super::ProbeError;
use crate::repository::{open, resolve};

const MOST_ENTRIES: usize = 20_000;

pub(super) fn directory(root: &Path, path: &str) -> Result<Vec<FileEntry>, ProbeError> {
    let file = open(root, &resolve(path)?)?;
    if !file.metadata()?.is_dir() {
        return Err(ProbeError::Kind("directory"));
    }
    let at = file.try_clone()?;
    let mut dir = Dir::from_fd(file.into()).map_err(std::io::Error::from)?;
    let mut entries = Vec::new();
    for entry in dir.iter().filter_map(Result::ok) {
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let Ok(stat) = fstatat(&at, name, AtFlags::AT_SYMLINK_NOFOLLOW) else {
            continue;
        };
        let kind = SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT;
        entries.push(FileEntry {
            name: String::from_utf8_lossy(name.to_bytes()).into_owned(),
            kind: match kind {
                SFlag::S_IFREG => "file",
                SFlag::S_IFDIR => "directory",
                SFlag::S_IFLNK => "symlink",
                _ => "other",
            }
            .to_owned(),
            size_bytes: u64::try_from(stat.st_size).unwrap_or(0),
        });
        if entries.len() > MOST_ENTRIES {
            return Err(ProbeError::TooLarge(format!(
                "the directory has more than {MOST_ENTRIES} entries"
            )));
        }
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}
