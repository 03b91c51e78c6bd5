//! One file's bytes.

use std::{
    io::{self, Read, Write},
    path::Path,
};

use super::ProbeError;
use crate::repository::{open, resolve};

pub(super) fn file(root: &Path, path: &str, most: u64, output: &mut dyn Write) -> Result<(), ProbeError> {
    let file = open(root, &resolve(path)?)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(ProbeError::Kind("file"));
    }
    let too_large =
        || ProbeError::TooLarge(format!("the file has {} bytes, the limit is {most}", meta.len()));
    if meta.len() > most {
        return Err(too_large());
    }
    // It may grow while it is read.
    let copied = io::copy(&mut file.take(most.saturating_add(1)), output)?;
    if copied > most { Err(too_large()) } else { Ok(()) }
}
