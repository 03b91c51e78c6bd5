//! A data directory remembers the public names of the keys that something in it may be sealed under. Without one of them
//! not everything would open, and a lost key file must not be replaced by a new one in silence; so the server does not
//! start then. The names reveal nothing of the keys.

use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

const FILE: &str = "master.key-id";

pub(super) const REMEDY: &str =
    "put the right key back, or, if it is lost for good and secrets may be given anew, remove";

pub(super) fn file(data_dir: &Path) -> PathBuf {
    data_dir.join(FILE)
}

/// What the directory remembers; empty before the first start.
pub(super) fn known(data_dir: &Path) -> Result<BTreeSet<String>> {
    match std::fs::read_to_string(file(data_dir)) {
        Ok(text) => Ok(text.split_whitespace().map(str::to_owned).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error).context(FILE),
    }
}

/// Whole and on disk, or as it was.
pub(super) fn remember(data_dir: &Path, names: &BTreeSet<String>) -> Result<()> {
    let place = || {
        let draft = data_dir.join("master.key-id.new");
        let mut text = names.iter().cloned().collect::<Vec<_>>().join("\n");
        text.push('\n');
        let mut opened = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        opened.write_all(text.as_bytes())?;
        opened.sync_all()?;
        std::fs::rename(&draft, file(data_dir))?;
        File::open(data_dir)?.sync_all()
    };
    place().context(FILE)
}

/// # Errors
/// When a key that the directory needs is not among those that are here.
pub(super) fn compare(data_dir: &Path, known: &BTreeSet<String>, here: &[String]) -> Result<()> {
    let missing: Vec<&str> = known
        .iter()
        .filter(|name| !here.contains(name))
        .map(String::as_str)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    bail!(
        "the master key here is {}, but {} was sealed with {}; {REMEDY} {}",
        here.join(" and "),
        data_dir.display(),
        missing.join(" and "),
        file(data_dir).display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_remembered_has_to_be_here() {
        let dir = tempfile::tempdir().unwrap();
        assert!(known(dir.path()).unwrap().is_empty());
        std::fs::write(file(dir.path()), "aa\n").unwrap();
        let before = known(dir.path()).unwrap();
        assert!(compare(dir.path(), &before, &["aa".into()]).is_ok());
        let names = BTreeSet::from(["aa".to_owned(), "bb".to_owned()]);
        remember(dir.path(), &names).unwrap();
        assert_eq!(known(dir.path()).unwrap(), names);
        let here = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(compare(dir.path(), &names, &here(&["cc", "bb", "aa"])).is_ok());
        let error = compare(dir.path(), &names, &here(&["bb"]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("sealed with aa;"), "{error}");
    }
}
