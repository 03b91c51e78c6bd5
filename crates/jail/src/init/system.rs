//! Which part of the host's system a jail shows: the programs and libraries, read-only, and nothing else.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One name at the top level of the jail.
pub(crate) enum Entry {
    /// A symbolic link, as on the host.
    Link { inside: PathBuf, target: PathBuf },
    /// A host path, shown read-only.
    Show { host: PathBuf, inside: PathBuf },
}

/// Names that hold programs and libraries. `/etc`, `/var`, `/opt`, `/srv`, `/root`, `/home` and the rest stay outside.
const NAMES: [&str; 8] = [
    "usr",
    "bin",
    "sbin",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "nix/store",
];

pub(crate) fn entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    for name in NAMES {
        let host = Path::new("/").join(name);
        let inside = PathBuf::from(name);
        match fs::symlink_metadata(&host) {
            Ok(meta) if meta.is_symlink() => {
                if let Ok(target) = fs::read_link(&host) {
                    entries.push(Entry::Link { inside, target });
                }
            }
            Ok(meta) if meta.is_dir() => entries.push(Entry::Show { host, inside }),
            _ => {}
        }
    }
    entries
}
