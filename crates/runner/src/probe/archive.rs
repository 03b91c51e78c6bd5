//! The workspace as a tar stream, in the order of names. Links are kept as links and never followed; sockets,
//! pipes and devices are left out. Secrets are masked in names, targets and contents; sizes stay.

use std::{
    fs, io,
    io::{Read, Write},
    os::unix::{
        ffi::{OsStrExt, OsStringExt},
        fs::{MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
    sync::Arc,
};

use tar::{Builder, EntryType, Header};

use super::ProbeError;
use crate::{
    redact::{Masked, Redactor},
    repository::open,
};

pub(super) fn archive(
    root: &Path,
    with_git: bool,
    redactor: &Arc<Redactor>,
    output: &mut dyn Write,
) -> Result<(), ProbeError> {
    let mut builder = Builder::new(output);
    // Names in reverse, because the stack gives the last first.
    let mut todo = names(root, Path::new(""))?;
    while let Some(path) = todo.pop() {
        if !with_git && path == Path::new(".git") {
            continue;
        }
        // What has gone away since its name was read is no error.
        let Ok(meta) = fs::symlink_metadata(root.join(&path)) else {
            continue;
        };
        let kind = meta.file_type();
        let mut header = header(&meta);
        let shown = masked(redactor, &path);
        if kind.is_dir() {
            header.set_entry_type(EntryType::Directory);
            header.set_size(0);
            builder.append_data(&mut header, shown.join(""), io::empty())?;
            todo.extend(names(root, &path).unwrap_or_default());
        } else if kind.is_symlink() {
            let Ok(target) = fs::read_link(root.join(&path)) else {
                continue;
            };
            header.set_entry_type(EntryType::Symlink);
            header.set_size(0);
            builder.append_link(&mut header, &shown, masked(redactor, &target))?;
        } else if kind.is_file() {
            let Ok(file) = open(root, &path) else { continue };
            let size = file.metadata()?.len();
            header.set_size(size);
            let content = Exactly {
                inner: Masked::new(file, redactor),
                left: size,
            };
            builder.append_data(&mut header, &shown, content)?;
        }
    }
    builder.finish()?;
    Ok(())
}

fn masked(redactor: &Redactor, path: &Path) -> PathBuf {
    match redactor.masked(path.as_os_str().as_bytes()) {
        Some(bytes) => PathBuf::from(std::ffi::OsString::from_vec(bytes)),
        None => path.to_owned(),
    }
}

fn names(root: &Path, dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names: Vec<PathBuf> = fs::read_dir(root.join(dir))?
        .filter_map(|entry| Some(dir.join(entry.ok()?.file_name())))
        .collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    Ok(names)
}

/// Times and modes are kept; who owns the files inside a sandbox says nothing outside.
fn header(meta: &fs::Metadata) -> Header {
    let mut header = Header::new_gnu();
    header.set_mode(meta.permissions().mode() & 0o777);
    header.set_mtime(u64::try_from(meta.mtime()).unwrap_or(0));
    header.set_uid(0);
    header.set_gid(0);
    header
}

/// As many bytes as the header announced, whatever happens to the file meanwhile: cut or filled up with zeros.
struct Exactly<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        let read = match self.inner.read(&mut buffer[..most])? {
            0 => {
                buffer[..most].fill(0);
                most
            }
            read => read,
        };
        self.left -= read as u64;
        Ok(read)
    }
}
