//! One append-only file of records: `length u32 | crc u32 | n u64 | payload`, little endian.
//!
//! The checksum covers number and payload, so a record torn by a crash or a full disk is told from a whole one.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::Path,
};

use bytes::Bytes;

const HEAD: usize = 16;
/// Far above any record; a length beyond it is damage.
const LARGEST: u32 = 64 << 20;

/// Where a payload lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    offset: u64,
    length: u32,
    n: u64,
    crc: u32,
}

#[derive(Debug)]
pub(super) struct Segment {
    file: File,
    length: u64,
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

impl Segment {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let file = options().create(true).truncate(true).open(path)?;
        Ok(Self { file, length: 0 })
    }

    /// Reads what is whole and cuts the rest off. The last word says whether nothing had to be cut.
    pub(super) fn recover(path: &Path, first: u64) -> io::Result<(Self, Vec<Place>, bool)> {
        let file = options().open(path)?;
        let size = file.metadata()?.len();
        let (mut offset, mut places, mut n) = (0, Vec::new(), first);
        while let Some(place) = record(&file, size, offset, n)? {
            places.push(place);
            offset = place.offset + u64::from(place.length);
            n += 1;
        }
        if offset < size {
            file.set_len(offset)?;
        }
        Ok((Self { file, length: offset }, places, offset == size))
    }

    pub(super) fn len(&self) -> u64 {
        self.length
    }

    pub(super) fn append(&mut self, n: u64, payload: &[u8]) -> io::Result<Place> {
        let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
        let crc = checksum(n, payload);
        let mut record = Vec::with_capacity(HEAD + payload.len());
        record.extend(length.to_le_bytes());
        record.extend(crc.to_le_bytes());
        record.extend(n.to_le_bytes());
        record.extend(payload);
        // Written at our own offset: half a record of a full disk is written over by the next attempt.
        if let Err(error) = self.file.write_all_at(&record, self.length) {
            let _ = self.file.set_len(self.length);
            return Err(error);
        }
        let place = Place {
            offset: self.length + HEAD as u64,
            length,
            n,
            crc,
        };
        self.length += record.len() as u64;
        Ok(place)
    }

    pub(super) fn read(&self, place: Place) -> io::Result<Bytes> {
        let mut payload = vec![0; place.length as usize];
        self.file.read_exact_at(&mut payload, place.offset)?;
        if checksum(place.n, &payload) != place.crc {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the record was changed on disk",
            ));
        }
        Ok(payload.into())
    }
}

fn record(file: &File, size: u64, offset: u64, n: u64) -> io::Result<Option<Place>> {
    let mut head = [0; HEAD];
    if offset + HEAD as u64 > size {
        return Ok(None);
    }
    file.read_exact_at(&mut head, offset)?;
    let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (length, crc) = (word(0), word(4));
    let number = u64::from(word(8)) | u64::from(word(12)) << 32;
    let start = offset + HEAD as u64;
    if length > LARGEST || number != n || start + u64::from(length) > size {
        return Ok(None);
    }
    let mut payload = vec![0; length as usize];
    file.read_exact_at(&mut payload, start)?;
    Ok((checksum(n, &payload) == crc).then_some(Place {
        offset: start,
        length,
        n,
        crc,
    }))
}

/// CRC-32 (IEEE, reflected) over number and payload.
fn checksum(n: u64, payload: &[u8]) -> u32 {
    !n.to_le_bytes().iter().chain(payload).fold(u32::MAX, |crc, byte| {
        TABLE[usize::from((crc as u8) ^ byte)] ^ (crc >> 8)
    })
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut crc = index as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
};
