//! The built web app as data: every file with its hash and its compressed variants, ready to be served.
//!
//! What a file means to a browser (its type, how long it may be kept) is the door's business; this crate only carries
//! bytes, so that a change of the app recompiles as little as possible.

/// One file of the app.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Below the root of the site, without a leading slash.
    pub path: &'static str,
    /// Of the content, hexadecimal.
    pub hash: &'static str,
    pub bytes: &'static [u8],
    /// The same, compressed when the app was built; `None` where that would not have made it smaller.
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

mod files {
    use super::File;

    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

/// Every file of the app; `index.html` is the page itself.
pub const FILES: &[File] = files::FILES;

/// False when this is a build without the app: then there is one page, which says how to build it.
pub const BUILT: bool = files::BUILT;

#[cfg(test)]
mod tests {
    use super::{BUILT, FILES};

    #[test]
    fn there_is_a_page_and_nothing_twice() {
        let mut paths: Vec<&str> = FILES.iter().map(|file| file.path).collect();
        assert!(paths.contains(&"index.html"));
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), FILES.len());
        assert!(
            FILES
                .iter()
                .all(|file| !file.path.starts_with('/') && !file.hash.is_empty())
        );
        assert_eq!(FILES.len() == 1, !BUILT);
    }

    #[test]
    fn compressed_variants_are_smaller() {
        for file in FILES {
            for variant in [file.brotli, file.gzip].into_iter().flatten() {
                assert!(variant.len() < file.bytes.len(), "{}", file.path);
            }
        }
    }
}
