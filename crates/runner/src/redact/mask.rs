//! Masks secrets in files: each byte of one becomes `*`, so every length and every place stays what it was. What reads
//! a tar archive, a patch or a database goes by those, whether the content is text or not.

use std::{
    io::{self, Read, Write},
    sync::Arc,
};

use super::{Here, Redactor};

const FILL: u8 = b'*';
/// Read at once.
const PIECE: usize = 64 * 1024;

impl Redactor {
    /// Overwrites secrets in `bytes`, up to where more has to come. Answers how far that was, and whether there was one.
    fn cover(&self, bytes: &mut [u8], whole: bool) -> (usize, bool) {
        let (mut at, mut any) = (0, false);
        while at < bytes.len() {
            match self.look(&bytes[at..], whole) {
                Here::Nothing => at += 1,
                Here::Secret(length) => {
                    bytes[at..at + length].fill(FILL);
                    at += length;
                    any = true;
                }
                Here::Open => break,
            }
        }
        (at, any)
    }

    /// A whole thing, for example a name; `None` when there is no secret in it.
    pub(crate) fn masked(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.is_empty() {
            return None;
        }
        let mut out = bytes.to_vec();
        self.cover(&mut out, true).1.then_some(out)
    }
}

/// A file as it is read, masked. Holds back no more than the longest form of a secret.
#[derive(Debug)]
pub(crate) struct Masked<R> {
    inner: R,
    redactor: Arc<Redactor>,
    held: Vec<u8>,
    /// How much of what is held is known, and how much of that was given.
    settled: usize,
    given: usize,
    ended: bool,
    found: bool,
}

impl<R: Read> Masked<R> {
    pub(crate) fn new(inner: R, redactor: &Arc<Redactor>) -> Self {
        Self {
            inner,
            redactor: Arc::clone(redactor),
            held: Vec::new(),
            settled: 0,
            given: 0,
            ended: false,
            found: false,
        }
    }

    /// Whether there was a secret in what was read so far.
    pub(crate) fn found(&self) -> bool {
        self.found
    }

    fn more(&mut self) -> io::Result<()> {
        self.held.drain(..self.given);
        (self.given, self.settled) = (0, 0);
        let before = self.held.len();
        self.held.resize(before + PIECE, 0);
        let read = self.inner.read(&mut self.held[before..]);
        self.held.truncate(before + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        let (settled, found) = self.redactor.cover(&mut self.held, self.ended);
        self.settled = settled;
        self.found |= found;
        Ok(())
    }
}

impl<R: Read> Read for Masked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.redactor.is_empty() {
            return self.inner.read(buffer);
        }
        while self.given == self.settled && !self.ended {
            self.more()?;
        }
        let length = buffer.len().min(self.settled - self.given);
        buffer[..length].copy_from_slice(&self.held[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

/// Masks what is written. Has to be finished: what may be the beginning of a secret is held back until then.
pub(crate) struct MaskWriter<'a> {
    output: &'a mut (dyn Write + Send),
    redactor: Arc<Redactor>,
    held: Vec<u8>,
}

impl std::fmt::Debug for MaskWriter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MaskWriter")
    }
}

impl<'a> MaskWriter<'a> {
    pub(crate) fn new(output: &'a mut (dyn Write + Send), redactor: &Arc<Redactor>) -> Self {
        Self {
            output,
            redactor: Arc::clone(redactor),
            held: Vec::new(),
        }
    }

    fn pass_on(&mut self, whole: bool) -> io::Result<()> {
        let (settled, _) = self.redactor.cover(&mut self.held, whole);
        self.output.write_all(&self.held[..settled])?;
        self.held.drain(..settled);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.pass_on(true)
    }
}

impl Write for MaskWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.redactor.is_empty() {
            return self.output.write(bytes);
        }
        self.held.extend_from_slice(bytes);
        self.pass_on(false)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "hunter22+and/more";

    /// Gives as many bytes as its next number says.
    struct Pieces<'a>(&'a [u8], Vec<usize>);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.pop().unwrap_or(usize::MAX).max(1);
            let length = most.min(buffer.len()).min(self.0.len());
            let (now, rest) = self.0.split_at(length);
            buffer[..length].copy_from_slice(now);
            self.0 = rest;
            Ok(length)
        }
    }

    #[test]
    fn bytes_of_any_kind_keep_their_length() {
        let redactor = Arc::new(Redactor::new([SECRET]));
        let mut bytes = vec![0, 255, 254];
        bytes.extend_from_slice(SECRET.as_bytes());
        bytes.extend_from_slice(&[0, 200]);
        // As Windows writes it.
        bytes.extend(SECRET.encode_utf16().flat_map(u16::to_le_bytes));
        bytes.extend_from_slice(b"hunter22");
        let mut masked = Vec::new();
        let mut reader = Masked::new(&bytes[..], &redactor);
        reader.read_to_end(&mut masked).unwrap();
        assert!(reader.found());
        let mut wanted = vec![0, 255, 254];
        wanted.extend_from_slice(&[FILL; SECRET.len()]);
        wanted.extend_from_slice(&[0, 200]);
        wanted.extend_from_slice(&[FILL; SECRET.len() * 2]);
        wanted.extend_from_slice(b"hunter22");
        assert_eq!(masked, wanted);
        assert_eq!(redactor.masked(b"hunter22"), None);
        assert_eq!(redactor.masked(&bytes), Some(wanted));
    }

    proptest! {
        #[test]
        fn pieces_are_masked_as_the_whole(
            secrets in proptest::collection::vec("[ab]{6,9}", 1..4),
            text in "[ab]{0,80}",
            pieces in proptest::collection::vec(0_usize..20, 0..20),
            writes in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let redactor = Arc::new(Redactor::new(secrets.iter().map(String::as_str)));
            let whole = redactor.masked(text.as_bytes()).unwrap_or_else(|| text.clone().into_bytes());
            prop_assert_eq!(whole.len(), text.len());
            let mut read = Vec::new();
            Masked::new(Pieces(text.as_bytes(), pieces), &redactor).read_to_end(&mut read).unwrap();
            prop_assert_eq!(&read, &whole);
            let mut places: Vec<usize> = writes.iter().map(|place| place.index(text.len() + 1)).collect();
            places.extend([0, text.len()]);
            places.sort_unstable();
            let mut written = Vec::new();
            let mut writer = MaskWriter::new(&mut written, &redactor);
            for pair in places.windows(2) {
                writer.write_all(&text.as_bytes()[pair[0]..pair[1]]).unwrap();
            }
            writer.finish().unwrap();
            prop_assert_eq!(&written, &whole);
        }
    }
}
