//! The frame around members: a tar file, of which exactly one spelling is accepted.
//!
//! A header is not parsed leniently but made again from the name and size that are due, and compared: so no byte of a
//! bundle is without meaning, and a flipped one is always found.

use std::io::{self, Read, Write};

use crate::BundleError;

pub(crate) const BLOCK: usize = 512;
/// Largest size that a plain header can say.
pub(crate) const MAX_SIZE: u64 = (1 << 33) - 1;
const NAME: usize = 100;

/// The header of a member.
pub(crate) fn header(name: &str, size: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| {
        if let Some(place) = block.get_mut(at..at + text.len()) {
            place.copy_from_slice(text);
        }
    };
    put(0, &name.as_bytes()[..name.len().min(NAME)]);
    put(100, b"0000600\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    if let Some(place) = block.get_mut(148..156) {
        place.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    block
}

/// Zeros after `size` bytes, up to a whole block.
pub(crate) fn padding(size: u64) -> usize {
    usize::try_from(size.next_multiple_of(BLOCK as u64) - size).unwrap_or(0)
}

/// What a member takes up, frame included.
pub(crate) fn length(size: u64) -> u64 {
    BLOCK as u64 + size.next_multiple_of(BLOCK as u64)
}

/// The two empty blocks at the end.
pub(crate) const END: usize = 2 * BLOCK;

pub(crate) fn pad(size: u64, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&[0; BLOCK][..padding(size)])
}

/// Reads a bundle from its beginning and knows where it is.
pub(crate) struct Frames<R> {
    from: R,
    at: u64,
}

impl<R: Read> Frames<R> {
    pub(crate) fn new(from: R) -> Self {
        Self { from, at: 0 }
    }

    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    fn exactly(&mut self, member: &str, to: &mut [u8]) -> Result<(), BundleError> {
        match self.from.read_exact(to) {
            Ok(()) => {
                self.at += to.len() as u64;
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(BundleError::member(
                member,
                "the file ends within it; it was cut short",
            )),
            Err(error) => Err(error.into()),
        }
    }

    /// The size that the header of the first member says; nothing is known of it yet but its name.
    pub(crate) fn first(&mut self, name: &str) -> Result<u64, BundleError> {
        let mut block = [0; BLOCK];
        self.exactly(name, &mut block)
            .map_err(|_| BundleError::NotABundle("it is too short".into()))?;
        let said = block.get(124..135).and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            u64::from_str_radix(digits, 8).ok()
        });
        if !block.starts_with(name.as_bytes()) {
            return Err(BundleError::NotABundle(format!(
                "it does not begin with `{name}`"
            )));
        }
        match said {
            Some(size) if block == header(name, size) => Ok(size),
            _ => Err(BundleError::member(name, "its header is damaged")),
        }
    }

    /// The header has to be this one.
    pub(crate) fn expect(&mut self, name: &str, size: u64) -> Result<(), BundleError> {
        let mut block = [0; BLOCK];
        self.exactly(name, &mut block)?;
        if block == header(name, size) {
            return Ok(());
        }
        if block.iter().all(|byte| *byte == 0) {
            return Err(BundleError::member(name, "it is missing"));
        }
        Err(BundleError::member(
            name,
            "its header is damaged, or another member stands in its place",
        ))
    }

    /// Passes a member's bytes on, then its padding.
    pub(crate) fn body(
        &mut self,
        name: &str,
        size: u64,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), BundleError> {
        let mut buffer = vec![0; 64 * 1024];
        let mut left = size;
        while left > 0 {
            let part = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let part = &mut buffer[..part];
            self.exactly(name, part)?;
            take(part);
            left -= part.len() as u64;
        }
        let mut rest = [0; BLOCK];
        let rest = &mut rest[..padding(size)];
        self.exactly(name, rest)?;
        if rest.iter().any(|byte| *byte != 0) {
            return Err(BundleError::member(name, "the bytes after it are damaged"));
        }
        Ok(())
    }

    /// Two empty blocks, and nothing more.
    pub(crate) fn end(&mut self, last: &str) -> Result<(), BundleError> {
        let mut end = [0; END];
        self.exactly(last, &mut end)
            .map_err(|_| BundleError::member(last, "the file ends right after it; its end is missing"))?;
        let mut more = [0; 1];
        if end.iter().any(|byte| *byte != 0) || self.from.read(&mut more)? != 0 {
            return Err(BundleError::member(
                last,
                "something stands after it that the manifest does not name",
            ));
        }
        Ok(())
    }
}
