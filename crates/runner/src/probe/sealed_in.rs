//! Binary files in a patch are compressed, so nothing can be masked in them: one that holds a secret is left out, and
//! the patch begins with a line that says so.

use std::{
    io::{self, Write},
    os::unix::ffi::OsStrExt,
    path::Path,
    sync::Arc,
    time::Duration,
};

use super::ProbeError;
use crate::{
    redact::{Masked, Redactor},
    repository::{Git, open},
};

const MOST_NAMES: usize = 32 << 20;

/// Paths of changed binary files that hold a secret.
pub(super) async fn holding(
    git: &Git,
    base: &str,
    redactor: &Arc<Redactor>,
    limit: Duration,
) -> Result<Vec<String>, ProbeError> {
    if redactor.is_empty() {
        return Ok(Vec::new());
    }
    let args = [
        "diff",
        "--numstat",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--no-relative",
        base,
        "--",
    ];
    let found = git.try_run(&args, limit, MOST_NAMES).await?;
    if found.cut || !found.end.success() {
        return Err(ProbeError::TooLarge(
            "there are too many changed files for a patch".into(),
        ));
    }
    let mut holding = Vec::new();
    for name in found.out.split(|byte| *byte == 0).filter_map(binary) {
        if holds(git.dir(), name, redactor)? {
            let name = std::str::from_utf8(name).map_err(|_| {
                ProbeError::TooLarge("a binary file with a name that is no text holds a secret".into())
            })?;
            holding.push(name.to_owned());
        }
    }
    Ok(holding)
}

/// The name in a record of `--numstat`, if git takes the file for binary.
fn binary(record: &[u8]) -> Option<&[u8]> {
    record.strip_prefix(b"-\t-\t").filter(|name| !name.is_empty())
}

fn holds(root: &Path, name: &[u8], redactor: &Arc<Redactor>) -> Result<bool, ProbeError> {
    let path = Path::new(std::ffi::OsStr::from_bytes(name));
    // Removed, a link, or no plain file: then no content of it is in the patch.
    let Ok(file) = open(root, path) else {
        return Ok(false);
    };
    if !file.metadata()?.is_file() {
        return Ok(false);
    }
    let mut masked = Masked::new(file, redactor);
    io::copy(&mut masked, &mut io::sink())?;
    Ok(masked.found())
}

/// Lines before the first file of a patch are skipped by whoever applies it.
pub(super) fn say(left_out: &[String], output: &mut dyn Write) -> io::Result<()> {
    for name in left_out {
        writeln!(output, "# left out, because it holds a secret: {name:?}")?;
    }
    Ok(())
}

/// What keeps them out of `git diff`.
pub(super) fn pathspecs(left_out: &[String]) -> Vec<String> {
    left_out
        .iter()
        .map(|name| format!(":(top,exclude,literal){name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_binary_files_are_told_apart() {
        assert_eq!(binary(b"-\t-\ta b.bin"), Some(&b"a b.bin"[..]));
        assert_eq!(binary(b"3\t0\ta.txt"), None);
        assert_eq!(binary(b""), None);
        assert_eq!(pathspecs(&["*.bin".into()]), [":(top,exclude,literal)*.bin"]);
    }
}
