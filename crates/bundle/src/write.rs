//! Laying a bundle out. Members come with their hashes, so the manifest can be first.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use crate::{
    BundleError, MANIFEST, Manifest, Member,
    frame::{self, END, header},
    manifest::SEAL,
    pack::hex,
};

fn seal(manifest: &[u8]) -> String {
    format!("{}\n", hex(Sha256::new_with_prefix(manifest)))
}

fn to_bytes(manifest: &Manifest) -> Result<Vec<u8>, BundleError> {
    serde_json::to_vec(manifest).map_err(|error| BundleError::member(MANIFEST, error.to_string()))
}

/// How long the bundle will be.
///
/// # Errors
/// When the manifest cannot be written as JSON, which none can that this build makes.
pub fn length(manifest: &Manifest) -> Result<u64, BundleError> {
    let bytes = to_bytes(manifest)?;
    let own = frame::length(bytes.len() as u64) + frame::length(seal(&bytes).len() as u64);
    let members: u64 = manifest
        .members
        .iter()
        .map(|member| frame::length(member.size))
        .sum();
    Ok(own + members + END as u64)
}

/// Writes the bundle; `open` gives each member's bytes as they were hashed.
///
/// # Errors
/// When a member is not as long as the manifest says, or reading or writing fails.
pub fn write<R: Read>(
    manifest: &Manifest,
    mut open: impl FnMut(&Member) -> io::Result<R>,
    out: &mut dyn Write,
) -> Result<(), BundleError> {
    let bytes = to_bytes(manifest)?;
    put(MANIFEST, &bytes, out)?;
    put(SEAL, seal(&bytes).as_bytes(), out)?;
    for member in &manifest.members {
        out.write_all(&header(&member.name, member.size))?;
        let copied = io::copy(&mut open(member)?.take(member.size), out)?;
        if copied != member.size {
            return Err(BundleError::member(
                &member.name,
                "it became shorter while it was read",
            ));
        }
        frame::pad(member.size, out)?;
    }
    out.write_all(&[0; END])?;
    out.flush()?;
    Ok(())
}

fn put(name: &str, bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let size = bytes.len() as u64;
    out.write_all(&header(name, size))?;
    out.write_all(bytes)?;
    frame::pad(size, out)
}
