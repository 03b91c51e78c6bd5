//! The files of the web app, as the door is given them.

use std::collections::HashMap;

/// One file, with what was prepared for sending it.
#[derive(Debug, Clone, Copy)]
pub struct SiteFile {
    /// Below the root of the site, without a leading slash.
    pub path: &'static str,
    /// Of the content; it becomes the entity tag.
    pub hash: &'static str,
    pub bytes: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

/// The page that every route of the app is answered with.
const PAGE: &str = "index.html";
/// Files below have their hash in the name: the same name is always the same content.
const HASHED: &str = "assets/";

/// The web app. An empty one serves nothing, and the server is an API alone.
#[derive(Debug, Default)]
pub struct Site {
    files: HashMap<&'static str, SiteFile>,
}

impl Site {
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = SiteFile>) -> Self {
        Self {
            files: files.into_iter().map(|file| (file.path, file)).collect(),
        }
    }

    pub(crate) fn page(&self) -> Option<&SiteFile> {
        self.files.get(PAGE)
    }

    /// A file whose name says its content.
    pub(crate) fn hashed(&self, path: &str) -> Option<&SiteFile> {
        self.files.get(path).filter(|_| path.starts_with(HASHED))
    }

    /// The picture that tabs show.
    pub(crate) fn icon(&self) -> Option<&SiteFile> {
        let is_icon = |path: &str| path.starts_with("assets/icon-") && path.ends_with(".svg");
        self.files.values().find(|file| is_icon(file.path))
    }

    /// A file that keeps its name when it changes. The page is none: it has addresses of its own.
    pub(crate) fn named(&self, path: &str) -> Option<&SiteFile> {
        self.files
            .get(path)
            .filter(|_| path != PAGE && !path.starts_with(HASHED))
    }
}
