//! A listing, seen as directories.

use std::collections::{BTreeMap, BTreeSet};

use protocol::probe::Listing;
use serde::de::DeserializeOwned;

use super::words::{self, Word};

/// Longest content that is parsed; longer manifests are said to be too long.
const MAX_CONTENT: usize = 1 << 20;

/// All files of a repository, with the contents that were brought along.
#[derive(Debug)]
pub struct Tree<'a> {
    files: BTreeSet<&'a str>,
    contents: &'a BTreeMap<String, String>,
    truncated: bool,
    count: usize,
}

/// What asking for a file's text gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text<'a> {
    /// The repository has no such file.
    Absent,
    /// The file is there, but its text can't be used.
    Unreadable(&'static str),
    Known(&'a str),
}

impl<'a> Tree<'a> {
    pub fn new(listing: &'a Listing) -> Self {
        Self {
            files: listing.files.iter().map(String::as_str).collect(),
            contents: &listing.contents,
            truncated: listing.truncated,
            count: listing.files.len(),
        }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    pub fn truncated(&self) -> bool {
        self.truncated
    }

    pub fn files(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.files.iter().copied()
    }

    pub fn root(&self) -> Project<'_> {
        Project {
            tree: self,
            directory: None,
        }
    }

    pub fn directory(&self, directory: Word) -> Project<'_> {
        Project {
            tree: self,
            directory: Some(directory),
        }
    }
}

/// One directory of a [`Tree`], with paths relative to it.
#[derive(Debug)]
pub struct Project<'a> {
    tree: &'a Tree<'a>,
    directory: Option<Word>,
}

impl<'a> Project<'a> {
    /// `None` for the root of the repository.
    pub fn directory(&self) -> Option<&Word> {
        self.directory.as_ref()
    }

    /// The path of `name` in the repository.
    pub fn path(&self, name: &str) -> String {
        match &self.directory {
            Some(directory) => format!("{directory}/{name}"),
            None => name.to_owned(),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        match &self.directory {
            Some(_) => self.tree.files.contains(self.path(name).as_str()),
            None => self.tree.files.contains(name),
        }
    }

    /// The first of `names` that is there.
    pub fn first<'n>(&self, names: &[&'n str]) -> Option<&'n str> {
        names.iter().copied().find(|name| self.has(name))
    }

    pub fn text(&self, name: &str) -> Text<'a> {
        if !self.has(name) {
            return Text::Absent;
        }
        match self.tree.contents.get(self.path(name).as_str()) {
            None => Text::Unreadable("its contents were not brought along"),
            Some(text) if text.len() > MAX_CONTENT => Text::Unreadable("it is too long to be read"),
            Some(text) => Text::Known(text),
        }
    }

    /// The text when there is one; for files that only add to a conclusion.
    pub fn known(&self, name: &str) -> Option<&'a str> {
        match self.text(name) {
            Text::Known(text) => Some(text),
            Text::Absent | Text::Unreadable(_) => None,
        }
    }

    /// Parses a manifest. `None` when absent; `Err` says in words why it can't be read.
    pub fn json<T: DeserializeOwned>(&self, name: &str) -> Option<Result<T, String>> {
        self.parsed(name, |text| {
            serde_json::from_str(text).map_err(|error| error.to_string())
        })
    }

    /// Parses a manifest. `None` when absent; `Err` says in words why it can't be read.
    pub fn toml(&self, name: &str) -> Option<Result<toml::Table, String>> {
        self.parsed(name, |text| {
            text.parse::<toml::Table>()
                .map_err(|error| error.message().to_owned())
        })
    }

    fn parsed<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<Result<T, String>> {
        match self.text(name) {
            Text::Absent => None,
            Text::Unreadable(why) => Some(Err(why.to_owned())),
            Text::Known(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                Some(parse(text).map_err(|error| format!("it is malformed: {}", words::line(&error, 120))))
            }
        }
    }

    /// Paths below this directory, relative to it.
    pub fn below(&self) -> impl Iterator<Item = &'a str> + '_ {
        let prefix = self
            .directory
            .as_ref()
            .map(|directory| format!("{directory}/"))
            .unwrap_or_default();
        let cut = prefix.len();
        let end = prefix.clone();
        self.tree
            .files
            .range::<str, _>((
                std::ops::Bound::Included(prefix.as_str()),
                std::ops::Bound::Unbounded,
            ))
            .copied()
            .take_while(move |path| path.starts_with(end.as_str()))
            .filter_map(move |path| path.get(cut..))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Names of the files in this directory itself.
    pub fn here(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.below().filter(|path| !path.contains('/'))
    }

    /// Whether any path below starts with `prefix`.
    pub fn has_below(&self, prefix: &str) -> bool {
        let full = self.path(prefix);
        self.tree
            .files
            .range::<str, _>((
                std::ops::Bound::Included(full.as_str()),
                std::ops::Bound::Unbounded,
            ))
            .next()
            .is_some_and(|path| path.starts_with(full.as_str()))
    }
}
