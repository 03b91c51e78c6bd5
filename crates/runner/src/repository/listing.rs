//! File names and a few contents of a workspace, for environment detection.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use protocol::probe::Listing;

use super::{Git, RepositoryError, git::QUICK, open};

/// Contents that are given at most, whatever is asked for.
const MOST_CONTENTS: usize = 256;
const MOST_CONTENT_BYTES: usize = 4 << 20;
const MOST_NAME_BYTES: usize = 8 << 20;

/// What a listing should hold.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// A file name, a relative path, or `*` with the end of a name.
    pub files: &'a [String],
    pub max_file_bytes: u64,
    pub max_files: u64,
}

impl Wanted<'_> {
    fn matches(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.files.iter().any(|wanted| match wanted.strip_prefix('*') {
            Some(end) => !end.is_empty() && name.ends_with(end),
            None => wanted == path || wanted == name,
        })
    }
}

/// Lists the workspace of `git` as it is: tracked and new files, without ignored ones.
///
/// # Errors
/// When neither git nor the directory itself can be read.
pub async fn list(git: &Git, wanted: &Wanted<'_>) -> Result<Listing, RepositoryError> {
    let root = git.dir();
    let (mut files, mut truncated) = match names_from_git(git).await? {
        Some(names) => names,
        None => walk(root, wanted.max_files)?,
    };
    files.sort_unstable();
    files.dedup();
    let most = usize::try_from(wanted.max_files).unwrap_or(usize::MAX);
    let mut wishes: Vec<&String> = files.iter().filter(|path| wanted.matches(path)).collect();
    // Files near the root say more about a repository than those deep below.
    wishes.sort_by_key(|path| path.matches('/').count());
    let (mut contents, mut bytes) = (std::collections::BTreeMap::new(), 0);
    for path in wishes.into_iter().take(MOST_CONTENTS) {
        if let Some(text) = read(root, path, wanted.max_file_bytes)
            && bytes + text.len() <= MOST_CONTENT_BYTES
        {
            bytes += text.len();
            contents.insert(path.clone(), text);
        }
    }
    truncated |= files.len() > most;
    files.truncate(most);
    Ok(Listing {
        files,
        truncated,
        contents,
        commit: git.commit("HEAD").await,
    })
}

async fn names_from_git(git: &Git) -> Result<Option<(Vec<String>, bool)>, RepositoryError> {
    if !git.dir().join(".git").exists() {
        return Ok(None);
    }
    let args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let captured = git
        .clone()
        .pinned()
        .try_run(&args, QUICK, MOST_NAME_BYTES)
        .await?;
    if !captured.end.success() {
        return Ok(None);
    }
    let mut names: Vec<&[u8]> = captured.out.split(|byte| *byte == 0).collect();
    // The last piece is empty, or a name cut in two.
    names.pop();
    let names = names
        .into_iter()
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    Ok(Some((names, captured.cut)))
}

fn walk(root: &Path, most: u64) -> Result<(Vec<String>, bool), RepositoryError> {
    let (mut names, mut todo) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(dir) = todo.pop() {
        let Ok(entries) = std::fs::read_dir(root.join(&dir)) else {
            continue;
        };
        for entry in entries.filter_map(Result::ok) {
            let path = dir.join(entry.file_name());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && entry.file_name() != ".git" => todo.push(path),
                Ok(kind) if kind.is_dir() => {}
                Ok(_) => names.push(path.to_string_lossy().into_owned()),
                Err(_) => {}
            }
            if names.len() as u64 > most {
                return Ok((names, true));
            }
        }
    }
    Ok((names, false))
}

fn read(root: &Path, path: &str, most: u64) -> Option<String> {
    let file = open(root, Path::new(path)).ok()?;
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wanted_files_match_by_name_path_or_ending() {
        let files = [
            "package.json".to_owned(),
            "a/b.toml".to_owned(),
            "*.csproj".to_owned(),
        ];
        let wanted = Wanted {
            files: &files,
            max_file_bytes: 1,
            max_files: 1,
        };
        for path in ["package.json", "x/package.json", "a/b.toml", "q/w.csproj"] {
            assert!(wanted.matches(path), "{path}");
        }
        for path in ["b.toml", "package.json5", "csproj"] {
            assert!(!wanted.matches(path), "{path}");
        }
    }
}
