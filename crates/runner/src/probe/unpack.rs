//! Fills an empty workspace from an archive that somebody brought along: hostile from the first byte.
//!
//! Files, directories and symbolic links, below the workspace and never through a link; what has another type (devices,
//! pipes, hard links) is not skipped but refused, because no archive of ours has it. Owner and special bits of a file
//! say nothing in here: everything belongs to the sandbox's own user.

use std::{
    fs::{self, File, Permissions},
    io::{BufReader, Read},
    os::unix::fs::PermissionsExt,
    path::{Component, Path, PathBuf},
};

use tar::{Archive, Entry, EntryType};

use super::ProbeError;

/// Longest path. The kernel's own limit; deeper trees cannot be reached by name anyway.
const MAX_PATH: usize = 4096;

pub(super) fn unpack(archive: &Path, root: &Path, max_entries: u64) -> Result<(), ProbeError> {
    if fs::read_dir(root)?.next().is_some() {
        return Err(ProbeError::Archive(
            "something is in the workspace already".into(),
        ));
    }
    let mut archive = Archive::new(BufReader::with_capacity(256 * 1024, File::open(archive)?));
    archive.set_preserve_permissions(false);
    archive.set_preserve_ownerships(false);
    archive.set_unpack_xattrs(false);
    archive.set_overwrite(false);
    // A directory that may not be written has to be filled first.
    let mut directories: Vec<(PathBuf, u32)> = Vec::new();
    let mut count = 0;
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        count += 1;
        if count > max_entries {
            return Err(ProbeError::TooLarge(format!(
                "the archive has more than {max_entries} entries"
            )));
        }
        let path = inside(&entry)?;
        let kind = entry.header().entry_type();
        match kind {
            EntryType::Directory => {
                if path.as_os_str().is_empty() {
                    continue;
                }
                let mode = entry.header().mode().map_err(broken)? & 0o777;
                enter(root, &path)?;
                directories.push((root.join(&path), mode));
            }
            EntryType::Regular | EntryType::Symlink => place(&mut entry, root, &path)?,
            other => {
                return Err(ProbeError::Archive(format!(
                    "`{}` is neither a file, a directory nor a symbolic link ({other:?})",
                    shown(&path)
                )));
            }
        }
    }
    for (path, mode) in directories.into_iter().rev() {
        // Links cannot have taken its place: what is there is never replaced.
        if fs::symlink_metadata(&path)?.is_dir() {
            fs::set_permissions(&path, Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

/// A path that leads down and nowhere else.
fn inside(entry: &Entry<'_, impl Read>) -> Result<PathBuf, ProbeError> {
    let path = entry.path().map_err(broken)?;
    let plain = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !plain || path.as_os_str().len() > MAX_PATH {
        return Err(ProbeError::Archive(format!("`{}` leads out of it", shown(&path))));
    }
    Ok(path
        .components()
        .filter(|part| *part != Component::CurDir)
        .collect())
}

/// Makes a directory and those above it; each must be a directory, not a link to one.
fn enter(root: &Path, path: &Path) -> Result<(), ProbeError> {
    let mut current = root.to_path_buf();
    for part in path.components() {
        current.push(part);
        match fs::symlink_metadata(&current) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => {
                return Err(ProbeError::Archive(format!(
                    "`{}` leads through something that is no directory",
                    shown(path)
                )));
            }
            Err(_) => fs::create_dir(&current)?,
        }
    }
    Ok(())
}

fn place(entry: &mut Entry<'_, impl Read>, root: &Path, path: &Path) -> Result<(), ProbeError> {
    let Some(parent) = path.parent() else {
        return Err(ProbeError::Archive("a file without a name".into()));
    };
    enter(root, parent)?;
    let target = root.join(path);
    if fs::symlink_metadata(&target).is_ok() {
        return Err(ProbeError::Archive(format!("`{}` is in it twice", shown(path))));
    }
    entry.unpack(&target).map_err(|error| {
        // Out of room is not the archive's fault; anything else says what about it is wrong.
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                ProbeError::TooLarge("there is no room for the files of the archive".into())
            }
            _ => ProbeError::Archive(format!("`{}`: {error}", shown(path))),
        }
    })?;
    Ok(())
}

fn broken(error: std::io::Error) -> ProbeError {
    ProbeError::Archive(format!("the archive cannot be read: {error}"))
}

fn shown(path: &Path) -> String {
    path.to_string_lossy()
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use tar::{Builder, Header};

    use super::*;

    type Made = (&'static str, EntryType, &'static str, u32);

    /// Name, type, content or target, mode. Names are put in raw, because the library refuses to write bad ones.
    fn archive(entries: &[Made]) -> tempfile::NamedTempFile {
        let mut builder = Builder::new(Vec::new());
        for (name, kind, content, mode) in entries {
            let mut header = Header::new_gnu();
            let place = &mut header.as_gnu_mut().unwrap().name;
            place[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_mode(*mode);
            header.set_uid(0);
            header.set_gid(0);
            header.set_mtime(1_000_000);
            let body: &[u8] = if *kind == EntryType::Regular {
                content.as_bytes()
            } else {
                if matches!(kind, EntryType::Symlink | EntryType::Link) {
                    header.set_link_name_literal(content).unwrap();
                }
                b""
            };
            header.set_size(body.len() as u64);
            header.set_cksum();
            builder.append(&header, body).unwrap();
        }
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&builder.into_inner().unwrap()).unwrap();
        file
    }

    fn unpacked(entries: &[Made]) -> (tempfile::TempDir, Result<(), ProbeError>) {
        let root = tempfile::tempdir().unwrap();
        let result = unpack(archive(entries).path(), root.path(), 100);
        (root, result)
    }

    #[test]
    fn files_directories_and_links_come_back_without_special_bits() {
        let (root, result) = unpacked(&[
            ("a/", EntryType::Directory, "", 0o555),
            ("a/run", EntryType::Regular, "hello", 0o6755),
            ("./b/c", EntryType::Regular, "deep", 0o600),
            ("away", EntryType::Symlink, "/etc/passwd", 0o777),
        ]);
        result.unwrap();
        let mode = |name: &str| fs::metadata(root.path().join(name)).unwrap().permissions().mode() & 0o7777;
        assert_eq!((mode("a/run"), mode("b/c"), mode("a")), (0o755, 0o600, 0o555));
        assert_eq!(fs::read_to_string(root.path().join("a/run")).unwrap(), "hello");
        assert_eq!(
            fs::read_link(root.path().join("away")).unwrap(),
            Path::new("/etc/passwd")
        );
        fs::set_permissions(root.path().join("a"), Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn what_leads_out_or_is_no_file_is_refused() {
        let outside = tempfile::tempdir().unwrap();
        let target: &'static str = Box::leak(outside.path().display().to_string().into_boxed_str());
        let absolute: &'static str = Box::leak(format!("{target}/x").into_boxed_str());
        let bad: &[&[Made]] = &[
            &[("../x", EntryType::Regular, "x", 0o644)],
            &[("a/../../x", EntryType::Regular, "x", 0o644)],
            &[(absolute, EntryType::Regular, "x", 0o644)],
            &[
                ("link", EntryType::Symlink, target, 0o777),
                ("link/x", EntryType::Regular, "x", 0o644),
            ],
            &[
                ("link", EntryType::Symlink, target, 0o777),
                ("link/", EntryType::Directory, "", 0o755),
            ],
            &[
                ("f", EntryType::Symlink, absolute, 0o777),
                ("f", EntryType::Regular, "x", 0o644),
            ],
            &[("dev", EntryType::Char, "", 0o666)],
            &[("dev", EntryType::Block, "", 0o666)],
            &[("pipe", EntryType::Fifo, "", 0o666)],
            &[("hard", EntryType::Link, "/etc/passwd", 0o666)],
            &[("", EntryType::Regular, "x", 0o644)],
        ];
        for entries in bad {
            let (_root, result) = unpacked(entries);
            let error = result.unwrap_err();
            assert_eq!(error.failure().code, "invalid_archive", "{entries:?}: {error}");
        }
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_broken_archive_and_an_occupied_workspace_are_refused() {
        let root = tempfile::tempdir().unwrap();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&[b'x'; 1024]).unwrap();
        assert!(unpack(file.path(), root.path(), 100).is_err());
        let good = archive(&[("a", EntryType::Regular, "x", 0o644)]);
        unpack(good.path(), root.path(), 100).unwrap();
        let again = unpack(good.path(), root.path(), 100).unwrap_err();
        assert_eq!(again.failure().code, "invalid_archive");
        let other = tempfile::tempdir().unwrap();
        assert_eq!(
            unpack(good.path(), other.path(), 0).unwrap_err().failure().code,
            "too_large"
        );
    }
}
