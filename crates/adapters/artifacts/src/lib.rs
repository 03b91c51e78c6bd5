//! Artifacts on an object store: a directory of this machine, or anything that speaks S3.
//!
//! Both are driven through `object_store`. What it leaves open is closed here: a directory gets files of mode 0600 that
//! are moved into place when they are whole and on disk; an upload to S3 that does not reach its end is aborted; sizes
//! and hashes are taken on the way, and reads give exactly what was asked for.

mod check;
mod directory;
mod failure;
mod key;
mod read;
mod s3;
mod write;

pub use directory::DirectoryArtifacts;
pub use s3::{S3Artifacts, S3Settings};
