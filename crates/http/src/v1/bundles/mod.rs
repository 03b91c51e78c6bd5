//! Session bundles: a whole session as one file, out and in.

pub(crate) mod export;
pub(crate) mod import;

/// What a bundle is to HTTP.
pub(super) const MEDIA_TYPE: &str = "application/x-tar";
