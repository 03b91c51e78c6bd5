//! Making a member: its bytes are counted and hashed on their way out.

use std::io::{self, Write};

use data_encoding::HEXLOWER;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use crate::Member;

/// Passes bytes on and remembers their number and hash.
pub struct Hashing<W> {
    to: W,
    hash: Sha256,
    size: u64,
}

impl<W> std::fmt::Debug for Hashing<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hashing")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl<W: Write> Hashing<W> {
    pub fn new(to: W) -> Self {
        Self {
            to,
            hash: Sha256::new(),
            size: 0,
        }
    }

    /// The member that was written, as it is, and where it went.
    pub fn finish(self, name: &str) -> (Member, W) {
        let member = Member {
            name: name.to_owned(),
            size: self.size,
            sha256: hex(self.hash),
            content_size: self.size,
            artifact: None,
        };
        (member, self.to)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Packs what is written to it.
#[derive(Debug)]
pub struct Packer<W: Write> {
    gzip: GzEncoder<Hashing<W>>,
    content_size: u64,
}

impl<W: Write> Packer<W> {
    pub fn new(to: W) -> Self {
        Self {
            // Fast: most of what is packed is text or packed already.
            gzip: GzEncoder::new(Hashing::new(to), Compression::fast()),
            content_size: 0,
        }
    }

    /// The member that was written, and where it went.
    ///
    /// # Errors
    /// When the last bytes cannot be written.
    pub fn finish(self, name: &str) -> io::Result<(Member, W)> {
        let (mut member, to) = self.gzip.finish()?.finish(name);
        member.content_size = self.content_size;
        Ok((member, to))
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.gzip.write(bytes)?;
        self.content_size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.gzip.flush()
    }
}

pub(crate) fn hex(hash: Sha256) -> String {
    HEXLOWER.encode(&hash.finalize())
}
