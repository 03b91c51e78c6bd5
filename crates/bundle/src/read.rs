//! Checking a bundle: every byte is looked at, and nothing is believed before that.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
};

use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};

use crate::{
    BundleError, LOG, Lines, MANIFEST, Manifest, Member,
    frame::Frames,
    manifest::{HOME, MAX_MANIFEST, SEAL, WORKSPACE},
    pack::hex,
};

/// How large a bundle may be. Sizes are those of unpacked content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The log; it is held in memory while it is taken over.
    pub log: u64,
    /// Home and workspace together.
    pub files: u64,
    /// Each artifact.
    pub artifact: u64,
    pub artifacts: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            log: 256 << 20,
            files: 10 << 30,
            artifact: 1 << 30,
            artifacts: 10_000,
        }
    }
}

/// A bundle whose every byte is the one that was written.
#[derive(Debug, Clone)]
pub struct Checked {
    pub manifest: Manifest,
    places: HashMap<String, u64>,
}

/// Checks frame, manifest and hashes, then that everything packed unpacks to the size that was promised.
///
/// # Errors
/// Says which member is at fault.
pub fn check<R: Read + Seek>(bundle: &mut R, limits: &Limits) -> Result<Checked, BundleError> {
    bundle.seek(SeekFrom::Start(0))?;
    let mut frames = Frames::new(BufReader::with_capacity(256 * 1024, &mut *bundle));
    let size = frames.first(MANIFEST)?;
    if size > MAX_MANIFEST {
        return Err(BundleError::TooLarge {
            member: MANIFEST.to_owned(),
            size,
            limit: MAX_MANIFEST,
        });
    }
    let mut bytes = Vec::new();
    frames.body(MANIFEST, size, |part| bytes.extend_from_slice(part))?;
    let expected = format!("{}\n", hex(Sha256::new_with_prefix(&bytes)));
    let mut found = Vec::new();
    frames.expect(SEAL, expected.len() as u64)?;
    frames.body(SEAL, expected.len() as u64, |part| found.extend_from_slice(part))?;
    if found != expected.as_bytes() {
        return Err(BundleError::member(
            MANIFEST,
            "its hash is not the one in `manifest.json.sha256`: one of the two was changed",
        ));
    }
    let manifest = Manifest::parse(&bytes)?;
    manifest.sound(limits)?;
    let mut places = HashMap::new();
    let mut last = SEAL;
    for member in &manifest.members {
        frames.expect(&member.name, member.size)?;
        places.insert(member.name.clone(), frames.at());
        let mut hash = Sha256::new();
        frames.body(&member.name, member.size, |part| hash.update(part))?;
        if hex(hash) != member.sha256 {
            return Err(BundleError::member(
                &member.name,
                "its bytes are not those that were written (SHA-256 differs)",
            ));
        }
        last = &member.name;
    }
    frames.end(last)?;
    drop(frames);
    let checked = Checked {
        places,
        manifest: manifest.clone(),
    };
    for member in manifest.members.iter().filter(|member| is_packed(member)) {
        let unpacked = io::copy(&mut checked.open(bundle, &member.name)?, &mut io::sink());
        unpacked.map_err(|error| BundleError::member(&member.name, error.to_string()))?;
    }
    Ok(checked)
}

fn is_packed(member: &Member) -> bool {
    [LOG, HOME, WORKSPACE].contains(&member.name.as_str())
}

impl Checked {
    /// Whether there is such a member.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// The content of a member, unpacked: as many bytes as the manifest says, or an error.
    ///
    /// # Errors
    /// When there is no such member.
    pub fn open<'a, R: Read + Seek + 'a>(
        &self,
        bundle: &'a mut R,
        name: &str,
    ) -> Result<Box<dyn Read + 'a>, BundleError> {
        let member = self.manifest.member(name).zip(self.places.get(name));
        let Some((member, place)) = member else {
            return Err(BundleError::member(name, "there is no such member"));
        };
        bundle.seek(SeekFrom::Start(*place))?;
        let stored = bundle.take(member.size);
        if !is_packed(member) {
            return Ok(Box::new(stored));
        }
        Ok(Box::new(Unpacked {
            from: GzDecoder::new(BufReader::with_capacity(64 * 1024, stored)),
            left: member.content_size,
        }))
    }

    /// The log's lines.
    ///
    /// # Errors
    /// When the log cannot be opened.
    pub fn lines<'a, R: Read + Seek>(
        &self,
        bundle: &'a mut R,
    ) -> Result<Lines<Box<dyn Read + 'a>>, BundleError> {
        Ok(Lines::new(self.open(bundle, LOG)?))
    }
}

/// Exactly as long as promised: a packed member that grows beyond that is no use, however small it is.
struct Unpacked<R> {
    from: GzDecoder<R>,
    left: u64,
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let broken = |what: &str| Err(io::Error::new(io::ErrorKind::InvalidData, what));
        let read = self.from.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            None => return broken("it unpacks to more than the manifest says"),
            Some(left) => self.left = left,
        }
        if read == 0 && !buffer.is_empty() {
            if self.left > 0 {
                return broken("it unpacks to less than the manifest says");
            }
            if !self.from.get_mut().fill_buf()?.is_empty() {
                return broken("something stands after its end");
            }
        }
        Ok(read)
    }
}
