//! What the first load of a page costs, from the build's manifest: the page, the entry, and the chunk of the route, with
//! everything they import at once. Parts that are fetched later don't count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// Most bytes of a first load, compressed with gzip.
const MOST: u64 = 300 * 1024;

const ENTRY: &str = "index.html";
/// Pages, and the chunks that their routes fetch before anything is shown.
const PAGES: &[(&str, &[&str])] = &[
    ("/", &["src/start/index.tsx"]),
    ("/sessions/x", &["src/shell/session-page.tsx"]),
];

type Manifest = BTreeMap<String, Chunk>;

#[derive(Debug, Default, Deserialize)]
struct Chunk {
    file: String,
    #[serde(default)]
    imports: Vec<String>,
    #[serde(default)]
    css: Vec<String>,
    #[serde(default)]
    assets: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) page: &'static str,
    /// Compressed.
    pub(crate) bytes: u64,
    files: usize,
}

/// Fails when a page is over the budget.
pub(crate) fn check(root: &Path) -> Result<String> {
    let mut words = Vec::new();
    for load in measure(&root.join("web/dist"))? {
        let said = format!("{} {} in {} files", load.page, kilobytes(load.bytes), load.files);
        if load.bytes > MOST {
            bail!("{said}; {} is the most", kilobytes(MOST));
        }
        words.push(said);
    }
    Ok(format!("{} of at most {}", words.join(", "), kilobytes(MOST)))
}

pub(crate) fn kilobytes(bytes: u64) -> String {
    format!("{:.1} KB", bytes as f64 / 1024.0)
}

/// The first load of every page.
pub(crate) fn measure(dist: &Path) -> Result<Vec<Load>> {
    let text = fs::read_to_string(dist.join(".vite/manifest.json")).context("the manifest of the web app")?;
    let manifest: Manifest = serde_json::from_str(&text).context("the manifest of the web app")?;
    let page = fs::read_to_string(dist.join(ENTRY)).context(ENTRY)?;
    let mut loads = Vec::new();
    for &(name, routes) in PAGES {
        let mut files = needed(&manifest, routes)?;
        files.insert(ENTRY.to_owned());
        files.extend(named_in(&page));
        let mut bytes = 0;
        for file in &files {
            bytes += compressed(dist, file)?;
        }
        loads.push(Load {
            page: name,
            bytes,
            files: files.len(),
        });
    }
    Ok(loads)
}

/// Files of the entry, of these chunks, and of all that they import at once.
fn needed(manifest: &Manifest, routes: &[&str]) -> Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = routes.iter().copied().chain([ENTRY]).collect();
    while let Some(name) = open.pop() {
        let chunk = manifest.get(name).with_context(|| {
            format!("the web app has no chunk {name}; the budget of the first load names it")
        })?;
        if !seen.insert(name) {
            continue;
        }
        files.insert(chunk.file.clone());
        files.extend(chunk.css.iter().chain(&chunk.assets).cloned());
        open.extend(chunk.imports.iter().map(String::as_str));
    }
    Ok(files)
}

/// What the page itself asks for by `src` or `href`.
fn named_in(page: &str) -> impl Iterator<Item = String> {
    ["src=\"/", "href=\"/"]
        .into_iter()
        .flat_map(|mark| page.split(mark).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
}

/// As the server sends it: compressed, where that made it smaller.
fn compressed(dist: &Path, file: &str) -> Result<u64> {
    let packed = fs::metadata(dist.join(format!("{file}.gz")));
    let size = packed.or_else(|_| fs::metadata(dist.join(file)));
    Ok(size.with_context(|| format!("{file} of the web app"))?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        serde_json::from_str(
            r#"{
                "index.html": {"file": "assets/index.js", "isEntry": true, "imports": ["_shared.js"],
                    "dynamicImports": ["src/a.tsx", "src/later.tsx"], "css": ["assets/index.css"]},
                "_shared.js": {"file": "assets/shared.js"},
                "src/a.tsx": {"file": "assets/a.js", "imports": ["index.html", "_shared.js"]},
                "src/later.tsx": {"file": "assets/later.js"}
            }"#,
        )
        .unwrap()
    }

    #[test]
    fn what_is_imported_at_once_counts_and_once() {
        let files: Vec<String> = needed(&manifest(), &["src/a.tsx"]).unwrap().into_iter().collect();
        assert_eq!(
            files,
            [
                "assets/a.js",
                "assets/index.css",
                "assets/index.js",
                "assets/shared.js"
            ]
        );
        assert!(needed(&manifest(), &["src/gone.tsx"]).is_err());
    }

    #[test]
    fn files_are_found_in_the_page_and_measured_compressed() {
        let page = "<script src=\"/theme.js\"></script><link href=\"/assets/i.svg\"><a href=\"https://x/\">";
        assert_eq!(named_in(page).collect::<Vec<_>>(), ["theme.js", "assets/i.svg"]);
        let dist = tempfile::tempdir().unwrap();
        fs::write(dist.path().join("a"), "aaaa").unwrap();
        assert_eq!(compressed(dist.path(), "a").unwrap(), 4);
        fs::write(dist.path().join("a.gz"), "a").unwrap();
        assert_eq!(compressed(dist.path(), "a").unwrap(), 1);
    }
}
